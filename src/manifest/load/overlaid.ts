import { addTo } from '../../model/group.js';
import type { ManifestDraft } from '../draft/draft.js';
import type { SourceFile } from '../files/loaded-files.js';
import { allFiles } from '../layers/merge.js';

/** The files that extend nothing, by name as in places: the bases. */
export function baseFiles(given: readonly SourceFile[]): ReadonlySet<string> {
  const all = [...allFiles(given)];
  return new Set(all.filter(({ bases }) => bases.length === 0).map(({ file }) => file));
}

/**
 * The roles that a layer above the base affects: by their own key, a grant set that they use, or a role in `from`.
 */
export function overlaidRoles({ roles, grantSets }: ManifestDraft, base: ReadonlySet<string>): Set<string> {
  const found = new Set<string>();
  const users = new Map<string, string[]>();
  for (const { name, at, grants } of roles.values()) {
    const sets = (grants?.sets ?? []).map(({ value }) => grantSets.get(value)?.at.file ?? at.file);
    if ([at.file, ...sets].some((file) => !base.has(file))) found.add(name);
    for (const { value } of grants?.from ?? []) addTo(users, value, name);
  }
  // Iterating a set also visits members added meanwhile.
  for (const name of found) for (const user of users.get(name) ?? []) found.add(user);
  return found;
}
