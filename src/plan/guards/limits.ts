import type { Limit } from '../../model/policy.js';
import type { Refusal } from '../../model/refusal.js';
import type { GuardCode } from './allow.js';
import { allowable } from './guard.js';

/** What a figure is measured against. */
export interface LimitInput {
  limit: Limit;
  /** What a percentage is a share of. */
  total: number;
  /** The manifest key of the limit. */
  key: string;
  message: (figure: number, limit: number) => string;
  items: readonly string[];
}

/** A limit as a number. A plain number is exact; a percentage is rounded down, but never below its floor. */
export function limitOf(limit: Limit, total: number): number {
  return 'count' in limit ? limit.count : Math.max(limit.floor, Math.floor((total * limit.percent) / 100));
}

/** The refusal of a figure that is over its limit; null for one that reaches it. */
export function limitRefusal(
  code: GuardCode,
  figure: number,
  { limit, total, key, message, items }: LimitInput,
): Refusal | null {
  const most = limitOf(limit, total);
  return figure > most ? allowable(code, message(figure, most), { figure, limit: most, key, items }) : null;
}
