import type { LayerGrants, LayerMembers, LayerRole } from './shared-role.js';

/**
 * The approximate length of a role in a file, in characters; 0 for null. Writing the role instead would be too slow.
 */
export function layerLength(role: LayerRole | null): number {
  if (role === null) return 0;
  const { name, id, description, grants, members, notes } = role;
  const notesLength = notes.reduce((sum, note) => sum + note.length + 5, 0);
  return (
    line(2, name.length + 2) +
    notesLength +
    (id === null ? 0 : line(4, 'id: 1234567890'.length)) +
    (description === null ? 0 : line(4, 'description: '.length + description.length)) +
    (grants ? grantsLength(grants) : 0) +
    (members ? membersLength(members) : 0)
  );
}

function grantsLength({ inherit, mode, add }: LayerGrants): number {
  return listLength(
    'grants:',
    isPlain(inherit, mode),
    add.map((grant) => grant.length),
  );
}

function membersLength({ inherit, mode, people }: LayerMembers): number {
  const lengths = people.map(({ email, comment }) => email?.length ?? 20 + (comment?.length ?? 0));
  return listLength('members:', isPlain(inherit, mode) && people.length > 0, lengths);
}

function isPlain(inherit: boolean, mode: 'exact' | 'additive'): boolean {
  return !inherit && mode === 'exact';
}

/** The length of a list under its key, or in a map with its mode. */
function listLength(key: string, isPlainList: boolean, items: readonly number[]): number {
  const head = line(4, key.length);
  const indent = isPlainList ? 8 : 10;
  const how = isPlainList ? 0 : line(6, 'inherit: true'.length) + line(6, 'users:'.length);
  return items.reduce((sum, length) => sum + line(indent, length), head + how);
}

function line(indent: number, length: number): number {
  return indent + length + 1;
}
