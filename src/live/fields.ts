import { makeInterner } from '../model/interner.js';
import { isRecord } from '../model/record.js';
import { badFileError } from '../problem/problem.js';

/** Reads the values of a snapshot document. Raises `bad-file`, with the place, for the first value of the wrong type. */
export interface FieldReader {
  /** An object with exactly these keys; returns its values by key. */
  object<K extends string>(value: unknown, place: string, keys: readonly K[]): Record<K, unknown>;
  list<T>(value: unknown, place: string, read: (item: unknown, place: string) => T): T[];
  text(value: unknown, place: string): string;
  /** Text that a document repeats; equal texts share one string to save memory. */
  word(value: unknown, place: string): string;
  flag(value: unknown, place: string): boolean;
  /** A whole number of at least `least`. */
  whole(value: unknown, place: string, least: number): number;
  oneOf<T extends string>(value: unknown, place: string, words: readonly T[]): T;
  orNull<T>(value: unknown, place: string, read: (value: unknown, place: string) => T): T | null;
  fail(place: string, message: string): never;
}

/** Opens a reader of a snapshot. Places are JSON pointers. */
export function openFields(file: string | null): FieldReader {
  const fail = (place: string, message: string): never => {
    throw badFileError(`snapshot: ${place === '' ? 'the document' : place} ${message}`, { file });
  };
  const share = makeInterner();
  const reader: FieldReader = {
    fail,
    object: (value, place, keys) => {
      const record = isRecord(value) ? value : fail(place, 'is not an object');
      const known: readonly string[] = keys;
      const unknown = Object.keys(record).find((key) => !known.includes(key));
      if (unknown !== undefined) fail(place, `has an unknown key: ${JSON.stringify(unknown.slice(0, 60))}`);
      const missing = keys.find((key) => !Object.hasOwn(record, key));
      if (missing !== undefined) fail(place, `has no ${missing}`);
      return record;
    },
    list: (value, place, read) =>
      Array.isArray(value)
        ? value.map((item, index) => read(item, `${place}/${index}`))
        : fail(place, 'is not a list'),
    text: (value, place) => (typeof value === 'string' ? value : fail(place, 'is not text')),
    word: (value, place) => share(reader.text(value, place)),
    flag: (value, place) => (typeof value === 'boolean' ? value : fail(place, 'is not true or false')),
    whole: (value, place, least) =>
      typeof value === 'number' && Number.isSafeInteger(value) && value >= least
        ? value
        : fail(place, `is not a whole number of at least ${least}`),
    oneOf: (value, place, words) =>
      words.find((word) => word === value) ?? fail(place, `is not one of ${words.join(', ')}`),
    orNull: (value, place, read) => (value === null ? null : read(value, place)),
  };
  return reader;
}
