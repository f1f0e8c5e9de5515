import { nearName } from '../model/near-name.js';
import { isSystemRole } from '../model/role.js';
import type { Role, RoleKey } from '../model/role.js';
import { byCodeUnit } from '../model/sort.js';
import {
  NO_DIFFERENCE,
  allAsked,
  allUnasked,
  extraRole,
  peopleDifference,
  peopleOf,
  roleDifference,
} from './compare-role.js';
import { settingCells } from './compare-settings.js';
import type {
  ComparedInstance,
  InstanceStates,
  KnownStates,
  RoleCell,
  ExtraRoleReason,
  WantedState,
} from './compared-instance.js';
import type { RoleDifference } from './comparison.js';

/**
 * Compares an instance with the base, role by role. Differences are taken from the base resolved on this instance, so
 * that ids, renames, unmanaged and additive parts count as they do in a plan. Whether a difference is intended depends on
 * the instance's own manifest.
 */
export function compareInstance(instance: string, states: InstanceStates): ComparedInstance {
  const asBase = compareKnown(instance, { ...states, own: states.base });
  // Without differences from the base, the instance's own manifest has no effect on the result.
  return isAsBase(asBase) ? asBase : compareKnown(instance, { ...states, own: states.own() });
}

function isAsBase({ roles, settings }: ComparedInstance): boolean {
  const isSame = ({ surplus, asked, unasked }: RoleCell): boolean =>
    surplus === null && asked === NO_DIFFERENCE && unasked === NO_DIFFERENCE;
  return roles.every(isSame) && settings.every(({ isRead, isAsBase }) => isAsBase || !isRead);
}

function compareKnown(instance: string, states: KnownStates): ComparedInstance {
  const named = namedCells(states);
  const surplus = surplusCells(states, named.matched);
  return {
    instance,
    roles: [...named.cells.map((cell) => withLookAlike(cell, surplus)), ...surplus],
    settings: settingCells(states),
  };
}

/** Roles that the base or the manifest of the instance names. */
function namedCells(states: KnownStates): { cells: RoleCell[]; matched: ReadonlySet<RoleKey> } {
  const { base, own, live } = states;
  const matched = new Set<RoleKey>();
  const cells: RoleCell[] = [];
  for (const name of new Set([...base.roles.keys(), ...own.roles.keys()])) {
    const key = [own.roles.get(name), base.roles.get(name)].find((one) => one && live.roles.has(one));
    if (key) matched.add(key);
    // If both lack it, nothing differs from the base; an overlay that wants it is drift, and reported as drift.
    if (key || base.roles.has(name)) cells.push(namedCell(name, key ?? null, states));
  }
  return { cells, matched };
}

function namedCell(role: string, key: RoleKey | null, states: KnownStates): RoleCell {
  const { base, own, live } = states;
  const now = key === null ? null : (live.roles.get(key) ?? null);
  const inBase = base.roles.has(role);
  const facts = { role, copy: 1, inBase, present: now !== null, surplus: null };
  const wanted = now && roleIn(own, role, states.extendsBase ? key : null);
  if (!now) {
    const isAsked = own.removed.has(role) || own.leftAlone.has(role);
    const absent: RoleDifference = { ...NO_DIFFERENCE, presence: 'absent' };
    return { ...facts, ...(isAsked ? allAsked(absent) : allUnasked(absent)) };
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
  return { ...facts, ...roleDifference(now, { before, asked, people }) };
}

/** The role in a manifest's end state, by name or else by key; null if there is none. */
function roleIn({ state, roles }: WantedState, name: string, key: RoleKey | null): Role | null {
  const own = roles.get(name);
  if (own) return state.roles.get(own) ?? null;
  return key === null ? null : (state.roles.get(key) ?? null);
}

/** Live custom roles that neither the base nor the manifest of the instance wants. */
function surplusCells({ live, base, own }: KnownStates, matched: ReadonlySet<RoleKey>): RoleCell[] {
  const wanted = new Set([...base.roles.keys(), ...own.roles.keys()]);
  const copies = new Map<string, number>([...wanted].map((name) => [name, 1]));
  const rest = [...live.roles.values()]
    .filter(({ key, id }) => !matched.has(key) && id !== null && !isSystemRole(id))
    .sort((a, b) => byCodeUnit(a.name, b.name) || (a.id ?? 0) - (b.id ?? 0));
  return rest.map((role) => {
    const { name, grants } = role;
    const copy = (copies.get(name) ?? 0) + 1;
    copies.set(name, copy);
    const found: RoleDifference = { ...NO_DIFFERENCE, presence: 'extra', added: grants };
    const facts = { role: name, copy, inBase: false, present: true };
    if (own.leftAlone.has(name)) return { ...facts, ...allAsked(found), surplus: null };
    return { ...facts, ...allUnasked(found), surplus: surplusOf(name, base, own) };
  });
}

function surplusOf(name: string, base: WantedState, own: WantedState): ExtraRoleReason {
  const { unmanagedRoles } = own;
  if (base.removed.has(name) || own.removed.has(name)) return 'unwanted';
  if (unmanagedRoles === 'fail' || unmanagedRoles === 'delete') return 'unwanted';
  return unmanagedRoles === 'ignore' ? 'ignored' : 'unnamed';
}

/** Adds the live role with a similar name to an absent role: the name is probably misspelled. */
function withLookAlike(cell: RoleCell, surplus: readonly RoleCell[]): RoleCell {
  if (cell.unasked.presence !== 'absent') return cell;
  const form = nearName(cell.role);
  const alike = surplus.find(({ role }) => nearName(role) === form);
  return alike ? { ...cell, unasked: { ...cell.unasked, name: alike.role } } : cell;
}
