import type { World } from './world.js';

/** What decides who may do what: cheap to ask for after every write, however many people there are. */
export interface SandboxAccess {
  roles: ReadonlyMap<number, readonly string[]>;
  people: ReadonlyMap<number, number>;
}

/** An answer, and what it was worked out from. */
export interface SeenAccess extends SandboxAccess {
  world: World;
  version: number;
}

/** Who may do what now. People are gone through again only when an account has changed since the answer before. */
export function accessOf(world: World, before: SeenAccess | null): SeenAccess {
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
