import type { Grant } from '../model/grant.js';
import { isSetting } from '../plan/change-kinds.js';
import type { SettingChange } from '../plan/change-kinds.js';
import type { Change, ChangeId, GrantsSet, MembersMove, RoleCreate, RoleUpdate } from '../plan/change.js';
import { ownGrants } from '../live/own-grants.js';
import { sameAllowlist } from './compare-allowlist.js';
import { grantsDifference, grantsDifferenceText } from './compare-grants.js';
import { failedRead, type Observation, type PendingWrite } from './confirm.js';
import { isGone } from './is-gone.js';
import { inParallel } from './parallel.js';
import { liveRoleId } from './role-ids.js';
import type { ApplyRun } from './run.js';
import type { WriteAnswer } from './writer.js';
import type { RoleId } from '../model/ids.js';

type Observations = ReadonlyMap<ChangeId, Observation>;

const DONE: Observation = { done: true };
const NO_ROLE: Observation = { done: false, instead: 'the role does not exist' };

/** Reads back changes of one kind with as few requests as possible. */
export async function readBack(
  run: ApplyRun,
  pending: readonly PendingWrite[],
  last: boolean,
): Promise<Observations> {
  const changes = pending.map((write) => write.change);
  switch (changes[0]?.kind) {
    case undefined:
      return new Map();
    case 'role.create':
      return readBackCreates(run, pending);
    case 'role.update':
      return readBackUpdates(
        run,
        changes.filter((change) => change.kind === 'role.update'),
      );
    case 'role.delete':
      return readBackDeletes(run, pending);
    case 'grants.set':
      return readBackGrants(
        run,
        changes.filter((change) => change.kind === 'grants.set'),
        last,
      );
    case 'members.move':
      return readBackMoves(
        run,
        changes.filter((change) => change.kind === 'members.move'),
      );
    case 'defaultRole.set':
    case 'allowlist.set':
      return readBackSettings(run, changes.filter(isSetting));
  }
}

/** Finds new roles by name, among the roles that were not live before. */
async function readBackCreates(run: ApplyRun, pending: readonly PendingWrite[]): Promise<Observations> {
  const roles = await run.options.reader.readRoles();
  const taken = new Set(run.createdRoleIds.values());
  const fresh = roles.filter((role) => !run.knownIds.has(role.id) && !taken.has(role.id));
  return new Map(
    pending.flatMap(({ change, answer }): [ChangeId, Observation][] =>
      change.kind === 'role.create' ? [[change.id, observeCreate(change, answer, fresh)]] : [],
    ),
  );
}

type ListedRole = Awaited<ReturnType<ApplyRun['options']['reader']['readRoles']>>[number];

function observeCreate(
  { after }: RoleCreate,
  answer: WriteAnswer,
  fresh: readonly ListedRole[],
): Observation {
  const id = answer.kind === 'accepted' ? answer.id : null;
  const named = fresh.filter((role) => role.name === after.name);
  const role = (id === null ? undefined : fresh.find((one) => one.id === id)) ?? named[0];
  if (!role) return notDone('there is no new role of this name');
  if (named.length > 1) return notDone(`there are ${named.length} new roles of this name`);
  if (role.name !== after.name) return notDone(`its name is ${JSON.stringify(role.name)}`);
  if (role.description !== after.description) return notDone('its description differs');
  // A role that this run created has no members yet.
  if (id !== role.id && (role.userCount ?? 0) > 0)
    return notDone('another person created a role of this name');
  return { done: true, roleId: role.id };
}

async function readBackUpdates(run: ApplyRun, changes: readonly RoleUpdate[]): Promise<Observations> {
  const roles = await rolesById(run);
  const observe = (change: RoleUpdate): Observation => {
    const role = roles.get(change.roleId);
    if (!role) return NO_ROLE;
    run.names.set(role.id, role.name);
    const { name, description } = change.after;
    if (role.name !== name) return notDone(`its name is ${JSON.stringify(role.name)}`);
    return role.description === description ? DONE : notDone('its description differs');
  };
  return new Map(changes.map((change) => [change.id, observe(change)]));
}

async function readBackDeletes(run: ApplyRun, pending: readonly PendingWrite[]): Promise<Observations> {
  const roles = await rolesById(run);
  const deletes = pending.flatMap(({ change, answer }) =>
    change.kind === 'role.delete' ? [{ change, answer }] : [],
  );
  return observeEach(run, deletes, async ({ change: { roleId }, answer }) => {
    const isDone = !roles.has(roleId) && (answer.kind === 'accepted' || (await isGone(run, roleId)));
    return isDone ? DONE : notDone('the role still exists');
  });
}

