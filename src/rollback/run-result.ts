import { isCompleted } from '../journal/entry.js';
import type { Replay } from '../journal/replay.js';
import type { Grant } from '../model/grant.js';
import { SYSTEM_ROLES } from '../model/role.js';
import type { LiveAllowlist, LiveRole, Snapshot } from '../model/snapshot.js';
import type { AllowlistSet, Change, GrantsSet, MembersMove, PlanRoleId } from '../plan/change.js';
import type { RoleCreate, RoleText } from '../plan/change.js';
import type { Plan } from '../plan/plan.js';
import type { PersonId, RoleId } from '../model/ids.js';

/** What a rollback needs of a run. */
export interface RunRecord {
  id: string;
  plan: Plan;
  /** Live state just before the run's first write; null if it wrote nothing. */
  before: Snapshot | null;
  /** The replay of its own journal. */
  replay: Replay;
  /** A rollback of this run that did not finish, if no run came after it. */
  begunUndo?: { id: string; plan: Plan } | undefined;
  /** Roles that later runs deleted, or may have deleted. A rollback of such a run creates them again under a new id. */
  deletedLater?: ReadonlySet<RoleId> | undefined;
}

/** Default role and allowlist, together because a write of one may change the other. */
interface SettingsResult {
  defaultRoleId: RoleId;
  allowlist: LiveAllowlist;
}

/**
 * The values that a run may have left. Each list contains every value that is possible according to the journal, the
 * latest last: one value if the result is proven, and the earlier values too if the result of a request is unknown.
 */
export interface RunResult {
  /** The roles that the run created: id and change. */
  created: ReadonlyMap<RoleId, RoleCreate>;
  /** Ids of roles that the run deleted, or may have deleted. */
  deleted: ReadonlySet<RoleId>;
  texts: ReadonlyMap<RoleId, readonly RoleText[]>;
  /** By role id; `any` for a new role whose start grants are unknown. */
  grants: ReadonlyMap<RoleId, readonly (readonly Grant[])[] | 'any'>;
  /** Possible role ids by person. */
  placements: ReadonlyMap<PersonId, readonly RoleId[]>;
  settings: readonly SettingsResult[];
}

/** Did the run itself make a change? */
type Certainty = 'no' | 'maybe' | 'yes';

