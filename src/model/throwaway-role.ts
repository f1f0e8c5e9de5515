import type { RoleId } from './ids.js';

/** The prefix of every throwaway role's name. Random letters follow. */
export const PROBE_PREFIX = 'domo-roles probe ';

/** A journal entry of a probe about a throwaway role. A name is recorded before the request that sets it. */
export type ProbeNote =
  | { kind: 'creating'; name: string }
  | { kind: 'created'; name: string; roleId: RoleId }
  | { kind: 'renaming'; roleId: RoleId; name: string };

/** A role that a probe made or may have made. */
export interface ThrowawayRole {
  /** Every name that the probe has requested: if a response was lost, the role may have any of them. */
  names: readonly string[];
  /** Null if no response contained it. */
  id: RoleId | null;
}

/** The throwaway roles in the entries of one probe, oldest first, including deleted ones. */
export function throwawayRoles(notes: readonly ProbeNote[]): ThrowawayRole[] {
  const roles: { names: string[]; id: RoleId | null }[] = [];
  for (const note of notes) {
    switch (note.kind) {
      case 'creating':
        roles.push({ names: [note.name], id: null });
        break;
      case 'created':
        for (const role of roles) if (role.names.includes(note.name)) role.id = note.roleId;
        break;
      case 'renaming':
        for (const role of roles) if (role.id === note.roleId) role.names.push(note.name);
        break;
    }
  }
  return roles;
}

/** Is this live role the throwaway one? It must have one of its names, and its id if that is known. */
export function isThrowaway(
  live: { id: RoleId; name: string },
  { names, id }: Pick<ThrowawayRole, 'names' | 'id'>,
): boolean {
  return names.includes(live.name) && (id === null || id === live.id);
}

/** Does a role have the name of a throwaway role, regardless of who created it? */
export function hasProbeName({ name }: { name: string }): boolean {
  return name.toLowerCase().startsWith(PROBE_PREFIX);
}
