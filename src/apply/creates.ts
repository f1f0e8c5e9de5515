import type { Change, RoleCreate } from '../plan/change.js';
import { confirm } from './confirm.js';
import type { PendingWrite, Observation } from './confirm.js';
import { inParallel } from './parallel.js';
import { observeGrants } from './read-back.js';
import { settle, stopReason } from './run.js';
import type { Result, ApplyRun } from './run.js';
import { writeChange, send } from './send.js';
import { skipIfBlocked } from './skip.js';
import type { WriteAnswer } from './writer.js';

/**
 * Makes roles. A create whose answer was lost, or that the instance was too busy for, is sent again only
 * after looking for its name for a while, as long as there is time. Each new role's own
 * list is read; where no change of the plan writes it, it is set to what the role should have started with.
 */
export async function applyCreates(run: ApplyRun, changes: readonly Change[]): Promise<void> {
  const creates = changes.filter((change) => change.kind === 'role.create');
  const endings = new Map<string, Result>();
  for (const create of creates) {
    // Made by an earlier run that stopped before its start was set.
    const made = run.createdRoleIds.get(create.roleId);
    if (made !== undefined) endings.set(create.id, { status: 'done', roleId: made });
  }
  const open = creates.filter((create) => !endings.has(create.id));
  for (const [id, ending] of await sendUntilMade(run, open)) endings.set(id, ending);
  for (const create of creates) {
    const roleId = endings.get(create.id)?.roleId;
    if (roleId) run.createdRoleIds.set(create.roleId, roleId);
  }
  await inParallel(creates, run.limits.concurrency, async (create) => {
    const ending = endings.get(create.id);
    if (ending?.status === 'done' && ending.roleId) {
      endings.set(create.id, await checkStart(run, create, ending.roleId));
    }
  });
  for (const create of creates) {
    const ending = endings.get(create.id);
    if (ending) await settle(run, create, ending);
    else await skipIfBlocked(run, create);
  }
}

/** More than the time allows in practice: for a clock that stands still. */
const MOST_ATTEMPTS = 100;

/** Sends creates until each is made, refused for good, or the time for sending it again is over. */
async function sendUntilMade(run: ApplyRun, creates: readonly RoleCreate[]): Promise<Map<string, Result>> {
  const { clock } = run.options;
  const { createMs, createConfirmMs: createLookMs, concurrency } = run.limits;
  const endings = new Map<string, Result>();
  const deadline = clock.now() + createMs;
  let open = [...creates];
  for (let attempt = 1; open.length > 0 && attempt <= MOST_ATTEMPTS; attempt += 1) {
    const flights: PendingWrite[] = [];
    await inParallel(open, concurrency, async (change) => {
      const answer = await send(run, { change, step: 'change', attempt }, () => writeChange(run, change));
      if (answer)
        flights.push(isDoubtful(answer) ? { change, answer, confirmMs: createLookMs } : { change, answer });
    });
    for (const [id, ending] of await confirm(run, flights, readBackCreates)) endings.set(id, ending);
    const undone = flights.filter((flight) => maySendAgain(flight, endings.get(flight.change.id)));
    const wait = Math.max(0, ...undone.map(({ answer }) => waitAfter(answer, attempt)));
    if (undone.length > 0 && (stopReason(run) !== null || clock.now() + wait >= deadline)) {
      // Not to be sent again: now the whole time counts that a write may take to be seen.
      const last = undone.map(({ change, answer }) => ({ change, answer }));
      for (const [id, ending] of await confirm(run, last, readBackCreates)) endings.set(id, ending);
      return endings;
    }
    if (undone.length > 0) await clock.sleep(wait);
    open = undone.map(createOf);
  }
  return endings;
}

/** What the instance asks for, else twice as long each time; a while has passed with looking already. */
function waitAfter(answer: WriteAnswer, attempt: number): number {
  if (answer.kind === 'no' && answer.retryAfterMs !== undefined) return answer.retryAfterMs;
  return Math.min(4_000, 125 * 2 ** Math.min(attempt, 10));
}

/** Nothing says that it was refused for good: it may be made, or go better the next time. */
function isDoubtful(answer: WriteAnswer): boolean {
  if (answer.kind === 'no') return answer.status === 429 || answer.status >= 500;
  return answer.kind !== 'yes';
}

/** Only where nothing says that it was refused for good, and looking showed that it was not made. */
function maySendAgain({ answer }: PendingWrite, ending: Result | undefined): boolean {
  return ending?.status === 'failed' && isDoubtful(answer);
}

function createOf({ change }: PendingWrite): RoleCreate {
  return change as RoleCreate;
}

/** Looks for new roles by name: by an id that was not live before, and with nobody in it yet. */
async function readBackCreates(
  run: ApplyRun,
  flights: readonly PendingWrite[],
): Promise<ReadonlyMap<string, Observation>> {
  const roles = await run.options.reader.readRoles();
  const taken = new Set(run.createdRoleIds.values());
  return new Map(
    flights.map(({ change, answer }): [string, Observation] => {
      const create = change as RoleCreate;
      const id = answer.kind === 'yes' ? answer.id : null;
      const fresh = roles.filter((role) => !run.knownIds.has(role.id) && !taken.has(role.id));
      const named = fresh.filter((role) => role.name === create.after.name);
      const role = (id === null ? undefined : fresh.find((one) => one.id === id)) ?? named[0];
      const instead = (what: string): [string, Observation] => [change.id, { done: false, instead: what }];
      if (!role) return instead('no new role bears the name');
      if (named.length > 1) return instead(`${named.length} new roles bear the name`);
      if (role.name !== create.after.name) return instead(`it is called ${JSON.stringify(role.name)}`);
      if (role.description !== create.after.description) return instead('its description is another one');
      if (id !== role.id && (role.userCount ?? 0) > 0)
        return instead('somebody else made a role of this name');
      return [change.id, { done: true, roleId: role.id }];
    }),
  );
}

/** Reads what a new role starts with; sets it, where that is not what it should be and no change will. */
async function checkStart(run: ApplyRun, create: RoleCreate, roleId: number): Promise<Result> {
  const done: Result = { status: 'done', roleId };
  const wanted = create.after.grants;
  const look = async (): Promise<ReadonlyMap<string, Observation>> => {
    const held = await run.options.reader.readRoleGrants(roleId);
    run.grants.set(roleId, held);
    return new Map([[create.id, observeGrants(run, held, wanted)]]);
  };
  // A list that cannot be read is written: that is right whatever it holds.
  const start = await look().catch(() => null);
  if (run.planned.grants.has(create.roleId) || start?.get(create.id)?.done) return done;

  const answer = await send(run, { change: create, step: 'start-grants', attempt: 1 }, () =>
    run.options.writer.setGrants(roleId, wanted),
  );
  const ending = answer
    ? (await confirm(run, [{ change: create, answer }], look)).get(create.id)
    : { status: 'failed' as const, reason: stopReason(run) };
  if (ending?.status === 'done') return done;
  const reason = `made, but not with the grants it should start with: ${ending?.reason ?? 'not looked at'}`;
  return { status: ending?.status ?? 'unknown', roleId, reason };
}
