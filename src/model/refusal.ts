import { visibleText } from './names.js';
import { byCodeUnit } from './sort.js';
import type { ProblemCode } from '../problem/codes.js';

/** Why a plan may not be applied. */
export interface Refusal {
  code: ProblemCode;
  message: string;
  /** What was found, what is allowed; numbers, or null where neither is one. */
  figure: number | null;
  limit: number | null;
  /** The manifest key that sets the rule, `policy.maxDeletes`; null where none does. */
  key: string | null;
  /** The flag that allows it for one run, `--allow max-deletes=3`; null where nothing does. */
  flag: string | null;
  /** Names, addresses or objects it is about; sorted. */
  items: readonly string[];
  hint: string | null;
}

/**
 * Builds a refusal; what is not given is null or empty. Items are sorted. Message, items and hint
 * are one line each without invisible characters, whatever roles and people are called.
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
  const seen = new Map(refusals.map((one) => [`${one.code}\n${one.message}`, one]));
  return [...seen.values()].sort((a, b) => byCodeUnit(a.code, b.code) || byCodeUnit(a.message, b.message));
}
