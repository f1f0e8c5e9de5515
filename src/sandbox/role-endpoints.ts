import type { Hono } from 'hono';
import {
  asId,
  callOf,
  jsonBody,
  commitChange,
  holdsAuthority,
  needs,
  objectBody,
  refuse,
  reply,
  textAnswer,
  type OwnedCall,
  type SandboxContext,
  type SandboxEnv,
} from './answers.js';
import { pageOf, textQuery, type Page } from './paging.js';
import {
  ASSIGN_ROLES,
  assignableRoles,
  checkDescription,
  checkName,
  createRole,
  deleteRole,
  firstAuthorities,
  MANAGE_ROLES,
  moveUsers,
  roleOr404,
  setAuthorities,
  updateRole,
} from './role-rules.js';
import { cachedList } from './list-cache.js';
import { roleRow } from './rows.js';
import type { SandboxRole, SandboxUser } from './state.js';
import type { Tables } from './tables.js';
import { memberRow } from './user-rows.js';

const SUCCESS = { status: 'SUCCESS', message: '' };

/** Raises 403 unless the actor may read roles. */
export function needsRoleReading(call: OwnedCall): void {
  if (call.quirks.readsOpenToAll) return;
  const assigns = assignableRoles(call.world.truth).size > 0;
  needs(call, MANAGE_ROLES, ...(assigns ? [ASSIGN_ROLES] : []));
}

/** The endpoints at `/api/authorization/v1/roles`, except for the settings. */
export function roleEndpoints(app: Hono<SandboxEnv>): void {
  const roles = '/api/authorization/v1/roles';

  app.get(roles, (c) => {
    const call = callOf(c);
    needsRoleReading(call);
    const tables = call.world.view();
    return reply(
      call,
      tables.roles().map((role) => roleRow(tables, role, call.quirks)),
    );
  });
  app.post(roles, (c) => create(callOf(c)));
  app.get(`${roles}/:roleId`, (c) => {
    const call = callOf(c);
    needsRoleReading(call);
    const tables = call.world.view();
    return reply(call, roleRow(tables, roleOr404(tables, roleIdOf(c)), call.quirks));
  });
  app.put(`${roles}/:roleId`, (c) => update(callOf(c), roleIdOf(c)));
  app.delete(`${roles}/:roleId`, (c) => remove(callOf(c), roleIdOf(c)));
  app.get(`${roles}/:roleId/exists`, (c) => {
    const call = callOf(c);
    needsRoleReading(call);
    return textAnswer(String(call.world.view().role(roleIdOf(c)) !== undefined));
  });
  app.get(`${roles}/:roleId/authorities`, (c) => {
    const call = callOf(c);
    needsRoleReading(call);
    // As in Domo, the list of an unknown role is empty, like that of a role without grants.
    return reply(call, call.world.view().role(roleIdOf(c))?.authorities ?? []);
  });
  app.put(`${roles}/:roleId/authorities`, (c) => {
    const call = callOf(c);
    return call.quirks.grantsPatchOnly ? refuse(405, 'use PATCH') : grants(call, roleIdOf(c));
  });
  app.patch(`${roles}/:roleId/authorities`, (c) => {
    const call = callOf(c);
    return call.quirks.grantsPutOnly ? refuse(405, 'use PUT') : grants(call, roleIdOf(c));
  });
  app.get(`${roles}/:roleId/users`, (c) => {
    const call = callOf(c);
    needsRoleReading(call);
    return members(call, roleIdOf(c), {
      ...pageOf(c.req.query(), call.quirks.memberPageCap),
      search: textQuery(c.req.query('search')),
      sort: c.req.query('sort') ?? 'displayName',
      ascending: c.req.query('ascending') !== 'false',
    });
  });
  app.put(`${roles}/:roleId/users`, (c) => assign(callOf(c), roleIdOf(c)));
}

function roleIdOf(c: SandboxContext): number {
  return asId(c.req.param('roleId')) ?? refuse(404, 'a role id is a number');
}

function create(call: OwnedCall): Response {
  needs(call, MANAGE_ROLES);
  const { world, quirks } = call;
  const body = objectBody(call);
  const name = checkName(world.truth, body.name, { ownId: null, ignoreCase: quirks.namesIgnoreCase });
  const description = checkDescription(body.description);
  const given = body.fromRoleId ?? null;
  if (given === null && quirks.fromRoleIdRequired) refuse(400, 'fromRoleId is required');
  const fromId = given === null ? null : (asId(given) ?? refuse(400, 'fromRoleId is a role id'));
  const from =
    fromId === null ? null : (world.truth.role(fromId) ?? refuse(400, `there is no role ${fromId}`));
  const authorities =
    from && !quirks.fromRoleIdIgnored
      ? [...from.authorities]
      : firstAuthorities(world.truth, world.catalogue, quirks);
  const now = world.now();
  const role: SandboxRole = {
    id: world.newRoleId(),
    name,
    description,
    authorities,
    created: now,
    modified: now,
  };
  commitChange(call, createRole(role));
  return reply(call, { id: role.id, name, description });
}

