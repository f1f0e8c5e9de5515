import {
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Alias,
  type ParsedNode,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { quotedName } from '../../model/quoted-name.js';
import type { ProblemCode } from '../../problem/codes.js';
import { problem, type Problem } from '../../problem/problem.js';
import { unknownAlias, type Place, type YamlValue, type YamlEntry, type YamlMap } from './yaml-values.js';

/** The result of parsing: a tree if the text is YAML, and all problems. */
export interface Parsed {
  root: YamlValue | null;
  problems: readonly Problem[];
}

/** The most values that aliases may add to a file: enough to share lists, too few for a bomb. */
const MOST_BY_ALIAS = 100_000;

/** The deepest nesting, with aliases followed. */
const DEEPEST_BY_ALIAS = 60;

/** The most syntax problems that are reported per file. */
const MOST_REPORTED = 1000;

type PlaceOf = (from: number, to: number) => Place;

/** The size of a value with all aliases followed. */
interface Extent {
  size: number;
  height: number;
}

interface Reading {
  place: PlaceOf;
  problems: Problem[];
  anchors: Map<string, YamlValue | null>;
  /** The sizes of aliased values and of everything in them. */
  extents: Map<YamlValue, Extent>;
  byAlias: number;
}

/** Converts the nodes of a document to values with places. Aliases are replaced by their values. */
export function readTree(contents: ParsedNode, place: PlaceOf): Parsed {
  const reading: Reading = { place, problems: [], anchors: new Map(), extents: new Map(), byAlias: 0 };
  const root = read(contents, reading);
  return { root, problems: reading.problems };
}

function read(node: unknown, reading: Reading): YamlValue {
  if (isAlias(node)) return readAlias(node as Alias.Parsed, reading);
  const anchor = isMap(node) || isSeq(node) || isScalar(node) ? node.anchor : undefined;
  if (anchor !== undefined) reading.anchors.set(anchor, null);
  const value = readPlain(node, reading);
  if (anchor !== undefined) reading.anchors.set(anchor, value);
  return value;
}

function readPlain(node: unknown, reading: Reading): YamlValue {
  if (isMap(node)) return readMap(node as YAMLMap.Parsed, reading);
  if (isSeq(node)) {
    const list = node as YAMLSeq.Parsed;
    // A pair may be in a list only with the !!omap tag, which the parser does not resolve.
    const items = list.items.map((item) => read(item, reading));
    return { kind: 'list', at: at(list, reading), items };
  }
  const scalar = node as Scalar.Parsed | null;
  const value = scalarValue(isScalar(scalar) ? scalar.value : null);
  const source = typeof value === 'string' ? value : (scalar?.source ?? '');
  return { kind: 'scalar', at: at(scalar, reading), value, source };
}

function scalarValue(value: unknown): string | number | boolean | null {
  if (typeof value === 'bigint') return Number(value);
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
}

function readMap(map: YAMLMap.Parsed, reading: Reading): YamlMap {
  const entries = new Map<string, YamlEntry>();
  for (const pair of map.items) {
    if (!isPair(pair)) continue;
    const keyAt = at(pair.key, reading);
    const value =
      pair.value === null
        ? ({ kind: 'scalar', at: keyAt, value: null, source: '' } as const)
        : read(pair.value, reading);
    const key = keyText(pair.key, keyAt, reading);
    if (key === null) continue;
    const first = entries.get(key);
    if (first) {
      const hint = `the first one is on line ${first.keyAt.line}`;
      report(reading, 'duplicate-key', {
        message: `the key ${quotedName(key)} appears twice`,
        at: keyAt,
        hint,
      });
    } else {
      entries.set(key, { keyAt, value });
    }
  }
  return { kind: 'map', at: at(map, reading), entries };
}

/** A key is its source text: `123:` is "123" and `true:` is "true". */
function keyText(key: unknown, keyAt: Place, reading: Reading): string | null {
  if (!isScalar(key)) {
    report(reading, 'yaml-syntax', { message: 'a key must be plain text', at: keyAt });
    return null;
  }
  if (key.value === '<<' && key.type === 'PLAIN') {
    const hint = 'share grants with grantSets or from, and whole files with extends';
    report(reading, 'yaml-syntax', {
      message: 'merge keys (<<) are not part of YAML 1.2',
      at: keyAt,
      hint,
    });
    return null;
  }
  if (typeof key.value === 'string') return key.value;
  return key.source ?? String(key.value);
}

function readAlias(alias: Alias.Parsed, reading: Reading): YamlValue {
  const value = reading.anchors.get(alias.source);
  const place = at(alias, reading);
  const nothing = unknownAlias(alias.source, place);
  if (value === undefined || value === null) {
    const message =
      value === null
        ? `the alias *${alias.source} is inside its own anchor`
        : `there is no anchor &${alias.source} before this alias`;
    report(reading, 'yaml-syntax', { message, at: place });
    return nothing;
  }
  const extent = extentOf(value, reading.extents);
  reading.byAlias += extent.size;
  if (reading.byAlias > MOST_BY_ALIAS || extent.height > DEEPEST_BY_ALIAS) {
    const known = reading.problems.some((one) => one.code === 'alias-bomb');
    if (!known)
      report(reading, 'alias-bomb', {
        message: 'the aliases of this file make it too large',
        at: place,
        hint: 'share grants with grantSets or from instead',
      });
    return nothing;
  }
  return value;
}

function extentOf(value: YamlValue, known: Map<YamlValue, Extent>): Extent {
  const before = known.get(value);
  if (before) return before;
  let [size, height] = [1, 0];
  for (const part of partsOf(value)) {
    const extent = extentOf(part, known);
    size += extent.size;
    height = Math.max(height, extent.height);
  }
  const extent = { size, height: height + 1 };
  known.set(value, extent);
  return extent;
}

function partsOf(value: YamlValue): readonly YamlValue[] {
  if (value.kind === 'list') return value.items;
  return value.kind === 'map' ? [...value.entries.values()].map((entry) => entry.value) : [];
}

function at(node: unknown, reading: Reading): Place {
  const range = (node as { range?: [number, number, number] | null } | null)?.range;
  return reading.place(range?.[0] ?? 0, range?.[1] ?? 0);
}

function report(
  reading: Reading,
  code: ProblemCode,
  rest: { message: string; at: Place; hint?: string },
): void {
  if (reading.problems.length > MOST_REPORTED) return;
  if (reading.problems.length === MOST_REPORTED) {
    reading.problems.push(problem(code, 'there are more problems of this kind', { where: rest.at }));
    return;
  }
  reading.problems.push(problem(code, rest.message, { where: rest.at, hint: rest.hint ?? null }));
}
