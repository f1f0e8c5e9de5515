import { MANAGE_ROLES } from '../model/grant.js';
import type { Change } from '../plan/change.js';
import { PEOPLE_A_REQUEST } from '../routes/requests.js';
import { liveRoleId } from './recheck/people-and-settings.js';
import type { ApplyRun } from './run.js';
import type { WriteAnswer } from './writer.js';

/** Why such a change counts as done, for the report. */
export const GAVE_UP_ACCESS =
  'the instance said yes and now refuses reading to the acting person, who gave up authorization.roles with this change';

/**
 * Does being refused to read prove this change? The last change of a plan may take `authorization.roles`
 * from the acting person; then nobody is left to read it back. It is one request that the instance said
 * yes to, done whole or not at all, and only what it does explains that reading is refused.
 */
export function provenByRefusal(run: ApplyRun, change: Change, answer: WriteAnswer): boolean {
  return answer.kind === 'yes' && run.options.plan.changes.at(-1) === change && givesUp(run, change);
}

function givesUp(run: ApplyRun, change: Change): boolean {
  const { me } = run;
  if (me === null) return false;
  if (change.kind === 'members.move') {
    const target = liveRoleId(change.roleId, run.createdRoleIds);
    const isMine = change.people.some((person) => person.id === me.id);
    if (!isMine || change.people.length > PEOPLE_A_REQUEST || target === null) return false;
    return !(run.grants.get(target) ?? []).includes(MANAGE_ROLES);
  }
  if (change.kind !== 'grants.set') return false;
  const mine = run.planned.people.get(me.id)?.at(-1)?.after ?? me.roleId;
  return (
    change.roleId === mine && change.before.includes(MANAGE_ROLES) && !change.after.includes(MANAGE_ROLES)
  );
}
