import type { Problem } from '../problem/problem.js';
import { joinFiles, mergeOver } from './merge.js';
import type { YamlMap } from './yaml-values.js';

/** A file that was read, with the files that it extends, in its own order. */
export interface SourceFile {
  /** As places name it. */
  file: string;
  root: YamlMap;
  bases: readonly SourceFile[];
}

/**
 * Makes one tree of the files that were given: what they extend at the bottom (later over earlier, each
 * once), and over it the files themselves, joined. There must be at least one, and no circle.
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
