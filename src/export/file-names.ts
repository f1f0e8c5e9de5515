import { byCodeUnit } from '../model/sort.js';
import type { RoleId } from '../model/ids.js';

/** Names that Windows reserves for devices, or that the export itself uses. */
const RESERVED = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9]|members|instance)$/u;

/** Maximum length of a name, within the limit of every file system. */
const MAX_LENGTH = 60;

/** Reduces a text to lower-case letters, digits and hyphens. May be empty. */
export function slug(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/gu, '-')
    .replace(/^-+/u, '')
    .slice(0, MAX_LENGTH)
    .replace(/-+$/u, '');
}

/**
 * A file name for each role, without an extension, by role id. Contains only lower-case letters, digits and hyphens, so
 * that no name leaves its folder and all differ on every file system. An ambiguous name contains the role's id, so that
 * adding another role renames no file.
 */
export function fileNames(roles: readonly { id: RoleId; name: string }[]): ReadonlyMap<RoleId, string> {
  const words = roles.map((role) => ({ ...role, word: slug(role.name) }));
  const count = new Map<string, number>();
  for (const { word } of words) count.set(word, (count.get(word) ?? 0) + 1);
  const isClear = (word: string): boolean => word !== '' && count.get(word) === 1 && !RESERVED.test(word);
  const names = new Map<RoleId, string>();
  const used = new Set(words.flatMap(({ word }) => (isClear(word) ? [word] : [])));
  for (const { id, word } of words.sort((a, b) => a.id - b.id || byCodeUnit(a.name, b.name))) {
    if (isClear(word)) {
      names.set(id, word);
      continue;
    }
    let name = `${word === '' ? 'role' : word}-${id}`;
    while (used.has(name)) name += '-';
    used.add(name);
    names.set(id, name);
  }
  return names;
}
