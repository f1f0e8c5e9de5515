import type { LiveRole } from '../model/snapshot.js';
import { badAnswer, idFrom, sortedById, textFrom } from './parse-values.js';
import { countIn, type WireRecord } from './wire.js';

/** Returns the roles of a response without their grants, sorted by id. */
export function rolesFrom(wire: readonly WireRecord[]): Omit<LiveRole, 'grants'>[] {
  const roles = wire.map((role) => {
    const id = idFrom(role.id, 'a role');
    if (typeof role.name !== 'string' || role.name === '') throw badAnswer(`role ${id} has no name`);
    return {
      id,
      name: role.name,
      description: textFrom(role.description, `the description of role ${id}`).trim(),
      userCount: countIn(role.userCount),
      grantCount: countIn(role.authorityCount),
    };
  });
  return sortedById(roles, 'role');
}
