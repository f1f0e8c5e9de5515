import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FactId } from '../../../src/doctor/probe/facts.js';
import { factOf, lost, openBench } from './support.js';
import type { Bench, Wire } from './support.js';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

const ROLES = '/api/authorization/v1/roles';
const SETTINGS = `${ROLES}/settings`;
const MEMBERS = `${ROLES}/1/users`;
const CATALOGUE = '/api/authorization/v1/authorities';
const SEARCH = '/api/identity/v1/users/search';

type Edit = (body: Record<string, unknown>) => unknown;

/** A fact if the responses of one path are changed, or the reason why it is unknown. */
async function found(id: FactId, path: string, edit: Edit): Promise<unknown> {
  const { report } = await bench.run({
    writes: false,
    wire: async (_n, pass, request) => {
      const answer = await pass();
      if (new URL(request.url).pathname !== path) return answer;
      return Response.json(edit((await answer.json()) as Record<string, unknown>));
    },
  });
  const reason = report.facts.find((fact) => fact.id === id)?.reason;
  return factOf(report, id) ?? reason;
}

type Users = Record<string, unknown>[];
const users = (body: Record<string, unknown>, edit: (list: Users) => unknown): unknown => ({
  ...body,
  users: edit(body.users as Users),
});
const flags =
  (values: unknown): Edit =>
  (body) =>
    users(body, (list) =>
      list.map((one) => ({
        ...one,
        attributes: ['roleId', 'isActive', 'isPending'].map((key) => ({
          key,
          values: key === 'roleId' ? [4] : values,
        })),
      })),
    );

const NO_SETTINGS = 'the response has no default role or no allowlist';
const NO_LIST = 'user search answers without a list of people';
const UNUSABLE = 'the member list of a role shows a total that is not usable';
const GRANTS = `${ROLES}/1/authorities`;
const MORE = 'the catalogue lists grants of a role that its own list does not have';
const replaceFirst: Edit = (body) => ['gone.grant', ...(body as unknown as string[]).slice(1)];
const NEITHER = 'the attributes of user search are neither values nor text';

describe('a wrong answer is never a fact', () => {
  it.each<[FactId, string, string, Edit, unknown]>([
    ['settings', SETTINGS, 'null', () => null, NO_SETTINGS],
    ['settings', SETTINGS, 'a list', () => [], NO_SETTINGS],
    ['settings', SETTINGS, 'no allowlist', () => ({ defaultRoleId: 2 }), NO_SETTINGS],
    ['settings', SETTINGS, 'no default', () => ({ allowlistRoleIds: null }), NO_SETTINGS],
    ['settings', SETTINGS, 'a text', () => ({ defaultRoleId: 2, allowlistRoleIds: 'all' }), NO_SETTINGS],
    ['settings', SETTINGS, 'no id', () => ({ defaultRoleId: 0, allowlistRoleIds: [] }), NO_SETTINGS],
    ['settings', SETTINGS, 'ids as text', () => ({ defaultRoleId: '2', allowlistRoleIds: ['5'] }), 'yes'],
    ['user-page', SEARCH, 'null', () => null, NO_LIST],
    ['user-page', SEARCH, 'people as a map', (body) => users(body, (list) => ({ ...list })), NO_LIST],
    [
      'user-page',
      SEARCH,
      'people as ids',
      (body) => users(body, (list) => list.map(({ id }) => id)),
      NO_LIST,
    ],
    ['user-page', SEARCH, 'no one', (body) => users(body, () => []), 'user search shows no one'],
    ['user-page', SEARCH, 'no total', (body) => ({ ...body, count: null }), 'user search shows no total'],
    [
      'user-page',
      SEARCH,
      'a total in words',
      (body) => ({ ...body, count: 'all' }),
      'user search shows no total',
    ],
    [
      'user-page',
      SEARCH,
      'a total that is too small',
      (body) => ({ ...body, count: 1 }),
      'user search shows more people than its total',
    ],
    [
      'user-page',
      SEARCH,
      'too many people',
      (body) => users(body, (list) => Array.from({ length: 1_500 }, () => list[0])),
      'user search shows more people than were asked for',
    ],
    ['attributes', SEARCH, 'objects', flags([{ value: true }]), NEITHER],
    ['attributes', SEARCH, 'lists', flags([[true]]), NEITHER],
    ['attributes', SEARCH, 'values and text', flags([true, 'true']), NEITHER],
    ['attributes', SEARCH, 'nulls', flags([null]), 'user search shows no attributes'],
    ['attributes', SEARCH, 'numbers', flags([1]), 'values'],
    ['member-totals', MEMBERS, 'words', (body) => ({ ...body, totalCount: 'many' }), UNUSABLE],
    ['member-totals', MEMBERS, 'a map', (body) => ({ ...body, totalCount: {} }), UNUSABLE],
    ['member-totals', MEMBERS, 'too small', (body) => ({ ...body, totalCount: 0 }), UNUSABLE],
    ['member-totals', MEMBERS, 'null', (body) => ({ ...body, totalCount: null }), 'no'],
    [
      'catalogue-fields',
      CATALOGUE,
      'admin levels of null',
      (body) => (body as unknown as object[]).map((one) => ({ ...one, adminLevel: null })),
      'older',
    ],
    ['matrix', CATALOGUE, 'an empty list', () => [], 'the catalogue lists no role that holds a grant'],
    ['catalogue-fields', CATALOGUE, 'an empty list', () => [], 'the catalogue lists no grants'],
    ['matrix', GRANTS, 'a list that lacks a grant', (body) => (body as unknown as string[]).slice(1), MORE],
    ['matrix', GRANTS, 'an unknown grant in place of one', replaceFirst, MORE],
    ['matrix', ROLES, 'an empty list', () => [], 'the grants of roles cannot be read (short-list)'],
    ['ids', ROLES, 'an empty list', () => [], 'the list of roles cannot be read (short-list)'],
    [
      'ids',
      ROLES,
      'no ids',
      (body) => (body as unknown as object[]).map((one) => ({ ...one, id: { value: 1 } })),
      'the list of roles cannot be read (bad-answer)',
    ],
  ])('%s, if %s answers with %s', async (id, path, _, edit, expected) => {
    expect(await found(id, path, edit)).toBe(expected);
  });
});

