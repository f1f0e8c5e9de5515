import { without } from '../model/closure.js';
import { byCodeUnit } from '../model/sort.js';
import type { Grant } from '../model/grant.js';
import type { Role } from '../model/role.js';
import { roleAt } from '../model/state.js';
import type { State } from '../model/state.js';
import { ANSWER_FORMAT } from './ask.js';
import { roleOf } from './view.js';
import type { AccessSource, AccessView } from './view.js';

/** How a role that both sides have differs. */
export interface RoleDifference {
  role: string;
  /** Null where it is the same. */
  description: { a: string; b: string } | null;
  grants: { onlyA: readonly Grant[]; onlyB: readonly Grant[] };
}

/** A person who is in another role, or on one side only. */
export interface PersonDifference {
  /** The address; `id 123` for an account without one. */
  person: string;
  /** The role, by name; null where the person is not there. */
  a: string | null;
  b: string | null;
}

/** How two states differ, all by names, so that two instances can be compared. */
export interface DiffAnswer {
  formatVersion: typeof ANSWER_FORMAT;
  kind: 'answer';
  question: 'diff';
  a: { source: AccessSource; instance: string };
  b: { source: AccessSource; instance: string };
  /** True: nothing differs. */
  equal: boolean;
  roles: {
    onlyA: readonly string[];
    onlyB: readonly string[];
    /** By name. */
    changed: readonly RoleDifference[];
  };
  people: readonly PersonDifference[];
  /** Null where it is the same. */
  defaultRole: { a: string; b: string } | null;
  allowlist: { a: NamedAllowlist; b: NamedAllowlist } | null;
}

/** The allowlist by sorted role names; `off` or `unreadable` where there is none to compare. */
export type NamedAllowlist = readonly string[] | 'off' | 'unreadable';

/**
 * Compares two states by the names of roles and grants and the addresses of people. An allowlist that one
 * side cannot read is no difference.
 */
export function diffStates(a: AccessView, b: AccessView): DiffAnswer {
  const roles = compareRoles(rolesByName(a.state), rolesByName(b.state));
  const people = comparePeople(a, b);
  const defaults = { a: nameAt(a.state, a.state.defaultRole), b: nameAt(b.state, b.state.defaultRole) };
  const lists = { a: allowlistOf(a.state), b: allowlistOf(b.state) };
  const defaultRole = defaults.a === defaults.b ? null : defaults;
  const known = lists.a !== 'unreadable' && lists.b !== 'unreadable';
  const allowlist = known && JSON.stringify(lists.a) !== JSON.stringify(lists.b) ? lists : null;
  const count = roles.onlyA.length + roles.onlyB.length + roles.changed.length + people.length;
  return {
    formatVersion: ANSWER_FORMAT,
    kind: 'answer',
    question: 'diff',
    a: { source: a.source, instance: a.instance },
    b: { source: b.source, instance: b.instance },
    equal: count === 0 && defaultRole === null && allowlist === null,
    roles,
    people,
    defaultRole,
    allowlist,
  };
}

function compareRoles(a: ReadonlyMap<string, Role>, b: ReadonlyMap<string, Role>): DiffAnswer['roles'] {
  const only = (one: ReadonlyMap<string, Role>, other: ReadonlyMap<string, Role>): string[] =>
    [...one.keys()].filter((name) => !other.has(name)).sort(byCodeUnit);
  const changed = [...a].flatMap(([role, mine]): RoleDifference[] => {
    const theirs = b.get(role);
    if (!theirs) return [];
    const onlyA = without(mine.grants, theirs.grants);
    const onlyB = without(theirs.grants, mine.grants);
    const isRewritten = mine.description !== theirs.description;
    if (!isRewritten && onlyA.length + onlyB.length === 0) return [];
    const description = isRewritten ? { a: mine.description, b: theirs.description } : null;
    return [{ role, description, grants: { onlyA, onlyB } }];
  });
  return {
    onlyA: only(a, b),
    onlyB: only(b, a),
    changed: changed.sort((one, other) => byCodeUnit(one.role, other.role)),
  };
}

function comparePeople(a: AccessView, b: AccessView): PersonDifference[] {
  const mine = placesOf(a);
  const theirs = placesOf(b);
  return [...new Set([...mine.keys(), ...theirs.keys()])]
    .sort(byCodeUnit)
    .map((person) => ({ person, a: mine.get(person) ?? null, b: theirs.get(person) ?? null }))
    .filter((one) => one.a !== one.b);
}

/** Person → role name. Of people who share an address, all but the first are listed with their ids. */
function placesOf(view: AccessView): ReadonlyMap<string, string> {
  const places = new Map<string, string>();
  for (const person of view.people) {
    const label = person.email ?? `id ${person.id}`;
    places.set(places.has(label) ? `${label} (id ${person.id})` : label, roleOf(view, person).name);
  }
  return places;
}

/** Roles by name. Of roles that share a name, all but the first are listed with their ids. */
function rolesByName({ roles }: State): ReadonlyMap<string, Role> {
  const byName = new Map<string, Role>();
  for (const role of [...roles.values()].sort((a, b) => (a.id ?? Infinity) - (b.id ?? Infinity)))
    byName.set(byName.has(role.name) ? `${role.name} (id ${role.id ?? 'new'})` : role.name, role);
  return byName;
}

function allowlistOf(state: State): NamedAllowlist {
  const { allowlist } = state;
  if (typeof allowlist === 'string') return allowlist;
  return allowlist.map((key) => nameAt(state, key)).sort(byCodeUnit);
}

function nameAt(state: Pick<State, 'roles'>, key: Parameters<typeof roleAt>[1]): string {
  return roleAt(state, key).name;
}
