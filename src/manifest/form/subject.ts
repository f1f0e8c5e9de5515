import { quotedName } from '../../model/quoted-name.js';
import type { YamlScalar, YamlValue } from '../yaml/yaml-values.js';

/**
 * The subject of a message: the key, or the value itself in a list, and the role, grant set or rule that contains it.
 */
export function subject({ keys, node }: { keys: readonly (string | number)[]; node: YamlValue }): string {
  const last = keys.at(-1);
  if (last === undefined) return 'the file';
  const owner = ownerOf(keys);
  if (owner?.depth === keys.length) return owner.text;
  const inOwner = owner ? ` of ${owner.text}` : '';
  if (typeof last === 'string') return `${quotedName(last)}${inOwner}`;
  const list = keys.findLast((key) => typeof key === 'string');
  const shown = node.kind === 'scalar' && node.value !== null ? ` (${short(node)})` : '';
  if (owner && owner.depth === keys.length - 1) return `item ${last + 1}${shown} in ${owner.text}`;
  return `item ${last + 1}${shown} in ${quotedName(String(list))}${inOwner}`;
}

/** The role, grant set or rule that contains a place, and its depth. */
function ownerOf([first, second, third]: readonly (string | number)[]): {
  text: string;
  depth: number;
} | null {
  if (first === 'roles' && second !== undefined)
    return { text: `role ${quotedName(String(second))}`, depth: 2 };
  if (first === 'grantSets' && second !== undefined)
    return { text: `grant set ${quotedName(String(second))}`, depth: 2 };
  if (first === 'policy' && second === 'rules' && third !== undefined)
    return { text: `rule ${quotedName(String(third))}`, depth: 3 };
  return null;
}

function short(node: YamlScalar): string {
  const isText = typeof node.value === 'string';
  const cut = node.source.length > 80;
  const text = node.source.slice(0, 80);
  return `${isText ? quotedName(text) : text}${cut ? '…' : ''}`;
}
