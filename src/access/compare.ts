import equal from 'fast-deep-equal';
import { accountText } from '../model/person.js';
import { requireSelected, selectionOf, selects } from '../manifest/selection.js';
import type { Selection } from '../manifest/selection.js';
import { grantsWithout } from '../model/closure.js';
import { byCodeUnit } from '../model/sort.js';
import type { Grant } from '../model/grant.js';
import type { RoleId } from '../model/ids.js';
import type { Role } from '../model/role.js';
import { roleAt } from '../model/state.js';
import type { State } from '../model/state.js';
import { ANSWER_FORMAT } from './ask.js';
import { roleOf, sourceOf } from './view.js';
import type { AccessSource, AccessView } from './view.js';

/** How a role that both sides have differs. */
export interface RoleDifference {
  role: string;
  /** Null if it is equal. */
  description: { a: string; b: string } | null;
  grants: { onlyA: readonly Grant[]; onlyB: readonly Grant[] };
}

/** A role of one instance with one id and two names. */
export interface RenamedRole extends Omit<RoleDifference, 'role'> {
  id: RoleId;
  a: string;
  b: string;
}

/** A person who is in different roles, or exists on one side only. */
export interface PersonDifference {
  /** The address; `id 123` for an account without one. */
  person: string;
  /** Name of the role; null if the person does not exist on this side. */
  a: string | null;
  b: string | null;
}

/** One side of a comparison: where its state comes from, and when its snapshot was taken, in ISO 8601. */
export interface ComparedState {
  source: AccessSource;
  takenAt?: string;
  instance: string;
}

/**
 * How two states differ. Everything is compared by name, because ids differ between instances; renames are listed too.
 */
export interface DiffAnswer {
  formatVersion: typeof ANSWER_FORMAT;
  kind: 'answer';
  question: 'diff';
  a: ComparedState;
  b: ComparedState;
  /** True if nothing that was compared differs. */
  equal: boolean;
  roles: {
    onlyA: readonly string[];
    onlyB: readonly string[];
    /** By name. */
    changed: readonly RoleDifference[];
    /** Those of `onlyA` and `onlyB` that are one role of one instance. Absent if there are none. */
    renamed?: readonly RenamedRole[];
  };
  people: readonly PersonDifference[];
  /** Null if it is equal. */
  defaultRole: { a: string; b: string } | null;
  allowlist: { a: NamedAllowlist; b: NamedAllowlist } | null;
  /** What could not be read on one side, and so was not compared. Absent if all was. */
  notCompared?: readonly 'allowlist'[];
}

/** The allowlist by sorted role names; `off` or `unreadable` if there is none to compare. */
export type NamedAllowlist = readonly string[] | 'off' | 'unreadable';

/**
 * Compares two states by the names of roles and grants and the addresses of people. An allowlist that cannot be read on
 * one side is not compared. If roles are selected, only people in one of them on either side are compared. Raises
 * `not-found` for a selected role that neither side has.
 */
export function diffStates(a: AccessView, b: AccessView, selection: Selection = selectionOf()): DiffAnswer {
  const [mine, theirs] = [rolesByName(a.state), rolesByName(b.state)];
  requireSelected(selection, [...mine.keys(), ...theirs.keys()]);
  const { without } = selection;
  const only = { onlyA: namesOnlyIn(mine, theirs), onlyB: namesOnlyIn(theirs, mine) };
  const renamed = a.instance === b.instance ? renamedRoles(only, { mine, theirs }, selection) : [];
  const selected = withBothNames(selection, renamed);
  const roles = compareRoles({ mine, theirs }, { ...only, renamed }, selected);
  const people = without.has('members') ? [] : comparePeople(a, b, selected);
  const defaultRole = without.has('defaultRole') ? null : compareDefaults(a.state, b.state);
  const lists = without.has('allowlist') ? null : { a: allowlistOf(a.state), b: allowlistOf(b.state) };
  const isUnknown = lists !== null && (lists.a === 'unreadable' || lists.b === 'unreadable');
  const allowlist = lists === null || isUnknown || equal(lists.a, lists.b) ? null : lists;
  const count = roles.onlyA.length + roles.onlyB.length + roles.changed.length + people.length;
  return {
    formatVersion: ANSWER_FORMAT,
    kind: 'answer',
    question: 'diff',
    a: { ...sourceOf(a), instance: a.instance },
    b: { ...sourceOf(b), instance: b.instance },
    equal: count === 0 && defaultRole === null && allowlist === null,
    roles,
    people,
    defaultRole,
    allowlist,
    ...(isUnknown ? { notCompared: ['allowlist'] } : {}),
  };
}

