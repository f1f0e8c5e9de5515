import { ProblemError, problem } from '../problem/problem.js';
import type { Grouping } from '../render/facts/owners.js';
import { GROUPINGS } from '../shell/formats.js';
import { MODES } from './input-table.js';
import type { InputName, Mode } from './input-table.js';
import { misplacedInputs } from './misplaced-inputs.js';

/** Environment variables by name. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** Inputs of a step that works on many instances. */
interface FleetInputs {
  /** Path of the inventory; null for a step that works on one instance. */
  fleet: string | null;
  only: readonly string[];
  where: readonly string[];
  wave: readonly string[];
  changedSince: string | null;
  shard: string | null;
  /** A folder with one token file per instance. */
  tokenDir: string | null;
  /** The folder for the documents of the run; null for a temporary folder. */
  out: string | null;
  /** Resumes the run in `out`, if there is one. */
  resume: boolean;
  /** The folders of the shards to merge; `DIR/*` stands for all folders in DIR. */
  folders: readonly string[];
}

/** The inputs of `action.yml`, read and checked. Empty ones are null or empty lists. */
export interface Inputs extends FleetInputs {
  mode: Mode;
  manifest: readonly string[];
  workingDirectory: string;
  instance: string | null;
  baseUrl: string | null;
  token: string | null;
  allow: readonly string[];
  reason: string | null;
  impactLimit: number | null;
  against: string | null;
  catalogue: string | null;
  /** `FILE` or `REV:PATH`. */
  policy: string | null;
  /** plan and drift: where to save the document. apply: the saved plan to apply. */
  planFile: string | null;
  /** Groups roles by owner in the summary, the comment, the issue, the log and the reports. */
  groupBy: Grouping | null;
  /** Each is `FORMAT=FILE`. */
  reports: readonly string[];
  detailedExitcode: boolean;
  dryRun: boolean;
  onlyExpired: boolean;
  state: string | null;
  /** Seconds. */
  waitForLock: number | null;
  /** Days of the audit log. */
  since: number | null;
  webhook: string | null;
  webhookFormat: 'json' | 'chat';
  failOnDrift: boolean;
  comment: boolean;
  issue: boolean;
  githubToken: string | null;
  /** Distinguishes the comments and issues of several manifests; null to use the path of the manifest. */
  key: string | null;
}

/** Reads the inputs from variables such as `INPUT_PLAN-FILE`. Raises `usage` with every invalid input at once. */
export function readInputs(env: Variables): Inputs {
  const wrong: string[] = [];
  const { text, list, flag, number, choice } = inputReaders(env, wrong);
  const manifest = list('manifest', /\r?\n/u);
  if (manifest.some((one) => one.startsWith('-')))
    wrong.push('a line of the input manifest begins with a hyphen');
  const inputs: Inputs = {
    ...readFleetInputs({ text, list, flag }),
    mode: choice('mode', MODES, 'plan'),
    manifest,
    workingDirectory: text('working-directory') ?? '.',
    instance: text('instance'),
    baseUrl: text('base-url'),
    token: text('token'),
    allow: list('allow', /[\r\n,]+/u),
    reason: text('reason')?.replace(/\s+/gu, ' ') ?? null,
    impactLimit: number('impact-limit'),
    against: text('against'),
    catalogue: text('catalogue'),
    policy: text('policy'),
    planFile: text('plan-file'),
    groupBy: text('group-by') === null ? null : choice('group-by', GROUPINGS, 'owner'),
    reports: list('report', /\r?\n/u),
    detailedExitcode: flag('detailed-exitcode', false),
    dryRun: flag('dry-run', false),
    onlyExpired: flag('only-expired', false),
    state: text('state'),
    waitForLock: number('wait-for-lock'),
    since: number('since'),
    webhook: text('webhook'),
    webhookFormat: choice('webhook-format', ['json', 'chat'], 'json'),
    failOnDrift: flag('fail-on-drift', true),
    comment: flag('comment', true),
    issue: flag('issue', false),
    githubToken: text('github-token'),
    key: text('key'),
  };
  if (inputs.mode === 'apply' && inputs.planFile?.startsWith('-'))
    wrong.push('the input plan-file begins with a hyphen');
  wrong.push(...misplacedInputs(inputs, isFleetStep(inputs)));
  if (wrong.length > 0) throw new ProblemError(wrong.map((message) => problem('usage', message)));
  return inputs;
}

function readFleetInputs({ text, list, flag }: Readers): FleetInputs {
  return {
    fleet: text('fleet'),
    only: list('only', /[\r\n,]+/u),
    where: list('where', /\r?\n/u),
    wave: list('wave', /[\r\n,]+/u),
    changedSince: text('changed-since'),
    shard: text('shard'),
    tokenDir: text('token-dir'),
    out: text('out'),
    resume: flag('resume', false),
    folders: list('folders', /\r?\n/u),
  };
}

/** Does the step work on many instances? */
export function isFleetStep({ fleet, mode }: Pick<Inputs, 'fleet' | 'mode'>): boolean {
  return fleet !== null || mode === 'merge';
}

type Readers = Pick<ReturnType<typeof inputReaders>, 'text' | 'list' | 'flag'>;

/** Returns readers of single inputs. An empty input counts as missing; messages about invalid ones are added to `wrong`. */
function inputReaders(env: Variables, wrong: string[]) {
  const text = (name: InputName): string | null => {
    const value = (env[`INPUT_${name.toUpperCase()}`] ?? '').trim();
    return value === '' ? null : value;
  };
  const list = (name: InputName, separator: RegExp): string[] =>
    (text(name) ?? '')
      .split(separator)
      .map((part) => part.trim())
      .filter((part) => part !== '');
  const flag = (name: InputName, fallback: boolean): boolean => {
    const value = text(name);
    if (value === null) return fallback;
    if (/^(?:true|True|TRUE)$/u.test(value)) return true;
    if (!/^(?:false|False|FALSE)$/u.test(value)) wrong.push(`the input ${name} must be true or false`);
    return false;
  };
  const number = (name: InputName): number | null => {
    const value = text(name);
    if (value === null) return null;
    if (!/^\d{1,9}$/u.test(value)) wrong.push(`the input ${name} must be a whole number of at least 0`);
    return Number(value);
  };
  const choice = <const T extends string>(
    name: InputName,
    choices: readonly T[],
    fallback: NoInfer<T>,
  ): T => {
    const value = text(name);
    const found = choices.find((one) => one === value);
    if (value !== null && found === undefined)
      wrong.push(`the input ${name} must be one of: ${choices.join(', ')}`);
    return found ?? fallback;
  };
  return { text, list, flag, number, choice };
}
