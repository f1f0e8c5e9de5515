import { afterEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { examine } from '../../src/doctor/doctor.js';
import type { DoctorReport } from '../../src/doctor/doctor.js';
import { openRun } from '../../src/journal/folder.js';
import { listRuns } from '../../src/journal/runs.js';
import { doctorText } from '../../src/render/text/doctor.js';
import { openRoutes } from '../../src/routes/index.js';
import { allQuirks, openSandbox, seedState } from '../../src/sandbox/index.js';
import type { Quirks, Sandbox, SandboxState } from '../../src/sandbox/index.js';
import { checkSchema } from '../support/check-schema.js';
import { emptyPlan } from '../support/plan-builder.js';

const open: Sandbox[] = [];
afterEach(async () => {
  for (const sandbox of open.splice(0)) await sandbox.close();
});

interface Patient {
  quirks?: Partial<Quirks>;
  /** Changes the body of a response. */
  edit?: (path: string, body: unknown) => unknown;
  /** Answers a request in place of the sandbox; null to pass it on. */
  answer?: (path: string) => Response | null;
  accessToken?: string;
  change?: (state: SandboxState) => SandboxState;
}

async function examined({
  quirks = {},
  edit,
  answer: inPlace = () => null,
  accessToken = 'a-token',
  change = (state) => state,
}: Patient = {}): Promise<{ report: DoctorReport; sandbox: Sandbox }> {
  const sandbox = await openSandbox({ state: change(seedState()), quirks, token: 'a-token' });
  open.push(sandbox);
  const routes = openRoutes({
    instance: 'acme',
    baseUrl: 'http://127.0.0.1',
    auth: { accessToken },
    fetch: async (request) => {
      const other = inPlace(new URL(request.url).pathname);
      if (other !== null) return other;
      const answer = await sandbox.fetch(request);
      if (!edit || answer.status !== 200) return answer;
      return Response.json(edit(new URL(request.url).pathname, await answer.json()));
    },
    readOnly: true,
    retries: 0,
  });
  return { report: await examine(routes, { instance: 'acme', sandbox: false, now: Date.now() }), sandbox };
}

const failed = ({ checks }: DoctorReport): string[] => checks.filter(({ ok }) => !ok).map(({ name }) => name);
/** Reassigns the token to a person in another role. */
const actingAs =
  (email: string) =>
  (state: SandboxState): SandboxState => ({
    ...state,
    tokens: { 'a-token': state.users.find((user) => user.email === email)?.id ?? 0 },
  });
/** Adds these grants to the role of the acting person. */
const roleWith =
  (name: string, ...authorities: string[]) =>
  (state: SandboxState): SandboxState => ({
    ...state,
    roles: state.roles.map((role) =>
      role.name === name ? { ...role, authorities: [...role.authorities, ...authorities] } : role,
    ),
  });

const ALL = ['reach', 'roles', 'grants', 'people', 'default-role', 'allowlist', 'manage-roles', 'audit'];

const ROLES = '/api/authorization/v1/roles';
const SEARCH = '/api/identity/v1/users/search';

describe('doctor', () => {
  it('reports the token of an administrator as ready for all commands, and writes nothing', async () => {
    const { report, sandbox } = await examined();
    expect(report).toMatchObject({
      kind: 'doctor',
      instance: 'acme',
      me: { email: 'root@acme.com' },
      role: 'Admin',
      verdict: { plan: 'ready', apply: 'ready', drift: 'ready' },
    });
    expect(failed(report)).toEqual([]);
    expect(sandbox.log().length).toBeLessThanOrEqual(9);
    expect(sandbox.log().every(({ method, path }) => method === 'GET' || path.endsWith('/search'))).toBe(
      true,
    );
    expect(sandbox.state().audit).toEqual([]);
  });

  it.each<[string, Patient, string[], DoctorReport['verdict']]>([
    [
      'an unknown token',
      { accessToken: 'wrong-token' },
      ALL,
      { plan: 'not-ready', apply: 'not-ready', drift: 'not-ready' },
    ],
    [
      'a person who may neither read nor write roles',
      { change: actingAs('bo@acme.com') },
      ['roles', 'grants', 'allowlist', 'manage-roles', 'audit'],
      { plan: 'not-ready', apply: 'not-ready', drift: 'not-ready' },
    ],
    [
      'a person who may only read roles',
      { change: actingAs('bo@acme.com'), quirks: { readsOpenToAll: true } },
      ['manage-roles', 'audit'],
      { plan: 'ready', apply: 'not-ready', drift: 'limited' },
    ],
    [
      'a person who manages roles but may not read the audit log',
      { change: (state) => roleWith('Participant', 'authorization.roles')(actingAs('bo@acme.com')(state)) },
      ['audit'],
      { plan: 'ready', apply: 'ready', drift: 'limited' },
    ],
    [
      'an instance whose settings cannot be read',
      { quirks: { settingsAbsent: true } },
      ['allowlist'],
      { plan: 'limited', apply: 'limited', drift: 'limited' },
    ],
  ])('reports what is missing for %s', async (_what, patient, names, verdict) => {
    const { report } = await examined(patient);
    expect(failed(report)).toEqual(names);
    expect(report.verdict).toEqual(verdict);
    expect(checkSchema('doctor', JSON.parse(JSON.stringify(report)))).toEqual([]);
  });

  it.each<[string, () => Response, string[]]>([
    ['403', () => new Response('Forbidden', { status: 403 }), ['reach', 'manage-roles']],
    ['404', () => new Response('Not Found', { status: 404 }), ['reach', 'manage-roles']],
    ['500', () => new Response('', { status: 500 }), ['reach', 'manage-roles']],
    ['no id', () => Response.json({ displayName: 'Root' }), ['reach', 'manage-roles']],
    ['an empty body', () => new Response(''), ['reach', 'manage-roles']],
    ['401', () => new Response('', { status: 401 }), ALL],
    ['429', () => new Response('', { status: 429 }), ALL],
    ['503', () => new Response('', { status: 503 }), ALL],
    ['a web page', () => new Response('<html></html>', { headers: { 'content-type': 'text/html' } }), ALL],
    [
      'a refusal of the network',
      () =>
        new Response('<title>Domo - Blocked</title>', {
          status: 303,
          headers: { location: '/whitelist/blocked' },
        }),
      ALL,
    ],
  ])('if the acting person is answered with %s, reports what can be known', async (_what, answer, names) => {
    const { report } = await examined({ answer: (path) => (path.endsWith('/users/me') ? answer() : null) });
    expect([report.me, failed(report)]).toEqual([null, names]);
    expect(report.verdict).toEqual({ plan: 'not-ready', apply: 'not-ready', drift: 'not-ready' });
  });

  it.each<[string, number[] | null, string]>([
    ['no allowlist', null, 'the roles allowlist is off'],
    ['an allowlist of one role', [2], 'the roles allowlist is on, with 1 role'],
    ['an allowlist of two roles', [2, 5], 'the roles allowlist is on, with 2 roles'],
  ])('notes %s', async (_what, allowlistRoleIds, note) => {
    const { report } = await examined({
      edit: (path, body) => (path === `${ROLES}/settings` ? { ...(body as object), allowlistRoleIds } : body),
    });
    expect(report.checks.find((check) => check.name === 'allowlist')?.note).toBe(note);
  });

  it.each<[string, (path: string, body: unknown) => unknown]>([
    ['and whose number is known', (_, body) => body],
    [
      'also if roles report no number of grants',
      (path, body) =>
        path === ROLES ? (body as object[]).map((role) => ({ ...role, authorityCount: undefined })) : body,
    ],
  ])('reads the own list of a role whose grants the catalogue leaves out, %s', async (_, edit) => {
    // The catalogue of this quirk leaves out custom roles with odd ids.
    const change = (state: SandboxState): SandboxState => ({
      ...state,
      roles: state.roles.map((role) =>
        role.name === 'Finance Viewer' ? { ...role, authorities: ['authorization.roles'] } : role,
      ),
      users: state.users.map((user) =>
        user.email === 'bo@acme.com' ? { ...user, roleId: 604_118_927 } : user,
      ),
    });
    const { report } = await examined({
      change: (state) => change(actingAs('bo@acme.com')(state)),
      quirks: { matrixLeavesOut: true },
      edit,
    });
    expect(report.checks.find(({ name }) => name === 'manage-roles')).toMatchObject({
      ok: true,
      note: 'the role "Finance Viewer" holds authorization.roles',
    });
  });

  it.each<[string, (page: { count: number; users: object[] }) => unknown]>([
    ['no one', (page) => ({ ...page, users: [] })],
    ['no one, and counts no one', () => ({ count: 0, users: [] })],
    ['more people than it counts', (page) => ({ ...page, count: 0 })],
    [
      'a person without a role',
      ({ count, users }) => ({
        count,
        users: users.map((one) => ({ ...one, roleId: null, attributes: [] })),
      }),
    ],
    [
      'a person without an id',
      ({ count, users }) => ({ count, users: users.map((one) => ({ ...one, id: 'x' })) }),
    ],
  ])('does not report people as readable if the search shows %s', async (_, edit) => {
    const { report } = await examined({
      edit: (path, body) => (path === SEARCH ? edit(body as { count: number; users: object[] }) : body),
    });
    expect(failed(report)).toContain('people');
    expect(report.verdict).toEqual({ plan: 'not-ready', apply: 'not-ready', drift: 'not-ready' });
  });

  it('works with all quirks together', async () => {
    const { report } = await examined({ quirks: { ...allQuirks(), slowAnswers: 0 } });
    expect(report.verdict.plan).not.toBe('not-ready');
  });

  it('prints the report as text', async () => {
    const { report } = await examined({ change: actingAs('bo@acme.com'), quirks: { readsOpenToAll: true } });
    const text = doctorText(report, { colour: false });
    expect(text).toContain('acme, as bo@acme.com in the role Participant\n');
    expect(text).toContain('✓ roles ');
    expect(text).toContain(
      '✗ manage-roles  the role "Participant" does not hold authorization.roles, without which nothing can be written (needed for apply)',
    );
    expect(text).toMatch(/! audit .*\(used by drift\)/u);
    expect(text.trimEnd().split('\n').slice(-3)).toEqual([
      'plan   ready',
      'apply  not ready',
      'drift  limited',
    ]);
    const hostile = doctorText({ ...report, role: 'Evil\u001b[2J', me: null }, { colour: false });
    expect(hostile).not.toContain('\u001b');
  });
});

describe('the list of runs', () => {
  it('matches its schema, including unreadable runs', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'domo-roles-runs-'));
    try {
      const run = await openRun(folder, emptyPlan(), {
        now: Date.parse('2026-02-01T00:00:00.000Z'),
        random: () => 'a1b2c3d4',
      });
      await run.append({
        v: 1,
        at: '2026-02-01T00:00:00.000Z',
        kind: 'begun',
        runId: run.id,
        instance: 'acme',
        plan: emptyPlan().digest,
        changes: 0,
        roleIds: [],
      });
      await run.close();
      const broken = join(folder, 'runs', run.id.replace('a1b2c3d4', 'b1b2c3d4'));
      await mkdir(broken, { recursive: true });
      await writeFile(join(broken, 'journal.jsonl'), 'rubbish\n{}\n');
      const runs = await listRuns(folder);
      expect(runs).toHaveLength(2);
      expect(runs.map(({ problem }) => problem?.code ?? null).sort()).toEqual(['bad-file', null]);
      expect(
        checkSchema('runs', JSON.parse(JSON.stringify({ formatVersion: 1, kind: 'runs', runs }))),
      ).toEqual([]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
