import { byCodeUnit } from './grant.js';

/** What JSON may have to escape: controls, the quote, the backslash, halves of characters. */
const ESCAPED = /[^ !#-[\]-\ud7ff\ue000-\uffff]/;

/**
 * JSON without blanks, the keys of every object sorted by code unit: equal values give equal texts. For plain
 * values; as in JSON, a key whose value is undefined is left out.
 */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'string') return ESCAPED.test(value) ? JSON.stringify(value) : `"${value}"`;
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : 'null';
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (typeof value !== 'object' || value === null) return 'null';
  return Array.isArray(value) ? ofList(value) : ofObject(value as Readonly<Record<string, unknown>>);
}

function ofList(list: readonly unknown[]): string {
  let text = '';
  for (const item of list) text += text === '' ? canonicalJson(item) : `,${canonicalJson(item)}`;
  return `[${text}]`;
}

function ofObject(object: Readonly<Record<string, unknown>>): string {
  let text = '';
  for (const key of sortedKeys(object)) {
    const value = object[key];
    if (value === undefined) continue;
    text += `${text === '' ? '' : ','}${canonicalJson(key)}:${canonicalJson(value)}`;
  }
  return `{${text}}`;
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
