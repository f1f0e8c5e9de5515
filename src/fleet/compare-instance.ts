import { without } from '../model/closure.js';
import type { Grant } from '../model/grant.js';
import type { PersonId } from '../model/ids.js';
import { nearName } from '../model/names.js';
import { isOrdinary, peopleByRole, personAt } from '../model/person.js';
import type { Placement } from '../model/placement.js';
import { isSystemRole } from '../model/role.js';
import type { Role, RoleKey } from '../model/role.js';
import { byCodeUnit } from '../model/sort.js';
import type { State } from '../model/state.js';
import type { ComparedSetting, RoleDifference } from './comparison.js';

/** What a manifest wants of an instance. */
export interface WantedState {
  state: State;
  /** The roles that it names → their keys: live, or to be made. Null where a pin is no live role. */
  roles: ReadonlyMap<string, RoleKey | null>;
  /** Names that must not exist. */
  removed: ReadonlySet<string>;
  /** Names that it marks as unmanaged. */
  leftAlone: ReadonlySet<string>;
  unmanagedRoles: 'ignore' | 'report' | 'fail' | 'delete';
  managesDefaultRole: boolean;
  managesAllowlist: boolean;
}

/** An instance as it is, and as the base and its own manifest want it. */
export interface InstanceStates {
  live: State;
  base: WantedState;
  own: WantedState;
  /** Does its manifest extend the base? Then every difference between the two is asked for. */
  extendsBase: boolean;
}

/** Why a role counts that neither the base nor the instance's manifest wants. */
export type Surplus =
  /** No one names it: it counts where instances differ in it. */
  | 'unnamed'
  /** The policy ignores such roles. */
  | 'ignored'
  /** The base removes it, or the policy wants no such role. */
  | 'unwanted';

/** A role of one instance beside the base. */
export interface RoleCell {
  role: string;
  copy: number;
  inBase: boolean;
  present: boolean;
  asked: RoleDifference;
  unasked: RoleDifference;
  /** Null for a role that the base or the manifest wants. */
  surplus: Surplus | null;
}

/** A setting of one instance beside the base. */
export interface SettingCell {
  setting: ComparedSetting['setting'];
  base: ComparedSetting['base'];
  value: ComparedSetting['base'];
  isAsBase: boolean;
  isAsked: boolean;
}

/** How one instance compares with the base. */
export interface ComparedInstance {
  instance: string;
  roles: readonly RoleCell[];
  settings: readonly SettingCell[];
}

/** Nothing differs. */
export const SAME: RoleDifference = {
  presence: null,
  name: null,
  description: null,
  added: [],
  removed: [],
  membersAdded: 0,
  membersRemoved: 0,
};

/**
 * Compares an instance with the base, role by role. The base as it would be on this instance decides what differs, so
 * that ids, renames, unmanaged and additive parts count as they do in a plan; its own manifest decides what is asked for.
 */
export function compareInstance(instance: string, states: InstanceStates): ComparedInstance {
  const named = namedCells(states);
  const surplus = surplusCells(states, named.matched);
  return {
    instance,
    roles: [...named.cells.map((cell) => withLookAlike(cell, surplus)), ...surplus],
    settings: settingCells(states),
  };
}

/** Roles that the base or the manifest of the instance names. */
function namedCells(states: InstanceStates): { cells: RoleCell[]; matched: ReadonlySet<RoleKey> } {
  const { base, own, live } = states;
  const matched = new Set<RoleKey>();
  const cells: RoleCell[] = [];
  for (const name of new Set([...base.roles.keys(), ...own.roles.keys()])) {
    const key = [own.roles.get(name), base.roles.get(name)].find((one) => one && live.roles.has(one));
    if (key) matched.add(key);
    cells.push(namedCell(name, key ?? null, states));
  }
  return { cells, matched };
}

