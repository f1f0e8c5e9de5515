import { quotedName } from '../../model/quoted-name.js';
import { checkList } from '../../problem/given.js';
import { usageError, type ProblemError } from '../../problem/problem.js';
import type { ProblemCode } from '../../problem/codes.js';
import type { Allowed, LimitCode, Refusal } from '../plan.js';

/** Guards that a run may allow: `number` up to a new limit, `name` one rule at a time, `plain` as a whole. */
const ALLOWABLE = {
  'min-admins': 'plain',
  'required-admins': 'plain',
  'self-lockout': 'plain',
  escalation: 'plain',
  'missing-people': 'plain',
  'max-deletes': 'number',
  'max-moves': 'number',
  'max-grant-changes': 'number',
  rule: 'name',
} as const satisfies Partial<Record<ProblemCode, 'plain' | 'number' | 'name'>> & Record<LimitCode, 'number'>;

/** A guard that can be allowed. */
export type AllowCode = keyof typeof ALLOWABLE;

/** The allowances of a run: code → the new limit, the allowed names, or null for a `plain` guard. */
export type Allow = ReadonlyMap<AllowCode, number | ReadonlySet<string> | null>;

/** The codes that `--allow` accepts, sorted. */
export const ALLOW_CODES = Object.keys(ALLOWABLE).sort() as readonly AllowCode[];

/** A guard that is allowed as a whole, or up to a number. */
export type GuardCode = Exclude<AllowCode, 'rule'>;

/** The flag that allows a guard for one run. */
export function allowFlag(code: GuardCode, figure: number): string {
  return ALLOWABLE[code] === 'number' ? `--allow ${code}=${figure}` : `--allow ${code}`;
}

/** The flag that allows one rule of the policy for one run. */
export function ruleFlag(name: string): string {
  return `--allow rule=${name}`;
}

/** Raises `usage` if a run allows a rule that its policy does not have: it is probably a typo. */
export function refuseUnknownRules(allow: Allow, rules: readonly { name: string }[]): void {
  const allowed = allow.get('rule');
  if (typeof allowed !== 'object' || allowed === null) return;
  const names = rules.map(({ name }) => name);
  for (const name of allowed) {
    if (names.includes(name)) continue;
    const hint = names.length > 0 ? `its rules are ${names.join(', ')}` : 'it has no rules';
    throw usage(`--allow rule=${name} names no rule of the policy`, hint);
  }
}

/**
 * Parses `CODE`, `CODE=N` and `rule=NAME`. If a code has several numbers, the highest counts. Raises `usage` for anything
 * else, which is probably a typo.
 */
export function parseAllow(values: readonly string[]): Allow {
  checkList('allow', values);
  const allow = new Map<AllowCode, number | ReadonlySet<string> | null>();
  for (const value of values) {
    const [code = '', ...rest] = value.split('=');
    if (!isAllowCode(code)) {
      throw usage(`--allow does not accept ${quotedName(code)}`, `valid values: ${ALLOW_CODES.join(', ')}`);
    }
    const argument = rest.length > 0 ? rest.join('=') : null;
    allow.set(code, allowedBy(code, argument, allow.get(code) ?? null));
  }
  return allow;
}

/** Merges the allowance of one value with those before it. */
function allowedBy(
  code: AllowCode,
  argument: string | null,
  before: number | ReadonlySet<string> | null,
): number | ReadonlySet<string> | null {
  switch (ALLOWABLE[code]) {
    case 'number':
      if (argument === null || !/^\d{1,9}$/u.test(argument))
        throw usage(`--allow ${code} requires a number`, `write --allow ${code}=N`);
      return Math.max(Number(argument), typeof before === 'number' ? before : 0);
    case 'name':
      if (argument === null || !/^[a-z0-9-]{1,63}$/u.test(argument))
        throw usage(`--allow ${code} requires the name of a rule`, `write --allow ${code}=NAME`);
      return new Set([...(before instanceof Set ? (before as ReadonlySet<string>) : []), argument]);
    case 'plain':
      if (argument !== null) throw usage(`--allow ${code} does not accept a number`, `write --allow ${code}`);
      return null;
  }
}

/** Splits refusals into those that the run allows and those that remain. */
export function applyAllow(
  refusals: readonly Refusal[],
  allow: Allow,
  reason: string | null,
): { refusals: Refusal[]; allowed: Allowed[] } {
  const refused: Refusal[] = [];
  const allowed: Allowed[] = [];
  for (const one of refusals) {
    if (isAllowed(one, allow)) allowed.push({ ...one, reason });
    else refused.push(one);
  }
  return { refusals: refused, allowed };
}

function isAllowed({ code, flag, figure }: Refusal, allow: Allow): boolean {
  const limit = isAllowCode(code) && flag !== null ? allow.get(code) : undefined;
  if (limit === undefined) return false;
  if (typeof limit === 'number') return (figure ?? 0) <= limit;
  // A rule may be refused for several reasons; allowing its name allows all of them.
  return limit === null || [...limit].some((name) => flag === ruleFlag(name));
}

/** Does `--allow` accept this code? */
export function isAllowCode(code: string): code is AllowCode {
  return Object.hasOwn(ALLOWABLE, code);
}

function usage(message: string, hint: string): ProblemError {
  return usageError(message, { what: '--allow', hint });
}
