import type { World } from './world.js';

/** The grants of all roles and the roles of all people, by id. Cheap to read after every write. */
export interface SandboxAccess {
  roles: ReadonlyMap<number, readonly string[]>;
  people: ReadonlyMap<number, number>;
}

/** Access, and the world and version that it was computed from. */
export interface CachedAccess extends SandboxAccess {
  world: World;
  version: number;
}

/** Returns the current access. People are read again only if an account has changed since `before`. */
export function accessOf(world: World, before: CachedAccess | null): CachedAccess {
  const { truth } = world;
  const version = truth.userVersion();
  const roles = new Map(truth.roles().map(({ id, authorities }) => [id, authorities]));
  if (before?.world === world && before.version === version) return { ...before, roles };
  const people = new Map<number, number>();
  for (const id of truth.userIds()) {
    const user = truth.user(id);
    if (user && !user.deleted) people.set(id, user.roleId);
  }
  return { world, version, roles, people };
}
