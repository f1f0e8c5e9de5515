import { sameAddress } from '../model/names.js';
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
  /** What a map inherits: lists or maps of the same key in other files, the lowest first. */
  below?: readonly YamlEntry[];
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

/** A value and its place. */
export interface SourceRange<T> {
  value: T;
  at: Place;
}

/** The entry under a key; null where there is none, or where this is not a map. */
export function entryOf(node: YamlValue | null | undefined, key: string): YamlEntry | null {
  return node?.kind === 'map' ? (node.entries.get(key) ?? null) : null;
}

/** The value under a key; null where there is none, or where this is not a map. */
export function valueOf(node: YamlValue | null | undefined, key: string): YamlValue | null {
  return entryOf(node, key)?.value ?? null;
}

/** The items of a list; none where this is none. */
export function itemsOf(node: YamlValue | null | undefined): readonly YamlValue[] {
  return node?.kind === 'list' ? node.items : [];
}

/** The text of a scalar with its place; null for anything else. */
export function textOf(node: YamlValue | null | undefined): SourceRange<string> | null {
  return node && isText(node) ? node : null;
}

/** Is this a text? Then it is its own range. */
export function isText(node: YamlValue): node is YamlScalar & SourceRange<string> {
  return node.kind === 'scalar' && typeof node.value === 'string';
}

/** A place as a plain object, without what works it out. */
export function plainPlace({ file, line, column, endLine, endColumn }: Place): Place {
  return { file, line, column, endLine, endColumn };
}

/** Where a value begins, as a place of no length. */
export function startOfRange({ file, line, column }: Place): Place {
  return { file, line, column, endLine: line, endColumn: column };
}

/** Where a thing is best shown: a list or map by its key, a scalar by itself, an entry without a value by its key. */
export function displayRange(entry: YamlEntry): Place {
  return entry.value.kind === 'scalar' && entry.value.value !== null ? entry.value.at : entry.keyAt;
}

/** A place, and whether it is that of the whole path. */
interface Found {
  at: Place;
  reached: boolean;
}

/**
 * Follows keys, indexes and texts of list items as far as they lead, and says where that is. What a map inherits is
 * looked at where the map itself does not lead on.
 */
export function placeOf(root: YamlValue, path: readonly (string | number)[]): Found {
  return placeFrom(root, path, root.at);
}

function placeFrom(node: YamlValue, path: readonly (string | number)[], at: Place): Found {
  const [step, ...rest] = path;
  if (step === undefined) return { at, reached: true };
  const entry: YamlEntry | null = node.kind === 'map' ? (node.entries.get(String(step)) ?? null) : null;
  const next: YamlValue | undefined = entry?.value ?? itemAt(node, step);
  const found = next ? placeFrom(next, rest, entry ? displayRange(entry) : next.at) : { at, reached: false };
  if (found.reached || node.kind !== 'map' || !node.below) return found;
  for (const { value } of [...node.below].reverse()) {
    const inherited = placeFrom(value, path, at);
    if (inherited.reached) return inherited;
  }
  return found;
}

function itemAt(node: YamlValue, step: string | number): YamlValue | undefined {
  if (typeof step === 'number') return itemsOf(node)[step];
  return itemsOf(node).find((item) => textOf(item)?.value === step || addressIn(item) === step);
}

/** The address in an item that is a map, as people are looked up by it. */
function addressIn(item: YamlValue): string | null {
  const address = textOf(valueOf(item, 'email'));
  return address && sameAddress(address.value);
}

const PLAIN_NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$/u;

/**
 * Is this a number that is written in another way than people read it? `010` is ten to one reader and eight to
 * another, so that it means neither.
 */
export function isOddNumber({ value, source }: YamlScalar): boolean {
  return typeof value === 'number' && !PLAIN_NUMBER.test(source);
}

/** Plain values. Objects have no prototype, so that no key is special. */
export function plainOf(
  node: YamlValue,
  ofScalar: (scalar: YamlScalar) => unknown = ({ value }) => value,
): unknown {
  switch (node.kind) {
    case 'scalar':
      return ofScalar(node);
    case 'list':
      // Long lists are of scalars.
      return node.items.map((item) => (item.kind === 'scalar' ? ofScalar(item) : plainOf(item, ofScalar)));
    case 'map': {
      const plain = Object.create(null) as Record<string, unknown>;
      for (const [key, { value }] of node.entries) plain[key] = plainOf(value, ofScalar);
      return plain;
    }
  }
}
