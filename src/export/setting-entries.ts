import type { Outline } from './outline.js';
import { listNode, mapNode, textNode, keywordNode } from './yaml-document.js';
import type { YamlEntry } from './yaml-document.js';

/** The entries for the settings of an instance, each with a blank line above it. Leaves out settings that are null. */
export function settingEntries(
  {
    defaultRole,
    allowlist,
    removedMembersTo,
  }: Pick<Outline, 'defaultRole' | 'allowlist' | 'removedMembersTo'>,
  { hasMembers = true }: { hasMembers?: boolean } = {},
): YamlEntry[] {
  const entries: YamlEntry[] = [];
  if (defaultRole !== null) {
    const above = hasMembers
      ? ['New people get this role, so its members are additive: no one is removed.']
      : [];
    entries.push({ key: 'defaultRole', value: textNode(defaultRole), above, spaced: true });
  }
  if (allowlist !== null) {
    const value = allowlist === 'off' ? keywordNode('off') : listNode(allowlist.map(textNode));
    entries.push({ key: 'allowlist', value, spaced: true });
  }
  if (removedMembersTo !== null) {
    const above = [
      'People who are taken out of a list, or whose role is removed, move to this role and get its grants.',
    ];
    const value = mapNode([{ key: 'removedMembersTo', value: textNode(removedMembersTo), above }]);
    entries.push({ key: 'policy', value, spaced: true });
  }
  return entries;
}
