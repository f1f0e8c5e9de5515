import type { Grant } from '../model/grant.js';
import type { Change, GrantsSet, MembersMove } from '../plan/change.js';
import type { PendingWrite, Observation } from './confirm.js';
import { inParallel } from './parallel.js';
import { grantsDifference, grantsDifferenceText } from './compare-grants.js';
import { liveRoleId, sameAllowlist } from './recheck/people-and-settings.js';
import type { ApplyRun } from './run.js';

type Observations = ReadonlyMap<string, Observation>;

const DONE: Observation = { done: true };

/** Reads back changes of one kind, together: one read for all renames, grants, settings or moves. */
export async function readBack(
  run: ApplyRun,
  flights: readonly PendingWrite[],
  last: boolean,
): Promise<Observations> {
  const changes = flights.map((flight) => flight.change);
  switch (changes[0]?.kind) {
    case undefined:
      return new Map();
    case 'role.create':
    case 'role.update':
    case 'role.delete':
      return readBackRoles(run, changes);
    case 'grants.set':
      return readBackGrants(run, changes.filter(isGrantsSet), last);
    case 'members.move':
      return readBackMoves(run, changes.filter(isMove));
    case 'defaultRole.set':
    case 'allowlist.set':
      return readBackSettings(run, changes);
  }
}

async function readBackRoles(run: ApplyRun, changes: readonly Change[]): Promise<Observations> {
  const roles = new Map((await run.options.reader.readRoles()).map((role) => [role.id, role]));
  return new Map(
    changes.map((change): [string, Observation] => {
      const role = typeof change.roleId === 'number' ? roles.get(change.roleId) : undefined;
      if (change.kind === 'role.delete') return [change.id, role ? notDone('the role is still there') : DONE];
      if (change.kind !== 'role.update') return [change.id, notDone('it cannot be told')];
      if (!role) return [change.id, notDone('the role is not there')];
      run.names.set(role.id, role.name);
      const { name, description } = change.after;
      if (role.name !== name) return [change.id, notDone(`it is called ${JSON.stringify(role.name)}`)];
      return [change.id, role.description === description ? DONE : notDone('its description is another one')];
    }),
  );
}

async function readBackGrants(
  run: ApplyRun,
  changes: readonly GrantsSet[],
  last: boolean,
): Promise<Observations> {
  const { reader } = run.options;
  const byMatrix = changes.length > run.limits.ownListsUpTo;
  const matrix = byMatrix ? await reader.readMatrix() : null;
  const looked = await inParallel(
    changes,
    run.limits.concurrency,
    async (change): Promise<[string, Observation]> => {
      const id = liveRoleId(change.roleId, run.createdRoleIds);
      if (id === null) return [change.id, notDone('the role is not there')];
      let held =
        // A role that the matrix leaves out may hold grants all the same.
        (isInMatrix(run, change) ? matrix?.get(id) : undefined) ?? (await reader.readRoleGrants(id));
      let sight = observeGrants(run, held, change.after);
      if (!sight.done && last && matrix) {
        held = await reader.readRoleGrants(id);
        sight = observeGrants(run, held, change.after);
      }
      if (sight.done) run.grants.set(id, held);
      return [change.id, sight];
    },
  );
  return new Map(looked);
}

/** What a role's list shows of the grants it was given. */
export function observeGrants(run: ApplyRun, held: readonly Grant[], wanted: readonly Grant[]): Observation {
  const off = grantsDifference(held, wanted, run.deps);
  if (off.missing.length === 0 && off.extra.length === 0) return DONE;
  return notDone(`it is ${grantsDifferenceText(off)}`);
}

/** The matrix is part of the catalogue: what that does not list, only the role's own list shows. */
function isInMatrix(run: ApplyRun, { before, after }: GrantsSet): boolean {
  return [...before, ...after].every((grant) => run.deps.has(grant));
}

async function readBackMoves(run: ApplyRun, changes: readonly MembersMove[]): Promise<Observations> {
  const ids = new Set(changes.flatMap((change) => change.people.map((person) => person.id)));
  const people = await run.options.reader.readPeopleByIds([...ids].sort((a, b) => a - b));
  const roleOf = new Map(people.map((person) => [person.id, person.roleId]));
  return new Map(
    changes.map((change): [string, Observation] => {
      const target = liveRoleId(change.roleId, run.createdRoleIds);
      const gone = change.people.filter((person) => !roleOf.has(person.id)).length;
      const left = change.people.filter((person) => roleOf.get(person.id) !== target).length;
      if (left === 0) return [change.id, DONE];
      const moved = `${left} of ${change.people.length} people are not in the role`;
      return [change.id, notDone(gone > 0 ? `${moved}, ${gone} of them no longer on the instance` : moved)];
    }),
  );
}

async function readBackSettings(run: ApplyRun, changes: readonly Change[]): Promise<Observations> {
  const had = run.settings.allowlist;
  const settings = await run.options.reader.readSettings();
  const sights = new Map<string, Observation>();
  for (const change of changes) {
    if (change.kind === 'defaultRole.set') {
      const wiped = typeof had !== 'string' && settings.allowlist === 'off';
      const isDefault = settings.defaultRoleId === liveRoleId(change.roleId, run.createdRoleIds);
      if (isDefault && wiped) sights.set(change.id, notDone('it took the roles allowlist away'));
      else
        sights.set(
          change.id,
          isDefault ? DONE : notDone(`the default role is ${nameOf(run, settings.defaultRoleId)}`),
        );
    } else if (change.kind === 'allowlist.set') {
      const wanted = change.afterIds?.map((id) => liveRoleId(id, run.createdRoleIds)) ?? 'off';
      if (settings.allowlist === 'unreadable')
        sights.set(change.id, { done: false, instead: 'the roles allowlist cannot be read', blind: true });
      else if (sameAllowlist(settings.allowlist, wanted, settings.defaultRoleId)) sights.set(change.id, DONE);
      else sights.set(change.id, notDone('the roles allowlist is another one'));
    }
  }
  if ([...sights.values()].every((sight) => sight.done)) run.settings = settings;
  return sights;
}

function nameOf(run: ApplyRun, id: number): string {
  const name = run.names.get(id);
  return name === undefined ? `role ${id}` : JSON.stringify(name);
}

function isGrantsSet(change: Change): change is GrantsSet {
  return change.kind === 'grants.set';
}

function isMove(change: Change): change is MembersMove {
  return change.kind === 'members.move';
}

function notDone(instead: string): Observation {
  return { done: false, instead };
}
