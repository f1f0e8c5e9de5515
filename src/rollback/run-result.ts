import type { Replay } from '../journal/replay.js';
import type { Grant } from '../model/grant.js';
import { SYSTEM_ROLES } from '../model/role.js';
import type { LiveAllowlist, LiveRole, Snapshot } from '../model/snapshot.js';
import type { Change, PlanRoleId, RoleCreate, RoleText } from '../plan/change.js';
import type { Plan } from '../plan/plan.js';

/** A run as rolling back looks at it. */
export interface RunRecord {
  id: string;
  plan: Plan;
  /** Live state just before the run's first write. */
  before: Snapshot;
  /** What its own journal proves. */
  replay: Replay;
}

/** Default role and allowlist together, since a write of one may change the other. */
export interface SettingsResult {
  defaultRoleId: number;
  allowlist: LiveAllowlist;
}

/**
 * What a run may have left of all that it touched. Each list holds every value that its journal leaves
 * possible: one where it is proved, with the value from before among several where a request went out and
 * nobody knows what became of it.
 */
export interface RunResult {
  /** Ids of roles that the run made, with the create. */
  created: ReadonlyMap<number, RoleCreate>;
  /** Ids of roles that it deleted, or may have. */
  deleted: ReadonlySet<number>;
  texts: ReadonlyMap<number, readonly RoleText[]>;
  /** By role id; `any` for a new role whose first list nobody can know. */
  grants: ReadonlyMap<number, readonly (readonly Grant[])[] | 'any'>;
  /** Person → ids of the roles that they may be in. */
  placements: ReadonlyMap<number, readonly number[]>;
  settings: readonly SettingsResult[];
}

type Certainty = 'no' | 'maybe' | 'yes';

/** Works out what a run left, from its plan and journal. `live` finds roles whose id the journal does not know. */
export function runResult({ plan, before, replay }: RunRecord, live: Snapshot): RunResult {
  const book = new Map<PlanRoleId, number>();
  const made = new Map<number, RoleCreate>();
  const deleted = new Set<number>();
  const texts = new Map<number, readonly RoleText[]>();
  const grants = new Map<number, readonly (readonly Grant[])[] | 'any'>();
  const places = new Map<number, readonly number[]>();
  let settings: readonly SettingsResult[] = [
    { defaultRoleId: before.defaultRoleId, allowlist: before.allowlist },
  ];
  const idOf = (id: PlanRoleId): number | null => (typeof id === 'number' ? id : (book.get(id) ?? null));
  const rolesBefore = new Map(before.roles.map((role) => [role.id, role]));
  const peopleBefore = new Map(before.people.list.map((person) => [person.id, person.roleId]));

  for (const change of plan.changes) {
    const sure = certainty(change, replay);
    if (change.kind === 'role.create') {
      const id = idOfMade(change, sure, { before, live, replay });
      if (id === null) continue;
      book.set(change.roleId, id);
      if (sure === 'no' || rolesBefore.has(id)) continue;
      made.set(id, change);
      texts.set(id, [{ name: change.after.name, description: change.after.description }]);
      const isWritten = plan.changes.some((one) => one.kind === 'grants.set' && one.roleId === change.roleId);
      // Where a list of its own follows, nobody looked at what the instance gave it to start with.
      grants.set(id, sure === 'yes' && !isWritten ? [change.after.grants] : 'any');
      continue;
    }
    if (sure === 'no') continue;
    const id = change.roleId === null ? null : idOf(change.roleId);
    const role = id === null ? undefined : rolesBefore.get(id);
    switch (change.kind) {
      case 'role.update':
        if (role) texts.set(role.id, next(texts.get(role.id) ?? [textOf(role)], change.after, sure));
        break;
      case 'grants.set': {
        if (id === null) break;
        const known = grants.get(id) ?? (role ? [role.grants] : 'any');
        if (known !== 'any') grants.set(id, next(known, change.after, sure));
        else grants.set(id, sure === 'yes' ? [change.after] : 'any');
        break;
      }
      case 'members.move':
        if (id === null) break;
        for (const move of change.people) {
          const from = peopleBefore.get(move.id) ?? move.fromId;
          if (from !== id) places.set(move.id, next([from], id, sure));
        }
        break;
      case 'defaultRole.set':
        if (id === null) break;
        settings = settings.flatMap((one) =>
          next([one], { defaultRoleId: id, allowlist: withRoles(one.allowlist, [id]) }, sure),
        );
        break;
      case 'allowlist.set': {
        const ids = change.afterIds?.flatMap((one) => idOf(one) ?? []) ?? null;
        settings = settings.flatMap((one) => {
          const fixed = [SYSTEM_ROLES.Social, one.defaultRoleId];
          return next([one], { ...one, allowlist: ids === null ? 'off' : withRoles(ids, fixed) }, sure);
        });
        break;
      }
      case 'role.delete':
        deleted.add(change.roleId);
        break;
    }
  }
  return { created: made, deleted, texts, grants, placements: places, settings };
}

/** Was it done by this run? What it found done already is not its own. */
function certainty(change: Change, replay: Replay): Certainty {
  const trace = replay.changes.get(change.id);
  if (!trace?.sent) return 'no';
  return trace.status === 'done' || trace.status === 'already' ? 'yes' : 'maybe';
}

/** The live id of a role of the plan. One that the journal does not know is found by a name that is new since. */
function idOfMade(
  create: RoleCreate,
  sure: Certainty,
  { before, live, replay }: { before: Snapshot; live: Snapshot; replay: Replay },
): number | null {
  const trace = replay.changes.get(create.id);
  if (trace?.roleId != null) return trace.roleId;
  const { name } = create.after;
  if (sure === 'no') return before.roles.find((role) => role.name === name)?.id ?? null;
  // Looking back has shown that it was not made: a role of that name is somebody else's.
  if (trace?.status === 'failed') return null;
  const known = new Set([...before.roles.map((role) => role.id), ...replay.roleIds]);
  return live.roles.find((role) => role.name === name && !known.has(role.id))?.id ?? null;
}

function next<T>(values: readonly T[], after: T, sure: Certainty): readonly T[] {
  return sure === 'yes' ? [after] : [...values, after];
}

function textOf({ name, description }: LiveRole): RoleText {
  return { name, description };
}

function withRoles(list: LiveAllowlist, ids: readonly number[]): LiveAllowlist {
  return typeof list === 'string' ? list : [...new Set([...list, ...ids])].sort((a, b) => a - b);
}
