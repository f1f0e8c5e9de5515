import { ProblemError, problem } from '../problem/problem.js';

/** What the runner hands over. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What a step may do. */
export const MODES = ['validate', 'plan', 'apply', 'drift'] as const;

export type Mode = (typeof MODES)[number];

/** The inputs of `action.yml`, read and checked. Empty ones are null or empty lists. */
export interface Inputs {
  mode: Mode;
  manifest: readonly string[];
  workingDirectory: string;
  instance: string | null;
  baseUrl: string | null;
  token: string | null;
  allow: readonly string[];
  reason: string | null;
  impactLimit: string | null;
  against: string | null;
  catalogue: string | null;
  /** Where plan and drift save their document; what apply applies. */
  planFile: string | null;
  /** `FORMAT=FILE` each. */
  reports: readonly string[];
  detailedExitcode: boolean;
  dryRun: boolean;
  state: string | null;
  since: string | null;
  webhook: string | null;
  webhookFormat: string | null;
  failOnDrift: boolean;
  comment: boolean;
  issue: boolean;
  githubToken: string | null;
  /** Tells apart the comments and issues of several manifests; null: by the manifest's path. */
  key: string | null;
}

/** Reads the inputs as a runner passes them: `INPUT_PLAN-FILE`. Raises `usage` with every wrong one at once. */
export function readInputs(env: Environment): Inputs {
  const wrong: string[] = [];
  const text = (name: string): string | null => {
    const value = (env[`INPUT_${name.toUpperCase()}`] ?? '').trim();
    return value === '' ? null : value;
  };
  const list = (name: string, parts: RegExp): string[] =>
    (text(name) ?? '')
      .split(parts)
      .map((part) => part.trim())
      .filter((part) => part !== '');
  const flag = (name: string, otherwise: boolean): boolean => {
    const value = text(name);
    if (value === null) return otherwise;
    if (/^(?:true|True|TRUE)$/u.test(value)) return true;
    if (!/^(?:false|False|FALSE)$/u.test(value)) wrong.push(`the input ${name} takes true or false`);
    return false;
  };
  const said = text('mode') ?? 'plan';
  const mode = MODES.find((one) => one === said);
  if (!mode) wrong.push(`the input mode takes ${MODES.join(', ')}`);
  const manifest = list('manifest', /\r?\n/u);
  // A file called like a flag would be taken for one.
  if (manifest.some((one) => one.startsWith('-')))
    wrong.push('a line of the input manifest begins with a hyphen');
  const inputs: Inputs = {
    mode: mode ?? 'plan',
    manifest,
    workingDirectory: text('working-directory') ?? '.',
    instance: text('instance'),
    baseUrl: text('base-url'),
    token: text('token'),
    allow: list('allow', /[\r\n,]+/u),
    reason: text('reason')?.replace(/\s+/gu, ' ') ?? null,
    impactLimit: text('impact-limit'),
    against: text('against'),
    catalogue: text('catalogue'),
    planFile: text('plan-file'),
    reports: list('report', /\r?\n/u),
    detailedExitcode: flag('detailed-exitcode', false),
    dryRun: flag('dry-run', false),
    state: text('state'),
    since: text('since'),
    webhook: text('webhook'),
    webhookFormat: text('webhook-format'),
    failOnDrift: flag('fail-on-drift', true),
    comment: flag('comment', true),
    issue: flag('issue', false),
    githubToken: text('github-token'),
    key: text('key'),
  };
  if (mode === 'apply' && inputs.planFile?.startsWith('-'))
    wrong.push('the input plan-file begins with a hyphen');
  if (wrong.length > 0) throw new ProblemError(wrong.map((message) => problem('usage', message)));
  return inputs;
}
