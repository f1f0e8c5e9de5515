import { dirname, resolve } from 'node:path';
import { allFiles } from '../layers/merge.js';
import { textOf, valueOf, type YamlMap } from '../yaml/yaml-values.js';
import { basesOf, loadFiles } from './load-files.js';
import type { ParseCache } from './parse-file.js';

/** The files that a manifest refers to, as absolute paths, whether they exist or not. */
interface References {
  /** Its own files, and everything that they extend. */
  files: ReadonlySet<string>;
  /** The members files of any of them, including ones that a higher layer replaces. */
  members: ReadonlySet<string>;
}

/** Collects the files that a manifest refers to. Merges and checks nothing, and reports no problems. */
export async function referencesOf(
  path: string,
  { cwd, cache, folders }: { cwd: string; cache: ParseCache; folders: readonly string[] },
): Promise<References> {
  const { given, paths } = await loadFiles([path], { cwd, cache, folders });
  const files = new Set([path, ...paths.values()]);
  const members = new Set<string>();
  for (const { file, root } of allFiles(given)) {
    const from = paths.get(file) ?? resolve(cwd, file);
    for (const { value } of basesOf(root)) files.add(resolve(dirname(from), value));
    for (const one of membersIn(root, from)) members.add(one);
  }
  return { files, members };
}

/** The members files that a single file names. */
export function membersIn(root: YamlMap, from: string): string[] {
  const roles = valueOf(root, 'roles');
  if (roles?.kind !== 'map') return [];
  return [...roles.entries.values()].flatMap(({ value }) => {
    const file = textOf(valueOf(valueOf(value, 'members'), 'file'));
    return file ? [resolve(dirname(from), file.value)] : [];
  });
}