/** A result under construction, and the lookups for it. */
interface Progress {
  run: RunRecord & { before: Snapshot };
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

/** The state before a run. One that wrote nothing left the live state as it is. */
export function stateBefore({ before }: Pick<RunRecord, 'before'>, live: Snapshot): Snapshot {
  return before ?? live;
}

/** Derives what a run did from its plan and journal. Looks up roles in `live` whose id is not in the journal. */
export function runResult(run: RunRecord, live: Snapshot): RunResult {
  const { plan, replay } = run;
  const before = stateBefore(run, live);
  const progress: Progress = {
    run: { ...run, before },
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
  for (const change of plan.changes) recordChange(progress, change, certaintyOf(change, replay));
  const { created, deleted, texts, grants, placements, settings } = progress;
  return { created, deleted, texts, grants, placements, settings };
}

/** Did this run make the change? A change that was already live was made by another person. */
function certaintyOf(change: Change, replay: Replay): Certainty {
  const trace = replay.changes.get(change.id);
  if (!trace?.sent) return 'no';
  return isCompleted(trace.status) ? 'yes' : 'maybe';
}

function recordChange(progress: Progress, change: Change, certainty: Certainty): void {
  // Recorded even if the run did not create the role, because later changes may refer to it.
  if (change.kind === 'role.create') recordCreate(progress, change, certainty);
  if (certainty === 'no') return;
  switch (change.kind) {
    case 'role.create':
      return;
    case 'role.update': {
      const role = progress.rolesBefore.get(change.roleId);
      if (!role) return;
      const { name, description } = role;
      const known = progress.texts.get(role.id) ?? [{ name, description }];
      progress.texts.set(role.id, possibleValues(known, change.after, certainty));
      return;
    }
    case 'grants.set':
      recordGrants(progress, change, certainty);
      return;
    case 'members.move':
      recordMoves(progress, change, certainty);
      return;
    case 'defaultRole.set': {
      const id = liveId(progress, change.roleId);
      if (id === null) return;
      // Domo adds a new default role to the allowlist.
      progress.settings = progress.settings.flatMap((one) =>
        possibleValues([one], { defaultRoleId: id, allowlist: withRoles(one.allowlist, [id]) }, certainty),
      );
      return;
    }
    case 'allowlist.set':
      recordAllowlist(progress, change, certainty);
      return;
    case 'role.delete':
      progress.deleted.add(change.roleId);
      return;
  }
}

function recordCreate(progress: Progress, change: RoleCreate, certainty: Certainty): void {
  const id = createdId(progress, change, certainty);
  if (id === null) return;
  progress.createdIds.set(change.roleId, id);
  if (certainty === 'no' || progress.rolesBefore.has(id)) return;
  progress.created.set(id, change);
  progress.texts.set(id, [{ name: change.after.name, description: change.after.description }]);
  const isWritten = progress.run.plan.changes.some(
    (one) => one.kind === 'grants.set' && one.roleId === change.roleId,
  );
  // If a later change writes the grants, the run did not read the grants that the instance started with.
  progress.grants.set(id, certainty === 'yes' && !isWritten ? [change.after.grants] : 'any');
}

/** The live id of a role that the plan creates, from the journal or by its name. */
function createdId({ run, live }: Progress, create: RoleCreate, certainty: Certainty): RoleId | null {
  const { before, replay } = run;
  const trace = replay.changes.get(create.id);
  if (trace?.roleId != null) return trace.roleId;
  const { name } = create.after;
  if (certainty === 'no') return before.roles.find((role) => role.name === name)?.id ?? null;
  // Reading back showed that the run did not create it, so another person created a role with this name.
  if (trace?.status === 'failed') return null;
  const known = new Set([...before.roles.map((role) => role.id), ...replay.roleIds]);
  return live.roles.find((role) => role.name === name && !known.has(role.id))?.id ?? null;
}

function recordGrants(progress: Progress, { roleId, after }: GrantsSet, certainty: Certainty): void {
  const id = liveId(progress, roleId);
  if (id === null) return;
  const role = progress.rolesBefore.get(id);
  const known = progress.grants.get(id) ?? (role ? [role.grants] : 'any');
  if (known !== 'any') progress.grants.set(id, possibleValues(known, after, certainty));
  else progress.grants.set(id, certainty === 'yes' ? [after] : 'any');
}

function recordMoves(progress: Progress, { roleId, people }: MembersMove, certainty: Certainty): void {
  const id = liveId(progress, roleId);
  if (id === null) return;
  for (const move of people) {
    const from = progress.placesBefore.get(move.id) ?? move.fromId;
    if (from !== id) progress.placements.set(move.id, possibleValues([from], id, certainty));
  }
}

function recordAllowlist(progress: Progress, { afterIds }: AllowlistSet, certainty: Certainty): void {
  const ids = afterIds?.flatMap((id) => liveId(progress, id) ?? []) ?? null;
  progress.settings = progress.settings.flatMap((one) => {
    // Domo keeps Social and the default role on every allowlist.
    const fixed = [SYSTEM_ROLES.Social, one.defaultRoleId];
    const allowlist = ids === null ? 'off' : withRoles(ids, fixed);
    return possibleValues([one], { ...one, allowlist }, certainty);
  });
}

function liveId({ createdIds }: Progress, id: PlanRoleId): RoleId | null {
  return typeof id === 'number' ? id : (createdIds.get(id) ?? null);
}

/** The possible values after a change. */
function possibleValues<T>(values: readonly T[], after: T, certainty: Certainty): readonly T[] {
  return certainty === 'yes' ? [after] : [...values, after];
}

function withRoles(list: LiveAllowlist, ids: readonly RoleId[]): LiveAllowlist {
  return typeof list === 'string' ? list : [...new Set([...list, ...ids])].sort((a, b) => a - b);
}
