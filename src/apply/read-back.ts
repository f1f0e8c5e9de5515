import type { Grant } from '../model/grant.js';
import type { Change, GrantsSet, MembersMove } from '../plan/change.js';
import type { PendingWrite, Observation } from './confirm.js';
import { inParallel } from './parallel.js';
import { grantsOff, grantsOffText } from './compare-grants.js';
import { resolve, sameAllowlist } from './recheck/people-and-settings.js';
import type { Run } from './run.js';

type Sights = ReadonlyMap<string, Observation>;

const DONE: Observation = { done: true };

/** Reads back changes of one kind, together: one read for all renames, grants, settings or moves. */
export async function readBack(run: Run, flights: readonly PendingWrite[], last: boolean): Promise<Sights> {
  const changes = flights.map((flight) => flight.change);
  switch (changes[0]?.kind) {
    case undefined:
      return new Map();
    case 'role.create':
    case 'role.update':
    case 'role.delete':
      return lookAtRoles(run, changes);
    case 'grants.set':
      return lookAtGrants(run, changes.filter(isGrantsSet), last);
    case 'members.move':
      return lookAtPeople(run, changes.filter(isMove));
    case 'defaultRole.set':
    case 'allowlist.set':
      return lookAtSettings(run, changes);
  }
}

async function lookAtRoles(run: Run, changes: readonly Change[]): Promise<Sights> {
  const roles = new Map((await run.options.reader.readRoles()).map((role) => [role.id, role]));
  return new Map(
    changes.map((change): [string, Observation] => {
      const role = typeof change.roleId === 'number' ? roles.get(change.roleId) : undefined;
      if (change.kind === 'role.delete') return [change.id, role ? not('the role is still there') : DONE];
      if (change.kind !== 'role.update') return [change.id, not('it cannot be told')];
      if (!role) return [change.id, not('the role is not there')];
      run.names.set(role.id, role.name);
      const { name, description } = change.after;
      if (role.name !== name) return [change.id, not(`it is called ${JSON.stringify(role.name)}`)];
      return [change.id, role.description === description ? DONE : not('its description is another one')];
    }),
  );
}

async function lookAtGrants(run: Run, changes: readonly GrantsSet[], last: boolean): Promise<Sights> {
  const { reader } = run.options;
  const byMatrix = changes.length > run.limits.ownListsUpTo;
  const matrix = byMatrix ? await reader.readMatrix() : null;
  const looked = await inParallel(
    changes,
    run.limits.concurrency,
    async (change): Promise<[string, Observation]> => {
      const id = resolve(change.roleId, run.book);
      if (id === null) return [change.id, not('the role is not there')];
      let held =
        // A role that the matrix leaves out may hold grants all the same.
        (matrixCanTell(run, change) ? matrix?.get(id) : undefined) ?? (await reader.readRoleGrants(id));
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
export function observeGrants(run: Run, held: readonly Grant[], wanted: readonly Grant[]): Observation {
  const off = grantsOff(held, wanted, run.deps);
  if (off.missing.length === 0 && off.extra.length === 0) return DONE;
  return not(`it is ${grantsOffText(off)}`);
}

/** The matrix is part of the catalogue: what that does not list, only the role's own list shows. */
function matrixCanTell(run: Run, { before, after }: GrantsSet): boolean {
  return [...before, ...after].every((grant) => run.deps.has(grant));
}

async function lookAtPeople(run: Run, changes: readonly MembersMove[]): Promise<Sights> {
  const ids = new Set(changes.flatMap((change) => change.people.map((person) => person.id)));
  const people = await run.options.reader.readPeopleByIds([...ids].sort((a, b) => a - b));
  const roleOf = new Map(people.map((person) => [person.id, person.roleId]));
  return new Map(
    changes.map((change): [string, Observation] => {
      const target = resolve(change.roleId, run.book);
      const gone = change.people.filter((person) => !roleOf.has(person.id)).length;
      const left = change.people.filter((person) => roleOf.get(person.id) !== target).length;
      if (left === 0) return [change.id, DONE];
      const moved = `${left} of ${change.people.length} people are not in the role`;
      return [change.id, not(gone > 0 ? `${moved}, ${gone} of them no longer on the instance` : moved)];
    }),
  );
}

async function lookAtSettings(run: Run, changes: readonly Change[]): Promise<Sights> {
  const had = run.settings.allowlist;
  const settings = await run.options.reader.readSettings();
  const sights = new Map<string, Observation>();
  for (const change of changes) {
    if (change.kind === 'defaultRole.set') {
      const wiped = typeof had !== 'string' && settings.allowlist === 'off';
      const isDefault = settings.defaultRoleId === resolve(change.roleId, run.book);
      if (isDefault && wiped) sights.set(change.id, not('it took the roles allowlist away'));
      else
        sights.set(
          change.id,
          isDefault ? DONE : not(`the default role is ${nameOf(run, settings.defaultRoleId)}`),
        );
    } else if (change.kind === 'allowlist.set') {
      const wanted = change.afterIds?.map((id) => resolve(id, run.book)) ?? 'off';
      if (settings.allowlist === 'unreadable')
        sights.set(change.id, { done: false, instead: 'the roles allowlist cannot be read', blind: true });
      else if (sameAllowlist(settings.allowlist, wanted, settings.defaultRoleId)) sights.set(change.id, DONE);
      else sights.set(change.id, not('the roles allowlist is another one'));
    }
  }
  if ([...sights.values()].every((sight) => sight.done)) run.settings = settings;
  return sights;
}

function nameOf(run: Run, id: number): string {
  const name = run.names.get(id);
  return name === undefined ? `role ${id}` : JSON.stringify(name);
}

function isGrantsSet(change: Change): change is GrantsSet {
  return change.kind === 'grants.set';
}

function isMove(change: Change): change is MembersMove {
  return change.kind === 'members.move';
}

function not(instead: string): Observation {
  return { done: false, instead };
}
