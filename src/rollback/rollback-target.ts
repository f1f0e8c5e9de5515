import { groupBy } from '../model/group.js';
import { quotedName } from '../model/quoted-name.js';
import { liveKey } from '../model/role.js';
import type { Role, RoleKey } from '../model/role.js';
import type { Snapshot } from '../model/snapshot.js';
import { byCodeUnit } from '../model/sort.js';
import { stateOf } from '../model/state.js';
import type { State } from '../model/state.js';
import type { StaleField } from '../apply/recheck/stale-plan.js';
import { rollbackContext } from './context.js';
import type { RollbackContext, UndoneRun } from './context.js';
import { restorePeople } from './restore-people.js';
import type { RestoredPeople } from './restore-people.js';
import { restoreRoles } from './restore-roles.js';
import type { RestoredRoles } from './restore-roles.js';
import { restoreSettings } from './restore-settings.js';
import type { RunResult } from './run-result.js';

/** The state after a rollback, and what prevents it. */
export interface RollbackTarget extends Pick<RestoredPeople, 'why' | 'missingPeople'> {
  state: State;
  recreated: RestoredRoles['recreated'];
  managesAllowlist: boolean;
  /**
   * Fields with neither the value that the run left nor the value before it. If there are any, `state` is not usable.
   */
  conflicts: readonly StaleField[];
}

/** Restores, in live state, each value that still is as the run left it. */
export function rollbackTarget(undone: UndoneRun, result: RunResult, live: Snapshot): RollbackTarget {
  const context = rollbackContext(undone, result, live);
  const { roles, recreated } = restoreRoles(context);
  const { people, why, missingPeople } = restorePeople(context);
  const { defaultRole, allowlist, managesAllowlist } = restoreSettings(context);
  for (const id of context.result.created.keys()) roles.delete(liveKey(id));
  checkNames(roles, context);
  const sorted = new Map([...roles].sort(([, a], [, b]) => byCodeUnit(a.name, b.name)));
  const listed = typeof allowlist === 'string' ? allowlist : allowlist.filter((key) => roles.has(key));
  return {
    state: { roles: sorted, people, defaultRole, allowlist: listed },
    recreated,
    why,
    managesAllowlist,
    missingPeople,
    conflicts: context.conflicts,
  };
}

/** Reports names that cannot be restored because another role has them. */
function checkNames(roles: ReadonlyMap<RoleKey, Role>, { live, conflicts }: RollbackContext): void {
  const before = stateOf(live).roles;
  for (const [name, all] of groupBy(roles.values(), (role) => role.name)) {
    const keep = all.flatMap(({ key }) => before.get(key) ?? []).filter((role) => role.name === name);
    if (all.length < 2 || keep.length === all.length) continue;
    const now = keep.map((role) => `id ${role.id}`).join(', ');
    const label = `the name ${quotedName(name)}`;
    conflicts.push({ of: { kind: 'name', name }, label, field: 'role', before: null, now });
  }
}
