import { usageError } from '../problem/problem.js';
import { problemDocument } from '../render/ci/problems-json.js';
import { EXIT, exitOfProblems } from '../shell/exit.js';
import { writePrivate } from '../shell/output.js';
import { VALIDATE_FORMATS } from '../shell/formats.js';
import type { ValidateFormat } from '../shell/formats.js';
import { parseReport } from '../shell/reports.js';
import type { Report } from '../shell/reports.js';
import { planOutputs } from '../shell/ledger.js';
import { checkManifest, validationText } from '../shell/validation.js';
import type { Environment } from '../shell/environment.js';
import type { Inputs } from './inputs.js';
import { EMPTY_STEP } from './step.js';
import type { Step, StepContext } from './step.js';

/** Runs the mode `validate`: reports every problem of a manifest, without network access. */
export async function validate({ inputs, runner, environment }: StepContext): Promise<Step> {
  const reports = await planProblemReports(inputs, environment);
  const found = await checkManifest(
    {
      manifest: inputs.manifest,
      catalogue: inputs.catalogue ?? undefined,
      policy: inputs.policy ?? undefined,
    },
    environment,
  );
  await runner.log(validationText(found, 'text', { environment, colour: false }));
  const render = (format: ValidateFormat): string =>
    validationText(found, format, { environment, colour: false });
  await deliverProblems(reports, render, environment);
  const exit = found.manifest ? EXIT.done : exitOfProblems(found.problems);
  return { ...EMPTY_STEP, exit, problems: found.problems.map(problemDocument) };
}

/** Parses the reports of a validation. Raises `usage` if one would overwrite an input or another output. */
export async function planProblemReports(
  { reports }: Pick<Inputs, 'reports'>,
  environment: Environment,
): Promise<Report<ValidateFormat>[]> {
  const parsed = reports.map(validationReport);
  await planOutputs(
    environment,
    parsed.map(({ format, file }) => ({ by: `report ${format}`, file })),
  );
  return parsed;
}

/** Writes the reports of a validation. Raises `bad-file`. */
export async function deliverProblems(
  reports: readonly Report<ValidateFormat>[],
  render: (format: ValidateFormat) => string,
  environment: Environment,
): Promise<void> {
  for (const { format, file } of reports) await writePrivate(environment, file, render(format));
}

function validationReport(line: string): Report<ValidateFormat> {
  const report = parseReport(line, VALIDATE_FORMATS);
  if (report) return report;
  throw usageError('a line of the input report is not FORMAT=FILE', {
    hint: `the formats of mode validate are ${VALIDATE_FORMATS.join(', ')}`,
  });
}
