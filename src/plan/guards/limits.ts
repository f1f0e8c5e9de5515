import type { Limit } from '../../model/policy.js';
import { refusal } from '../../model/refusal.js';
import type { Refusal } from '../../model/refusal.js';
import type { AllowCode } from './allow.js';
import { allowFlag } from './allow.js';

/** A figure that is measured against a limit. */
export interface LimitInput {
  limit: Limit;
  total: number;
  key: string;
  message: (figure: number, limit: number) => string;
  items: readonly string[];
}

/** Percentages are rounded down and never below their floor; a plain number is exact. */
export function limitOf(limit: Limit, of: number): number {
  return 'count' in limit ? limit.count : Math.max(limit.floor, Math.floor((of * limit.percent) / 100));
}

/** The refusal of a figure that is over its limit. */
export function limitRefusal(
  code: AllowCode,
  figure: number,
  { limit, total: of, key, message: words, items }: LimitInput,
): Refusal | null {
  const most = limitOf(limit, of);
  return figure > most ? allowable(code, words(figure, most), { figure, limit: most, key, items }) : null;
}

/** A refusal that one flag allows for one run. */
export function allowable(
  code: AllowCode,
  message: string,
  rest: Partial<Omit<Refusal, 'code' | 'message'>>,
): Refusal {
  return refusal(code, message, { ...rest, flag: allowFlag(code, rest.figure ?? 0) });
}
