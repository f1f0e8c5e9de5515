/** Values of the input `mode`. */
export const MODES = ['validate', 'plan', 'apply', 'drift', 'merge'] as const;

export type Mode = (typeof MODES)[number];

/**
 * Every input of `action.yml`, with the modes that use it. Ignoring one would make the step do something else than
 * requested. Every mode accepts those that `all` marks, such as a target, limits and a reason: a step whose mode or source
 * is an expression has them in all cases.
 */
export const INPUTS = {
  // What the step does, and where.
  mode: 'all',
  fleet: 'all',
  only: 'all',
  where: 'all',
  wave: 'all',
  'changed-since': 'all',
  shard: 'all',
  folders: 'all',
  manifest: 'all',
  'working-directory': 'all',
  instance: 'all',
  'base-url': 'all',
  token: 'all',
  'token-dir': 'all',
  // How it plans, and what it keeps.
  against: ['plan', 'drift'],
  catalogue: ['validate'],
  webhook: ['drift'],
  since: ['drift'],
  out: ['plan', 'apply', 'drift', 'merge'],
  resume: ['plan', 'apply', 'drift'],
  policy: ['validate', 'plan', 'apply', 'drift'],
  'only-expired': ['plan', 'apply'],
  'detailed-exitcode': ['plan'],
  'plan-file': ['plan', 'apply', 'drift', 'merge'],
  'dry-run': ['apply'],
  allow: 'all',
  reason: 'all',
  'impact-limit': 'all',
  state: 'all',
  'wait-for-lock': 'all',
  // How it reports.
  report: 'all',
  'group-by': 'all',
  'webhook-format': 'all',
  'fail-on-drift': 'all',
  comment: 'all',
  issue: 'all',
  key: 'all',
  'github-token': 'all',
} as const satisfies Readonly<Record<string, readonly Mode[] | 'all'>>;

export type InputName = keyof typeof INPUTS;

/** The inputs that only some modes use. */
export type ModeInput = {
  [N in InputName]: (typeof INPUTS)[N] extends 'all' ? never : N;
}[InputName];
