import { sameGrants } from '../apply/compare-grants.js';
import type { RoleId } from '../model/ids.js';
import type { LiveAllowlist, LiveRole, Snapshot } from '../model/snapshot.js';
import { stateBefore } from './run-result.js';
import type { RunRecord, RunResult } from './run-result.js';

/** The state before a run, and what the run did. */
interface Undone {
  before: Snapshot;
  result: RunResult;
}

/**
 * A run with current role ids. A role that the run or a later one deleted gets a new id when a rollback creates it
 * again. It is matched by its name, description and grants.
 */
export function withCurrentIds(
  run: Pick<RunRecord, 'before' | 'deletedLater'>,
  result: RunResult,
  live: Snapshot,
): Undone {
  const before = stateBefore(run, live);
  const deleted = new Set([...result.deleted, ...(run.deletedLater ?? [])]);
  const newIds = recreatedRoles({ before, result }, deleted, live);
  if (newIds.size === 0) return { before, result };
  const idOf = (id: RoleId): RoleId => newIds.get(id) ?? id;
  return { before: renumberSnapshot(before, idOf), result: renumberResult(result, idOf) };
}

type IdOf = (id: RoleId) => RoleId;

function renumberSnapshot(before: Snapshot, idOf: IdOf): Snapshot {
  return {
    ...before,
    roles: before.roles.map((role) => ({ ...role, id: idOf(role.id) })),
    defaultRoleId: idOf(before.defaultRoleId),
    allowlist: renumberAllowlist(before.allowlist, idOf),
    people: {
      ...before.people,
      list: before.people.list.map((person) => ({ ...person, roleId: idOf(person.roleId) })),
    },
  };
}

function renumberResult(result: RunResult, idOf: IdOf): RunResult {
  const byRole = <T>(map: ReadonlyMap<RoleId, T>): Map<RoleId, T> =>
    new Map([...map].map(([id, value]) => [idOf(id), value]));
  return {
    created: byRole(result.created),
    // A role that was created again is no longer deleted.
    deleted: new Set([...result.deleted].filter((id) => idOf(id) === id)),
    texts: byRole(result.texts),
    grants: byRole(result.grants),
    placements: new Map([...result.placements].map(([person, roles]) => [person, roles.map(idOf)])),
    settings: result.settings.map(({ defaultRoleId, allowlist }) => ({
      defaultRoleId: idOf(defaultRoleId),
      allowlist: renumberAllowlist(allowlist, idOf),
    })),
  };
}

function renumberAllowlist(allowlist: LiveAllowlist, idOf: IdOf): LiveAllowlist {
  return typeof allowlist === 'string' ? allowlist : allowlist.map(idOf).sort((a, b) => a - b);
}

/** The new id of each role that was created again, by its earlier id. */
function recreatedRoles(
  undone: Undone,
  deleted: ReadonlySet<RoleId>,
  live: Snapshot,
): ReadonlyMap<RoleId, RoleId> {
  const { before, result } = undone;
  const known = new Set([...before.roles.map(({ id }) => id), ...result.created.keys()]);
  const isLive = new Set(live.roles.map(({ id }) => id));
  const made = live.roles.filter(({ id }) => !known.has(id));
  const pairs = [...known]
    .filter((id) => deleted.has(id) && !isLive.has(id))
    .flatMap((id): [RoleId, RoleId][] =>
      made.filter((role) => isSame(role, id, undone)).map((role) => [id, role.id]),
    );
  return new Map(pairs);
}

/** Is this role as the run found the earlier one, or as the run left it? */
function isSame(role: LiveRole, id: RoleId, { before, result }: Undone): boolean {
  const was = before.roles.find((one) => one.id === id);
  const texts = result.texts.get(id) ?? (was ? [was] : []);
  const grants = result.grants.get(id) ?? (was ? [was.grants] : []);
  const isAsFound = was !== undefined && hasText(role, was) && sameGrants(role.grants, was.grants);
  const isAsLeft =
    grants !== 'any' &&
    texts.some((text) => hasText(role, text)) &&
    grants.some((list) => sameGrants(role.grants, list));
  return isAsFound || isAsLeft;
}

function hasText(role: LiveRole, text: Pick<LiveRole, 'name' | 'description'>): boolean {
  return role.name === text.name && role.description === text.description;
}
