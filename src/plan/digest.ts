import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import stableStringify from 'safe-stable-stringify';
import { byCodeUnit } from '../model/sort.js';

/** Elements of a list that become text at once: few enough that a large plan never exists as one text. */
const CHUNK = 64;

/** The digest of any plain value: SHA-256 over its canonical JSON, which is JSON with the keys of each object sorted. */
export function digestOf(value: unknown): string {
  const sha256 = createHash('sha256');
  feed(sha256, value);
  return `sha256:${sha256.digest('hex')}`;
}

/** Feeds the canonical JSON of a value: an object key by key, a long list in chunks, all else at once. */
function feed(sha256: Hash, value: unknown): void {
  if (Array.isArray(value) && value.length > CHUNK) feedList(sha256, value);
  else if (isObject(value) && !Array.isArray(value) && Object.values(value).some(isObject))
    feedObject(sha256, value);
  else sha256.update(canonicalJson(value) ?? 'null');
}

function feedList(sha256: Hash, list: readonly unknown[]): void {
  for (let start = 0; start < list.length; start += CHUNK) {
    const text = canonicalJson(list.slice(start, start + CHUNK)) ?? '[]';
    sha256.update(start === 0 ? '[' : ',');
    sha256.update(text.slice(1, -1));
  }
  sha256.update(']');
}

function feedObject(sha256: Hash, value: Readonly<Record<string, unknown>>): void {
  let before = '{';
  for (const key of Object.keys(value).sort(byCodeUnit)) {
    if (value[key] === undefined) continue;
    sha256.update(`${before}${JSON.stringify(key)}:`);
    feed(sha256, value[key]);
    before = ',';
  }
  sha256.update(before === '{' ? '{}' : '}');
}

/**
 * JSON with sorted keys. The engine writes JSON several times faster than any library, but in the order in which keys
 * were added, so it is given copies whose keys were added in order.
 */
export function canonicalJson(value: unknown): string | undefined {
  const copy = withSortedKeys(value);
  return copy === UNSORTABLE ? stableStringify(value) : JSON.stringify(copy);
}

/** Stands for a value that no copy can have in order. */
const UNSORTABLE = Symbol('unsortable');

/** Numbers come before all other keys of an object, in whatever order they are added; `__proto__` is no key when it is added. */
const UNSORTABLE_KEY = /^(?:\d+|__proto__)$/u;

/** The value itself where all keys in it are sorted, else a copy of what is not. */
function withSortedKeys(value: unknown): unknown {
  if (!isObject(value)) return value;
  return Array.isArray(value) ? listWithSortedKeys(value) : objectWithSortedKeys(value);
}

function listWithSortedKeys(list: readonly unknown[]): unknown {
  let copy: unknown[] | null = null;
  for (let index = 0; index < list.length; index += 1) {
    const item = list[index];
    if (!isObject(item)) continue;
    const sorted = withSortedKeys(item);
    if (sorted === UNSORTABLE) return UNSORTABLE;
    if (sorted !== item) (copy ??= [...list])[index] = sorted;
  }
  return copy ?? list;
}

function objectWithSortedKeys(value: Readonly<Record<string, unknown>>): unknown {
  const keys = Object.keys(value);
  const inOrder = keys.every((key, index) => index === 0 || (keys[index - 1] as string) < key);
  if (!inOrder) sortKeys(keys);
  const copy: Record<string, unknown> = {};
  let isSame = inOrder;
  for (const key of keys) {
    if (UNSORTABLE_KEY.test(key)) return UNSORTABLE;
    const item = value[key];
    const sorted = isObject(item) ? withSortedKeys(item) : item;
    if (sorted === UNSORTABLE) return UNSORTABLE;
    copy[key] = sorted;
    isSame &&= sorted === item;
  }
  return isSame ? value : copy;
}

/** Sorts in place. The engine's own sort makes lists for its work, which for two keys is most of the memory of a digest. */
function sortKeys(keys: string[]): void {
  if (keys.length > FEW_KEYS) {
    keys.sort(byCodeUnit);
    return;
  }
  for (let end = 1; end < keys.length; end += 1) {
    const key = keys[end] as string;
    let at = end;
    for (; at > 0 && (keys[at - 1] as string) > key; at -= 1) keys[at] = keys[at - 1] as string;
    keys[at] = key;
  }
}

/** Up to so many keys are sorted without the engine's help. */
const FEW_KEYS = 32;

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
