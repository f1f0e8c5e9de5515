import type { Hono } from 'hono';
import {
  asId,
  callOf,
  keep,
  needs,
  objectBody,
  refuse,
  reply,
  type Call,
  type SandboxContext,
  type SandboxEnv,
} from './answers.js';
import { needsAssigning } from './role-endpoints.js';
import { attributeRows, fullUserRow, userRow } from './rows.js';
import type { SandboxUser } from './state.js';
import type { Tables } from './tables.js';
import type { Change } from './world.js';
import { searchUsers } from './user-search.js';

type OwnedCall = Call & { actor: SandboxUser };
type Fields = Record<string, unknown>;

const DETAILED = [
  'roleId',
  'isSystemUser',
  'isPending',
  'isActive',
  'department',
  'jobTitle',
  'hireDate',
  'location',
];

/** People: who am I, search, the two big lists, one person's role, newcomers and leavers. */
export function userEndpoints(app: Hono<SandboxEnv>): void {
  const identity = '/api/identity/v1/users';

  app.get('/api/content/v2/users/me', (c) => {
    const call = callOf(c);
    return reply(call, fullUserRow(call.world.view().user(call.actor.id) ?? call.actor));
  });
  app.get('/api/content/v2/users', (c) => {
    const call = callOf(c);
    return reply(call, present(call.world.view()).map(fullUserRow));
  });
  app.post(`${identity}/search`, (c) => {
    const call = callOf(c);
    return reply(call, searchUsers(call, objectBody(call)));
  });
  app.get(identity, (c) => {
    const call = callOf(c);
    return reply(call, { users: present(call.world.view()).map((user) => partsRow(call, user, c)) });
  });
  app.get(`${identity}/:userId`, (c) => {
    const call = callOf(c);
    return reply(call, { users: [partsRow(call, userOr404(call.world.view(), c), c)] });
  });
  app.post(identity, (c) => addUser(callOf(c)));
  app.patch(`${identity}/:userId`, (c) => patchUser(callOf(c), c));
  app.delete(`${identity}/:userId`, (c) => {
    const call = callOf(c);
    needs(call, 'user.edit');
    const user = userOr404(call.world.truth, c);
    keep(call, userChange({ ...user, deleted: true }, 'DELETED', `deleted ${user.displayName}`));
    return new Response(null, { status: 204 });
  });
}

function present(tables: Tables): SandboxUser[] {
  return tables.userIds().flatMap((id) => {
    const user = tables.user(id);
    return user && !user.deleted ? [user] : [];
  });
}

function userOr404(tables: Tables, c: SandboxContext): SandboxUser {
  const user = tables.user(asId(c.req.param('userId')) ?? 0);
  return user && !user.deleted ? user : refuse(404, 'there is no such user');
}

function partsRow(call: Call, user: SandboxUser, c: SandboxContext): Fields {
  const parts = (c.req.query('parts') ?? '').toUpperCase();
  if (!parts.includes('DETAILED')) return userRow(user);
  return { ...userRow(user), attributes: attributeRows(user, DETAILED, call.quirks) };
}

function userChange(user: SandboxUser, actionType: string, eventText: string): Change {
  const event = {
    actionType,
    eventText,
    objectId: String(user.id),
    objectName: user.displayName,
    objectType: 'USER',
  };
  return { mutations: [{ kind: 'user', user }], events: [event] };
}

/** A newcomer without a role gets the default one. */
function addUser(call: OwnedCall): Response {
  needs(call, 'user.edit', 'user.invite');
  const { truth } = call.world;
  const body = objectBody(call);
  const { displayName, emailAddress } = body;
  if (typeof displayName !== 'string' || displayName.trim() === '') refuse(400, 'a user has a displayName');
  if (typeof emailAddress !== 'string' || !emailAddress.includes('@'))
    refuse(400, 'a user has an emailAddress');
  if (truth.liveUserWithEmail(emailAddress)) refuse(400, 'this emailAddress is in use');
  const roleId = body.roleId === undefined ? truth.settings().defaultRoleId : knownRoleId(truth, body.roleId);
  if (body.roleId !== undefined) needsAssigning(call, roleId);
  const user: SandboxUser = {
    id: call.world.newUserId(),
    displayName,
    email: emailAddress,
    roleId,
    isPending: true,
    isSystemUser: false,
    isSupport: false,
    deleted: false,
    attributes: {},
  };
  keep(call, userChange(user, 'CREATED', `added ${displayName}`));
  return reply(call, { ...userRow(user), attributes: [] });
}

function knownRoleId(tables: Tables, given: unknown): number {
  const id = asId(given) ?? refuse(400, 'roleId is a role id');
  return tables.role(id) ? id : refuse(400, `there is no role ${id}`);
}

/** Takes plain fields as well as `attributes: [{key, values}]`: both forms are in use. */
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
    if (key === 'displayName' || key === 'emailAddress') {
      if (typeof value !== 'string' || value.trim() === '') refuse(400, `${key} is text`);
      next[key === 'displayName' ? 'displayName' : 'email'] = value;
    } else {
      Object.defineProperty(next.attributes, key, {
        value,
        enumerable: true,
        configurable: true,
        writable: true,
      });
    }
  }
  keep(call, userChange(next, 'UPDATED', `changed ${user.displayName}`));
  return reply(call, userRow(next));
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
