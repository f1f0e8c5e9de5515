import { requestIdOf, sortRoleIds } from '../model/role-id.js';
import type { NewRoleId, PlanRoleId } from '../model/role-id.js';
import type { PlannedRequest } from '../plan/change.js';
import type { RoleId } from '../model/ids.js';

/** The symbolic id in the plan, `new:NAME`, of each created role, by live id. */
type CreatedRoles = ReadonlyMap<RoleId, NewRoleId>;

/** A write in the log of the sandbox. */
export interface SentRequest {
  method: string;
  path: string;
  body: unknown;
}

/**
 * Converts a sent request to the form that plans use: created roles are `{new:NAME}` in path and body, and lists of ids
 * are in the plan's order, numbers first.
 */
export function toPlannedRequest({ method, path, body }: SentRequest, made: CreatedRoles): PlannedRequest {
  return {
    method: method as PlannedRequest['method'],
    path: path
      .split('/')
      .map((segment) => symbolFor(segment, made) ?? segment)
      .join('/'),
    body: inBody(body, null, made),
  };
}

/** Body fields with role ids. `value` is the customer state of the default role. */
const ROLE_FIELDS = new Set(['id', 'value', 'defaultRoleId', 'allowlistRoleIds', 'fromRoleId']);

function inBody(value: unknown, field: string | null, made: CreatedRoles): unknown {
  if (Array.isArray(value)) {
    // A body that is a list contains people or grants.
    if (field === null || !ROLE_FIELDS.has(field)) return value;
    return sortRoleIds(value.map((item) => roleIdOf(item, made))).map(requestIdOf);
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, inBody(inner, key, made)]));
  }
  return field !== null && ROLE_FIELDS.has(field) ? (symbolFor(value, made) ?? value) : value;
}

/** The id of a role in the plan, from its live id. */
function roleIdOf(value: unknown, made: CreatedRoles): PlanRoleId {
  const id = Number(value);
  return made.get(id) ?? id;
}

function symbolFor(value: unknown, made: CreatedRoles): number | string | null {
  const id = typeof value === 'string' && /^\d{1,15}$/u.test(value) ? Number(value) : value;
  const found = typeof id === 'number' ? made.get(id) : undefined;
  return found === undefined ? null : requestIdOf(found);
}
