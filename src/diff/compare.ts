import equal from 'fast-deep-equal';
import { grantsWithout } from '../model/closure.js';
import { byCodeUnit } from '../model/sort.js';
import type { PersonId } from '../model/ids.js';
import { personAt } from '../model/person.js';
import type { ExistingRole, RoleKey } from '../model/role.js';
import type { State } from '../model/state.js';
import type { Difference } from './difference.js';

/**
 * How two states differ: roles in the order of their names, then people by id, then the settings. Both
 * sides are normalised and sorted when they are built, so there are no exceptions here. A person who is on
 * one side only is not a difference: accounts are created and deleted elsewhere.
 */
export function compareStates(before: State, after: State): Difference[] {
  return [...roles(before, after), ...placements(before, after), ...settings(before, after)];
}

function roles(before: State, after: State): Difference[] {
  const found: { name: string; difference: Difference }[] = [];
  for (const [key, role] of before.roles) {
    if (!after.roles.has(key) && role.id !== null)
      found.push({ name: role.name, difference: { kind: 'role-extra', before: role } });
  }
  for (const [key, role] of after.roles) {
    const old = before.roles.get(key);
    if (role.id === null) {
      if (!old) found.push({ name: role.name, difference: { kind: 'role-missing', after: role } });
    } else if (!old || old.id === null) throw new TypeError(`role ${key} is live on one side only`);
    else for (const difference of oneRole(old, role)) found.push({ name: role.name, difference });
  }
  return found.sort((a, b) => byCodeUnit(a.name, b.name)).map(({ difference }) => difference);
}

function oneRole(before: ExistingRole, after: ExistingRole): Difference[] {
  const { key } = after;
  const found: Difference[] = [];
  if (before.name !== after.name || before.description !== after.description)
    found.push({ kind: 'text', key, before, after });
  if (!equal(before.grants, after.grants)) {
    const added = grantsWithout(after.grants, before.grants);
    const removed = grantsWithout(before.grants, after.grants);
    found.push({ kind: 'grants', key, before, after, added, removed });
  }
  return found;
}

function placements({ people: before }: State, { people: after }: State): Difference[] {
  const found: Extract<Difference, { kind: 'placement' }>[] = [];
  const compare = (person: PersonId, from: RoleKey | undefined, to: RoleKey | undefined): void => {
    if (from !== undefined && to !== undefined && from !== to)
      found.push({ kind: 'placement', person, from, to });
  };
  if (before.read === after.read) {
    // Two states of one reading differ only in people who moved in one of them.
    for (const id of new Set([...before.moved.keys(), ...after.moved.keys()])) {
      const person = personAt(after.read, id);
      if (person) compare(id, before.of(person), after.of(person));
    }
  } else for (const { id } of after.read) compare(id, before.get(id), after.get(id));
  return found.sort((a, b) => a.person - b.person);
}

function settings(before: State, after: State): Difference[] {
  const found: Difference[] = [];
  if (before.defaultRole !== after.defaultRole)
    found.push({ kind: 'default-role', before: before.defaultRole, after: after.defaultRole });
  if (!equal(before.allowlist, after.allowlist))
    found.push({ kind: 'allowlist', before: before.allowlist, after: after.allowlist });
  return found;
}
