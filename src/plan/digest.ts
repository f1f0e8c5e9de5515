import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import stableStringify from 'safe-stable-stringify';
import { byCodeUnit } from '../model/sort.js';
import { isRecord } from '../model/record.js';

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
  else if (isRecord(value) && Object.values(value).some(isLarge)) feedObject(sha256, value);
  else sha256.update(canonicalJson(value) ?? 'null');
}

/** May this be too long to become text with what surrounds it? */
function isLarge(value: unknown): boolean {
  return Array.isArray(value) ? value.length > CHUNK : isRecord(value);
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
 * JSON with sorted keys. The engine writes JSON several times faster than any library, and writes the keys of every
 * object in the order of a list, so it is given the keys that occur anywhere in the value, sorted.
 */
export function canonicalJson(value: unknown): string | undefined {
  const keys = new Set<string>();
  collectKeys(value, keys);
  // The engine finds `__proto__` even in objects without such a key, and looks for every key in every object.
  if (keys.has('__proto__') || keys.size > MOST_KEYS) return stableStringify(value);
  return JSON.stringify(value, [...keys].sort(byCodeUnit));
}

/** Different keys in a value that the engine writes. A value with more is a table by names, and is left to the library. */
const MOST_KEYS = 64;

function collectKeys(value: unknown, keys: Set<string>): void {
  if (Array.isArray(value)) {
    for (const item of value) collectKeys(item, keys);
  } else if (isRecord(value)) {
    for (const key of Object.keys(value)) {
      keys.add(key);
      collectKeys(value[key], keys);
    }
  }
}
