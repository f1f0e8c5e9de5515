import { sameGrants } from '../apply/compare-grants.js';
import type { PersonId, RoleId } from '../model/ids.js';
import type { LiveRole, Snapshot } from '../model/snapshot.js';

/**
 * Recognizes live values that undoing an earlier run of the same apply has restored. They are neither as the run left
 * them nor as before it, and not a conflict.
 */
export interface EarlierStates {
  /** The states before the earlier runs. */
  states: readonly Snapshot[];
  /** Is this field of a role as in one of the states, or the role missing in both? */
  hasField: (id: RoleId, field: 'name' | 'description' | 'grants') => boolean;
  /** Is the person in the same role in one of the states? */
  hasPlace: (id: PersonId) => boolean;
  hasDefaultRole: () => boolean;
}

/** Prepares the lookups. */
export function earlierStates(states: readonly Snapshot[], live: Snapshot): EarlierStates {
  const rolesOf = ({ roles }: Snapshot): Map<RoleId, LiveRole> =>
    new Map(roles.map((role) => [role.id, role]));
  const placesOf = ({ people }: Snapshot): Map<PersonId, RoleId> =>
    new Map(people.list.map((person) => [person.id, person.roleId]));
  const [now, before] = [rolesOf(live), states.map(rolesOf)];
  const [placesNow, placesBefore] = [placesOf(live), states.map(placesOf)];
  return {
    states,
    hasField: (id, field) =>
      before.some((roles) => {
        const [one, other] = [now.get(id), roles.get(id)];
        if (!one || !other) return one === other;
        return field === 'grants' ? sameGrants(one.grants, other.grants) : one[field] === other[field];
      }),
    hasPlace: (id) => placesBefore.some((places) => places.has(id) && places.get(id) === placesNow.get(id)),
    hasDefaultRole: () => states.some(({ defaultRoleId }) => defaultRoleId === live.defaultRoleId),
  };
}
