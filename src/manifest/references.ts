import { dirname, resolve } from 'node:path';
import { basesOf, loadFiles } from './load-files.js';
import type { SourceFile } from './merge.js';
import type { ParseCache } from './parse-file.js';
import { textOf, valueOf, type YamlMap } from './yaml-values.js';

/** Files that a manifest names, as absolute paths, whether they are there or not. */
export interface References {
  /** Its own files, and all that they extend. */
  files: ReadonlySet<string>;
  /** Members files of any of them. One that a later file replaces is not read in the end. */
  members: ReadonlySet<string>;
}

/** All files that a manifest names. Nothing is merged or checked: what is wrong with it is not reported here. */
export async function referencesOf(
  path: string,
  { cwd, cache, folders }: { cwd: string; cache: ParseCache; folders: readonly string[] },
): Promise<References> {
  const { given, paths } = await loadFiles([path], { cwd, cache, folders });
  const files = new Set([path, ...paths.values()]);
  const members = new Set<string>();
  const seen = new Set<SourceFile>();
  const left = [...given];
  for (let file = left.pop(); file; file = left.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    left.push(...file.bases);
    const from = paths.get(file.file) ?? resolve(cwd, file.file);
    for (const { value } of basesOf(file.root)) files.add(resolve(dirname(from), value));
    for (const one of membersIn(file.root, from)) members.add(one);
  }
  return { files, members };
}

/** The members files that a file names by itself. */
export function membersIn(root: YamlMap, from: string): string[] {
  const roles = valueOf(root, 'roles');
  if (roles?.kind !== 'map') return [];
  return [...roles.entries.values()].flatMap(({ value }) => {
    const file = textOf(valueOf(valueOf(value, 'members'), 'file'));
    return file ? [resolve(dirname(from), file.value)] : [];
  });
}
