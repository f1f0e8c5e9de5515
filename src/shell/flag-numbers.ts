import { usageError } from '../problem/problem.js';
import { variableValue } from './environment.js';
import type { Environment } from './environment.js';

/** The least and the greatest whole number that a flag accepts. */
type Range = readonly [least: number, most: number];

const DAY_IN_SECONDS = 86_400;

/** The range of every flag that takes a number. */
const RANGES = {
  'at-once': [1, 1000],
  budget: [1, DAY_IN_SECONDS],
  concurrency: [1, 64],
  'impact-limit': [0, Infinity],
  'instance-budget': [1, DAY_IN_SECONDS],
  'max-failures': [0, 1_000_000],
  'page-size': [1, 100_000],
  'per-shard': [1, 1_000_000],
  port: [0, 65_535],
  retries: [0, 20],
  seed: [0, Number.MAX_SAFE_INTEGER],
  since: [1, Infinity],
  timeout: [1, 3600],
  'wait-for-lock': [0, DAY_IN_SECONDS],
} as const satisfies Record<string, Range>;

type NumberFlag = keyof typeof RANGES;

/** Environment variables that a flag overrides. */
const VARIABLES: Partial<Record<NumberFlag, string>> = {
  budget: 'DOMO_ROLES_BUDGET',
  concurrency: 'DOMO_ROLES_CONCURRENCY',
  'page-size': 'DOMO_ROLES_PAGE_SIZE',
  retries: 'DOMO_ROLES_RETRIES',
  timeout: 'DOMO_ROLES_TIMEOUT',
};

export function isNumberFlag(flag: string): flag is NumberFlag {
  return Object.hasOwn(RANGES, flag);
}

/** What a flag accepts, if this value is not a number in its range; otherwise null. */
export function rangeProblem(flag: NumberFlag, value: number): string | null {
  const [least, most]: Range = RANGES[flag];
  if (Number.isInteger(value) && value >= least && value <= most) return null;
  return `must be a whole number ${most === Infinity ? `of at least ${least}` : `from ${least} to ${most}`}`;
}

/** The number of a flag, else of its environment variable; null if neither is set. Raises `usage` if out of range. */
export function numberOf(
  flag: NumberFlag,
  value: number | undefined,
  env: Environment['env'] = {},
): number | null {
  if (value !== undefined) {
    const problem = rangeProblem(flag, value);
    if (problem !== null) throw usageError(`--${flag} ${problem}`, { what: `--${flag}` });
    return value;
  }
  const variable = VARIABLES[flag];
  const text = variable === undefined ? undefined : variableValue(env[variable]);
  if (variable === undefined || text === undefined) return null;
  const problem = rangeProblem(flag, Number(text));
  if (problem !== null)
    throw usageError(`${variable} ${problem}`, {
      what: variable,
      hint: 'correct the variable, or unset it to use the default',
    });
  return Number(text);
}
