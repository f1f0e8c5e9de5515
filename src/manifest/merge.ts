import { quotedName } from '../model/names.js';
import { problem, type Problem } from '../problem/problem.js';
import { layOnto, layOver, withoutOwnKeys, type Laid } from './layers.js';
import type { Place, YamlEntry, YamlMap } from './yaml-values.js';

/** A file, with the files that it extends, in its order. */
export interface SourceFile {
  /** The name in places. */
  file: string;
  root: YamlMap;
  bases: readonly SourceFile[];
}

/**
 * Merges files into one tree: first the files that they extend, each once and after everything that it extends itself;
 * then the given files, joined; then `over`. There must be at least one file, and no cycle.
 */
export function mergeFiles(
  given: readonly SourceFile[],
  over: readonly YamlMap[] = [],
): { root: YamlMap; problems: readonly Problem[] } {
  const files = mergeGiven(given);
  return over.length === 0 ? files : layOnto(files, over);
}

/** Cached trees of single files with everything that they extend: manifests that differ only in an overlay share them. */
const merged = new WeakMap<SourceFile, Laid>();

function mergeGiven(given: readonly SourceFile[]): Laid {
  const [only, ...others] = given;
  const known = only && others.length === 0 ? merged.get(only) : undefined;
  if (known) return known;
  const joined = joinFiles(given.map(({ root }) => root));
  const laid = layOver([...basesOf(given).map(({ root }) => root), joined.root]);
  const result = { root: laid.root, problems: [...joined.problems, ...laid.problems] };
  if (only && others.length === 0) merged.set(only, result);
  return result;
}

/** Everything that these files extend, in merge order: later over earlier. Iterative, so that long chains do not exhaust the stack. */
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
export interface JoinedFiles {
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
