import type { Grant } from '../model/grant.js';
import type { RoleId } from '../model/ids.js';
import { byCodeUnit } from '../model/sort.js';
import type { OutlinedGrants, OutlinedMembers, OutlinedRole } from './outline.js';
import type { ExportedPerson } from './members.js';
import {
  inComment,
  listNode,
  mapNode,
  numberNode,
  shortListNode,
  textNode,
  keywordNode,
  type YamlEntry,
  type YamlNode,
} from './yaml-document.js';

/** Minimum length of a list to split into groups, and minimum average size of a group. */
const LONG_LIST = 12;
const FULL_GROUP = 3;

/** Maximum number of names in a list on one line. */
export const SHORT_LIST = 4;

/** How to write a role. */
interface RoleStyle {
  groupOf: (grant: Grant) => string;
  /** The path of the members file in the manifest; null if the manifest lists the members. */
  membersFile: string | null;
}

/** The entry of a role under `roles`. */
export function roleEntry(role: OutlinedRole, style: RoleStyle): YamlEntry {
  return entryOfParts(role, {
    id: role.pinned ? role.id : null,
    grants: role.grants && grantsNode(role.grants, style),
    members: role.members && membersNode(role.members, style),
  });
}

/** The parts of a role that files write in different ways; null to leave one out. */
interface RoleParts {
  id: RoleId | null;
  grants: YamlNode | null;
  members: YamlNode | null;
}

/** The entry of a role from its parts. */
export function entryOfParts(
  { name, description, notes }: Pick<OutlinedRole, 'name' | 'description' | 'notes'>,
  { id, grants, members }: RoleParts,
): YamlEntry {
  const entries: YamlEntry[] = [];
  if (id !== null) entries.push({ key: 'id', value: numberNode(id) });
  if (description !== null) entries.push({ key: 'description', value: textNode(description) });
  if (grants) entries.push({ key: 'grants', value: grants });
  if (members) entries.push({ key: 'members', value: members });
  return { key: name, value: mapNode(entries), above: notes };
}

function grantsNode({ mode, from, sets, add, remove }: OutlinedGrants, style: RoleStyle): YamlNode {
  const isPlain = from === null && sets.length === 0 && mode === 'exact' && add.length > 0;
  if (isPlain) return grantListNode(add, style.groupOf);
  const entries: YamlEntry[] = [];
  const isEmpty = from === null && sets.length === 0 && add.length === 0;
  if (mode === 'additive' || isEmpty) entries.push({ key: 'mode', value: keywordNode(mode) });
  if (from !== null) entries.push({ key: 'from', value: shortListNode([textNode(from)]) });
  if (sets.length > 0) {
    const names = sets.map(textNode);
    entries.push({ key: 'sets', value: sets.length > SHORT_LIST ? listNode(names) : shortListNode(names) });
  }
  if (add.length > 0 || isEmpty) entries.push({ key: 'add', value: grantListNode(add, style.groupOf) });
  if (remove.length > 0) entries.push({ key: 'remove', value: grantListNode(remove, style.groupOf) });
  return mapNode(entries);
}

/** A list of grants. A long list is split into the groups of Domo's page, each with a comment. */
export function grantListNode(grants: readonly Grant[], groupOf: (grant: Grant) => string): YamlNode {
  const groups = new Set(grants.map(groupOf));
  if (grants.length < Math.max(LONG_LIST, FULL_GROUP * groups.size) || groups.size < 2)
    return listNode(grants.map(textNode));
  const sorted = [...grants].sort((a, b) => byCodeUnit(groupOf(a), groupOf(b)) || byCodeUnit(a, b));
  const above = new Map<number, string>();
  sorted.forEach((grant, index) => {
    const group = groupOf(grant);
    const before = sorted[index - 1];
    if (before === undefined || groupOf(before) !== group) above.set(index, groupTitle(group));
  });
  return listNode(sorted.map(textNode), above);
}

/** `USERS_GROUPS` as a readable title. */
function groupTitle(group: string): string {
  const words = inComment(group.replaceAll('_', ' ').trim().toLowerCase());
  return words === '' ? 'other' : words;
}

function membersNode({ mode, people }: OutlinedMembers, { membersFile }: RoleStyle): YamlNode {
  const users = listNode(people.map(personNode));
  const inFile = membersFile !== null && people.length > 0;
  if (mode === 'exact' && people.length > 0 && !inFile) return users;
  const modeEntry = { key: 'mode', value: keywordNode(mode) };
  if (inFile) return mapNode([modeEntry, { key: 'file', value: textNode(membersFile) }]);
  return mapNode([modeEntry, { key: 'users', value: users }]);
}

/** A person in a list. */
export function personNode({ id, email, comment }: ExportedPerson): YamlNode {
  if (email !== null) return textNode(email);
  return mapNode([{ key: 'id', value: numberNode(id, comment ?? undefined) }]);
}
