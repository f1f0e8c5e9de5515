import type { Grant } from '../model/grant.js';
import { quotedName, visibleText } from '../model/quoted-name.js';
import type { LiveState, State } from '../model/state.js';
import { warning } from '../problem/problem.js';
import type { Problem } from '../problem/problem.js';
import type { Change } from './change.js';
import { emptyRolesWithProtected } from './guards/escalation.js';
import type { PlanWarning } from './plan.js';
import { textChanges } from './review/summary.js';

/** Warns of consequences outside Domo, and of protected grants that no one holds yet. */
export function changeWarnings(
  changes: readonly Change[],
  states: { live: LiveState; end: State; isProtected: ReadonlySet<Grant> },
): Problem[] {
  return [...renameWarnings(changes), ...deleteWarnings(changes), ...emptyRoleWarnings(states)];
}

function renameWarnings(changes: readonly Change[]): Problem[] {
  return textChanges(changes)
    .filter(({ before, after }) => before.name !== after.name)
    .map(({ before, after }) =>
      warning(
        'rename-breaks-saml',
        `${quotedName(before.name)} becomes ${quotedName(after.name)}: SAML sets roles by name`,
        {
          hint: 'change the mapping in the identity provider at the same time',
        },
      ),
    );
}

function deleteWarnings(changes: readonly Change[]): Problem[] {
  return changes.flatMap((change) =>
    change.kind === 'role.delete'
      ? warning(
          'deletes-break-scim',
          `${quotedName(change.before.name)} (id ${change.roleId}) is deleted: SCIM sets roles by id`,
          { hint: 'a role of that name made later has another id' },
        )
      : [],
  );
}

function emptyRoleWarnings(states: Parameters<typeof emptyRolesWithProtected>[0]): Problem[] {
  return emptyRolesWithProtected(states).map(({ role, grants }) =>
    warning(
      'protected-without-people',
      `role ${quotedName(role)} has no members and gains protected ${grants.join(', ')}`,
      { hint: 'people who are added to it later gain them without a plan' },
    ),
  );
}

/** A problem in the form of documents: message and hint become one line each, because names are untrusted text. */
export function toPlanWarning({ code, message, where, hint }: Problem): PlanWarning {
  return {
    code,
    message: visibleText(message),
    file: where?.file ?? null,
    line: where?.line ?? null,
    column: where?.column ?? null,
    hint: hint === undefined ? null : visibleText(hint),
  };
}
