import type { Where } from '../problem/problem.js';

/** A place in a file: all of it is known. */
export type Place = Required<Omit<Where, 'what'>>;

/** A value as a manifest says it, with its place: YAML taken apart, nothing lost that a rule needs. */
export type YamlValue = YamlMap | YamlList | YamlScalar;

/** Keys are text as written; a Map, so that no key means anything to the program itself. */
export interface YamlMap {
  kind: 'map';
  at: Place;
  entries: ReadonlyMap<string, YamlEntry>;
}

/** A key with its value. */
export interface YamlEntry {
  keyAt: Place;
  value: YamlValue;
}

export interface YamlList {
  kind: 'list';
  at: Place;
  items: readonly YamlValue[];
}

export interface YamlScalar {
  kind: 'scalar';
  at: Place;
  value: string | number | boolean | null;
  /** As it is written, for messages: `010` and `0x1F` stay so. Empty where nothing is written. */
  source: string;
}

/** A value together with where it stands. */
export interface SourceRange<T> {
  value: T;
  at: Place;
}

/** The entry under a key; null where there is none, or where this is no map. */
export function entryOf(said: YamlValue | null | undefined, key: string): YamlEntry | null {
  return said?.kind === 'map' ? (said.entries.get(key) ?? null) : null;
}

/** The value under a key; null where there is none, or where this is no map. */
export function valueOf(said: YamlValue | null | undefined, key: string): YamlValue | null {
  return entryOf(said, key)?.value ?? null;
}

/** The items of a list; none where this is none. */
export function itemsOf(said: YamlValue | null | undefined): readonly YamlValue[] {
  return said?.kind === 'list' ? said.items : [];
}

/** The text of a scalar with its place; null for anything else. */
export function textOf(said: YamlValue | null | undefined): SourceRange<string> | null {
  if (said?.kind !== 'scalar' || typeof said.value !== 'string') return null;
  return { value: said.value, at: said.at };
}

/** Where a thing is best shown: a list or map by its key, a scalar by itself, an entry without a value by its key. */
export function displayRange(entry: YamlEntry): Place {
  return entry.value.kind === 'scalar' && entry.value.value !== null ? entry.value.at : entry.keyAt;
}

/** Follows keys, indexes and texts of list items as far as they lead, and says where that is. */
export function placeOf(
  root: YamlValue,
  path: readonly (string | number)[],
): { at: Place; reached: boolean } {
  let at = root.at;
  let said: YamlValue = root;
  for (const step of path) {
    const entry: YamlEntry | null = said.kind === 'map' ? (said.entries.get(String(step)) ?? null) : null;
    const next: YamlValue | undefined = entry?.value ?? itemAt(said, step);
    if (next === undefined) return { at, reached: false };
    at = entry ? displayRange(entry) : next.at;
    said = next;
  }
  return { at, reached: true };
}

function itemAt(said: YamlValue, step: string | number): YamlValue | undefined {
  if (typeof step === 'number') return itemsOf(said)[step];
  return itemsOf(said).find((item) => textOf(item)?.value === step);
}

const PLAIN_NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$/u;

/**
 * Is this a number that is written in another way than people read it? `010` is ten to one reader and eight to
 * another, so that it stands for neither.
 */
export function isOddNumber({ value, source }: YamlScalar): boolean {
  return typeof value === 'number' && !PLAIN_NUMBER.test(source);
}

/** Plain values. Objects have no prototype, so that no key is special. */
export function plainOf(
  said: YamlValue,
  ofScalar: (scalar: YamlScalar) => unknown = ({ value }) => value,
): unknown {
  switch (said.kind) {
    case 'scalar':
      return ofScalar(said);
    case 'list':
      return said.items.map((item) => plainOf(item, ofScalar));
    case 'map': {
      const plain = Object.create(null) as Record<string, unknown>;
      for (const [key, { value }] of said.entries) plain[key] = plainOf(value, ofScalar);
      return plain;
    }
  }
}
