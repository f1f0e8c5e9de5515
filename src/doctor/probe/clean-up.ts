import { hasProbeName, isThrowaway } from '../../model/throwaway-role.js';
import type { ThrowawayRole } from '../../model/throwaway-role.js';
import type { ProbedRole } from './client.js';
import { ownThrowaways, removeThrowaway } from './throwaways.js';
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

/** Deletes the throwaway roles of this probe. Waits for roles whose create had no answer. */
export async function cleanUpOwn(session: ProbeSession): Promise<RemainingRole[]> {
  const { client, delays, seen } = session;
  const left: RemainingRole[] = [];
  for (const role of ownThrowaways(session)) {
    const isHere = async (): Promise<ProbedRole | null> =>
      (await client.roles()).find((live) => isSameRole(live, role)) ?? null;
    const live = await delays.waitFor(isHere, { accepted: false });
    if (live === null && role.id !== null && seen.has(role.id)) continue;
    left.push(...(await remove(session, role, live)));
  }
  return left;
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
  live: ProbedRole | null,
): Promise<RemainingRole[]> {
  const names = live === null ? role.names : [live.name];
  if (live === null) return [{ names, id: role.id, reason: 'it is not known whether it was made' }];
  const removal = await removeThrowaway(session, { ...role, id: live.id });
  return removal.kind === 'deleted' ? [] : [{ names, id: live.id, reason: removal.reason }];
}