function compareDefaults(a: State, b: State): DiffAnswer['defaultRole'] {
  const defaults = { a: nameAt(a, a.defaultRole), b: nameAt(b, b.defaultRole) };
  return defaults.a === defaults.b ? null : defaults;
}

/** The roles of both sides by name. */
type BothSides = Readonly<Record<'mine' | 'theirs', ReadonlyMap<string, Role>>>;

function namesOnlyIn(one: ReadonlyMap<string, Role>, other: ReadonlyMap<string, Role>): string[] {
  return [...one.keys()].filter((name) => !other.has(name)).sort(byCodeUnit);
}

/** A role that was renamed is one role: a selection by one of its names includes the other. */
function withBothNames(selection: Selection, renamed: readonly RenamedRole[]): Selection {
  if (selection.roles === null) return selection;
  const both = renamed.filter(({ a, b }) => selects(selection, a) || selects(selection, b));
  return { ...selection, roles: new Set([...selection.roles, ...both.flatMap(({ a, b }) => [a, b])]) };
}

function compareRoles(
  { mine, theirs }: BothSides,
  { onlyA, onlyB, renamed }: { onlyA: string[]; onlyB: string[]; renamed: readonly RenamedRole[] },
  selection: Selection,
): DiffAnswer['roles'] {
  const isSelected = (name: string): boolean => selects(selection, name);
  const changed = [...mine].flatMap(([role, before]): RoleDifference[] => {
    const after = theirs.get(role);
    const found = after && isSelected(role) ? compareRole(before, after, selection) : null;
    return found ? [{ role, ...found }] : [];
  });
  const selected = renamed.filter(({ a }) => isSelected(a));
  return {
    onlyA: onlyA.filter(isSelected),
    onlyB: onlyB.filter(isSelected),
    changed: changed.sort((one, other) => byCodeUnit(one.role, other.role)),
    ...(selected.length > 0 ? { renamed: selected } : {}),
  };
}

/** Finds the roles that the two sides know by one id under two names. */
function renamedRoles(
  { onlyA, onlyB }: Pick<DiffAnswer['roles'], 'onlyA' | 'onlyB'>,
  { mine, theirs }: BothSides,
  selection: Selection,
): RenamedRole[] {
  const newNames = new Map(onlyB.map((name) => [theirs.get(name)?.id ?? null, name]));
  return onlyA.flatMap((name): RenamedRole[] => {
    const before = mine.get(name);
    const id = before?.id ?? null;
    const newName = id === null ? undefined : newNames.get(id);
    const after = newName === undefined ? undefined : theirs.get(newName);
    if (!before || !after || id === null || newName === undefined) return [];
    return [{ id, a: name, b: newName, ...differenceOf(before, after, selection) }];
  });
}

/** Returns null if nothing in the selection differs. */
function compareRole(a: Role, b: Role, selection: Selection): Omit<RoleDifference, 'role'> | null {
  const found = differenceOf(a, b, selection);
  const { onlyA, onlyB } = found.grants;
  return found.description === null && onlyA.length + onlyB.length === 0 ? null : found;
}

function differenceOf(a: Role, b: Role, { without }: Selection): Omit<RoleDifference, 'role'> {
  const hasGrants = !without.has('grants');
  const hasNewDescription = !without.has('descriptions') && a.description !== b.description;
  return {
    description: hasNewDescription ? { a: a.description, b: b.description } : null,
    grants: {
      onlyA: hasGrants ? grantsWithout(a.grants, b.grants) : [],
      onlyB: hasGrants ? grantsWithout(b.grants, a.grants) : [],
    },
  };
}

function comparePeople(a: AccessView, b: AccessView, selection: Selection): PersonDifference[] {
  const mine = roleNames(a);
  const theirs = roleNames(b);
  const isSelected = (role: string | null): boolean => role !== null && selects(selection, role);
  return [...new Set([...mine.keys(), ...theirs.keys()])]
    .sort(byCodeUnit)
    .map((person) => ({ person, a: mine.get(person) ?? null, b: theirs.get(person) ?? null }))
    .filter((one) => one.a !== one.b && (isSelected(one.a) || isSelected(one.b)));
}

/** Person → role name. If several people share an address, all but the first have their ids in the key. */
function roleNames(view: AccessView): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const person of view.people) {
    const label = accountText(person);
    names.set(names.has(label) ? `${label} (id ${person.id})` : label, roleOf(view, person).name);
  }
  return names;
}

/** Roles by name. If several roles share a name, all but the first have their ids in the key. */
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
