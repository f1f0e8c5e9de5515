import type { Inputs } from './inputs.js';

/** The command line that does what a step's inputs say. `out` is where plan and drift save their document. */
export function commandLine(inputs: Inputs, out: string): string[] {
  switch (inputs.mode) {
    case 'validate':
      return validateLine(inputs, 'json');
    case 'plan':
      return [
        'plan',
        ...inputs.manifest,
        ...target(inputs),
        ...guards(inputs),
        ...documents(inputs, out),
        ...(inputs.detailedExitcode ? ['--detailed-exitcode'] : []),
      ];
    case 'apply':
      return [
        'apply',
        ...(inputs.planFile === null ? inputs.manifest : [inputs.planFile]),
        ...target(inputs),
        ...guards(inputs),
        ...given('state', inputs.state),
        '--format=json',
        inputs.dryRun ? '--dry-run' : '--yes',
      ];
    case 'drift':
      return [
        'drift',
        ...inputs.manifest,
        ...target(inputs),
        ...given('impact-limit', inputs.impactLimit),
        ...documents(inputs, out),
        ...given('since', inputs.since),
        ...given('webhook', inputs.webhook),
        ...given('webhook-format', inputs.webhookFormat),
      ];
  }
}

/** `validate` in one form. */
export function validateLine(inputs: Inputs, format: string): string[] {
  return [
    'validate',
    ...inputs.manifest,
    ...given('catalogue', inputs.catalogue),
    ...given('format', format),
  ];
}

/** The reports of a document that is saved already. */
export function reportLine(file: string, reports: readonly string[]): string[] {
  return ['report', file, '--format=json', ...reports.flatMap((one) => given('report', one))];
}

function target(inputs: Inputs): string[] {
  return [...given('instance', inputs.instance), ...given('base-url', inputs.baseUrl)];
}

function guards(inputs: Inputs): string[] {
  return [
    ...inputs.allow.flatMap((one) => given('allow', one)),
    ...given('reason', inputs.reason),
    ...given('impact-limit', inputs.impactLimit),
  ];
}

function documents(inputs: Inputs, out: string): string[] {
  return [
    '--format=json',
    ...given('out', out),
    ...given('against', inputs.against),
    ...inputs.reports.flatMap((one) => given('report', one)),
  ];
}

/** In one word, so that no value can be taken for a flag. */
function given(flag: string, value: string | null): string[] {
  return value === null ? [] : [`--${flag}=${value}`];
}
