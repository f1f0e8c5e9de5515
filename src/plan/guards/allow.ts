import { quotedName } from '../../model/names.js';
import { ProblemError, problem } from '../../problem/problem.js';
import type { ProblemCode } from '../../problem/codes.js';
import type { Allowed, Refusal } from '../plan.js';

/** Guards that one run may allow: `number` ones up to a new limit, `plain` ones altogether. */
const ALLOWABLE = {
  'min-admins': 'plain',
  'required-admins': 'plain',
  'self-lockout': 'plain',
  escalation: 'plain',
  'missing-people': 'plain',
  'max-deletes': 'number',
  'max-moves': 'number',
  'max-grant-changes': 'number',
} as const satisfies Partial<Record<ProblemCode, 'plain' | 'number'>>;

/** A guard that can be allowed. */
export type AllowCode = keyof typeof ALLOWABLE;

/** What one run allows: code → the new limit, or null where the guard has none. */
export type Allow = ReadonlyMap<AllowCode, number | null>;

/** The codes that `--allow` takes, sorted. */
export const ALLOW_CODES = Object.keys(ALLOWABLE).sort() as readonly AllowCode[];

/** The flag that allows a guard for one run. */
export function allowFlag(code: AllowCode, figure: number): string {
  return ALLOWABLE[code] === 'number' ? `--allow ${code}=${figure}` : `--allow ${code}`;
}

/**
 * Reads `CODE` and `CODE=N`; of several numbers for one code the highest counts. Raises a `usage` problem for
 * anything else, since a typing error must not pass.
 */
export function parseAllow(values: readonly string[]): Allow {
  const allow = new Map<AllowCode, number | null>();
  for (const value of values) {
    const [code = '', ...rest] = value.split('=');
    const number = rest.join('=');
    if (!isAllowCode(code)) {
      throw usage(`--allow does not know ${quotedName(code)}`, `it takes ${ALLOW_CODES.join(', ')}`);
    }
    if (ALLOWABLE[code] === 'number') {
      if (!/^\d{1,9}$/u.test(number))
        throw usage(`--allow ${code} needs a number`, `write --allow ${code}=N`);
      allow.set(code, Math.max(Number(number), allow.get(code) ?? 0));
    } else {
      if (rest.length > 0) throw usage(`--allow ${code} takes no number`, `write --allow ${code}`);
      allow.set(code, null);
    }
  }
  return allow;
}

/** Separates what a run allows from what stays refused. */
export function applyAllow(
  refusals: readonly Refusal[],
  allow: Allow,
  reason: string | null,
): { refusals: Refusal[]; allowed: Allowed[] } {
  const refused: Refusal[] = [];
  const allowed: Allowed[] = [];
  for (const one of refusals) {
    const limit = isAllowCode(one.code) && one.flag !== null ? allow.get(one.code) : undefined;
    const isAllowed = limit !== undefined && (limit === null || (one.figure ?? 0) <= limit);
    if (isAllowed) allowed.push({ ...one, reason });
    else refused.push(one);
  }
  return { refusals: refused, allowed };
}

function isAllowCode(code: string): code is AllowCode {
  return Object.hasOwn(ALLOWABLE, code);
}

function usage(message: string, hint: string): ProblemError {
  return new ProblemError(problem('usage', message, { where: { what: '--allow' }, hint }));
}
