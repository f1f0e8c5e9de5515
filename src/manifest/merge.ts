import { quotedName } from '../model/names.js';
import { problem, type Problem } from '../problem/problem.js';
import {
  entryOf,
  itemsOf,
  textOf,
  valueOf,
  type Place,
  type YamlValue,
  type YamlEntry,
  type YamlMap,
} from './yaml-values.js';

/** Keys that belong to one file. */
const OWN_KEYS: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'extends']);

/** A file that was read, with the files that it extends, in its own order. */
export interface SourceFile {
  /** As places name it. */
  file: string;
  root: YamlMap;
  bases: readonly SourceFile[];
}

/**
 * Makes one tree of the files that were given: the files that they extend (later over earlier, each once), and over
 * them the given files, joined. There must be at least one file, and no cycle.
 */
export function mergeFiles(given: readonly SourceFile[]): { root: YamlMap; problems: readonly Problem[] } {
  const joined = joinFiles(given.map(({ root }) => root));
  const bases = new Set(given.flatMap((file) => file.bases));
  const merged = new Map<SourceFile, YamlMap>();
  const lower = [...bases].map((base) => withBases(base, merged));
  return { root: [...lower, joined.root].reduce(mergeOver), problems: joined.problems };
}

function withBases(file: SourceFile, merged: Map<SourceFile, YamlMap>): YamlMap {
  const known = merged.get(file);
  if (known) return known;
  const whole = [...file.bases.map((base) => withBases(base, merged)), file.root].reduce(mergeOver);
  merged.set(file, whole);
  return whole;
}

/** Files given together, as one; and where they contradict each other. */
export interface JoinedFiles {
  root: YamlMap;
  problems: readonly Problem[];
}

/**
 * Lays one file over its base: maps merge by key, everything else is replaced, and what `upper` removes or
 * wants wins over what `lower` wants or removes.
 */
export function mergeOver(lower: YamlMap, upper: YamlMap): YamlMap {
  const merged = mergeMaps(withoutOwnKeys(lower), withoutOwnKeys(upper));
  const entries = new Map(merged.entries);
  const removedAbove = namesIn(valueOf(upper, 'removed'));
  const wantedAbove = keysIn(valueOf(upper, 'roles'));
  const roles = entryOf(merged, 'roles');
  if (roles?.value.kind === 'map') {
    const kept = [...roles.value.entries].filter(
      ([name]) => !removedAbove.has(name) || wantedAbove.has(name),
    );
    entries.set('roles', { ...roles, value: { ...roles.value, entries: new Map(kept) } });
  }
  const removed = entryOf(merged, 'removed');
  if (removed?.value.kind === 'list' && !entryOf(upper, 'removed')) {
    const items = removed.value.items.filter((item) => !wantedAbove.has(textOf(item)?.value ?? ''));
    entries.set('removed', { ...removed, value: { ...removed.value, items } });
  }
  return { ...merged, entries };
}

/** Maps of things that a layer above replaces whole, by name. */
const REPLACED_WHOLE: ReadonlySet<string> = new Set(['/policy/rules']);

function mergeMaps(lower: YamlMap, upper: YamlMap, path = ''): YamlMap {
  const entries = new Map(lower.entries);
  for (const [key, above] of upper.entries) {
    const below = REPLACED_WHOLE.has(path) ? undefined : entries.get(key);
    entries.set(key, below ? mergeEntries(below, above, `${path}/${key}`) : above);
  }
  return { kind: 'map', at: upper.at, entries };
}

function mergeEntries(below: YamlEntry, above: YamlEntry, path: string): YamlEntry {
  if (below.value.kind !== 'map') return above;
  // A role whose key has no value says nothing, so it takes nothing from its base either.
  if (isNull(above.value)) return { keyAt: above.keyAt, value: below.value };
  return above.value.kind === 'map'
    ? { keyAt: above.keyAt, value: mergeMaps(below.value, above.value, path) }
    : above;
}

/**
 * Joins files that were given together: `roles`, `grantSets`, `rules`, `removed` and `acceptedDrift` add up; a role or
 * any other key that two files say is a problem that names both places, and the first one holds.
 */
export function joinFiles(files: readonly YamlMap[]): JoinedFiles {
  const [first, ...others] = files.map(withoutOwnKeys);
  if (!first) throw new RangeError('there must be at least one file to join');
  const problems: Problem[] = [];
  let root = first;
  for (const other of others) root = joinMaps(root, other, { path: '', problems });
  return { root, problems };
}

interface Joining {
  path: string;
  problems: Problem[];
}

const JOINING_MAPS: ReadonlySet<string> = new Set(['/roles', '/grantSets', '/policy', '/policy/rules']);
const JOINING_LISTS: ReadonlySet<string> = new Set(['/removed', '/policy/acceptedDrift']);

function joinMaps(first: YamlMap, second: YamlMap, joining: Joining): YamlMap {
  const entries = new Map(first.entries);
  for (const [key, entry] of second.entries) {
    const earlier = entries.get(key);
    entries.set(
      key,
      earlier ? joinEntries(earlier, entry, { ...joining, path: `${joining.path}/${key}` }) : entry,
    );
  }
  return { ...first, entries };
}

function joinEntries(earlier: YamlEntry, entry: YamlEntry, joining: Joining): YamlEntry {
  const [a, b] = [earlier.value, entry.value];
  if (a.kind === 'map' && b.kind === 'map' && JOINING_MAPS.has(joining.path)) {
    return { ...earlier, value: joinMaps(a, b, joining) };
  }
  if (a.kind === 'list' && b.kind === 'list' && JOINING_LISTS.has(joining.path)) {
    return { ...earlier, value: { ...a, items: [...a.items, ...b.items] } };
  }
  joining.problems.push(twice(earlier.keyAt, entry.keyAt, joining.path));
  return earlier;
}

function twice(first: Place, second: Place, path: string): Problem {
  const [, parent, ...rest] = path.split('/');
  const name = rest.join('/');
  const there = `${first.file}:${first.line}:${first.column}`;
  const hint = 'set it in one file only, or let one file extend the other';
  const rest2 = { where: second, hint };
  if (parent === 'roles' && rest.length > 0) {
    return problem('duplicate-role', `role ${quotedName(name)} is defined here and in ${there}`, rest2);
  }
  const [map, ...rule] = rest;
  if (parent === 'policy' && map === 'rules' && rule.length > 0)
    return problem('said-twice', `rule ${quotedName(rule.join('/'))} is set here and in ${there}`, rest2);
  const key = rest.length > 0 ? name : (parent ?? '');
  return problem('said-twice', `${quotedName(key)} is set here and in ${there}`, rest2);
}

function withoutOwnKeys(file: YamlMap): YamlMap {
  return { ...file, entries: new Map([...file.entries].filter(([key]) => !OWN_KEYS.has(key))) };
}

function namesIn(list: YamlValue | null): Set<string> {
  return new Set(itemsOf(list).flatMap((item) => textOf(item)?.value ?? []));
}

function keysIn(map: YamlValue | null): Set<string> {
  return new Set(map?.kind === 'map' ? map.entries.keys() : []);
}

function isNull(node: YamlValue): boolean {
  return node.kind === 'scalar' && node.value === null;
}
