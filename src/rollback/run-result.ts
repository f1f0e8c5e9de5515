import type { Replay } from '../journal/replay.js';
import type { Grant } from '../model/grant.js';
import { SYSTEM_ROLES } from '../model/role.js';
import type { LiveAllowlist, LiveRole, Snapshot } from '../model/snapshot.js';
import type { AllowlistSet, Change, GrantsSet, MembersMove, PlanRoleId } from '../plan/change.js';
import type { RoleCreate, RoleText } from '../plan/change.js';
import type { Plan } from '../plan/plan.js';
import type { PersonId, RoleId } from '../model/ids.js';

/** A run, as far as a rollback needs it. */
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
  defaultRoleId: RoleId;
  allowlist: LiveAllowlist;
}

/**
 * What a run may have left of everything that it changed. Each list holds every value that is possible by its
 * journal, the latest last: one value where it is proved; where a request was sent and its effect is unknown,
 * the values before it too.
 */
export interface RunResult {
  /** Ids of roles that the run created, with the change. */
  created: ReadonlyMap<RoleId, RoleCreate>;
  /** Ids of roles that it deleted, or may have deleted. */
  deleted: ReadonlySet<RoleId>;
  texts: ReadonlyMap<RoleId, readonly RoleText[]>;
  /** By role id; `any` for a new role whose first list cannot be known. */
  grants: ReadonlyMap<RoleId, readonly (readonly Grant[])[] | 'any'>;
  /** Person → ids of the roles that they may be in. */
  placements: ReadonlyMap<PersonId, readonly RoleId[]>;
  settings: readonly SettingsResult[];
}

/** Did the run itself make a change? */
type Certainty = 'no' | 'maybe' | 'yes';

/** A result while the changes of its run are gone through, and what is looked up for it. */
interface Progress {
  run: RunRecord;
  live: Snapshot;
  rolesBefore: ReadonlyMap<RoleId, LiveRole>;
  placesBefore: ReadonlyMap<PersonId, RoleId>;
  /** Live ids of the roles that the plan creates. */
  createdIds: Map<PlanRoleId, RoleId>;
  created: Map<RoleId, RoleCreate>;
  deleted: Set<RoleId>;
  texts: Map<RoleId, readonly RoleText[]>;
  grants: Map<RoleId, readonly (readonly Grant[])[] | 'any'>;
  placements: Map<PersonId, readonly RoleId[]>;
  settings: readonly SettingsResult[];
}

/** Works out what a run did, from its plan and journal. `live` finds roles whose id the journal does not have. */
export function runResult(run: RunRecord, live: Snapshot): RunResult {
  const { before, plan, replay } = run;
  const now: Progress = {
    run,
    live,
    rolesBefore: new Map(before.roles.map((role) => [role.id, role])),
    placesBefore: new Map(before.people.list.map((person) => [person.id, person.roleId])),
    createdIds: new Map(),
    created: new Map(),
    deleted: new Set(),
    texts: new Map(),
    grants: new Map(),
    placements: new Map(),
    settings: [{ defaultRoleId: before.defaultRoleId, allowlist: before.allowlist }],
  };
  for (const change of plan.changes) follow(now, change, certaintyOf(change, replay));
  const { created, deleted, texts, grants, placements, settings } = now;
  return { created, deleted, texts, grants, placements, settings };
}

/** Was it done by this run? What the run found done already was done by someone else. */
function certaintyOf(change: Change, replay: Replay): Certainty {
  const trace = replay.changes.get(change.id);
  if (!trace?.sent) return 'no';
  return trace.status === 'done' || trace.status === 'already' ? 'yes' : 'maybe';
}

