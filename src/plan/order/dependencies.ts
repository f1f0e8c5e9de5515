import { byCodeUnit } from '../../model/sort.js';
import { MANAGE_ROLES } from '../../model/grant.js';
import { liveKey } from '../../model/role.js';
import type { RoleKey } from '../../model/role.js';
import { changeIds } from '../change-id.js';
import type { ChangeId } from '../change-id.js';
import type { OrderedChange, GrantStage, PlanRoleId, ChangeDraft, ChangeDraftOf } from '../change.js';
import type { DeriveInput } from './derive-input.js';

/** The changes of a plan in their order, without links. */
export interface Order {
  body: readonly ChangeDraft[];
  /** What takes the acting person's power: it waits for everything else, which would be refused after it. */
  end: readonly ChangeDraft[];
  /** The order of names: for each of these changes those that must be done first. */
  waitsFor: ReadonlyMap<ChangeDraft, readonly ChangeDraft[]>;
}

/**
 * Gives each change its id and the ids of those that it waits for: after a failed shrink nobody is moved in,
 * after a failed move no growth is written.
 */
export function linkChanges(order: Order, input: DeriveInput): OrderedChange[] {
  const { body, end } = order;
  const changes = [...body, ...end];
  const ids = changeIds(changes);
  const idOf = new Map(changes.map((change, index) => [change, ids[index] as ChangeId]));
  const find = finders(changes, input);
  const isLast = new Set(end);
  return changes.map((change, index): OrderedChange => {
    const first = new Set([
      ...(order.waitsFor.get(change) ?? []),
      ...needs(change, changes.slice(0, index), find),
      ...(isLast.has(change) ? body : []),
    ]);
    first.delete(change);
    const dependsOn = [...first].flatMap((one) => idOf.get(one) ?? []).sort(byCodeUnit);
    return { id: ids[index] as ChangeId, ...change, dependsOn };
  });
}

/** Looks up the changes that others wait for. */
interface Finders {
  createOf: (roleId: PlanRoleId) => ChangeDraft[];
  grantsOf: (roleId: PlanRoleId, stage?: GrantStage) => ChangeDraft[];
  /** The moves by which people leave a live role. */
  leaversOf: (roleId: PlanRoleId) => ChangeDraft[];
  /** Settings that make way for a role's new `authorization.roles`. */
  early: readonly ChangeDraft[];
  allowlist: readonly ChangeDraft[];
  /** The change by which a role stops being the default. */
  defaultFrom: (roleId: number) => ChangeDraft[];
  gainsPower: (change: ChangeDraftOf<'grants.set'>) => boolean;
}

function finders(changes: readonly ChangeDraft[], { live, cohorts, dependencies }: DeriveInput): Finders {
  const creates = new Map<PlanRoleId, ChangeDraft>();
  const writes = new Map<PlanRoleId, ChangeDraftOf<'grants.set'>[]>();
  const moveOf = new Map<number, ChangeDraft>();
  for (const change of changes) {
    if (change.kind === 'role.create') creates.set(change.roleId, change);
    if (change.kind === 'grants.set') push(writes, change.roleId, change);
    if (change.kind === 'members.move') for (const { id } of change.people) moveOf.set(id, change);
  }
  const leaving = new Map<RoleKey, ChangeDraft[]>();
  for (const { from, to, people } of cohorts) {
    if (from === to) continue;
    // Whoever moves from one role to another with others does so in the same change.
    const move = people.map((id) => moveOf.get(id)).find((found) => found !== undefined);
    if (move) push(leaving, from, move);
  }
  const settings = changes.filter(({ kind }) => kind === 'allowlist.set' || kind === 'defaultRole.set');
  const lastGrants = changes.findLastIndex((one) => one.kind === 'grants.set' && one.stage !== 'last');
  return {
    createOf: (roleId) => [creates.get(roleId) ?? []].flat(),
    grantsOf: (roleId, stage) =>
      (writes.get(roleId) ?? []).filter((write) => stage === undefined || write.stage === stage),
    leaversOf: (roleId) => (typeof roleId === 'number' ? (leaving.get(liveKey(roleId)) ?? []) : []),
    early: settings.filter((change) => changes.indexOf(change) < lastGrants),
    allowlist: settings.filter(({ kind }) => kind === 'allowlist.set'),
    defaultFrom: (roleId) =>
      live.defaultRole === liveKey(roleId) ? settings.filter(({ kind }) => kind === 'defaultRole.set') : [],
    gainsPower: ({ before, after }) =>
      dependencies.closure(after).has(MANAGE_ROLES) && !before.includes(MANAGE_ROLES),
  };
}

/** What a change waits for; `earlier` are those before it. */
function needs(change: ChangeDraft, earlier: readonly ChangeDraft[], find: Finders): readonly ChangeDraft[] {
  switch (change.kind) {
    case 'role.create':
    case 'role.update':
      return [];
    case 'grants.set': {
      const { roleId, stage } = change;
      const first =
        stage === 'before-moves' ? [] : [...find.grantsOf(roleId, 'before-moves'), ...find.leaversOf(roleId)];
      return [...find.createOf(roleId), ...first, ...(find.gainsPower(change) ? find.early : [])];
    }
    case 'members.move':
      return [...find.createOf(change.roleId), ...find.grantsOf(change.roleId, 'before-moves')];
    case 'defaultRole.set':
      return [
        ...find.createOf(change.roleId),
        ...(find.early.includes(change) ? [] : find.grantsOf(change.roleId)),
      ];
    case 'allowlist.set': {
      const on = new Set(change.afterIds ?? []);
      return [
        ...[...on].flatMap(find.createOf),
        ...earlier.filter(
          (one) =>
            one.kind === 'defaultRole.set' ||
            one.kind === 'allowlist.set' ||
            (one.kind === 'grants.set' && one.before.includes(MANAGE_ROLES) && on.has(one.roleId)),
        ),
      ];
    }
    case 'role.delete':
      return [...find.leaversOf(change.roleId), ...find.defaultFrom(change.roleId), ...find.allowlist];
  }
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
