import { missingItem } from '../../desired/missing-people.js';
import type { MissingMember } from '../../desired/missing-people.js';
import type { Grant } from '../../model/grant.js';
import { byCodeUnit } from '../../model/sort.js';
import { MANAGE_ROLES } from '../../model/grant.js';
import { without } from '../../model/closure.js';
import { isOrdinary, personAt } from '../../model/person.js';
import type { Person } from '../../model/person.js';
import type { Policy } from '../../model/policy.js';
import { refusal } from '../../model/refusal.js';
import type { Refusal } from '../../model/refusal.js';
import { isInhabited, peopleIn } from '../../model/placement.js';
import { isSystemRole } from '../../model/role.js';
import { roleAt } from '../../model/state.js';
import type { LiveState, State } from '../../model/state.js';
import type { Change, OrderedChange } from '../change.js';
import type { GrantShift } from '../review/impact.js';
import { allowable, limitRefusal } from './limits.js';

/** What guards judge: the end state, and how far it is from the live one. */
export interface GuardInput {
  live: LiveState;
  end: State;
  people: readonly Person[];
  me: number | null;
  policy: Policy;
  changes: readonly (OrderedChange | Change)[];
  shifts: ReadonlyMap<Grant, GrantShift>;
  isProtected: ReadonlySet<Grant>;
  missingPeople: readonly string[];
  /** The same with role and place, as far as these are known. */
  missingMembers: readonly MissingMember[];
  unmanaged: readonly string[];
}

/** One rule: what it refuses, or nothing. */
type Guard = (input: GuardInput) => Refusal | null;

/** All guards, judged together, so that a reviewer sees every refusal at once. Sorted by code. */
export function guardRefusals(input: GuardInput): Refusal[] {
  return GUARDS.flatMap((guard) => guard(input) ?? []).sort((a, b) => byCodeUnit(a.code, b.code));
}

const GUARDS: readonly Guard[] = [
  minAdmins,
  requiredAdmins,
  selfLockout,
  escalation,
  maxDeletes,
  maxMoves,
  maxGrantChanges,
  missingPeople,
  unmanagedRoles,
  defaultForbidden,
];

/** Active people who hold `authorization.roles` in a state. */
export function administrators({ roles, people }: State): Person[] {
  const holding = [...roles.values()].filter((role) => role.grants.includes(MANAGE_ROLES));
  return peopleIn(people, holding).filter(({ kind }) => kind === 'active');
}

function holds(state: State, person: number): boolean {
  const key = state.people.get(person);
  return key !== undefined && roleAt(state, key).grants.includes(MANAGE_ROLES);
}

function minAdmins({ end, policy }: GuardInput): Refusal | null {
  const found = administrators(end);
  if (found.length >= policy.minAdmins) return null;
  return allowable(
    'min-admins',
    `${found.length} active ${found.length === 1 ? 'person' : 'people'} would hold ${MANAGE_ROLES}, and ${policy.minAdmins} must`,
    {
      figure: found.length,
      limit: policy.minAdmins,
      key: 'policy.minAdmins',
      items: found.map(who),
    },
  );
}

function requiredAdmins({ end, policy }: GuardInput): Refusal | null {
  if (policy.requiredAdmins.length === 0) return null;
  const admins = administrators(end);
  const missing = policy.requiredAdmins.filter(
    (ref) => !admins.some((person) => ('id' in ref ? person.id === ref.id : person.email === ref.email)),
  );
  if (missing.length === 0) return null;
  const items = missing.map((ref) => ('id' in ref ? `id ${ref.id}` : ref.email));
  return allowable('required-admins', `${items.join(', ')} must hold ${MANAGE_ROLES} and would not`, {
    figure: missing.length,
    limit: 0,
    key: 'policy.requiredAdmins',
    items,
  });
}

function selfLockout({ live, end, me }: GuardInput): Refusal | null {
  if (me === null || !holds(live, me) || holds(end, me)) return null;
  return allowable('self-lockout', `the acting person would lose ${MANAGE_ROLES}`, {
    hint: 'apply with the token of an administrator who keeps it',
  });
}

function escalation({ live, end, shifts, isProtected, people }: GuardInput): Refusal | null {
  const items: string[] = [];
  const gainers = new Set<number>();
  for (const [grant, { gains }] of shifts) {
    if (!isProtected.has(grant)) continue;
    for (const id of gains.flatMap((flow) => flow.people)) {
      gainers.add(id);
      items.push(`${who(personAt(people, id) ?? { id, email: null })} gains ${grant}`);
    }
  }
  const before = roleAt(live, live.defaultRole);
  const after = roleAt(end, end.defaultRole);
  const arrivals = without(after.grants, before.grants).filter((grant) => isProtected.has(grant));
  for (const grant of arrivals)
    items.push(`everybody who arrives in the default role "${after.name}" gains ${grant}`);
  if (items.length === 0) return null;
  const words = gainers.size === 1 ? 'person gains' : 'people gain';
  const message =
    gainers.size > 0
      ? `${gainers.size} ${words} a protected grant${arrivals.length > 0 ? ', and so does everybody who arrives in the default role' : ''}`
      : 'the default role comes to hold a protected grant';
  return allowable('escalation', message, {
    figure: gainers.size,
    limit: 0,
    key: 'policy.protectedGrants',
    items,
  });
}

