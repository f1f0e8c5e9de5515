import type { Grant } from '../../model/grant.js';
import { SHORT_LIST, grantListNode, personNode } from '../write-role.js';
import {
  booleanNode,
  listNode,
  mapNode,
  numberNode,
  shortListNode,
  textNode,
  keywordNode,
} from '../yaml-document.js';
import type { YamlEntry, YamlNode } from '../yaml-document.js';
import type { LayerGrants, LayerMembers, LayerRole } from './shared-role.js';

/** The entry of a role under `roles` in a layer. */
export function layerRoleEntry(role: LayerRole, groupOf: (grant: Grant) => string): YamlEntry {
  const { name, id, description, grants, members, notes } = role;
  const entries: YamlEntry[] = [];
  if (id !== null) entries.push({ key: 'id', value: numberNode(id) });
  if (description !== null) entries.push({ key: 'description', value: textNode(description) });
  if (grants) entries.push({ key: 'grants', value: grantsNode(grants, groupOf) });
  if (members) entries.push({ key: 'members', value: membersNode(members) });
  return { key: name, value: mapNode(entries), above: notes };
}

function grantsNode({ inherit, mode, add }: LayerGrants, groupOf: (grant: Grant) => string): YamlNode {
  if (!inherit && mode === 'exact' && add.length > 0) return grantListNode(add, groupOf);
  const isShort = inherit && add.length <= SHORT_LIST;
  const list = isShort ? shortListNode(add.map((grant) => textNode(grant))) : grantListNode(add, groupOf);
  return mapNode([modeEntry(inherit, mode), { key: 'add', value: list }]);
}

function membersNode({ inherit, mode, people }: LayerMembers): YamlNode {
  const users = listNode(people.map(personNode));
  if (!inherit && mode === 'exact' && people.length > 0) return users;
  return mapNode([modeEntry(inherit, mode), { key: 'users', value: users }]);
}

/** `inherit` or the mode. A list that inherits has the mode of the list below. */
function modeEntry(inherit: boolean, mode: 'exact' | 'additive'): YamlEntry {
  return inherit ? { key: 'inherit', value: booleanNode(true) } : { key: 'mode', value: keywordNode(mode) };
}
