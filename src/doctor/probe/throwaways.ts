import { isThrowaway, PROBE_PREFIX, throwawayRoles } from '../../model/throwaway-role.js';
import type { ProbeNote, ThrowawayRole } from '../../model/throwaway-role.js';
import { problem, ProblemError } from '../../problem/problem.js';
import { statusOf } from '../../routes/fallback.js';
import { createRoleRequest, deleteRoleRequest, updateRoleRequest } from '../../routes/requests.js';
import { wireId } from '../../routes/wire.js';
import type { ProbeAnswer, ProbeClient, ProbedRole } from './client.js';
import type { Delays } from './delays.js';
import type { RoleId } from '../../model/ids.js';
import { isRecord } from '../../model/record.js';

/** A throwaway role that is live. */
export interface LiveThrowaway {
  id: RoleId;
  name: string;
}

/** A probe with writes in progress. */
export interface ProbeSession {
  client: ProbeClient;
  delays: Delays;
  /** Appends to the journal. Resolves once the note is on the disk. */
  append(entry: ProbeNote): Promise<void>;
  /** Returns random letters and digits. */
  token(): string;
  /** The notes of this probe so far. */
  notes: ProbeNote[];
  /** Names of roles that were deleted. */
  gone: Set<string>;
  /** Names of roles whose create was refused. The instance may still make one, and show it later. */
  refused: Set<string>;
  /** Ids of roles that were visible. If one is no longer visible, it was deleted. */
  seen: Set<RoleId>;
}

/** The throwaway roles of this probe that are live, or may be. */
export function ownThrowaways({ notes, gone, refused }: ProbeSession): ThrowawayRole[] {
  return throwawayRoles(notes).filter(
    ({ names }) => !names.some((name) => gone.has(name) || refused.has(name)),
  );
}

/** A unique name. Contains only lower-case letters, so that the name in capitals differs. */
export function newName({ token }: ProbeSession): string {
  const letters = [...`${token()}${token()}`].map((one) =>
    /\d/u.test(one) ? 'ghijklmnop'[Number(one)] : one,
  );
  return `${PROBE_PREFIX}${letters.join('').toLowerCase()}`;
}

/** Creates a role, optionally from another one; null if the instance refused it. */
export async function createThrowaway(
  session: ProbeSession,
  name: string,
  fromRoleId: RoleId | null,
): Promise<LiveThrowaway | null> {
  const { client, delays } = session;
  delays.stopIfInterrupted();
  await recordNote(session, { kind: 'creating', name });
  const description = 'Made by domo-roles doctor --probe';
  const created = client.write(createRoleRequest({ name, description, fromRoleId }));
  const { status, body } = await created.catch((error: unknown) => {
    if (wasDenied(error)) session.refused.add(name);
    throw error;
  });
  const accepted = status < 300;
  const id = accepted && isRecord(body) ? wireId(body.id) : null;
  if (id !== null) await recordNote(session, { kind: 'created', name, roleId: id });
  const live = await delays.waitFor(() => findThrowaway(client, { names: [name], id }), { accepted });
  if (live === null && accepted) throw notSeen('a new role');
  if (live === null) session.refused.add(name);
  else if (id === null) await recordNote(session, { kind: 'created', name, roleId: live.id });
  if (live !== null) session.seen.add(live.id);
  return live;
}

/** Was a write refused before it was looked at? */
function wasDenied(error: unknown): boolean {
  return [401, 403, 407, 429].includes(statusOf(error) ?? 0);
}

/** Renames a role. `done`: the role has the new name, regardless of the answer. */
export async function renameThrowaway(
  session: ProbeSession,
  { id, name: before }: LiveThrowaway,
  name: string,
): Promise<ProbeAnswer & { done: boolean }> {
  const { client, delays } = session;
  delays.stopIfInterrupted();
  if (!(await findThrowaway(client, { names: [before], id }))) throw changedByOthers();
  await recordNote(session, { kind: 'renaming', roleId: id, name });
  const description = 'Renamed by domo-roles doctor --probe';
  const answer = await client.write(updateRoleRequest({ id, name, description }));
  const accepted = answer.status < 300;
  const live = await delays.waitFor(() => findThrowaway(client, { names: [name], id }), { accepted });
  if (live === null && accepted) throw notSeen('a new name');
  return { ...answer, done: live !== null };
}

/** The result of a delete: the answer, or why the role was not deleted. */
type Removal = { kind: 'deleted'; answer: ProbeAnswer } | { kind: 'left'; reason: string };

/** Deletes a throwaway role if it still has its name and no members. */
export async function removeThrowaway(session: ProbeSession, role: ThrowawayRole): Promise<Removal> {
  const { client, gone } = session;
  const live = (await client.roles()).find(({ id }) => id === role.id);
  if (live === undefined) return { kind: 'left', reason: 'it cannot be seen' };
  const reason = await reasonToKeep(client, role, live);
  if (reason !== null) return { kind: 'left', reason };
  const answer = await client.write(deleteRoleRequest(live.id));
  if (!(await waitUntilGone(session, live.id, { accepted: answer.status < 300 }))) {
    return { kind: 'left', reason: `the instance did not delete it (${answer.status})` };
  }
  for (const name of role.names) gone.add(name);
  return { kind: 'deleted', answer };
}

/** Waits until a role is no longer in the list. Returns false if it stays. */
export async function waitUntilGone(
  { client, delays }: ProbeSession,
  roleId: RoleId,
  write: { accepted: boolean },
): Promise<boolean> {
  const isGone = async (): Promise<true | null> =>
    (await client.roles()).some(({ id }) => id === roleId) ? null : true;
  return (await delays.waitFor(isGone, write)) !== null;
}

/** Finds a throwaway role among all roles. */
async function findThrowaway(
  client: ProbeClient,
  role: Pick<ThrowawayRole, 'names' | 'id'>,
): Promise<ProbedRole | null> {
  return (await client.roles()).find((live) => isThrowaway(live, role)) ?? null;
}

/** Why a throwaway role is not deleted; null if it is. */
export async function reasonToKeep(
  client: ProbeClient,
  role: ThrowawayRole,
  live: ProbedRole,
): Promise<string | null> {
  if (!isThrowaway(live, role)) return 'its name was changed';
  if ((live.userCount ?? 0) > 0) return 'there are people in it';
  return (await client.members(live.id)).shown > 0 ? 'there are people in it' : null;
}

async function recordNote({ append, notes }: ProbeSession, entry: ProbeNote): Promise<void> {
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
