import { MANAGE_ROLES } from '../../model/grant.js';
import { quotedName } from '../../model/quoted-name.js';
import { accountText, refText } from '../../model/person.js';
import type { Person } from '../../model/person.js';
import { peopleIn } from '../../model/placement.js';
import type { PersonRef, Policy } from '../../model/policy.js';
import type { Refusal } from '../../model/refusal.js';
import { roleAt } from '../../model/state.js';
import type { State } from '../../model/state.js';
import { allowableRefusal, unconditionalRefusal } from './guard.js';
import type { GuardInput } from './guard.js';
import type { PersonId } from '../../model/ids.js';

/**
 * Active people who hold `authorization.roles` in a state; sorted by id. Pending, support and system accounts
 * do not count, because they may be unable to repair the instance.
 */
export function administrators({ roles, people }: State): Person[] {
  const holding = [...roles.values()].filter((role) => role.grants.includes(MANAGE_ROLES));
  return peopleIn(people, holding).filter(({ kind }) => kind === 'active');
}

/** Without administrators, no one can change the roles of the instance. */
export function minAdmins({ end, policy }: Pick<GuardInput, 'end' | 'policy'>): Refusal | null {
  const found = administrators(end);
  if (found.length >= policy.minAdmins) return null;
  const count = `${found.length} active ${found.length === 1 ? 'person' : 'people'}`;
  return allowableRefusal(
    'min-admins',
    `${count} would hold ${MANAGE_ROLES}, at least ${policy.minAdmins} must`,
    {
      figure: found.length,
      limit: policy.minAdmins,
      key: 'policy.minAdmins',
      items: found.map(accountText),
    },
  );
}

/** Policies name people who must stay administrators, for emergencies. */
export function requiredAdmins({ end, policy }: Pick<GuardInput, 'end' | 'policy'>): Refusal | null {
  if (policy.requiredAdmins.length === 0) return null;
  const kept = new Set(requiredAmong(end, policy.requiredAdmins));
  const missing = policy.requiredAdmins.filter((ref) => !kept.has(ref));
  if (missing.length === 0) return null;
  const items = missing.map(refText);
  return allowableRefusal('required-admins', `${items.join(', ')} must hold ${MANAGE_ROLES} and would not`, {
    figure: missing.length,
    limit: 0,
    key: 'policy.requiredAdmins',
    items,
  });
}

/** The required administrators who are administrators in a state. */
export function requiredAmong(state: State, required: Policy['requiredAdmins']): PersonRef[] {
  const admins = administrators(state);
  return required.filter((ref) => admins.some((person) => isMeant(ref, person)));
}

function isMeant(ref: PersonRef, person: Person): boolean {
  return 'id' in ref ? person.id === ref.id : person.email === ref.email;
}

/** An acting person who loses the right to manage roles can neither finish nor undo the apply. */
export function selfLockout({
  live,
  end,
  me,
}: Pick<GuardInput, 'end' | 'me'> & { live: State }): Refusal | null {
  if (me === null || !mayManageRoles(live, me) || mayManageRoles(end, me)) return null;
  return allowableRefusal('self-lockout', `the acting person would lose ${MANAGE_ROLES}`, {
    hint: 'apply with the token of an administrator who keeps it',
  });
}

function mayManageRoles(state: State, person: PersonId): boolean {
  const key = state.people.get(person);
  return key !== undefined && roleAt(state, key).grants.includes(MANAGE_ROLES);
}

/** Domo rejects a default role that holds `authorization.roles`. An existing one is not refused. */
export function defaultForbidden({ live, end }: GuardInput): Refusal | null {
  const role = end.roles.get(end.defaultRole);
  if (!role?.grants.includes(MANAGE_ROLES)) return null;
  const isDefaultNow = end.defaultRole === live.defaultRole;
  const holdsNow = live.roles.get(end.defaultRole)?.grants.includes(MANAGE_ROLES) ?? false;
  if (isDefaultNow && holdsNow) return null;
  const message = `role ${quotedName(role.name)} would be the default role and hold ${MANAGE_ROLES}, which Domo forbids`;
  return unconditionalRefusal('default-forbidden', message, { key: 'defaultRole', items: [role.name] });
}
