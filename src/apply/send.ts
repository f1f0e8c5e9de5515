import type { AnsweredEntry, CreateNote, SendStep } from '../journal/entry.js';
import { assertNever } from '../model/exhaustive.js';
import type { Change, ChangeId, PlanRoleId, RoleCreate } from '../plan/change.js';
import { finalGrants } from './recheck/steps-by-value.js';
import { liveRoleId, roleIdsIn } from './role-ids.js';
import { endedIncomplete, errorText, record, settle, stopReason } from './run.js';
import type { ApplyRun } from './run.js';
import type { WriteAnswer } from './writer.js';
import type { RoleId } from '../model/ids.js';

/** Identifies a request in the journal. */
interface SentRequest {
  change: Change;
  step: SendStep;
  attempt: number;
}

/** Journal values of answers. */
const JOURNAL_ANSWER: Readonly<Record<WriteAnswer['kind'], AnsweredEntry['said']>> = {
  accepted: 'yes',
  refused: 'no',
  lost: 'nothing',
  unsent: 'nothing',
};

/**
 * Sends one request after its journal entry is on the disk. Returns null if it was not sent, because the run is
 * stopping. Never throws: an error of the writer counts as a lost answer.
 */
export async function send(
  run: ApplyRun,
  { change, step, attempt }: SentRequest,
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
    answer = { kind: 'lost', message: errorText(error) };
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
    said: JOURNAL_ANSWER[answer.kind],
    status: 'status' in answer ? answer.status : null,
    roleId: answer.kind === 'accepted' ? answer.id : null,
  });
  return answer;
}

/** Calls the writer to make a change. Roles of this plan that the change needs must exist. */
export function writeChange(run: ApplyRun, change: Change): Promise<WriteAnswer> {
  const { writer } = run.options;
  const live = (id: PlanRoleId): RoleId => {
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

/**
 * Skips a change if the run is stopping, or if a change that it depends on was not completed. Returns false if the
 * change may be sent.
 */
export async function skipIfBlocked(run: ApplyRun, change: Change): Promise<boolean> {
  const because =
    change.dependsOn.find((id) => endedIncomplete(run, id)) ??
    missingCreate(run, change) ??
    // A role may be needed to repair a failure.
    (change.kind === 'role.delete' ? run.firstFailure : null);
  if (because !== null) {
    const reason =
      change.kind === 'role.delete' && !change.dependsOn.includes(because)
        ? 'no role is deleted after a failure'
        : 'a change that it depends on was not completed';
    await settle(run, change, { status: 'skipped', reason, because });
    return true;
  }
  const stop = stopReason(run);
  if (stop === null) return false;
  await settle(run, change, { status: 'skipped', reason: stop });
  return true;
}

/** The id of the failed create of a role that this change needs; null if there is none. */
function missingCreate(run: ApplyRun, change: Change): ChangeId | null {
  const missing = roleIdsIn(change).find((id) => typeof id === 'string' && !run.createdRoleIds.has(id));
  return run.planned.creates.find((create) => create.roleId === missing)?.id ?? null;
}

function createNote(run: ApplyRun, create: RoleCreate): CreateNote {
  const { name, description, grants } = create.after;
  return {
    name,
    description,
    start: grants,
    grants: finalGrants(run.planned, create),
    grantsChange: run.planned.grants.get(create.roleId)?.at(-1)?.change ?? null,
  };
}
