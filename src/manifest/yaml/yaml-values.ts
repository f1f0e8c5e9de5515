import { sameAddress } from '../../model/address.js';
import type { Where } from '../../problem/problem.js';

/** A complete place in a file. */
export type Place = Required<Omit<Where, 'what'>>;

/** A parsed YAML value with its place. */
export type YamlValue = YamlMap | YamlList | YamlScalar;

/** Keys are text as written; a Map, so that keys such as `__proto__` have no effect. */
export interface YamlMap {
  kind: 'map';
  at: Place;
  entries: ReadonlyMap<string, YamlEntry>;
  /** The layers that a map inherits: lists or maps of the same key in other files, the lowest first. */
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
  /** The source text, for messages, such as `010` and `0x1F`. '' if nothing is written. */
  source: string;
}

/** Stands for an alias that has no value, which is a problem of its own. */
export function unknownAlias(name: string, at: Place): YamlScalar {
  return { kind: 'scalar', at, value: null, source: `*${name}` };
}

/** Does this stand for an alias that has no value? No other empty value begins with an asterisk. */
export function isUnknownAlias(node: YamlValue): boolean {
  return node.kind === 'scalar' && node.value === null && node.source.startsWith('*');
}

/** A value and its place. */
export interface SourceRange<T> {
  value: T;
  at: Place;
}

/** The entry of a key; null if there is none or this is not a map. */
export function entryOf(node: YamlValue | null | undefined, key: string): YamlEntry | null {
  return node?.kind === 'map' ? (node.entries.get(key) ?? null) : null;
}

/** The value of a key; null if there is none or this is not a map. */
export function valueOf(node: YamlValue | null | undefined, key: string): YamlValue | null {
  return entryOf(node, key)?.value ?? null;
}

/** The items of a list; empty if this is not a list. */
export function itemsOf(node: YamlValue | null | undefined): readonly YamlValue[] {
  return node?.kind === 'list' ? node.items : [];
}

/** A map or list with the layers that it inherits, the lowest first. */
export function layersOf(entry: YamlEntry): YamlEntry[] {
  const { value } = entry;
  if (value.kind !== 'map' || !value.below) return [entry];
  return [...value.below, { ...entry, value: { kind: 'map', at: value.at, entries: value.entries } }];
}

/** The text of a scalar with its place; null for anything else. */
export function textOf(node: YamlValue | null | undefined): SourceRange<string> | null {
  return node && isText(node) ? node : null;
}

/** Is this a text? If so, it is its own range. */
export function isText(node: YamlValue): node is YamlScalar & SourceRange<string> {
  return node.kind === 'scalar' && typeof node.value === 'string';
}

/** A place as a plain object, without getters. */
export function plainPlace({ file, line, column, endLine, endColumn }: Place): Place {
  return { file, line, column, endLine, endColumn };
}

/** The start of a line, as an empty range. */
export function lineStart(file: string, line: number): Place {
  return { file, line, column: 1, endLine: line, endColumn: 1 };
}

/** The start of a file: the place of problems that concern all of it. */
export function startOfFile(file: string): Place {
  return lineStart(file, 1);
}

/** The start of a value, as an empty range. */
export function startOfRange({ file, line, column }: Place): Place {
  return { file, line, column, endLine: line, endColumn: column };
}

/** A place in a message: `roles.yaml:3:5`. */
export function placeText(place: Place): string {
  return `${place.file}:${place.line}:${place.column}`;
}

/** The range to show for an entry: the key of a list, a map or an empty entry, else the scalar. */
function displayRange(entry: YamlEntry): Place {
  return entry.value.kind === 'scalar' && entry.value.value !== null ? entry.value.at : entry.keyAt;
}

/** A place, and whether the whole path was followed. */
interface Found {
  at: Place;
  reached: boolean;
}

/**
 * Follows a path of keys, indexes and texts of list items as far as possible, and returns that place. If a map lacks a
 * key, its inherited layers are searched.
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

/** The address in an item that is a map; people are found by it. */
function addressIn(item: YamlValue): string | null {
  const address = textOf(valueOf(item, 'email'));
  return address && sameAddress(address.value);
}

const PLAIN_NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$/u;

/**
 * Is this a number in an ambiguous notation? `010` is ten to one reader and eight to another.
 */
export function isAmbiguousNumber({ value, source }: YamlScalar): boolean {
  return typeof value === 'number' && !PLAIN_NUMBER.test(source);
}

/** Converts to plain values. Objects have no prototype, so that no key is special. */
export function plainOf(
  node: YamlValue,
  ofScalar: (scalar: YamlScalar) => unknown = ({ value }) => value,
): unknown {
  switch (node.kind) {
    case 'scalar':
      return ofScalar(node);
    case 'list':
      // Fast path: long lists contain only scalars.
      return node.items.map((item) => (item.kind === 'scalar' ? ofScalar(item) : plainOf(item, ofScalar)));
    case 'map': {
      const plain = Object.create(null) as Record<string, unknown>;
      for (const [key, { value }] of node.entries) plain[key] = plainOf(value, ofScalar);
      return plain;
    }
  }
}
