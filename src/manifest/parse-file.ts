import type { Problem } from '../problem/problem.js';
import { withoutExtensions } from './extension-keys.js';
import type { GrantsByTitle } from './grant-titles.js';
import type { Parsed } from './parse-tree.js';
import { parseManifest } from './parse.js';
import { checkShape } from './shape.js';
import type { YamlMap } from './yaml-values.js';

/** A file as it was parsed. */
export interface ParsedFile {
  parsed: Parsed;
  /** Its tree, where that is a map. */
  root: YamlMap | null;
  /** Compares it with the schema, once. */
  shape: () => readonly Problem[];
  /** The tree without keys that have no effect; only where there is one. */
  plain: () => YamlMap;
}

/** Parsed files, by name and content. Of many manifests that share a base, the base is parsed once. */
export type ParseCache = Map<string, ParsedFile>;

/** More files than this are not kept: memory must not grow with the number of manifests. */
const MOST_KEPT = 64;

/** Parses a file, or takes what was parsed of the same text under the same name. */
export function parseFile(
  { text, file, digest }: { text: string; file: string; digest: string },
  { titles, cache }: { titles: GrantsByTitle; cache: ParseCache | undefined },
): ParsedFile {
  const key = `${digest} ${file}`;
  const known = cache?.get(key);
  if (known) {
    // What was used last is kept longest: the base of many manifests is parsed once.
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