/** Roles that come to hold a protected grant without anybody in them: no refusal, but a warning of the highest risk. */
export function emptyRolesWithProtected({
  live,
  end,
  isProtected,
}: Pick<GuardInput, 'live' | 'end' | 'isProtected'>): { role: string; grants: Grant[] }[] {
  return [...end.roles.values()].flatMap((role) => {
    const before = live.roles.get(role.key)?.grants ?? [];
    if (before === role.grants) return [];
    const grants = without(role.grants, before).filter((grant) => isProtected.has(grant));
    return grants.length > 0 && !isInhabited(end.people, role) ? [{ role: role.name, grants }] : [];
  });
}

function maxDeletes({ live, changes, policy }: GuardInput): Refusal | null {
  const gone = changes.filter((change) => change.kind === 'role.delete');
  const custom = [...live.roles.values()].filter((role) => !isSystemRole(role.id)).length;
  return limitRefusal('max-deletes', gone.length, {
    limit: policy.maxDeletes,
    total: custom,
    key: 'policy.maxDeletes',
    message: (figure, limit) =>
      `${figure} ${figure === 1 ? 'role' : 'roles'} would be deleted, and ${limit} may be`,
    items: gone.map((change) => change.role ?? ''),
  });
}

function maxMoves({ changes, people, policy }: GuardInput): Refusal | null {
  const moving = new Set(
    changes.flatMap((change) => (change.kind === 'members.move' ? change.people.map((move) => move.id) : [])),
  );
  let all = 0;
  for (const person of people) if (isOrdinary(person)) all += 1;
  let moved = 0;
  for (const id of moving) {
    const person = personAt(people, id);
    if (person && isOrdinary(person)) moved += 1;
  }
  return limitRefusal('max-moves', moved, {
    limit: policy.maxMoves,
    total: all,
    key: 'policy.maxMoves',
    message: (figure, limit) => `${figure} of ${all} people would change role, and ${limit} may`,
    items: [],
  });
}

function maxGrantChanges({ live, end, policy }: GuardInput): Refusal | null {
  let changed = 0;
  let held = 0;
  const items: string[] = [];
  for (const [key, role] of live.roles) {
    const after = end.roles.get(key);
    // The grants of system roles cannot change, so they are no part of what a limit is a share of.
    if (!after || isSystemRole(role.id)) continue;
    held += role.grants.length;
    if (after.grants === role.grants) continue;
    const count = without(role.grants, after.grants).length + without(after.grants, role.grants).length;
    changed += count;
    if (count > 0) items.push(`${after.name}: ${count}`);
  }
  return limitRefusal('max-grant-changes', changed, {
    limit: policy.maxGrantChanges,
    total: held,
    key: 'policy.maxGrantChanges',
    message: (figure, limit) =>
      `${figure} grants would be added to or taken from live custom roles, and ${limit} may be`,
    items,
  });
}

function missingPeople({ missingPeople: missing, missingMembers: missingIn }: GuardInput): Refusal | null {
  if (missing.length === 0) return null;
  return allowable(
    'missing-people',
    `${missing.length} ${missing.length === 1 ? 'person' : 'people'} of the manifest ${missing.length === 1 ? 'is' : 'are'} not on the instance`,
    {
      figure: missing.length,
      limit: 0,
      items: missingIn.length > 0 ? missingIn.map(missingItem) : missing,
      hint: 'correct the address, invite them, or take them out; allowed, they are left out',
    },
  );
}

function unmanagedRoles({ unmanaged, policy }: GuardInput): Refusal | null {
  if (policy.unmanagedRoles !== 'fail' || unmanaged.length === 0) return null;
  return refusal(
    'unmanaged-roles',
    `${unmanaged.length} live ${unmanaged.length === 1 ? 'role is' : 'roles are'} not in the manifest`,
    {
      figure: unmanaged.length,
      limit: 0,
      key: 'policy.unmanagedRoles',
      items: unmanaged,
      hint: 'put them under `roles` or `removed`',
    },
  );
}

function defaultForbidden({ live, end }: GuardInput): Refusal | null {
  const role = end.roles.get(end.defaultRole);
  const changes =
    end.defaultRole !== live.defaultRole || !live.roles.get(end.defaultRole)?.grants.includes(MANAGE_ROLES);
  if (!role?.grants.includes(MANAGE_ROLES) || !changes) return null;
  return refusal(
    'default-forbidden',
    `role "${role.name}" would be the default role and hold ${MANAGE_ROLES}, which Domo forbids`,
    {
      key: 'defaultRole',
      items: [role.name],
    },
  );
}

function who(person: Pick<Person, 'id' | 'email'>): string {
  return person.email ?? `id ${person.id}`;
}
