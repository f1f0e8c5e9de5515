import { inRequest, sortRoleIds } from '../model/role-id.js';
import type { NewRoleId, PlanRoleId } from '../model/role-id.js';
import type { PlannedRequest } from '../plan/change.js';
import type { RoleId } from '../model/ids.js';

/** Roles that were created: the live id, and the symbolic id in the plan, `new:NAME`. */
export type CreatedRoles = ReadonlyMap<RoleId, NewRoleId>;

/** A write as the instance logged it. */
export interface SentRequest {
  method: string;
  path: string;
  body: unknown;
}

/**
 * A request as the plan writes it: created roles are `{new:NAME}` in path and body, and lists of ids are in the
 * plan's order, numbers first. Names and descriptions stay as they are.
 */
export function plannedForm({ method, path, body }: SentRequest, made: CreatedRoles): PlannedRequest {
  return {
    method: method as PlannedRequest['method'],
    path: path
      .split('/')
      .map((segment) => symbol(segment, made) ?? segment)
      .join('/'),
    body: inBody(body, null, made),
  };
}

/** Fields of bodies that hold the id of a role, or several. `value` is the default role's customer state. */
const ROLE_FIELDS = new Set(['id', 'value', 'defaultRoleId', 'allowlistRoleIds', 'fromRoleId']);

function inBody(value: unknown, field: string | null, made: CreatedRoles): unknown {
  if (Array.isArray(value)) {
    // A list that is the whole body holds people or grants.
    if (field === null || !ROLE_FIELDS.has(field)) return value;
    return sortRoleIds(value.map((item) => roleIdOf(item, made))).map(inRequest);
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, inBody(inner, key, made)]));
  }
  return field !== null && ROLE_FIELDS.has(field) ? (symbol(value, made) ?? value) : value;
}

/** The id of a role in the plan, from the id of that role on the instance. */
function roleIdOf(value: unknown, made: CreatedRoles): PlanRoleId {
  const id = Number(value);
  return made.get(id) ?? id;
}

function symbol(value: unknown, made: CreatedRoles): number | string | null {
  const id = typeof value === 'string' && /^\d{1,15}$/u.test(value) ? Number(value) : value;
  const found = typeof id === 'number' ? made.get(id) : undefined;
  return found === undefined ? null : inRequest(found);
}
