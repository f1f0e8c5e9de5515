import { groupBy } from '../../model/group.js';
import { memoize } from '../../model/memoize.js';
import { keyOf } from '../../model/role-id.js';
import type { PlanRoleId } from '../../model/role-id.js';
import type { RoleOwner } from '../../model/standing.js';
import { byCodeUnit } from '../../model/sort.js';
import { nameText } from '../format/phrases.js';

/** The ways to group roles. */
export type Grouping = 'owner';

/** The roles of one owner, in their original order; `owner` is null for roles without one. */
export interface OwnerGroup<T> {
  owner: string | null;
  roles: readonly T[];
}

/** Finds the owner of a role by its id in the document; null if it has none. */
type OwnerLookup = (roleId: PlanRoleId) => string | null;

/** Returns the lookup of a document's owners; made once, because reports ask for it at every change. */
export const ownerLookup = memoize((owners: readonly RoleOwner[]): OwnerLookup => {
  const byKey = new Map(owners.map(({ roleId, owner }) => [keyOf(roleId), owner]));
  return (roleId) => byKey.get(keyOf(roleId)) ?? null;
});

/** Roles by owner, sorted by owner; those without one last. */
export function ownerGroups<T extends { owner: string | null }>(roles: readonly T[]): OwnerGroup<T>[] {
  return [...groupBy(roles, ({ owner }) => owner)]
    .sort(([a], [b]) => (a === null ? 1 : b === null ? -1 : byCodeUnit(a, b)))
    .map(([owner, list]) => ({ owner, roles: list }));
}

/** ` (owner finance-data)`, to follow the name of a role; '' if it has none. */
export function ownerNote(owner: string | null): string {
  return owner === null ? '' : ` (owner ${nameText(owner)})`;
}