function follow(now: Progress, change: Change, certainty: Certainty): void {
  // Also where the run did not create it: later changes may be about a role of that name.
  if (change.kind === 'role.create') followCreate(now, change, certainty);
  if (certainty === 'no') return;
  switch (change.kind) {
    case 'role.create':
      return;
    case 'role.update': {
      const role = now.rolesBefore.get(change.roleId);
      if (!role) return;
      const { name, description } = role;
      const known = now.texts.get(role.id) ?? [{ name, description }];
      now.texts.set(role.id, possible(known, change.after, certainty));
      return;
    }
    case 'grants.set':
      followGrants(now, change, certainty);
      return;
    case 'members.move':
      followMoves(now, change, certainty);
      return;
    case 'defaultRole.set': {
      const id = liveId(now, change.roleId);
      if (id === null) return;
      // Domo adds a new default role to the allowlist by itself.
      now.settings = now.settings.flatMap((one) =>
        possible([one], { defaultRoleId: id, allowlist: withRoles(one.allowlist, [id]) }, certainty),
      );
      return;
    }
    case 'allowlist.set':
      followAllowlist(now, change, certainty);
      return;
    case 'role.delete':
      now.deleted.add(change.roleId);
      return;
  }
}

function followCreate(now: Progress, change: RoleCreate, certainty: Certainty): void {
  const id = createdId(now, change, certainty);
  if (id === null) return;
  now.createdIds.set(change.roleId, id);
  if (certainty === 'no' || now.rolesBefore.has(id)) return;
  now.created.set(id, change);
  now.texts.set(id, [{ name: change.after.name, description: change.after.description }]);
  const isWritten = now.run.plan.changes.some(
    (one) => one.kind === 'grants.set' && one.roleId === change.roleId,
  );
  // Where the role's own list is written later, the run did not read what the instance gave it to start with.
  now.grants.set(id, certainty === 'yes' && !isWritten ? [change.after.grants] : 'any');
}

/** The live id of a role that the plan creates. One that the journal does not have is found by its new name. */
function createdId({ run, live }: Progress, create: RoleCreate, certainty: Certainty): RoleId | null {
  const { before, replay } = run;
  const trace = replay.changes.get(create.id);
  if (trace?.roleId != null) return trace.roleId;
  const { name } = create.after;
  if (certainty === 'no') return before.roles.find((role) => role.name === name)?.id ?? null;
  // Reading back has shown that it was not created: a role of that name is someone else's.
  if (trace?.status === 'failed') return null;
  const known = new Set([...before.roles.map((role) => role.id), ...replay.roleIds]);
  return live.roles.find((role) => role.name === name && !known.has(role.id))?.id ?? null;
}

function followGrants(now: Progress, { roleId, after }: GrantsSet, certainty: Certainty): void {
  const id = liveId(now, roleId);
  if (id === null) return;
  const role = now.rolesBefore.get(id);
  const known = now.grants.get(id) ?? (role ? [role.grants] : 'any');
  if (known !== 'any') now.grants.set(id, possible(known, after, certainty));
  else now.grants.set(id, certainty === 'yes' ? [after] : 'any');
}

function followMoves(now: Progress, { roleId, people }: MembersMove, certainty: Certainty): void {
  const id = liveId(now, roleId);
  if (id === null) return;
  for (const move of people) {
    const from = now.placesBefore.get(move.id) ?? move.fromId;
    if (from !== id) now.placements.set(move.id, possible([from], id, certainty));
  }
}

function followAllowlist(now: Progress, { afterIds }: AllowlistSet, certainty: Certainty): void {
  const ids = afterIds?.flatMap((id) => liveId(now, id) ?? []) ?? null;
  now.settings = now.settings.flatMap((one) => {
    // Social and the default role are on every allowlist.
    const fixed = [SYSTEM_ROLES.Social, one.defaultRoleId];
    const allowlist = ids === null ? 'off' : withRoles(ids, fixed);
    return possible([one], { ...one, allowlist }, certainty);
  });
}

function liveId({ createdIds }: Progress, id: PlanRoleId): RoleId | null {
  return typeof id === 'number' ? id : (createdIds.get(id) ?? null);
}

/** The values that are possible after a change that may have been made. */
function possible<T>(values: readonly T[], after: T, certainty: Certainty): readonly T[] {
  return certainty === 'yes' ? [after] : [...values, after];
}

function withRoles(list: LiveAllowlist, ids: readonly RoleId[]): LiveAllowlist {
  return typeof list === 'string' ? list : [...new Set([...list, ...ids])].sort((a, b) => a - b);
}
