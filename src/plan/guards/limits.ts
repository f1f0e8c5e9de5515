import type { Limit } from '../../model/policy.js';
import type { Refusal } from '../../model/refusal.js';
import type { GuardCode } from './allow.js';
import { allowableRefusal } from './guard.js';

/** The limit of a figure, and the texts of its refusal. */
interface LimitInput {
  limit: Limit;
  /** The total that a percentage refers to. */
  total: number;
  /** The manifest key of the limit. */
  key: string;
  message: (figure: number, limit: number) => string;
  items: readonly string[];
}

/** A limit as a number: a fixed number as is, a percentage of `total` rounded down, but not below its minimum. */
export function limitOf(limit: Limit, total: number): number {
  return 'count' in limit ? limit.count : Math.max(limit.floor, Math.floor((total * limit.percent) / 100));
}

/** The refusal of a figure that exceeds its limit; null otherwise. */
export function limitRefusal(
  code: GuardCode,
  figure: number,
  { limit, total, key, message, items }: LimitInput,
): Refusal | null {
  const most = limitOf(limit, total);
  return figure > most
    ? allowableRefusal(code, message(figure, most), { figure, limit: most, key, items })
    : null;
}
