import { quotedName } from '../../model/quoted-name.js';
import { problem, type Problem } from '../../problem/problem.js';
import type { SourceFile } from '../files/loaded-files.js';
import { placeText, type Place, type YamlEntry, type YamlList, type YamlMap } from '../yaml/yaml-values.js';
import { mergeOnto, mergeLayers, withoutOwnKeys, type MergedLayers } from './layers.js';

/**
 * Merges files into one tree: first the files that they extend, each once and after everything that it extends itself;
 * then the given files, joined; then `over`. There must be at least one file, and no cycle.
 */
export function mergeFiles(
  given: readonly SourceFile[],
  over: readonly YamlMap[] = [],
): { root: YamlMap; problems: readonly Problem[] } {
  const files = mergeGiven(given);
  return over.length === 0 ? files : mergeOnto(files, over);
}

/** Cached trees of single files with everything that they extend: manifests that differ only in an overlay share them. */
const merged = new WeakMap<SourceFile, MergedLayers>();

function mergeGiven(given: readonly SourceFile[]): MergedLayers {
  const [only, ...others] = given;
  const known = only && others.length === 0 ? merged.get(only) : undefined;
  if (known) return known;
  const joined = joinFiles(given.map(({ root }) => root));
  const layered = mergeLayers([...basesOf(given).map(({ root }) => root), joined.root]);
  const result = { root: layered.root, problems: [...joined.problems, ...layered.problems] };
  if (only && others.length === 0) merged.set(only, result);
  return result;
}

/** These files and everything that they extend, each once. */
export function allFiles(given: readonly SourceFile[]): ReadonlySet<SourceFile> {
  const found = new Set(given);
  // Iterating a set also visits members added meanwhile.
  for (const { bases } of found) for (const base of bases) found.add(base);
  return found;
}

/**
 * Everything that these files extend, in merge order: later over earlier. Iterative, so that long chains do not exhaust the
 * stack.
 */
function basesOf(given: readonly SourceFile[]): SourceFile[] {
  const order = new Set<SourceFile>();
  const open = new Set<SourceFile>();
  const left = given.flatMap(({ bases }) => bases).reverse();
  for (let file = left.at(-1); file; file = left.at(-1)) {
    if (open.has(file)) {
      order.add(file);
      left.pop();
    } else {
      open.add(file);
      left.push(...[...file.bases].reverse());
    }
  }
  return [...order];
}

/** Files that were given together as one tree, and their contradictions. */
interface JoinedFiles {
  root: YamlMap;
  problems: readonly Problem[];
}

/**
 * Joins files that were given together: `roles`, `grantSets`, `rules`, `removed` and `acceptedDrift` add up. A role or any
 * other key that two files set is a problem that names both places, and the first one is used.
 */
export function joinFiles(files: readonly YamlMap[]): JoinedFiles {
  const [first, ...others] = files.map(withoutOwnKeys);
  if (!first) throw new RangeError('there must be at least one file to join');
  const problems: Problem[] = [];
  const root = others.length === 0 ? first : joinMaps(first, others, { map: '', problems });
  return { root, problems };
}

/** The map whose entries are joined: '' for the file, `/roles`, `/policy/rules`. */
interface Joining {
  map: string;
  problems: Problem[];
}

const JOINING_MAPS: ReadonlySet<string> = new Set(['/roles', '/grantSets', '/policy', '/policy/rules']);
const JOINING_LISTS: ReadonlySet<string> = new Set(['/removed', '/policy/acceptedDrift']);

function joinMaps(first: YamlMap, others: readonly YamlMap[], joining: Joining): YamlMap {
  const repeated = new Map<string, YamlEntry[]>();
  const entries = new Map(first.entries);
  for (const other of others) {
    for (const [key, entry] of other.entries) {
      const later = repeated.get(key);
      if (later) later.push(entry);
      else if (entries.has(key)) repeated.set(key, [entry]);
      else entries.set(key, entry);
    }
  }
  for (const [key, later] of repeated) {
    const earlier = entries.get(key) as YamlEntry;
    entries.set(key, joinEntries([earlier, ...later], key, joining));
  }
  return { ...first, entries };
}

/** Joins what several files have under one key. If they contradict each other, the first one applies. */
function joinEntries(
  [first, ...others]: readonly [YamlEntry, ...YamlEntry[]],
  key: string,
  { map, problems }: Joining,
): YamlEntry {
  const { value } = first;
  const place = `${map}/${key}`;
  const maps: YamlMap[] = [];
  const lists: YamlList[] = [];
  for (const { keyAt, value: other } of others) {
    if (value.kind === 'map' && other.kind === 'map' && JOINING_MAPS.has(place)) maps.push(other);
    else if (value.kind === 'list' && other.kind === 'list' && JOINING_LISTS.has(place)) lists.push(other);
    else problems.push(twice(key, { map, first: first.keyAt, second: keyAt }));
  }
  if (value.kind === 'map' && maps.length > 0)
    return { ...first, value: joinMaps(value, maps, { map: place, problems }) };
  if (value.kind !== 'list') return first;
  return { ...first, value: { ...value, items: [value, ...lists].flatMap(({ items }) => items) } };
}

function twice(key: string, { map, first, second }: { map: string; first: Place; second: Place }): Problem {
  const name = quotedName(key);
  const there = placeText(first);
  const rest = { where: second, hint: 'set it in one file only, or let one file extend the other' };
  if (map === '/roles')
    return problem('duplicate-role', `role ${name} is defined here and in ${there}`, rest);
  const what = map === '/policy/rules' ? `rule ${name}` : name;
  return problem('said-twice', `${what} is set here and in ${there}`, rest);
}
