import type { Grant } from '../../model/grant.js';
import { SHORT_LIST, entryOfParts, grantListNode, personNode } from '../write-role.js';
import { booleanNode, listNode, mapNode, shortListNode, textNode, keywordNode } from '../yaml-document.js';
import type { YamlEntry, YamlNode } from '../yaml-document.js';
import type { LayerGrants, LayerMembers, LayerRole } from './shared-role.js';

/** The entry of a role under `roles` in a layer. */
export function layerRoleEntry(role: LayerRole, groupOf: (grant: Grant) => string): YamlEntry {
  const { id, grants, members } = role;
  return entryOfParts(role, {
    id,
    grants: grants && grantsNode(grants, groupOf),
    members: members && membersNode(members),
  });
}

function grantsNode({ inherit, mode, add }: LayerGrants, groupOf: (grant: Grant) => string): YamlNode {
  if (!inherit && mode === 'exact' && add.length > 0) return grantListNode(add, groupOf);
  const isShort = inherit && add.length <= SHORT_LIST;
  const list = isShort ? shortListNode(add.map(textNode)) : grantListNode(add, groupOf);
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
