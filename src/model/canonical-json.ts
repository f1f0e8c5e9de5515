import { byCodeUnit } from './grant.js';

/**
 * JSON without blanks, the keys of every object sorted by code unit: equal values give equal texts. For plain
 * values; as in JSON, a key whose value is undefined is left out.
 */
export function canonicalJson(value: unknown): string {
  const copy = sorted(value);
  return copy === ODD ? written(value) : (JSON.stringify(copy) ?? 'null');
}

/** Stands for a value that has keys which no plain object keeps in their place. */
const ODD = Symbol('odd keys');

/**
 * The value with the keys of all its objects in order, for the platform's own JSON: many times as fast as
 * putting the text together here.
 */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return sortedList(value);
  const copy: Record<string, unknown> = {};
  for (const key of sortedKeys(value)) {
    if (isOdd(key)) return ODD;
    const inner = sorted((value as Readonly<Record<string, unknown>>)[key]);
    if (inner === ODD) return ODD;
    copy[key] = inner;
  }
  return copy;
}

function sortedList(list: readonly unknown[]): unknown {
  if (typeof list[0] !== 'object' && !list.some((item) => typeof item === 'object')) return list;
  const copy: unknown[] = [];
  for (const item of list) {
    const inner = sorted(item);
    if (inner === ODD) return ODD;
    copy.push(inner);
  }
  return copy;
}

/** Numbers come first in every object, in whatever order they are set; and one name sets something else. */
function isOdd(key: string): boolean {
  const first = key.charCodeAt(0);
  return (first >= 48 && first <= 57) || key === '__proto__';
}

/** The text put together part by part: right for any keys. */
function written(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(written).join(',')}]`;
  const object = value as Readonly<Record<string, unknown>>;
  const parts = sortedKeys(object).flatMap((key) =>
    object[key] === undefined ? [] : `${JSON.stringify(key)}:${written(object[key])}`,
  );
  return `{${parts.join(',')}}`;
}

/** By insertion where they are few, as they nearly always are: several times as fast as a call of `sort`. */
function sortedKeys(object: object): string[] {
  const keys = Object.keys(object);
  if (keys.length > 40) return keys.sort(byCodeUnit);
  for (let index = 1; index < keys.length; index += 1) {
    const key = keys[index] as string;
    let at = index;
    for (; at > 0 && (keys[at - 1] as string) > key; at -= 1) keys[at] = keys[at - 1] as string;
    keys[at] = key;
  }
  return keys;
}
