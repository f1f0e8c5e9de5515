import type { PersonId } from '../model/ids.js';
import { placementOf } from '../model/placement.js';
import { quotedName } from '../model/quoted-name.js';
import type { RoleKey } from '../model/role.js';
import type { Snapshot } from '../model/snapshot.js';
import type { MoveReason } from '../model/standing.js';
import { stateOf } from '../model/state.js';
import type { ProblemCode } from '../problem/codes.js';
import { warning } from '../problem/problem.js';
import type { Problem } from '../problem/problem.js';
import { desiredOf } from './desired.js';
import type { Desired } from './desired.js';
import { memberText } from './members/end-warnings.js';
import type { DueEnd } from './members/member-ends.js';

/** The warnings of a full plan that are about timed entries. */
const ABOUT_ENDS: ReadonlySet<ProblemCode> = new Set(['ended-entry', 'ends-soon']);

/**
 * Live state with the memberships removed that have ended, and no other change; the rest of the manifest and its
 * problems are ignored. A person goes to the role that lists them without `until`, else to `removedMembersTo`.
 */
export function endedMembershipsOnly({ target, findings }: Desired, snapshot: Snapshot): Desired {
  const live = stateOf(snapshot);
  const moved = new Map<PersonId, RoleKey>();
  const why = new Map<PersonId, MoveReason>();
  const until = new Map<PersonId, string>();
  const problems: Problem[] = [];
  const stuck: DueEnd[] = [];
  for (const end of target.ends.due) {
    const to = [end.returnsTo, end.destination].find(
      (key) => key !== null && key !== end.from && live.roles.has(key),
    );
    problems.push(...end.problems);
    if (to) {
      moved.set(end.person, to);
      why.set(end.person, to === end.returnsTo ? 'returns' : 'expired');
      until.set(end.person, end.until);
    } else if (end.problems.length === 0) stuck.push(end);
  }
  const { people } = live;
  return desiredOf(
    { state: { ...live, people: placementOf(people.read, moved) }, why, until, ends: target.ends },
    {
      problems: [...new Set(problems)],
      warnings: [...findings.warnings.filter(({ code }) => ABOUT_ENDS.has(code)), ...stuck.map(withoutRole)],
    },
  );
}

function withoutRole({ role, until, member }: DueEnd): Problem {
  const message = `${memberText(member)} stays in role ${quotedName(role)}, although the entry ended (${until}): the role to go to is not live`;
  return warning('end-without-role', message, {
    where: member.where,
    hint: 'apply the whole manifest, which creates the role',
  });
}