/** Observes changes that need a read each. A failed read affects only its own change. */
async function observeEach<W extends { change: Change }>(
  run: ApplyRun,
  writes: readonly W[],
  observe: (write: W) => Promise<Observation>,
): Promise<Observations> {
  const observeOne = async (write: W): Promise<[ChangeId, Observation]> => [
    write.change.id,
    await observe(write).catch(failedRead),
  ];
  return new Map(await inParallel(writes, run.limits.concurrency, observeOne));
}

async function rolesById({ options }: ApplyRun): Promise<ReadonlyMap<RoleId, ListedRole>> {
  return new Map((await options.reader.readRoles()).map((role) => [role.id, role]));
}

async function readBackGrants(
  run: ApplyRun,
  changes: readonly GrantsSet[],
  last: boolean,
): Promise<Observations> {
  const { reader } = run.options;
  const byMatrix = changes.length > run.limits.ownListsUpTo;
  const matrix = byMatrix ? await reader.readMatrix() : null;
  const writes = changes.map((change) => ({ change }));
  return observeEach(run, writes, async ({ change }) => {
    const id = liveRoleId(change.roleId, run.createdRoleIds);
    if (id === null) return NO_ROLE;
    // A role that is missing from the matrix may hold grants.
    const listed = isInMatrix(run, change) ? matrix?.get(id) : undefined;
    let held = listed ?? (await ownGrants(id, reader.readRoleGrants));
    if (held && last && listed && !observeGrants(run, held, change.after).done)
      held = await ownGrants(id, reader.readRoleGrants);
    if (!held) return NO_ROLE;
    const observation = observeGrants(run, held, change.after);
    if (observation.done) run.grants.set(id, held);
    return observation;
  });
}

/** Compares a role's list with the grants that were set. */
export function observeGrants(run: ApplyRun, held: readonly Grant[], wanted: readonly Grant[]): Observation {
  const difference = grantsDifference(held, wanted, run.deps);
  if (difference.missing.length === 0 && difference.extra.length === 0) return DONE;
  return notDone(grantsDifferenceText(difference));
}

/** Does the matrix show all grants of a change? It lists only grants of the catalogue. */
function isInMatrix(run: ApplyRun, { before, after }: GrantsSet): boolean {
  return [...before, ...after].every((grant) => run.deps.has(grant));
}

async function readBackMoves(run: ApplyRun, changes: readonly MembersMove[]): Promise<Observations> {
  const ids = new Set(changes.flatMap((change) => change.people.map((person) => person.id)));
  const people = await run.options.reader.readPeopleByIds([...ids].sort((a, b) => a - b));
  const roleOf = new Map(people.map((person) => [person.id, person.roleId]));
  return new Map(
    changes.map((change): [ChangeId, Observation] => {
      const target = liveRoleId(change.roleId, run.createdRoleIds);
      const gone = change.people.filter((person) => !roleOf.has(person.id)).length;
      const missing = change.people.filter((person) => roleOf.get(person.id) !== target).length;
      if (missing === 0) return [change.id, DONE];
      const text = `${missing} of ${change.people.length} people are not in the role`;
      return [change.id, notDone(gone > 0 ? `${text}, ${gone} of them no longer on the instance` : text)];
    }),
  );
}

async function readBackSettings(run: ApplyRun, changes: readonly SettingChange[]): Promise<Observations> {
  const before = run.settings;
  const live = await run.options.reader.readSettings();
  const observed = new Map(
    changes.map((change) => [change.id, observeSetting(run, change, { before, live })]),
  );
  if ([...observed.values()].every(({ done }) => done)) run.settings = live;
  return observed;
}

type Settings = ApplyRun['settings'];
function observeSetting(
  run: ApplyRun,
  change: SettingChange,
  { before, live }: { before: Settings; live: Settings },
): Observation {
  if (change.kind === 'defaultRole.set') {
    if (live.defaultRoleId !== liveRoleId(change.roleId, run.createdRoleIds))
      return notDone(`the default role is ${nameOf(run, live.defaultRoleId)}`);
    const lostList = typeof before.allowlist !== 'string' && live.allowlist === 'off';
    return lostList ? notDone('the roles allowlist was turned off by it') : DONE;
  }
  if (live.allowlist === 'unreadable')
    return { done: false, instead: 'the roles allowlist cannot be read', unreadable: true };
  const wanted = change.afterIds?.map((id) => liveRoleId(id, run.createdRoleIds)) ?? 'off';
  const isWanted = sameAllowlist(live.allowlist, wanted, live.defaultRoleId);
  return isWanted ? DONE : notDone('the roles allowlist differs');
}

function nameOf(run: ApplyRun, id: RoleId): string {
  const name = run.names.get(id);
  return name === undefined ? `role ${id}` : JSON.stringify(name);
}

function notDone(instead: string): Observation {
  return { done: false, instead };
}
