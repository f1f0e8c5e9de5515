import { isThrowaway, PROBE_PREFIX, throwawayRoles } from '../../model/throwaway-role.js';
import type { ProbeNote, ThrowawayRole } from '../../model/throwaway-role.js';
import { problem, ProblemError } from '../../problem/problem.js';
import { createRoleRequest, deleteRoleRequest, updateRoleRequest } from '../../routes/requests.js';
import { countIn, isRecord } from '../../routes/wire.js';
import type { ProbeAnswer, ProbeClient, ProbedRole } from './client.js';
import type { Delays } from './delays.js';
import type { RoleId } from '../../model/ids.js';

/** A throwaway role that is live. */
export interface LiveThrowaway {
  id: RoleId;
  name: string;
}

/** What throwaway roles are made, looked for and deleted with. */
export interface Workshop {
  client: ProbeClient;
  delays: Delays;
  /** Writes to the journal. Resolves once the note is on the disk. */
  append(entry: ProbeNote): Promise<void>;
  /** Random letters and digits, new at each call. */
  token(): string;
  /** All notes of this probe so far. */
  notes: ProbeNote[];
  /** Names of roles that are deleted, or were never made. */
  gone: Set<string>;
  /** Ids of roles that were seen: one that is not seen any more was deleted. */
  seen: Set<RoleId>;
}

/** The throwaway roles of this probe that are live, or may be. */
export function ownThrowaways({ notes, gone }: Workshop): ThrowawayRole[] {
  return throwawayRoles(notes).filter(({ names }) => !names.some((name) => gone.has(name)));
}

/** A name that no role had before. Its letters are lower case, so that it differs from itself in capitals. */
export function newName({ token }: Workshop): string {
  const letters = [...`${token()}${token()}`].map((one) =>
    /\d/u.test(one) ? 'ghijklmnop'[Number(one)] : one,
  );
  return `${PROBE_PREFIX}${letters.join('').toLowerCase()}`;
}

/** Makes a role, from another one or from none; null where the instance refused it. */
export async function createThrowaway(
  workshop: Workshop,
  name: string,
  fromRoleId: RoleId | null,
): Promise<LiveThrowaway | null> {
  const { client, delays } = workshop;
  delays.stopIfInterrupted();
  await note(workshop, { kind: 'creating', name });
  const description = 'Made by domo-roles doctor --probe';
  const { status, body } = await client.write(createRoleRequest({ name, description, fromRoleId }));
  const accepted = status < 300;
  const id = accepted && isRecord(body) ? countIn(body.id) : null;
  if (id !== null) await note(workshop, { kind: 'created', name, roleId: id });
  const live = await delays.seen(() => findThrowaway(client, { names: [name], id }), accepted);
  if (live === null && accepted) throw notSeen('a new role');
  if (live === null) workshop.gone.add(name);
  else if (id === null) await note(workshop, { kind: 'created', name, roleId: live.id });
  if (live !== null) workshop.seen.add(live.id);
  return live;
}

/** Renames a role. It is `done` where it has the new name afterwards, whatever was answered. */
export async function renameThrowaway(
  workshop: Workshop,
  { id, name: before }: LiveThrowaway,
  name: string,
): Promise<ProbeAnswer & { done: boolean }> {
  const { client, delays } = workshop;
  delays.stopIfInterrupted();
  if (!(await findThrowaway(client, { names: [before], id }))) throw changedByOthers();
  await note(workshop, { kind: 'renaming', roleId: id, name });
  const description = 'Renamed by domo-roles doctor --probe';
  const answer = await client.write(updateRoleRequest({ id, name, description }));
  const accepted = answer.status < 300;
  const live = await delays.seen(() => findThrowaway(client, { names: [name], id }), accepted);
  if (live === null && accepted) throw notSeen('a new name');
  return { ...answer, done: live !== null };
}

/** A delete: what was answered, or why the role was left. */
export type Removal = { kind: 'deleted'; answer: ProbeAnswer } | { kind: 'left'; reason: string };

/** Deletes a role, if it is one of a probe, still has its name, and has no people in it. */
export async function removeThrowaway(workshop: Workshop, role: ThrowawayRole): Promise<Removal> {
  const { client, delays, gone } = workshop;
  const live = (await client.roles()).find(({ id }) => id === role.id);
  if (live === undefined) return { kind: 'left', reason: 'it cannot be seen' };
  const reason = await reasonToKeep(client, role, live);
  if (reason !== null) return { kind: 'left', reason };
  const answer = await client.write(deleteRoleRequest(live.id));
  const isGone = async (): Promise<true | null> =>
    (await client.roles()).some(({ id }) => id === live.id) ? null : true;
  if (!(await delays.seen(isGone, answer.status < 300))) {
    return { kind: 'left', reason: `the instance did not delete it (${answer.status})` };
  }
  for (const name of role.names) gone.add(name);
  return { kind: 'deleted', answer };
}

/** Finds a throwaway role among all roles. */
async function findThrowaway(
  client: ProbeClient,
  role: Pick<ThrowawayRole, 'names' | 'id'>,
): Promise<ProbedRole | null> {
  return (await client.roles()).find((live) => isThrowaway(live, role)) ?? null;
}

async function reasonToKeep(
  client: ProbeClient,
  role: ThrowawayRole,
  live: ProbedRole,
): Promise<string | null> {
  if (!isThrowaway(live, role)) return 'its name was changed';
  if ((live.userCount ?? 0) > 0) return 'there are people in it';
  return (await client.members(live.id)).shown > 0 ? 'there are people in it' : null;
}

async function note({ append, notes }: Workshop, entry: ProbeNote): Promise<void> {
  await append(entry);
  notes.push(entry);
}

function changedByOthers(): ProblemError {
  const message = 'a throwaway role was changed by someone else';
  return new ProblemError(problem('write-failed', message, { hint: 'run the probe again' }));
}

function notSeen(what: string): ProblemError {
  const message = `${what} was accepted and is not seen after two minutes`;
  return new ProblemError(problem('write-failed', message, { hint: 'run the probe again later' }));
}
