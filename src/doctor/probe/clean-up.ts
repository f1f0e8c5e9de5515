import { hasProbeName, isThrowaway } from '../../model/throwaway-role.js';
import type { ThrowawayRole } from '../../model/throwaway-role.js';
import type { ProbedRole } from './client.js';
import { ownThrowaways, removeThrowaway } from './throwaways.js';
import type { Workshop } from './throwaways.js';
import type { RoleId } from '../../model/ids.js';

/** A role that stays on the instance. */
export interface RoleLeft {
  /** Its name; several where it is not known which of them it has. */
  names: readonly string[];
  /** Null if it is not known. */
  id: RoleId | null;
  /** Why it was not deleted. */
  reason: string;
}

/** Deletes the throwaway roles of earlier probes. Gives those that stay. */
export async function cleanUpEarlier(
  workshop: Workshop,
  earlier: readonly ThrowawayRole[],
): Promise<RoleLeft[]> {
  const left: RoleLeft[] = [];
  for (const { role, live } of stillLive(await workshop.client.roles(), earlier))
    left.push(...(await remove(workshop, role, live)));
  return left;
}

/** Deletes the throwaway roles of this probe. One whose create was not answered is waited for. */
export async function cleanUpOwn(workshop: Workshop): Promise<RoleLeft[]> {
  const { client, delays, seen } = workshop;
  const left: RoleLeft[] = [];
  for (const role of ownThrowaways(workshop)) {
    const isHere = async (): Promise<ProbedRole | null> =>
      (await client.roles()).find((live) => isEarlier(live, role)) ?? null;
    const live = await delays.seen(isHere, false);
    if (live === null && role.id !== null && seen.has(role.id)) continue;
    left.push(...(await remove(workshop, role, live)));
  }
  return left;
}

/** What has the name of a throwaway role and is in no journal of this folder: it is never touched. */
export function withoutJournal(roles: readonly ProbedRole[], earlier: readonly ThrowawayRole[]): RoleLeft[] {
  return roles
    .filter((live) => hasProbeName(live) && !earlier.some((role) => isEarlier(live, role)))
    .map(({ id, name }) => ({ id, names: [name], reason: 'no journal of a probe in this folder names it' }));
}

/** Throwaway roles of earlier probes that are live. */
export function stillLive(
  roles: readonly ProbedRole[],
  earlier: readonly ThrowawayRole[],
): { role: ThrowawayRole; live: ProbedRole }[] {
  return earlier.flatMap((role) => {
    const live = roles.find((one) => isEarlier(one, role));
    return live === undefined ? [] : [{ role, live }];
  });
}

/** One that got another name is found too, so that it is reported. */
function isEarlier(live: { id: RoleId; name: string }, role: ThrowawayRole): boolean {
  return live.id === role.id || isThrowaway(live, role);
}

async function remove(workshop: Workshop, role: ThrowawayRole, live: ProbedRole | null): Promise<RoleLeft[]> {
  const names = live === null ? role.names : [live.name];
  if (live === null) return [{ names, id: role.id, reason: 'it is not known whether it was made' }];
  const removal = await removeThrowaway(workshop, { ...role, id: live.id });
  return removal.kind === 'deleted' ? [] : [{ names, id: live.id, reason: removal.reason }];
}