describe('an empty list of roles', () => {
  it('does not prove that a throwaway role was deleted: it is reported as left', async () => {
    const own = await openBench();
    let isEmpty = false;
    const { left } = await own.run({
      wire: async (_n, pass, request) => {
        if (request.method === 'DELETE') {
          isEmpty = true;
          return new Response('Bad Request', { status: 400 });
        }
        const isList = request.method === 'GET' && new URL(request.url).pathname === ROLES;
        return isEmpty && isList ? Response.json([]) : pass();
      },
    });
    const live = own.names().filter((name) => name.startsWith('domo-roles probe'));
    expect(live.length).toBeGreaterThan(0);
    expect(left.flatMap(({ names }) => names)).toEqual(expect.arrayContaining(live));
    await own.close();
  });
});

/** Ways in which a request can fail, by the code of the error. */
const FAILURES: Record<string, () => Response> = {
  authentication: () => new Response('Unauthorized', { status: 401 }),
  forbidden: () => new Response('Forbidden', { status: 403 }),
  'not-found': () => new Response('Not Found', { status: 404 }),
  'http-error': () => new Response('Internal Server Error', { status: 500 }),
  'blocked-network': () =>
    new Response('<html><title>Login</title></html>', { headers: { 'content-type': 'text/html' } }),
  unreachable: () => {
    throw lost();
  },
};

const failing =
  (paths: RegExp, code: string): Wire =>
  async (_n, pass, request) =>
    paths.test(new URL(request.url).pathname) ? (FAILURES[code] as () => Response)() : pass();

/** The facts that need only reads and are known of the small company. */
const KNOWN: readonly FactId[] = [
  'settings',
  'ids',
  'attributes',
  'authority-count',
  'member-totals',
  'matrix',
  'catalogue-fields',
];

describe('a read that fails', () => {
  it.each<[string, RegExp, FactId[], (code: string) => boolean]>([
    ['the list of roles', /v1\/roles$/u, ['ids', 'authority-count', 'matrix'], () => true],
    ['the grants of all roles', /roles\/\d+\/authorities$/u, ['authority-count', 'matrix'], () => true],
    ['the catalogue', /v1\/authorities$/u, ['matrix', 'catalogue-fields'], () => true],
    ['the people of a role', /roles\/1\/users$/u, ['member-totals'], () => true],
    // A search that refuses a page is tried with a smaller one.
    ['user search', /users\/search$/u, ['attributes'], (code) => code !== 'not-found'],
    // 403 and 404 are facts about the settings.
    ['the role settings', /roles\/settings$/u, ['settings'], (code) => !/forbidden|not-found/u.test(code)],
    ['the grants of one role', /roles\/1\/authorities$/u, [], () => true],
  ])(
    'of %s makes its facts unknown, with the reason, and no others',
    async (_what, paths, ids, isFailure) => {
      for (const code of Object.keys(FAILURES).filter(isFailure)) {
        const { report, error } = await bench.run({ writes: false, wire: failing(paths, code) });
        const unknown = report.facts.filter(({ id, value }) => KNOWN.includes(id) && value === null);
        expect([code, error, unknown.map(({ id }) => id)]).toEqual([code, null, ids]);
        for (const { reason } of unknown)
          expect(reason).toMatch(new RegExp(`cannot be read \\(${code}\\)$`, 'u'));
      }
    },
  );

  it.each(Object.keys(FAILURES))(
    'ends the probe with its error if all others fail too (%s)',
    async (code) => {
      const run = bench.run({ writes: false, wire: failing(/./u, code) });
      await expect(run).rejects.toMatchObject({ problems: [{ code }] });
    },
  );

  it('because the token may not read roles says nothing about the settings', async () => {
    const { report } = await bench.run({ writes: false, wire: failing(/v1\/roles/u, 'forbidden') });
    expect(report.facts.find(({ id }) => id === 'settings')).toMatchObject({
      value: null,
      reason: 'the role settings cannot be read (forbidden)',
    });
  });

  it('of the default role leaves only what is compared with it unknown', async () => {
    const own = await openBench({ startsAsDefault: true });
    const { report, error } = await own.run({ wire: failing(/customer-states/u, 'forbidden') });
    expect([
      error,
      report.facts.flatMap(({ id, reason }) => (reason === null ? [] : [[id, reason]])),
    ]).toEqual([
      null,
      [
        ['user-page', expect.any(String)],
        ['start-without-source', 'the default role cannot be read (forbidden)'],
      ],
    ]);
    await own.close();
  });
});
