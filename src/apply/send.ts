import type { CreateNote, SendStep } from '../journal/entry.js';
import { assertNever } from '../model/exhaustive.js';

import type { Change, PlanRoleId } from '../plan/change.js';
import { liveRoleId } from './recheck/people-and-settings.js';
import { record, stopReason, errorText } from './run.js';
import type { ApplyRun } from './run.js';
import { finalGrants } from './recheck/steps-by-value.js';
import type { WriteAnswer } from './writer.js';

/** A request of a change, as the journal names it. */
export interface Request {
  change: Change;
  step: SendStep;
  attempt: number;
}

/**
 * Sends one request, after its entry in the journal has reached the disk. Null: it was not sent, because
 * the run is stopping. Never throws: a writer that does is one that gave no answer.
 */
export async function send(
  run: ApplyRun,
  { change, step, attempt }: Request,
  call: () => Promise<WriteAnswer>,
): Promise<WriteAnswer | null> {
  if (stopReason(run) !== null) return null;
  const role = change.kind === 'role.create' && step === 'change' ? createNote(run, change) : null;
  if (!(await record(run, { kind: 'about-to-send', change: change.id, step, attempt, role }))) return null;
  run.options.onProgress?.({ kind: 'sending', change: change.id });
  let answer: WriteAnswer;
  try {
    answer = await call();
  } catch (error) {
    answer = { kind: 'nothing', message: errorText(error) };
  }
  if (answer.kind === 'unsent') run.obstacles.push(answer.cause);
  else {
    if (run.sent.size === 0) run.options.onSent?.();
    run.sent.add(change.id);
  }
  await record(run, {
    kind: 'answered',
    change: change.id,
    step,
    attempt,
    said: answer.kind === 'unsent' ? 'nothing' : answer.kind,
    status: 'status' in answer ? answer.status : null,
    roleId: answer.kind === 'yes' ? answer.id : null,
  });
  return answer;
}

/** The one call of the writer that performs a change. Ids of roles that this plan makes must be in the book. */
export function writeChange(run: ApplyRun, change: Change): Promise<WriteAnswer> {
  const { writer } = run.options;
  const live = (id: PlanRoleId): number => {
    const found = liveRoleId(id, run.createdRoleIds);
    if (found === null) throw new TypeError(`no live role for ${id}`);
    return found;
  };
  switch (change.kind) {
    case 'role.create': {
      const { name, description, startsFrom } = change.after;
      return writer.createRole({ name, description, fromRoleId: startsFrom.roleId });
    }
    case 'role.update':
      return writer.updateRole({ id: change.roleId, ...change.after });
    case 'grants.set':
      return writer.setGrants(live(change.roleId), change.after);
    case 'members.move':
      return writer.moveMembers(
        live(change.roleId),
        change.people.map((person) => person.id),
      );
    case 'defaultRole.set':
      return writer.setDefaultRole(
        live(change.roleId),
        typeof change.allowlistIds === 'string' ? change.allowlistIds : change.allowlistIds.map(live),
      );
    case 'allowlist.set':
      return writer.setAllowlist(change.afterIds?.map(live) ?? null, live(change.defaultRoleId));
    case 'role.delete':
      return writer.deleteRole(change.roleId);
    default:
      return assertNever(change);
  }
}

/** Every role id that a change speaks of, symbolic ones too. */
export function roleIdsIn(change: Change): PlanRoleId[] {
  if (change.kind === 'role.create') return [];
  if (change.kind === 'allowlist.set') return [...(change.afterIds ?? []), change.defaultRoleId];
  if (change.kind === 'defaultRole.set' && typeof change.allowlistIds !== 'string') {
    return [change.roleId, ...change.allowlistIds];
  }
  return [change.roleId];
}

function createNote(run: ApplyRun, create: Change & { kind: 'role.create' }): CreateNote {
  const { name, description, grants } = create.after;
  return {
    name,
    description,
    start: grants,
    grants: finalGrants(run.planned, create),
    grantsChange: run.planned.grants.get(create.roleId)?.at(-1)?.change ?? null,
  };
}
