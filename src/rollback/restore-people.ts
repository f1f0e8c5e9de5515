import { visibleText } from '../model/quoted-name.js';
import { placementOf } from '../model/placement.js';
import type { Placement } from '../model/placement.js';
import type { RoleKey } from '../model/role.js';
import type { Move } from '../plan/change.js';
import type { RollbackContext } from './context.js';
import type { PersonId, RoleId } from '../model/ids.js';

/** The roles of people after a rollback. */
export interface RestoredPeople {
  people: Placement;
  /** The reason for each move. */
  why: ReadonlyMap<PersonId, Move['why']>;
  /** People that the run moved and that are no longer on the instance. Sorted. */
  missingPeople: readonly PersonId[];
}

/** Moves people back if they are still in the role that the run moved them to. */
export function restorePeople(context: RollbackContext): RestoredPeople {
  const { before, result, live, earlier, restoredKey, nameOf, addRoleConflict } = context;
  const restored = new Map<PersonId, RoleKey>();
  const placesBefore = new Map(before.people.list.map(({ id, roleId }) => [id, roleId]));
  const livePlaces = new Map(live.people.list.map(({ id, roleId }) => [id, roleId]));
  const why = new Map<PersonId, Move['why']>();
  const missingPeople: PersonId[] = [];
  for (const [id, places] of result.placements) {
    const now = livePlaces.get(id);
    const was = placesBefore.get(id) ?? places[0];
    if (now === undefined) missingPeople.push(id);
    else if (now === was || was === undefined || earlier.hasPlace(id)) continue;
    else if (!places.includes(now)) addPersonConflict(context, id, { before: places.at(-1), now });
    else {
      const key = restoredKey(was);
      if (key === null) addRoleConflict(was, 'name', { before: nameOf(was), now: null });
      else restored.set(id, key);
      why.set(id, result.created.has(now) ? 'role-deleted' : 'listed');
    }
  }
  // People that others moved into a role that the run created have no earlier role to return to.
  for (const { id, roleId: now } of live.people.list) {
    if (result.created.has(now) && !restored.has(id) && !why.has(id))
      addPersonConflict(context, id, { before: placesBefore.get(id), now });
  }
  const people = placementOf(live.people.list, restored);
  return { people, why, missingPeople: missingPeople.sort((a, b) => a - b) };
}

function addPersonConflict(
  { live, conflicts, nameOf }: RollbackContext,
  id: PersonId,
  places: { before: RoleId | undefined; now: RoleId },
): void {
  const email = live.people.list.find((person) => person.id === id)?.email ?? null;
  const label = email === null ? `person ${id}` : visibleText(email);
  const [before, now] = [nameOf(places.before), nameOf(places.now)];
  // A role that was created again has the same name as the deleted one, so the message needs the ids.
  const named =
    before === now
      ? { before: `${before} (id ${places.before})`, now: `${now} (id ${places.now})` }
      : { before, now };
  conflicts.push({ of: { kind: 'person', personId: id }, label, field: 'role', ...named });
}
