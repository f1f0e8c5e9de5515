import type { Problem } from '../problem/problem.js';
import { withoutExtensions } from './extension-keys.js';
import type { GrantsByTitle } from './grant-titles.js';
import type { Parsed } from './parse-tree.js';
import { parseManifest } from './parse.js';
import { checkShape } from './shape.js';
import type { YamlMap } from './yaml-values.js';

/** A parsed file. */
export interface ParsedFile {
  parsed: Parsed;
  /** Its tree, if it is a map. */
  root: YamlMap | null;
  /** Checks it with the schema; the result is cached. */
  shape: () => readonly Problem[];
  /** The tree without `x-` keys; requires a tree. */
  plain: () => YamlMap;
}

/** Parsed files by name and content, so that a shared base is parsed once. */
export type ParseCache = Map<string, ParsedFile>;

/** The most files in the cache: memory must not grow with the number of manifests. */
const MOST_KEPT = 64;

/** Parses a file, or returns the cached result for the same name and text. */
export function parseFile(
  { text, file, digest }: { text: string; file: string; digest: string },
  { titles, cache }: { titles: GrantsByTitle; cache: ParseCache | undefined },
): ParsedFile {
  const key = `${digest} ${file}`;
  const known = cache?.get(key);
  if (known) {
    // Least recently used files are dropped first, which keeps the base of many manifests.
    cache?.delete(key);
    cache?.set(key, known);
    return known;
  }
  const parsed = parseManifest(text, file);
  const root = parsed.root?.kind === 'map' ? parsed.root : null;
  const made: ParsedFile = {
    parsed,
    root,
    shape: once(() => (parsed.root ? checkShape(parsed.root, titles) : [])),
    plain: once(() => withoutExtensions(root as YamlMap)),
  };
  if (cache) keep(cache, key, made);
  return made;
}

function keep(cache: ParseCache, key: string, made: ParsedFile): void {
  const oldest = cache.size >= MOST_KEPT ? cache.keys().next().value : undefined;
  if (oldest !== undefined) cache.delete(oldest);
  cache.set(key, made);
}

function once<T>(work: () => T): () => T {
  let made: { value: T } | null = null;
  return () => (made ??= { value: work() }).value;
}
