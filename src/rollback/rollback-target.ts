import type { StaleField } from '../apply/recheck/stale-plan.js';
import { byCodeUnit } from '../model/sort.js';
import { placementOf } from '../model/placement.js';
import type { Placement } from '../model/placement.js';
import { liveKey } from '../model/role.js';
import type { Role, RoleKey } from '../model/role.js';
import type { Snapshot } from '../model/snapshot.js';
import { stateOf } from '../model/state.js';
import type { State } from '../model/state.js';
import type { Move } from '../plan/change.js';
import { rollbackContext } from './context.js';
import type { RollbackContext } from './context.js';
import { restoreRoles } from './restore-roles.js';
import type { RestoredRoles } from './restore-roles.js';
import type { RunResult, RunRecord } from './run-result.js';
import { restoreSettings } from './restore-settings.js';

/** Where a rollback ends. */
export interface RollbackTarget {
  state: State;
  recreated: RestoredRoles['recreated'];
  /** Why people move. */
  why: ReadonlyMap<number, Move['why']>;
  managesAllowlist: boolean;
  /** People who are no longer on the instance: nothing of theirs goes back. Sorted. */
  missingPeople: readonly number[];
  /** What is neither as the run left it nor as it was before. With any of these, `state` is of no use. */
  conflicts: readonly StaleField[];
}

/**
 * Lays what was before a run over live state: only what the run changed, and only where it still is as the
 * run left it.
 */
export function rollbackTarget(run: RunRecord, left: RunResult, live: Snapshot): RollbackTarget {
  const context = rollbackContext(run, left, live);
  const { roles, recreated: remade } = restoreRoles(context);
  const { people, why, missingPeople: gone } = peopleBack(context);
  const { defaultRole, allowlist, managesAllowlist } = restoreSettings(context);
  for (const id of left.created.keys()) roles.delete(liveKey(id));
  checkNames(roles, context);
  const sorted = new Map([...roles].sort(([, a], [, b]) => byCodeUnit(a.name, b.name)));
  const listed = typeof allowlist === 'string' ? allowlist : allowlist.filter((key) => roles.has(key));
  return {
    state: { roles: sorted, people, defaultRole, allowlist: listed },
    recreated: remade,
    why,
    managesAllowlist,
    missingPeople: gone,
    conflicts: context.conflicts,
  };
}

function peopleBack(
  context: RollbackContext,
): Pick<RollbackTarget, 'why' | 'missingPeople'> & { people: Placement } {
  const {
    before,
    result: left,
    live,
    restoredKey: backKey,
    nameOf,
    conflicts: moved,
    addRoleConflict: roleMoved,
  } = context;
  const back = new Map<number, RoleKey>();
  const placeBefore = new Map(before.people.list.map(({ id, roleId }) => [id, roleId]));
  const persons = new Map(live.people.list.map((person) => [person.id, person]));
  const why = new Map<number, Move['why']>();
  const gone: number[] = [];
  const personMoved = (id: number, values: Pick<StaleField, 'before' | 'now'>): void => {
    const label = persons.get(id)?.email ?? `person ${id}`;
    moved.push({ of: { kind: 'person', personId: id }, label, field: 'role', ...values });
  };
  for (const [id, places] of left.placements) {
    const now = persons.get(id)?.roleId;
    const was = placeBefore.get(id) ?? places[0];
    if (now === undefined) gone.push(id);
    else if (now === was || was === undefined) continue;
    else if (!places.includes(now)) personMoved(id, { before: nameOf(places.at(-1)), now: nameOf(now) });
    else {
      const key = backKey(was);
      if (key === null) roleMoved(was, 'name', { before: nameOf(was), now: null });
      else back.set(id, key);
      why.set(id, left.created.has(now) ? 'role-deleted' : 'listed');
    }
  }
  // Somebody else put these into a role that the run made: nobody knows where they would go.
  for (const { id, roleId: now } of live.people.list) {
    if (left.created.has(now) && !back.has(id) && !why.has(id))
      personMoved(id, { before: nameOf(placeBefore.get(id)), now: nameOf(now) });
  }
  return { people: placementOf(live.people.list, back), why, missingPeople: gone.sort((a, b) => a - b) };
}

/** A name cannot go back to a role while another role, which stays, bears it. */
function checkNames(roles: ReadonlyMap<RoleKey, Role>, { live, conflicts: moved }: RollbackContext): void {
  const before = stateOf(live).roles;
  const bearers = new Map<string, Role[]>();
  for (const role of roles.values()) bearers.set(role.name, [...(bearers.get(role.name) ?? []), role]);
  for (const [name, all] of bearers) {
    const keep = all.filter((role) => before.get(role.key)?.name === name);
    if (all.length < 2 || keep.length === all.length) continue;
    const now = keep.map((role) => `role ${role.id ?? 0}`).join(', ');
    moved.push({
      of: { kind: 'name', name },
      label: `the name "${name}"`,
      field: 'bearer',
      before: null,
      now,
    });
  }
}
