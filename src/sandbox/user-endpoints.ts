import type { Hono } from 'hono';
import {
  asId,
  callOf,
  commitChange,
  needs,
  objectBody,
  refuse,
  reply,
  type Call,
  type OwnedCall,
  type SandboxContext,
  type SandboxEnv,
} from './answers.js';
import { pageOf } from './paging.js';
import { needsAssigning } from './role-endpoints.js';
import type { SandboxUser } from './state.js';
import type { Tables } from './tables.js';
import { addUser, freeAddress, knownRoleId, presentUsers, userChange } from './user-rules.js';
import { attributeRows, shownAttributes, userRow } from './user-rows.js';
import { searchUsers } from './user-search.js';

type Fields = Record<string, unknown>;

const IDENTITY = '/api/identity/v1/users';

/** The newer user endpoints: search, the list of all people, one person, and adding, changing and deleting people. */
export function userEndpoints(app: Hono<SandboxEnv>): void {
  app.post(`${IDENTITY}/search`, (c) => {
    const call = callOf(c);
    return reply(call, searchUsers(call, objectBody(call)));
  });
  app.get(IDENTITY, (c) => {
    const call = callOf(c);
    const users = presentUsers(call.world.view());
    const { offset, limit } = pageOf({ limit: users.length, ...c.req.query() }, call.quirks.userPageCap);
    const page = users.slice(offset, offset + limit);
    return reply(call, { users: page.map((user) => partsRow(call, user, c)) });
  });
  app.get(`${IDENTITY}/:userId`, (c) => {
    const call = callOf(c);
    return reply(call, { users: [partsRow(call, userOr404(call.world.view(), c), c)] });
  });
  app.post(IDENTITY, (c) => {
    const call = callOf(c);
    const { displayName, emailAddress, roleId } = objectBody(call);
    const user = addUser(call, { displayName, email: emailAddress, roleId });
    return reply(call, { ...userRow(user), attributes: attributeRows(user, ['roleId'], call.quirks) });
  });
  app.patch(`${IDENTITY}/:userId`, (c) => patchUser(callOf(c), c));
  app.delete(`${IDENTITY}/:userId`, (c) => {
    const call = callOf(c);
    needs(call, 'user.edit');
    const user = userOr404(call.world.truth, c);
    commitChange(call, userChange({ ...user, deleted: true }, 'DELETED', `deleted ${user.displayName}`));
    return new Response(null, { status: 200 });
  });
}

function userOr404(tables: Tables, c: SandboxContext): SandboxUser {
  const user = tables.user(asId(c.req.param('userId')));
  return user && !user.deleted ? user : refuse(404, 'there is no such user');
}

function partsRow(call: Call, user: SandboxUser, c: SandboxContext): Fields {
  // A published collection of requests writes one name per line.
  const list = (name: string): string[] =>
    (c.req.query(name) ?? '').split(',').flatMap((one) => one.trim() || []);
  const asked = { attributes: list('attributes'), parts: list('parts') };
  if (asked.attributes.length === 0 && asked.parts.length === 0) return userRow(user);
  return { ...userRow(user), attributes: attributeRows(user, shownAttributes(user, asked), call.quirks) };
}

/** Accepts plain fields and `attributes: [{key, values}]`, because clients use both. */
function patchUser(call: OwnedCall, c: SandboxContext): Response {
  const { truth } = call.world;
  const user = userOr404(truth, c);
  const fields = patchFields(objectBody(call));
  const next: SandboxUser = { ...user, attributes: { ...user.attributes } };
  for (const [key, value] of fields) {
    if (key === 'roleId') {
      next.roleId = knownRoleId(truth, value);
      needsAssigning(call, next.roleId);
      continue;
    }
    needs(call, 'user.edit');
    if (typeof value === 'object' && value !== null) refuse(400, `${key} is a plain value`);
    if (key === 'emailAddress') {
      next.email = freeAddress(truth, value, user);
    } else if (key === 'displayName') {
      if (typeof value !== 'string' || value.trim() === '') refuse(400, 'displayName is text');
      next.displayName = value;
    } else {
      Object.defineProperty(next.attributes, key, {
        value,
        enumerable: true,
        configurable: true,
        writable: true,
      });
    }
  }
  next.attributes.modified = call.world.now();
  commitChange(call, userChange(next, 'UPDATED', `changed ${user.displayName}`));
  const shown = shownAttributes(next, { attributes: [], parts: ['DETAILED'] });
  return reply(call, { ...userRow(next), attributes: attributeRows(next, shown, call.quirks) });
}

function patchFields(body: Fields): Map<string, unknown> {
  const { attributes, ...plain } = body;
  const fields = new Map(Object.entries(plain));
  fields.delete('id');
  fields.delete('transactionId');
  if (attributes !== undefined && !Array.isArray(attributes)) refuse(400, 'attributes is a list');
  for (const entry of (attributes ?? []) as unknown[]) {
    if (typeof entry !== 'object' || entry === null) refuse(400, 'an attribute is an object');
    const { key, values } = entry as Fields;
    if (typeof key !== 'string' || !Array.isArray(values)) refuse(400, 'an attribute has a key and values');
    fields.set(key, (values as unknown[])[0] ?? null);
  }
  if (fields.size === 0) refuse(400, 'there is nothing to change');
  return fields;
}
