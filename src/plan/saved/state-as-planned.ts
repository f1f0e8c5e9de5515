import { byCodeUnit } from '../../model/sort.js';
import { grantList } from '../../model/grant.js';
import { nearName } from '../../model/names.js';
import type { Person, PersonKind } from '../../model/person.js';
import type { LiveRole, Snapshot } from '../../model/snapshot.js';
import { isTemporary } from '../change.js';
import type { Plan } from '../plan.js';

/**
 * Live state with everything that a plan relied on put back as the plan saw it. What a cut-off run has
 * already done is undone in it, what the plan never looked at is as live: the state that the plan's
 * changes follow from.
 */
export function stateAsPlanned(plan: Plan, live: Snapshot): Snapshot {
  const roles = new Map<number, LiveRole>(live.roles.map((role) => [role.id, role]));
  const people = new Map<number, Person>(live.people.list.map((person) => [person.id, person]));
  let { defaultRoleId, allowlist } = live;
  const moves = new Map(
    plan.changes.flatMap((change) =>
      change.kind === 'members.move' ? change.people.map((move) => [move.id, move] as const) : [],
    ),
  );

  const temporary = new Set(plan.changes.filter(isTemporary).map((change) => change.after.name));
  const members = new Map<number, ReadonlySet<unknown>>();
  for (const { of, fields } of plan.fingerprints) {
    if (of.kind === 'role' && typeof fields.name === 'string') {
      const id = of.roleId;
      const now = roles.get(id);
      roles.set(id, {
        id,
        name: fields.name,
        description: text(fields.description),
        grants: grantList(list(fields.grants).map(String)),
        userCount: now?.userCount ?? null,
        grantCount: now?.grantCount ?? null,
      });
    } else if (of.kind === 'members') {
      members.set(of.roleId, new Set(list(fields.people)));
    } else if (of.kind === 'name' && fields.roleId === null) {
      const isTaken = temporary.has(of.name)
        ? (role: LiveRole): boolean => nearName(role.name) === nearName(of.name)
        : (role: LiveRole): boolean => role.name === of.name;
      for (const role of roles.values()) if (isTaken(role)) roles.delete(role.id);
    } else if (of.kind === 'name' && typeof fields.roleId === 'number') {
      const id = fields.roleId;
      roles.set(id, { ...(roles.get(id) ?? roleWithoutGrants(id)), name: of.name });
    } else if (of.kind === 'person' && typeof fields.roleId === 'number') {
      const id = of.personId;
      const now = people.get(id);
      people.set(id, {
        id,
        email: now?.email ?? moves.get(id)?.email ?? null,
        name: now?.name ?? '',
        kind: (fields.kind as PersonKind | null) ?? 'active',
        roleId: fields.roleId,
      });
    } else if (of.kind === 'defaultRole') {
      defaultRoleId = Number(fields.roleId);
    } else if (of.kind === 'allowlist') {
      allowlist =
        typeof fields.roleIds === 'string'
          ? (fields.roleIds as Snapshot['allowlist'])
          : list(fields.roleIds).map(Number);
    }
  }
  return {
    ...live,
    roles: [...roles.values()].sort((a, b) => a.id - b.id || byCodeUnit(a.name, b.name)),
    // People who were put into a role that this plan made or deletes are not there in what the plan saw.
    people: {
      ...live.people,
      list: [...people.values()]
        .filter(({ id, roleId }) => roles.has(roleId) && (members.get(roleId)?.has(id) ?? true))
        .sort((a, b) => a.id - b.id),
    },
    defaultRoleId,
    allowlist,
  };
}

/** A role of which a plan relied on nothing but its name, and which is gone. */
function roleWithoutGrants(id: number): LiveRole {
  return { id, name: '', description: '', grants: [], userCount: null, grantCount: null };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
