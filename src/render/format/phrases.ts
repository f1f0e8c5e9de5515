import type { PlanPerson } from '../../plan/plan.js';
import type { Sign } from '../vocabulary.js';
import { oneLine } from './one-line.js';

/** A number with a comma between thousands, the same in every locale. */
export function formatNumber(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1 role`, `2 roles`, `1,200 people`. */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${formatNumber(value)} ${value === 1 ? one : many}`;
}

const ORDINAL_ENDS: Partial<Record<Intl.LDMLPluralRule, string>> = { one: 'st', two: 'nd', few: 'rd' };

/** `1st`, `2nd`, `3rd`, `4th`. */
export function ordinal(value: number): string {
  const rule = new Intl.PluralRules('en', { type: 'ordinal' }).select(value);
  return `${formatNumber(value)}${ORDINAL_ENDS[rule] ?? 'th'}`;
}

/** `a`, `a and b`, `a, b and c`. */
export const series = (parts: readonly string[]): string => joined(parts, 'and');

/** `a`, `a or b`, `a, b or c`. */
export const alternatives = (parts: readonly string[]): string => joined(parts, 'or');

function joined(parts: readonly string[], word: 'and' | 'or'): string {
  if (parts.length < 2) return parts.join('');
  return `${parts.slice(0, -1).join(', ')} ${word} ${parts.at(-1) ?? ''}`;
}

/** Names that need no quotes, not even in a list with commas. */
const PLAIN_NAME = /^[\p{L}\p{N}](?:[\p{L}\p{N}&_./()'@+:~*{}-]| (?! ))*(?<! )$/u;

/** A name in plain text, in quotes if it could be misread. */
export function nameText(name: string): string {
  const line = oneLine(name);
  return PLAIN_NAME.test(line) ? line : `"${line.replaceAll('"', '\\"')}"`;
}

/** A name or a sentence that is alone on its line: in quotes only if blanks at its ends or in a row would be lost. */
export function itemText(item: string): string {
  const line = oneLine(item);
  return line === '' || /^ | $| {2}/u.test(line) ? nameText(item) : line;
}

/** Text after a sign, with a minus sign as wide as the plus. */
export function signed(sign: Sign, text = ''): string {
  return `${sign === '-' ? '−' : sign}${text}`;
}

/** A person in one line: the address, or the id if there is none. */
export function personLabel(person: PlanPerson): string {
  return person.email === null ? `person ${person.id}` : nameText(person.email);
}

/** `2026-01-31 08:15 UTC`; a time in another format is shown as it is. */
export function timeText(time: string): string {
  const match = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(?::\d\d(?:\.\d+)?)?Z$/.exec(time);
  return match ? `${match[1] ?? ''} ${match[2] ?? ''} UTC` : oneLine(time);
}

/** The first `limit` items of a list, and the number of further ones. */
export function cut<T>(list: readonly T[], limit: number): { shown: readonly T[]; more: number } {
  const shown = list.slice(0, Math.max(0, limit));
  return { shown, more: list.length - shown.length };
}

/** ` and 12 more`, to follow the items that are shown; '' if there are no others. */
export function andMore(more: number): string {
  return more > 0 ? ` and ${formatNumber(more)} more` : '';
}

/** Text of at most `length` code points, with `…` if it was cut. */
export function clip(text: string, length: number): string {
  if (text.length <= length) return text;
  const end = length - 1;
  const split = /[\ud800-\udbff]/.test(text.charAt(end - 1));
  return `${text.slice(0, split ? end - 1 : end)}…`;
}
