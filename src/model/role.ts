import type { Grant } from './grant.js';
import { nearName } from './names.js';

/**
 * Names a role through a whole plan: `#810756122` for a live role, by its id; `+Analyst` for one that
 * the plan will make, by its name.
 */
export type RoleKey = `#${number}` | `+${string}`;

/** The key of a live role. */
export function liveKey(id: number): RoleKey {
  return `#${id}`;
}

/** `liveKey` for many people: each key is made once. */
export function liveKeys(): (id: number) => RoleKey {
  const known = new Map<number, RoleKey>();
  return (id) => {
    const hit = known.get(id);
    if (hit !== undefined) return hit;
    const key = liveKey(id);
    known.set(id, key);
    return key;
  };
}

/** The key of a role that does not exist yet. */
export function newKey(name: string): RoleKey {
  return `+${name}`;
}

/** The system roles, the same on every instance (source: recorded answers). */
export const SYSTEM_ROLES = {
  Admin: 1,
  Privileged: 2,
  Editor: 3,
  Participant: 4,
  Social: 5,
} as const;

/** Is this the id of a system role? */
export function isSystemRole(id: number): boolean {
  return id >= 1 && id <= 5;
}

/** Is this the name of a system role? */
export function isSystemRoleName(name: string): name is keyof typeof SYSTEM_ROLES {
  return Object.hasOwn(SYSTEM_ROLES, name);
}

const SYSTEM_BY_FORM: ReadonlyMap<string, keyof typeof SYSTEM_ROLES> = new Map(
  Object.keys(SYSTEM_ROLES).flatMap((name) => (isSystemRoleName(name) ? [[nearName(name), name]] : [])),
);

/** The system role whose name this is or is near: `participant`, `ADMIN `; null where there is none. */
export function nearSystemRole(name: string): keyof typeof SYSTEM_ROLES | null {
  return SYSTEM_BY_FORM.get(nearName(name)) ?? null;
}

/** A role on one side of a comparison. Lists are sorted; the description is trimmed, '' when there is none. */
export interface Role {
  key: RoleKey;
  /** Null until the role is made. */
  id: number | null;
  name: string;
  description: string;
  grants: readonly Grant[];
}
