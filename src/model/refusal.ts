import { visibleText } from './quoted-name.js';
import { byCodeUnit } from './sort.js';
import type { ProblemCode } from '../problem/codes.js';
import { uniqueByMessage } from '../problem/problem.js';

/** Why a plan may not be applied. */
export interface Refusal {
  code: ProblemCode;
  message: string;
  /** The number found and the number allowed; null if the rule is not about a number. */
  figure: number | null;
  limit: number | null;
  /** The manifest key that sets the rule, `policy.maxDeletes`; null if none does. */
  key: string | null;
  /** The flag that allows it for one run, `--allow max-deletes=3`; null if none does. */
  flag: string | null;
  /** The names, addresses or objects concerned; sorted. */
  items: readonly string[];
  hint: string | null;
}

/**
 * Builds a refusal; fields that are not given are null or empty. Items are sorted. Message, items and hint become one
 * line each without invisible characters, because names of roles and people are untrusted text.
 */
export function refusal(
  code: ProblemCode,
  message: string,
  rest: Partial<Omit<Refusal, 'code' | 'message'>> = {},
): Refusal {
  return {
    code,
    message: visibleText(message),
    figure: rest.figure ?? null,
    limit: rest.limit ?? null,
    key: rest.key ?? null,
    flag: rest.flag ?? null,
    items: (rest.items ?? []).map(visibleText).sort(byCodeUnit),
    hint: rest.hint ? visibleText(rest.hint) : null,
  };
}

/** Each refusal once, sorted by code and message. */
export function uniqueRefusals(refusals: readonly Refusal[]): Refusal[] {
  return uniqueByMessage(refusals).sort(
    (a, b) => byCodeUnit(a.code, b.code) || byCodeUnit(a.message, b.message),
  );
}