function namedCell(role: string, key: RoleKey | null, states: InstanceStates): RoleCell {
  const { base, own, live } = states;
  const now = key === null ? null : (live.roles.get(key) ?? null);
  const inBase = base.roles.has(role);
  const facts = { role, copy: 1, inBase, present: now !== null, surplus: null };
  const wanted = now && roleIn(own, role, states.extendsBase ? key : null);
  if (!now) {
    // Where both lack it, nothing differs from the base; that an overlay asks for it is drift, and reported as that.
    if (!inBase) return { ...facts, asked: SAME, unasked: SAME };
    return { ...facts, ...byOne({ ...SAME, presence: 'absent' }, own.removed.has(role)) };
  }
  if (!inBase) return { ...facts, ...extraRole(now, wanted) };
  const before = roleIn(base, role, key) ?? now;
  const isLeftAlone = own.leftAlone.has(role);
  const asked = isLeftAlone ? now : wanted;
  const whose = {
    live: peopleOf(live.people, now),
    base: peopleOf(base.state.people, before),
    own: asked === null || isLeftAlone ? null : peopleOf(own.state.people, asked),
  };
  const people = peopleDifference(whose, isLeftAlone);
  return { ...facts, ...difference(now, { before, asked, people }) };
}

/** The role as a manifest wants it; null where it does not name it and none is at the key. */
function roleIn({ state, roles }: WantedState, name: string, key: RoleKey | null): Role | null {
  const own = roles.get(name);
  if (own) return state.roles.get(own) ?? null;
  return key === null ? null : (state.roles.get(key) ?? null);
}

/** All of a difference on one side. */
function byOne(found: RoleDifference, isAsked: boolean): Pick<RoleCell, 'asked' | 'unasked'> {
  return isAsked ? { asked: found, unasked: SAME } : { asked: SAME, unasked: found };
}

/** A role that the manifest of the instance has beside the base. What it holds beyond that is not asked for. */
function extraRole(now: Role, wanted: Role | null): Pick<RoleCell, 'asked' | 'unasked'> {
  const extra = { ...SAME, presence: 'extra' as const };
  if (!wanted) return byOne({ ...extra, added: now.grants }, false);
  const isSame = (one: Role, other: Role): boolean => one.description === other.description;
  return {
    asked: { ...extra, added: now.grants.filter((grant) => wanted.grants.includes(grant)) },
    unasked: {
      ...SAME,
      name: now.name === wanted.name ? null : now.name,
      description: isSame(now, wanted) ? null : now.description,
      added: without(now.grants, wanted.grants),
      removed: without(wanted.grants, now.grants),
    },
  };
}

interface PeopleDifference {
  asked: Pick<RoleDifference, 'membersAdded' | 'membersRemoved'>;
  unasked: Pick<RoleDifference, 'membersAdded' | 'membersRemoved'>;
}

/** What differs between the role as it is and as the base wants it, each part by whether it is asked for. */
function difference(
  now: Role,
  { before, asked, people }: { before: Role; asked: Role | null; people: PeopleDifference | null },
): Pick<RoleCell, 'asked' | 'unasked'> {
  const isRenamed = now.name !== before.name;
  const isRewritten = now.description !== before.description;
  const isSameList = now.grants === before.grants;
  if (!isRenamed && !isRewritten && isSameList && !people) return { asked: SAME, unasked: SAME };
  const added = isSameList ? [] : without(now.grants, before.grants);
  const removed = isSameList ? [] : without(before.grants, now.grants);
  const wants = new Set(asked?.grants);
  const part = (side: boolean): RoleDifference => {
    const isOn = (isAsked: boolean): boolean => isAsked === side;
    const grantOn = (isAsked: (grant: Grant) => boolean) => (grant: Grant) => isOn(isAsked(grant));
    return {
      presence: null,
      name: isRenamed && isOn(asked?.name === now.name) ? now.name : null,
      description: isRewritten && isOn(asked?.description === now.description) ? now.description : null,
      added: added.filter(grantOn((grant) => wants.has(grant))),
      removed: removed.filter(grantOn((grant) => asked !== null && !wants.has(grant))),
      membersAdded: 0,
      membersRemoved: 0,
      ...(side ? people?.asked : people?.unasked),
    };
  };
  return { asked: part(true), unasked: part(false) };
}

/** The ids of the people in a role. Support and system accounts are never compared. */
function peopleOf({ read, moved, of }: Placement, { id: roleId, key }: Role): ReadonlySet<PersonId> {
  const were = roleId === null ? [] : (peopleByRole(read).get(roleId) ?? []);
  const found = new Set<PersonId>();
  for (const person of were) if (isOrdinary(person) && of(person) === key) found.add(person.id);
  for (const [id, place] of moved) {
    const person = place === key ? personAt(read, id) : undefined;
    if (person && isOrdinary(person)) found.add(id);
  }
  return found;
}

