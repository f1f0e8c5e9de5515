import { grantList } from '../../model/grant.js';
import { nearName } from '../../model/near-name.js';
import type { Person, PersonKind } from '../../model/person.js';
import type { LiveRole, Snapshot } from '../../model/snapshot.js';
import { byCodeUnit } from '../../model/sort.js';
import { isTemporary, movesOf } from '../change.js';
import type { Plan } from '../plan.js';
import type { RoleId } from '../../model/ids.js';

/**
 * Reconstructs the state that a plan was made from: objects that the plan relied on as recorded in their fingerprints,
 * everything else as live. This also reverts the changes of an interrupted run.
 */
export function stateAsPlanned(plan: Plan, live: Snapshot): Snapshot {
  const roles = rolesAsPlanned(plan, live);
  return {
    ...live,
    ...settingsAsPlanned(plan, live),
    roles: [...roles.values()].sort((a, b) => a.id - b.id || byCodeUnit(a.name, b.name)),
    people: { ...live.people, list: peopleAsPlanned(plan, live, new Set(roles.keys())) },
  };
}

/** Roles by id: first with their recorded names, then with everything that the plan recorded. */
function rolesAsPlanned(plan: Plan, live: Snapshot): ReadonlyMap<RoleId, LiveRole> {
  const liveRoles = new Map(live.roles.map((role) => [role.id, role]));
  const isFree = freeNames(plan);
  const roles = new Map([...liveRoles].filter(([, role]) => !isFree(role.name)));
  for (const { of, fields } of plan.fingerprints) {
    if (of.kind !== 'name' || typeof fields.roleId !== 'number') continue;
    const role = liveRoles.get(fields.roleId) ?? roleWithoutGrants(fields.roleId);
    roles.set(role.id, { ...role, name: of.name });
  }
  for (const { of, fields } of plan.fingerprints) {
    if (of.kind !== 'role' || typeof fields.name !== 'string') continue;
    roles.set(of.roleId, {
      ...(liveRoles.get(of.roleId) ?? roleWithoutGrants(of.roleId)),
      name: fields.name,
      description: typeof fields.description === 'string' ? fields.description : '',
      grants: grantList(asList(fields.grants).map(String)),
    });
  }
  return roles;
}

/**
 * Returns a check whether a name was free when the plan was made: a role that has it now was created or renamed since. For
 * temporary names, similar names count too.
 */
function freeNames({ changes, fingerprints }: Plan): (name: string) => boolean {
  const free = fingerprints.flatMap(({ of, fields }) =>
    of.kind === 'name' && fields.roleId === null ? [of.name] : [],
  );
  const temporary = new Set(changes.filter(isTemporary).map(({ after }) => after.name));
  const exact = new Set(free);
  const near = new Set(free.filter((name) => temporary.has(name)).map(nearName));
  return (name) => exact.has(name) || near.has(nearName(name));
}

/** A deleted role of which the plan relied only on the name. */
function roleWithoutGrants(id: RoleId): LiveRole {
  return { id, name: '', description: '', grants: [], userCount: null, grantCount: null };
}

/**
 * People in the roles that they were in. People who have since joined a role that this plan creates or deletes are left
 * out, because the plan did not include them.
 */
function peopleAsPlanned(plan: Plan, live: Snapshot, roleIds: ReadonlySet<RoleId>): Person[] {
  const people = new Map(live.people.list.map((person) => [person.id, person]));
  const moves = new Map(movesOf(plan.changes).map((move) => [move.id, move]));
  for (const { of, fields } of plan.fingerprints) {
    if (of.kind !== 'person' || typeof fields.roleId !== 'number') continue;
    const id = of.personId;
    const now = people.get(id);
    const move = moves.get(id);
    people.set(id, {
      id,
      // The address in the plan. Whether it is still the live one is compared when the plan is applied.
      email: (move ? move.email : now?.email) ?? null,
      name: now?.name ?? '',
      kind: (fields.kind as PersonKind | null) ?? 'active',
      roleId: fields.roleId,
    });
  }
  const members = new Map(
    plan.fingerprints.flatMap(({ of, fields }) =>
      of.kind === 'members' ? [[of.roleId, new Set(asList(fields.people))] as const] : [],
    ),
  );
  return [...people.values()]
    .filter(({ id, roleId }) => roleIds.has(roleId) && (members.get(roleId)?.has(id) ?? true))
    .sort((a, b) => a.id - b.id);
}

function settingsAsPlanned(plan: Plan, live: Snapshot): Pick<Snapshot, 'defaultRoleId' | 'allowlist'> {
  let { defaultRoleId, allowlist } = live;
  for (const { of, fields } of plan.fingerprints) {
    if (of.kind === 'defaultRole') defaultRoleId = Number(fields.roleId);
    if (of.kind === 'allowlist') allowlist = asAllowlist(fields.roleIds);
  }
  return { defaultRoleId, allowlist };
}

function asAllowlist(value: unknown): Snapshot['allowlist'] {
  return value === 'off' || value === 'unreadable' ? value : asList(value).map(Number);
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
