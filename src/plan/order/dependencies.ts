import type { Dependencies } from '../../model/closure.js';
import { MANAGE_ROLES } from '../../model/grant.js';
import { addTo } from '../../model/group.js';
import { keyOf, liveKey } from '../../model/role.js';
import type { RoleKey } from '../../model/role.js';
import { byCodeUnit } from '../../model/sort.js';
import { changeIds } from '../change-id.js';
import type { ChangeId } from '../change-id.js';
import { isSetting } from '../change-kinds.js';
import type { ChangeDraft, ChangeDraftOf, GrantStage, OrderedChange, PlanRoleId } from '../change.js';
import type { DeriveInput } from './derive-input.js';
import type { RoleId } from '../../model/ids.js';

/** The changes of a plan in their order, without ids and dependencies. */
export interface Order {
  body: readonly ChangeDraft[];
  /** The changes that take `authorization.roles` from the acting person. They wait for everything else, which would be rejected after them. */
  end: readonly ChangeDraft[];
  /** For each change of a name, the changes that must be done first. */
  waitsFor: ReadonlyMap<ChangeDraft, readonly ChangeDraft[]>;
}

/** Adds to each change its id and `dependsOn`, the ids of the changes that must be done before it. */
export function linkChanges({ body, end, waitsFor }: Order, input: DeriveInput): OrderedChange[] {
  const changes = [...body, ...end];
  const ids = new Map(changeIds(changes).map((id, index) => [changes[index], id]));
  const plan = lookup(changes, input);
  const isLast = new Set(end);
  return changes.map((change): OrderedChange => {
    const first = new Set([
      ...(waitsFor.get(change) ?? []),
      ...arrowsOf(change, plan),
      ...(isLast.has(change) ? body : []),
    ]);
    first.delete(change);
    const dependsOn = [...first].flatMap((one) => ids.get(one) ?? []).sort(byCodeUnit);
    return { id: ids.get(change) as ChangeId, ...change, dependsOn };
  });
}

/** The dependencies of a change, by its kind. Each arrow below has one reason. */
function arrowsOf(change: ChangeDraft, plan: Lookup): readonly ChangeDraft[] {
  switch (change.kind) {
    case 'role.create':
    case 'role.update':
      return [];
    case 'grants.set':
      return [createOfRole, firstWriteOfSplit, movesOutOfRole, settingsBefore].flatMap((arrow) =>
        arrow(change, plan),
      );
    case 'members.move':
      return [createOfRole, shrinkOfTarget].flatMap((arrow) => arrow(change, plan));
    case 'defaultRole.set':
      return [createOfRole, grantsOfDefault].flatMap((arrow) => arrow(change, plan));
    case 'allowlist.set':
      return [createsOfListed, earlierSettings, shrinksOfListed].flatMap((arrow) => arrow(change, plan));
    case 'role.delete':
      return [movesOutOfRole, defaultElsewhere, allowlistWithout].flatMap((arrow) => arrow(change, plan));
  }
}

type Arrow<C extends ChangeDraft> = (change: C, plan: Lookup) => readonly ChangeDraft[];
type GrantsDraft = ChangeDraftOf<'grants.set'>;

/** A role has no id before it is created. */
const createOfRole: Arrow<GrantsDraft | ChangeDraftOf<'members.move' | 'defaultRole.set'>> = (
  { roleId },
  { createOf },
) => createOf(roleId);

/** The second write of a split builds on the first: without it the list is unknown. */
const firstWriteOfSplit: Arrow<GrantsDraft> = ({ roleId, stage }, { grantsOf }) =>
  stage === 'before-moves' ? [] : grantsOf(roleId, 'before-moves');

/** People who failed to leave would get the grants meant for those who stay, or lose their role with its deletion. */
const movesOutOfRole: Arrow<GrantsDraft | ChangeDraftOf<'role.delete'>> = (change, { movesOutOf }) =>
  change.kind === 'grants.set' && change.stage === 'before-moves' ? [] : movesOutOf(change.roleId);

/** Domo rejects `authorization.roles` for the default role and for roles on the allowlist. */
const settingsBefore: Arrow<GrantsDraft> = (change, { gainsPower, earlySettings }) =>
  gainsPower(change) ? earlySettings : [];

/** If removing grants fails, people who move in would hold the grants that should be gone. */
const shrinkOfTarget: Arrow<ChangeDraftOf<'members.move'>> = ({ roleId }, { grantsOf }) =>
  grantsOf(roleId, 'before-moves');

/** New people get the default role at once, so it must hold its planned grants first. */
const grantsOfDefault: Arrow<ChangeDraftOf<'defaultRole.set'>> = (change, { grantsOf, earlySettings }) =>
  earlySettings.includes(change) ? [] : grantsOf(change.roleId);

