import { grantsWithout } from '../../model/closure.js';
import type { Grant } from '../../model/grant.js';
import { quotedName } from '../../model/quoted-name.js';
import { roleHasMembers } from '../../model/placement.js';
import type { Refusal } from '../../model/refusal.js';
import type { State } from '../../model/state.js';
import { sortByFirstAddress } from '../review/address-order.js';
import { allowableRefusal } from './guard.js';
import type { GuardInput } from './guard.js';
import { accountText } from '../../model/person.js';
import type { PersonId } from '../../model/ids.js';

type EscalationInput = Pick<GuardInput, 'end' | 'cohorts' | 'shifts' | 'isProtected'> & { live: State };

/**
 * Protected grants are given on purpose only: without permission no one gains one, and the default role, which new people
 * get, gains none.
 */
export function escalation(input: EscalationInput): Refusal | null {
  const gains = protectedGains(input);
  const { role, grants } = defaultRoleGains(input);
  const items = [
    ...gains.map(({ person, grant }) => `${person} gains ${grant}`),
    ...grants.map((grant) => `new people in the default role ${quotedName(role)} gain ${grant}`),
  ];
  if (items.length === 0) return null;
  const figure = new Set(gains.map(({ id }) => id)).size;
  return allowableRefusal('escalation', escalationMessage(figure, grants.length > 0), {
    figure,
    limit: 0,
    key: 'policy.protectedGrants',
    items,
  });
}

function escalationMessage(figure: number, viaDefaultRole: boolean): string {
  if (figure === 0) return 'new people in the default role would gain a protected grant';
  const message = `${figure} ${figure === 1 ? 'person gains' : 'people gain'} a protected grant`;
  return viaDefaultRole ? `${message}, and so do new people in the default role` : message;
}

/** Each gain of a protected grant by a person on the instance; people of one cohort together. */
function protectedGains({
  cohorts,
  shifts,
  isProtected,
}: EscalationInput): { id: PersonId; person: string; grant: Grant }[] {
  const gained = [...shifts].filter(([grant, { gainCount }]) => gainCount > 0 && isProtected.has(grant));
  if (gained.length === 0) return [];
  const sorted = sortByFirstAddress(cohorts);
  return gained.flatMap(([grant]) =>
    sorted
      .filter(({ before, after }) => after.includes(grant) && !before.includes(grant))
      .flatMap((cohort) => cohort.people)
      .map((person) => ({ id: person.id, person: accountText(person), grant })),
  );
}

/**
 * Protected grants of the end-state default role that the live default role does not hold. None if the plan deletes the
 * default role: `deletes-default` already refuses the plan.
 */
function defaultRoleGains({ live, end, isProtected }: EscalationInput): { role: string; grants: Grant[] } {
  const before = live.roles.get(live.defaultRole);
  const after = end.roles.get(end.defaultRole);
  if (!before || !after) return { role: '', grants: [] };
  const grants = grantsWithout(after.grants, before.grants).filter((grant) => isProtected.has(grant));
  return { role: after.name, grants };
}

/**
 * Roles without people that gain protected grants. No one holds them yet, so this is a warning of the highest risk and
 * not a refusal.
 */
export function emptyRolesWithProtected({
  live,
  end,
  isProtected,
}: Pick<GuardInput, 'live' | 'end' | 'isProtected'>): { role: string; grants: Grant[] }[] {
  return [...end.roles.values()].flatMap((role) => {
    const before = live.roles.get(role.key)?.grants ?? [];
    if (before === role.grants) return [];
    const grants = grantsWithout(role.grants, before).filter((grant) => isProtected.has(grant));
    return grants.length > 0 && !roleHasMembers(end.people, role) ? [{ role: role.name, grants }] : [];
  });
}
