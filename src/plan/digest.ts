import { createHash, hash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import stableStringify from 'safe-stable-stringify';
import { byCodeUnit } from '../model/sort.js';
import { isRecord } from '../model/record.js';

/** A list with more elements becomes text in pieces. */
const LONG_LIST = 64;

/**
 * The aim for the length of such a piece, in characters. A large plan never exists as one text, and the engine puts short
 * texts into memory that it uses again, while it fetches new memory for each long one.
 */
const PIECE = 32_768;

/** The digest of any plain value: SHA-256 over its canonical JSON, which is JSON with the keys of each object sorted. */
export function digestOf(value: unknown): string {
  return `sha256:${isLong(value) ? digestInPieces(value) : hash('sha256', canonicalText(value))}`;
}

function digestInPieces(value: unknown): string {
  const sha256 = createHash('sha256');
  feed(sha256, value);
  return sha256.digest('hex');
}

/** Feeds the canonical JSON of a value: an object with long parts key by key, a long list in pieces, all else at once. */
function feed(sha256: Hash, value: unknown): void {
  if (!isLong(value)) sha256.update(canonicalText(value));
  else if (isRecord(value)) feedObject(sha256, value);
  else feedList(sha256, value);
}

/** May a value be too long to become text at once? */
function isLong(value: unknown): value is readonly unknown[] | Readonly<Record<string, unknown>> {
  if (isRecord(value)) return Object.values(value).some((part) => isRecord(part) || isLongList(part));
  return isLongList(value);
}

function isLongList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.length > LONG_LIST;
}

function feedList(sha256: Hash, list: readonly unknown[]): void {
  let before = '[';
  let size = 1;
  for (let start = 0; start < list.length;) {
    sha256.update(before);
    before = ',';
    // The engine looks for every key of a piece in every object of it, and thousands of moves have few of the keys of
    // changes. So a long list in the first item becomes text by itself.
    if (hasLongList(list[start])) {
      feed(sha256, list[start]);
      start += 1;
      continue;
    }
    const piece = list.slice(start, start + size);
    const text = canonicalText(piece);
    sha256.update(text.slice(1, -1));
    start += piece.length;
    size = Math.max(1, Math.floor((PIECE * piece.length) / text.length));
  }
  sha256.update(']');
}

function hasLongList(value: unknown): boolean {
  return isRecord(value) && Object.values(value).some(isLongList);
}

/** An object with at least one key, since it has a long part. */
function feedObject(sha256: Hash, value: Readonly<Record<string, unknown>>): void {
  let before = '{';
  for (const key of Object.keys(value).sort(byCodeUnit)) {
    if (value[key] === undefined) continue;
    sha256.update(`${before}${JSON.stringify(key)}:`);
    feed(sha256, value[key]);
    before = ',';
  }
  sha256.update('}');
}

/** The canonical JSON of a value; of none, as in a list, `null`. */
function canonicalText(value: unknown): string {
  return canonicalJson(value) ?? 'null';
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
    // Most lists are of texts, and have no keys. Neither loop makes an object for each step.
    for (let index = 0; index < value.length; index += 1)
      if (typeof value[index] === 'object') collectKeys(value[index], keys);
  } else if (isRecord(value)) {
    for (const key in value) {
      keys.add(key);
      const part = value[key];
      if (typeof part === 'object') collectKeys(part, keys);
    }
  }
}