/** Null where nobody differs. */
function peopleDifference(
  {
    live,
    base,
    own,
  }: { live: ReadonlySet<PersonId>; base: ReadonlySet<PersonId>; own: ReadonlySet<PersonId> | null },
  isLeftAlone: boolean,
): PeopleDifference | null {
  const [asked, unasked] = [
    { membersAdded: 0, membersRemoved: 0 },
    { membersAdded: 0, membersRemoved: 0 },
  ];
  for (const id of live) if (!base.has(id)) (isLeftAlone || own?.has(id) ? asked : unasked).membersAdded += 1;
  for (const id of base)
    if (!live.has(id)) (isLeftAlone || (own && !own.has(id)) ? asked : unasked).membersRemoved += 1;
  const count = [asked, unasked].some((one) => one.membersAdded + one.membersRemoved > 0);
  return count ? { asked, unasked } : null;
}

/** Live custom roles that neither the base nor the manifest of the instance wants. */
function surplusCells({ live, base, own }: InstanceStates, matched: ReadonlySet<RoleKey>): RoleCell[] {
  const wanted = new Set([...base.roles.keys(), ...own.roles.keys()]);
  const copies = new Map<string, number>([...wanted].map((name) => [name, 1]));
  const rest = [...live.roles.values()]
    .filter(({ key, id }) => !matched.has(key) && id !== null && !isSystemRole(id))
    .sort((a, b) => byCodeUnit(a.name, b.name) || (a.id ?? 0) - (b.id ?? 0));
  return rest.map((role) => {
    const { name, grants } = role;
    const copy = (copies.get(name) ?? 0) + 1;
    copies.set(name, copy);
    const found: RoleDifference = { ...SAME, presence: 'extra', added: grants };
    const facts = { role: name, copy, inBase: false, present: true };
    if (own.leftAlone.has(name)) return { ...facts, ...byOne(found, true), surplus: null };
    return { ...facts, ...byOne(found, false), surplus: surplusOf(name, base, own) };
  });
}

function surplusOf(name: string, base: WantedState, own: WantedState): Surplus {
  const { unmanagedRoles } = own;
  if (base.removed.has(name) || own.removed.has(name)) return 'unwanted';
  if (unmanagedRoles === 'fail' || unmanagedRoles === 'delete') return 'unwanted';
  return unmanagedRoles === 'ignore' ? 'ignored' : 'unnamed';
}

/** An absent role names the live role that looks like it: that is probably a mistake in a name. */
function withLookAlike(cell: RoleCell, surplus: readonly RoleCell[]): RoleCell {
  if (cell.unasked.presence !== 'absent') return cell;
  const form = nearName(cell.role);
  const alike = surplus.find(({ role }) => nearName(role) === form);
  return alike ? { ...cell, unasked: { ...cell.unasked, name: alike.role } } : cell;
}

function settingCells({ live, base, own, extendsBase }: InstanceStates): SettingCell[] {
  const cell = (
    setting: SettingCell['setting'],
    valueOf: (state: State) => ComparedSetting['base'],
    isManaged: boolean,
  ): SettingCell => {
    const [value, wanted, asked] = [valueOf(live), valueOf(base.state), valueOf(own.state)];
    const isSame = (one: ComparedSetting['base']): boolean => JSON.stringify(one) === JSON.stringify(value);
    const isAsked = (extendsBase || isManaged) && isSame(asked);
    return { setting, base: wanted, value, isAsBase: isSame(wanted) || value === 'unreadable', isAsked };
  };
  return [
    ...(base.managesDefaultRole ? [cell('defaultRole', defaultRoleOf, own.managesDefaultRole)] : []),
    ...(base.managesAllowlist ? [cell('allowlist', allowlistOf, own.managesAllowlist)] : []),
  ];
}

function defaultRoleOf({ roles, defaultRole }: State): string {
  return roles.get(defaultRole)?.name ?? '';
}

function allowlistOf({ roles, allowlist }: State): string | readonly string[] {
  if (typeof allowlist === 'string') return allowlist;
  return allowlist.flatMap((key) => roles.get(key)?.name ?? []).sort(byCodeUnit);
}