/** A role has no id before it is created. */
const createsOfListed: Arrow<ChangeDraftOf<'allowlist.set'>> = ({ afterIds }, { createOf }) =>
  (afterIds ?? []).flatMap(createOf);

/** One request writes both settings, so each contains the result of the one before it. */
const earlierSettings: Arrow<ChangeDraftOf<'allowlist.set'>> = (change, { before }) =>
  before(change).filter(isSetting);

/** Domo rejects a role on the allowlist while it holds `authorization.roles`. */
const shrinksOfListed: Arrow<ChangeDraftOf<'allowlist.set'>> = (change, { before }) =>
  before(change).filter(
    (one) =>
      one.kind === 'grants.set' &&
      one.before.includes(MANAGE_ROLES) &&
      (change.afterIds ?? []).includes(one.roleId),
  );

/** Domo rejects deleting the default role. */
const defaultElsewhere: Arrow<ChangeDraftOf<'role.delete'>> = ({ roleId }, { defaultFrom }) =>
  defaultFrom(roleId);

/** A list that is sent must not contain a deleted role. */
const allowlistWithout: Arrow<ChangeDraftOf<'role.delete'>> = (_, { allowlistChanges }) => allowlistChanges;

/** Lookups of the changes that others depend on. */
interface Lookup {
  createOf: (roleId: PlanRoleId) => readonly ChangeDraft[];
  grantsOf: (roleId: PlanRoleId, stage?: GrantStage) => readonly ChangeDraft[];
  /** The moves of people out of a live role. */
  movesOutOf: (roleId: PlanRoleId) => readonly ChangeDraft[];
  /** Settings that are written before grants, because a role gains `authorization.roles`. */
  earlySettings: readonly ChangeDraft[];
  allowlistChanges: readonly ChangeDraft[];
  /** The change that makes another role the default. */
  defaultFrom: (roleId: RoleId) => readonly ChangeDraft[];
  gainsPower: (change: GrantsDraft) => boolean;
  /** The changes before a change, in order. */
  before: (change: ChangeDraft) => readonly ChangeDraft[];
}

function lookup(
  changes: readonly ChangeDraft[],
  { live, cohorts, dependencies }: Pick<DeriveInput, 'live' | 'cohorts' | 'dependencies'>,
): Lookup {
  const creates = new Map<PlanRoleId, ChangeDraft[]>();
  const writes = new Map<PlanRoleId, GrantsDraft[]>();
  for (const change of changes) {
    if (change.kind === 'role.create') addTo(creates, change.roleId, change);
    if (change.kind === 'grants.set') addTo(writes, change.roleId, change);
  }
  const moves = movesByOrigin(changes, cohorts);
  const settings = changes.filter(isSetting);
  const lastGrants = changes.findLastIndex((one) => one.kind === 'grants.set' && one.stage !== 'last');
  return {
    createOf: (roleId) => creates.get(roleId) ?? [],
    grantsOf: (roleId, stage) =>
      (writes.get(roleId) ?? []).filter((write) => stage === undefined || write.stage === stage),
    movesOutOf: (roleId) => (typeof roleId === 'number' ? (moves.get(liveKey(roleId)) ?? []) : []),
    earlySettings: settings.filter((change) => changes.indexOf(change) < lastGrants),
    allowlistChanges: settings.filter(({ kind }) => kind === 'allowlist.set'),
    defaultFrom: (roleId) =>
      live.defaultRole === liveKey(roleId) ? settings.filter(({ kind }) => kind === 'defaultRole.set') : [],
    gainsPower: (change) => gainsPower(change, dependencies),
    before: (change) => changes.slice(0, changes.indexOf(change)),
  };
}

function gainsPower({ before, after }: GrantsDraft, dependencies: Dependencies): boolean {
  return dependencies.closure(after).has(MANAGE_ROLES) && !before.includes(MANAGE_ROLES);
}

/** The moves out of each role. People of one cohort move in the same change, so checking the first is enough. */
function movesByOrigin(
  changes: readonly ChangeDraft[],
  cohorts: DeriveInput['cohorts'],
): Map<RoleKey, ChangeDraft[]> {
  const movesInto = new Map<RoleKey, ChangeDraftOf<'members.move'>[]>();
  for (const change of changes)
    if (change.kind === 'members.move') addTo(movesInto, keyOf(change.roleId), change);
  const moves = new Map<RoleKey, ChangeDraft[]>();
  for (const { from, to, people } of cohorts) {
    if (from === to) continue;
    const into = movesInto.get(to) ?? [];
    // The acting person may move after all others.
    const move =
      into.length > 1 ? into.find((one) => one.people.some(({ id }) => id === people[0]?.id)) : into[0];
    if (move) addTo(moves, from, move);
  }
  return moves;
}
