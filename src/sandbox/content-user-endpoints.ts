import type { Hono } from 'hono';
import { asId, callOf, objectBody, refuse, reply, type SandboxContext, type SandboxEnv } from './answers.js';
import { pageOf, textQuery } from './paging.js';
import type { SandboxUser } from './state.js';
import type { Tables } from './tables.js';
import { addUser, presentUsers } from './user-rules.js';
import { contentRow, personRow, typeaheadRow } from './user-rows.js';

const V2 = '/api/content/v2/users';
const V3 = '/api/content/v3/users';

/** The older user endpoints that public clients use: the acting person, all people, one person, a new one, and a typeahead. */
export function contentUserEndpoints(app: Hono<SandboxEnv>): void {
  app.get(`${V2}/me`, (c) => {
    const call = callOf(c);
    return reply(call, contentRow(call.world.view().user(call.actor.id) ?? call.actor));
  });
  app.get(V2, (c) => {
    const call = callOf(c);
    const users = presentUsers(call.world.view());
    const { offset, limit } = pageOf({ limit: users.length, ...c.req.query() }, 0);
    return reply(call, users.slice(offset, offset + limit).map(contentRow));
  });
  app.get(`${V2}/:userId`, (c) => {
    const call = callOf(c);
    const user = knownUser(call.world.view(), c);
    // An unknown person is 200 without a body here, and 404 in v3 (docs/reference/domo-api.md).
    return user ? reply(call, contentRow(user)) : new Response(null, { status: 200 });
  });
  app.get(`${V3}/me`, (c) => {
    const call = callOf(c);
    const tables = call.world.view();
    return reply(
      call,
      personRow(tables, tables.user(call.actor.id) ?? call.actor, { withDetails: withDetails(c) }),
    );
  });
  app.get(V3, (c) => {
    const call = callOf(c);
    const tables = call.world.view();
    const users = usersById(tables, c.req.query('id')) ?? presentUsers(tables);
    const { offset, limit } = pageOf({ limit: users.length, ...c.req.query() }, call.quirks.userPageCap);
    const page = users.slice(offset, offset + limit);
    return reply(
      call,
      page.map((user) => personRow(tables, user, { withDetails: withDetails(c) })),
    );
  });
  app.get(`${V3}/:userId`, (c) => {
    const call = callOf(c);
    const tables = call.world.view();
    const user = tables.user(asId(c.req.param('userId'))) ?? refuse(404, 'there is no such user');
    return reply(call, personRow(tables, user, { withDetails: withDetails(c) }));
  });
  app.post(V3, (c) => {
    const call = callOf(c);
    const { displayName, detail, roleId } = objectBody(call);
    if (typeof detail !== 'object' || detail === null) refuse(400, 'a user has a detail');
    const { email } = detail as Record<string, unknown>;
    const user = addUser(call, { displayName, email, roleId });
    return reply(call, personRow(call.world.truth, user, { withDetails: true }));
  });
  app.get('/api/content/v1/typeahead', (c) => typeahead(c));
}

function withDetails(c: SandboxContext): boolean {
  // Python clients send `True`.
  return textQuery(c.req.query('includeDetails')) === 'true';
}

/** Returns the accounts of a list of ids, deleted ones too: clients ask which of them are active. Null without a list. */
function usersById(tables: Tables, given: string | undefined): SandboxUser[] | null {
  if (given === undefined || given === '') return null;
  const ids = given.split(',').map((id) => asId(id) ?? refuse(400, 'id is a list of user ids'));
  return [...new Set(ids)].flatMap((id) => tables.user(id) ?? []);
}

function knownUser(tables: Tables, c: SandboxContext): SandboxUser | null {
  const user = tables.user(asId(c.req.param('userId')));
  return user && !user.deleted ? user : null;
}

const TYPEAHEAD_TYPES = new Set(['userByEmail', 'userByName']);

/**
 * Finds people by name or address whose role holds all requested authorities. Clients name one type or both, and send the
 * text as `q` or `filter`.
 */
function typeahead(c: SandboxContext): Response {
  const call = callOf(c);
  const query = c.req.query();
  const types = (c.req.queries('type') ?? []).flatMap((type) => type.split(','));
  if (types.length === 0 || !types.every((type) => TYPEAHEAD_TYPES.has(type)))
    refuse(400, 'the type of a typeahead is userByEmail or userByName');
  const authorities = (query.authorities ?? '').split(',').filter((one) => one !== '');
  const tables = call.world.view();
  const allowed = authorities.map((authority) => new Set(tables.holders(authority)));
  const text = textQuery(query.q ?? query.filter);
  const users = presentUsers(tables).filter(
    (user) =>
      allowed.every((roles) => roles.has(user.roleId)) &&
      [user.displayName, user.email ?? ''].some((name) => name.toLowerCase().includes(text)),
  );
  const { offset, limit } = pageOf(query, call.quirks.userPageCap);
  return reply(call, { users: users.slice(offset, offset + limit).map(typeaheadRow) });
}