function update(call: OwnedCall, id: number): Response {
  needs(call, MANAGE_ROLES);
  const { world, quirks } = call;
  const role = roleOr404(world.truth, id);
  const body = objectBody(call);
  if (body.id !== undefined && asId(body.id) !== id)
    refuse(400, 'the id in the body is not the id in the path');
  const naming = { ownId: id, ignoreCase: quirks.namesIgnoreCase };
  const name = body.name === undefined ? role.name : checkName(world.truth, body.name, naming);
  const description = body.description === undefined ? role.description : checkDescription(body.description);
  commitChange(call, updateRole(role, { name, description, modified: world.now() }));
  return quirks.updateAnswers400 ? textAnswer('Bad Request', 400) : reply(call, SUCCESS);
}

function grants(call: OwnedCall, id: number): Response {
  needs(call, MANAGE_ROLES);
  const { world, quirks } = call;
  const role = roleOr404(world.truth, id);
  const change = setAuthorities(world.truth, role, {
    authorities: jsonBody(call),
    catalogue: world.catalogue,
    implied: quirks.impliedAuthorities,
    modified: world.now(),
  });
  commitChange(call, change);
  return quirks.grantsAnswer400 ? textAnswer('Bad Request', 400) : reply(call, SUCCESS);
}

function remove(call: OwnedCall, id: number): Response {
  needs(call, MANAGE_ROLES);
  const { world, quirks } = call;
  commitChange(call, deleteRole(world.truth, roleOr404(world.truth, id)));
  if (quirks.deleteAnswers400) return textAnswer('Bad Request', 400);
  if (!quirks.deleteAnswersBody) return new Response(null, { status: 204 });
  // Response does not allow a body with 204, but Domo has been observed to send one.
  return Object.defineProperty(textAnswer('1'), 'status', { value: 204 });
}

interface MemberQuery extends Page {
  search: string;
  sort: string;
  ascending: boolean;
}

function members(call: OwnedCall, id: number, query: MemberQuery): Response {
  const tables = call.world.view();
  const { search, sort, ascending, offset, limit } = query;
  const key = JSON.stringify(['members', id, search, sort, ascending]);
  const matching = cachedList(tables, key, () => matchingMembers(tables, id, query));
  return reply(call, {
    ...(call.quirks.membersWithoutTotals
      ? {}
      : { totalCount: tables.memberCount(id), totalFilteredCount: matching.length }),
    users: matching.slice(offset, offset + limit).map((user) => memberRow(user, call.quirks)),
  });
}

function matchingMembers(
  tables: Tables,
  id: number,
  { search, sort, ascending }: MemberQuery,
): SandboxUser[] {
  const matching = tables
    .memberIds(id)
    .flatMap((userId) => tables.user(userId) ?? [])
    .filter((user) =>
      [user.displayName, user.email ?? ''].some((text) => text.toLowerCase().includes(search)),
    );
  if (sort !== 'userId') {
    const field = sort === 'email' ? 'email' : 'displayName';
    matching.sort((a, b) => compareText(a[field] ?? '', b[field] ?? ''));
  }
  return ascending ? matching : matching.reverse();
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Raises 403 unless the actor may move people to this role. */
export function needsAssigning(call: OwnedCall, roleId: number): void {
  if (holdsAuthority(call, MANAGE_ROLES)) return;
  const assignable = assignableRoles(call.world.truth);
  if (assignable.size === 0) needs(call, MANAGE_ROLES);
  needs(call, MANAGE_ROLES, ASSIGN_ROLES);
  if (!assignable.has(roleId)) refuse(403, 'the role is not on the roles allowlist');
}

function assign(call: OwnedCall, id: number): Response {
  needsAssigning(call, id);
  const tables = call.world.truth;
  const role = roleOr404(tables, id);
  const body = jsonBody(call);
  if (!Array.isArray(body)) refuse(400, 'the body must be a list of user ids');
  const users = new Map<number, SandboxUser>();
  for (const given of body as unknown[]) {
    const userId = asId(given) ?? refuse(400, 'a user id is a number');
    const user = tables.user(userId);
    if (user && !user.deleted) users.set(userId, user);
    else if (!call.quirks.unknownUsersSkipped) refuse(400, `there is no user ${userId}`);
  }
  commitChange(call, moveUsers(tables, role, [...users.values()]));
  return new Response(null, { status: 204 });
}
