import { hasProbeName, isThrowaway, throwawayRoles } from '../../model/throwaway-role.js';
import type { ThrowawayRole } from '../../model/throwaway-role.js';
import type { ProblemError } from '../../problem/problem.js';
import type { ProbedRole } from './client.js';
import { codesOf, attempt } from './attempt.js';
import { ownThrowaways, removeThrowaway, waitUntilGone } from './throwaways.js';
import type { ProbeSession } from './throwaways.js';
import type { RoleId } from '../../model/ids.js';

/** A role that stays on the instance. */
export interface RemainingRole {
  /** Possible names; one if it is certain. */
  names: readonly string[];
  /** Null if unknown. */
  id: RoleId | null;
  /** Why it was not deleted. */
  reason: string;
}

/** Deletes the throwaway roles of earlier probes. Returns the roles that could not be deleted. */
export async function cleanUpEarlier(
  session: ProbeSession,
  earlier: readonly ThrowawayRole[],
): Promise<RemainingRole[]> {
  const left: RemainingRole[] = [];
  for (const { role, live } of stillLive(await session.client.roles(), earlier))
    left.push(...(await remove(session, role, live)));
  return left;
}

/**
 * Deletes the throwaway roles of this probe, and returns those that remain or may remain. Waits for roles whose create had
 * no answer. Errors are reasons.
 */
export async function cleanUpOwn(session: ProbeSession): Promise<RemainingRole[]> {
  const { seen } = session;
  const left: RemainingRole[] = [];
  const own = ownThrowaways(session);
  for (const [index, role] of own.entries()) {
    const found = await attempt(() => waitForRole(session, role));
    // Without the list of roles, nothing is known about the other roles either.
    if ('error' in found) return [...left, ...own.slice(index).map((one) => lost(one, found.error))];
    const live = found.value;
    if (live !== null) left.push(...(await remove(session, role, live)));
    else if (role.id === null || !seen.has(role.id))
      left.push({ names: role.names, id: role.id, reason: 'it is not known whether it was made' });
  }
  return left;
}

/**
 * Deletes the roles that are live although their create was refused. Returns those that could not be deleted, or null if
 * there is none.
 */
export async function cleanUpRefused(session: ProbeSession): Promise<RemainingRole[] | null> {
  const { client, notes, refused } = session;
  if (refused.size === 0) return null;
  const roles = await attempt(() => client.roles());
  if ('error' in roles) return null;
  const made = throwawayRoles(notes).filter(({ names }) => names.some((name) => refused.has(name)));
  const late = stillLive(roles.value, made);
  const left: RemainingRole[] = [];
  for (const { role, live } of late) left.push(...(await remove(session, role, live)));
  return late.length > 0 ? left : null;
}

async function waitForRole(
  { client, delays }: ProbeSession,
  role: ThrowawayRole,
): Promise<ProbedRole | null> {
  const isHere = async (): Promise<ProbedRole | null> =>
    (await client.roles()).find((live) => isSameRole(live, role)) ?? null;
  return delays.waitFor(isHere, { accepted: false });
}

/** A role whose state is not known after an error. */
function lost({ names, id }: Pick<ThrowawayRole, 'names' | 'id'>, error: ProblemError): RemainingRole {
  return { names, id, reason: `it is not known whether it is still there (${codesOf(error)})` };
}

/** Roles with the name of a throwaway role that no journal of this folder contains. They are never deleted. */
export function withoutJournal(
  roles: readonly ProbedRole[],
  earlier: readonly ThrowawayRole[],
): RemainingRole[] {
  return roles
    .filter((live) => hasProbeName(live) && !earlier.some((role) => isSameRole(live, role)))
    .map(({ id, name }) => ({ id, names: [name], reason: 'no journal of a probe in this folder names it' }));
}

/** Throwaway roles of earlier probes that are live. */
export function stillLive(
  roles: readonly ProbedRole[],
  earlier: readonly ThrowawayRole[],
): { role: ThrowawayRole; live: ProbedRole }[] {
  return earlier.flatMap((role) => {
    const live = roles.find((one) => isSameRole(one, role));
    return live === undefined ? [] : [{ role, live }];
  });
}

/** Matches by id too, so that a renamed role is reported. */
function isSameRole(live: { id: RoleId; name: string }, role: ThrowawayRole): boolean {
  return live.id === role.id || isThrowaway(live, role);
}

async function remove(
  session: ProbeSession,
  role: ThrowawayRole,
  live: ProbedRole,
): Promise<RemainingRole[]> {
  const left = { names: [live.name], id: live.id };
  const removal = await attempt(() => removeThrowaway(session, { ...role, id: live.id }));
  if ('error' in removal) return removeFailed(session, left, removal.error);
  return removal.value.kind === 'deleted' ? [] : [{ ...left, reason: removal.value.reason }];
}

/** Looks whether a role is still there: a delete that ended with an error may have been done. */
async function removeFailed(
  session: ProbeSession,
  role: { names: readonly string[]; id: RoleId },
  error: ProblemError,
): Promise<RemainingRole[]> {
  const gone = await attempt(() => waitUntilGone(session, role.id, { accepted: false }));
  if ('error' in gone) return [lost(role, gone.error)];
  return gone.value ? [] : [{ ...role, reason: `it could not be deleted (${codesOf(error)})` }];
}
