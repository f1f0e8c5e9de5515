import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openSandbox } from '../../src/sandbox/index.js';
import type { Quirks, Sandbox } from '../../src/sandbox/index.js';
import { runWithin } from '../support/in-process.js';
import type { Ended } from '../support/in-process.js';
import { customRole, EVERYTHING, pictureOf, smallInstance } from '../support/survival.js';

let folder = '';
let sandbox: Sandbox;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'domo-roles-test-'));
  await writeFile(join(folder, 'domo-roles.yaml'), EVERYTHING);
  sandbox = await openSandbox({ state: smallInstance() });
});
afterEach(async () => {
  await sandbox.close();
  await rm(folder, { recursive: true, force: true });
});

function run(...args: string[]): Promise<Ended> {
  return runThrough(sandbox.fetch, ...args);
}

/** Runs with a connection that may change responses. */
function runThrough(fetch: Sandbox['fetch'], ...args: string[]): Promise<Ended> {
  const env = {
    DOMO_INSTANCE: 'sandbox-served',
    DOMO_BASE_URL: 'http://127.0.0.1',
    DOMO_ACCESS_TOKEN: sandbox.token,
    XDG_STATE_HOME: folder,
  };
  return runWithin(args, { cwd: folder, env, skipWaits: true, fetchFor: () => fetch });
}

let usual: unknown = null;

/** The result of an apply on an instance whose sources agree. The instance is restored afterwards. */
async function usualEnd(): Promise<unknown> {
  if (usual !== null) return usual;
  expect((await run('apply', '--yes')).code).toBe(0);
  usual = pictureOf(sandbox);
  await sandbox.reset();
  return usual;
}

describe('an instance whose sources disagree', () => {
  it.each<[string, Partial<Quirks>]>([
    ['member lists without totals', { membersWithoutTotals: true }],
    ['member lists without totals in small pages', { membersWithoutTotals: true, memberPageCap: 1 }],
    ['a matrix that omits roles', { matrixLeavesOut: true }],
    [
      'a matrix that omits roles and counts one too many',
      { matrixLeavesOut: true, authorityCountOneHigher: true },
    ],
    ['a matrix that omits roles and has no counts', { matrixLeavesOut: true, nullAttributes: true }],
  ])('reaches the state of the manifest, deletes included: %s', async (_, quirks) => {
    const wanted = await usualEnd();
    sandbox.setQuirks(quirks);
    // The deleted role is one that the matrix omits.
    const saved = await run('plan', '--out', 'plan.json');
    expect([saved.code, saved.stderr]).toEqual([0, '']);
    const applied = await run('apply', 'plan.json', '--yes', '--format', 'json');
    expect([applied.code, applied.stderr]).toEqual([0, '']);
    const again = await run('plan', '--detailed-exitcode');
    expect([again.code, again.stderr]).toEqual([0, '']);
    expect(pictureOf(sandbox)).toEqual(wanted);
  });
});

describe('a role without grants that the list of roles omits after its delete was refused', () => {
  const ROLES_PATH = '/api/authorization/v1/roles';
  const UNUSED = customRole(200_000_008, 'Unused', []);

  /** `answersExists`: does the instance answer whether a role exists? */
  async function applyWithout(answersExists: boolean): Promise<Ended> {
    await writeFile(
      join(folder, 'domo-roles.yaml'),
      'apiVersion: domo-roles/v1\nkind: Roles\nremoved: [Unused]\n',
    );
    const small = smallInstance();
    await sandbox.close();
    sandbox = await openSandbox({ state: { ...small, roles: [...small.roles, UNUSED] } });
    let isOmitted = false;
    const fetch = async (request: Request): Promise<Response> => {
      const { pathname } = new URL(request.url);
      if (pathname.endsWith('/exists') && !answersExists) return new Response('Not Found', { status: 404 });
      if (request.method === 'DELETE') {
        isOmitted = true;
        return new Response('Bad Request', { status: 400 });
      }
      const answer = await sandbox.fetch(request);
      if (!isOmitted || pathname !== ROLES_PATH) return answer;
      return Response.json(((await answer.json()) as { id: number }[]).filter(({ id }) => id !== UNUSED.id));
    };
    return runThrough(fetch, 'apply', '--yes', '--format', 'json');
  }

  it.each([
    [true, 5, 'unknown', expect.stringContaining(`it lacks role ${UNUSED.id}, which exists`)],
    [false, 0, 'done', null],
  ])('is deleted only if the instance does not report it as existing: %s', async (answers, ...wanted) => {
    const { code, stdout } = await applyWithout(answers);
    const { changes } = JSON.parse(stdout) as { changes: { status: string; reason: string | null }[] };
    expect([code, changes[0]?.status, changes[0]?.reason]).toEqual(wanted);
  });
});

describe('a role that another person deletes between the list of roles and its own list', () => {
  /** Deletes the role just before its own list of grants is read. */
  const deleting =
    (roleId: number): Sandbox['fetch'] =>
    (request) => {
      const isRead = new URL(request.url).pathname.endsWith(`/roles/${roleId}/authorities`);
      if (isRead && sandbox.state().roles.some(({ id }) => id === roleId))
        sandbox.edit({ edit: 'delete-role', roleId });
      return sandbox.fetch(request);
    };
  const [RING_A, GROWS] = [200_000_001, 200_000_005];

  it('is missing from the export and the plan', async () => {
    sandbox.setQuirks({ matrixLeavesOut: true });
    const exported = await runThrough(deleting(RING_A), 'export', '--format', 'snapshot');
    expect([
      exported.code,
      exported.stdout.includes('"Ring A"'),
      exported.stdout.includes('"Ring B"'),
    ]).toEqual([0, false, true]);
    await sandbox.reset();
    const planned = await runThrough(deleting(RING_A), 'plan');
    expect([planned.code, planned.stderr]).toEqual([3, expect.stringContaining(`${RING_A}`)]);
    expect(planned.stderr).toContain('unknown-pin');
  });

  it('makes a rollback of its changes stale', async () => {
    const applied = await run('apply', '--yes', '--format', 'json');
    const { runId } = JSON.parse(applied.stdout) as { runId: string };
    const back = await runThrough(deleting(GROWS), 'rollback', runId, '--yes');
    expect([back.code, back.stderr + back.stdout]).toEqual([4, expect.stringContaining('stale-plan')]);
  });
});

describe('an empty response with status 200', () => {
  it.each([
    ['the catalogue', '/authorities$'],
    ['the list of roles', '/v1/roles$'],
    ['the search for people', '/users/search$'],
  ])('is an error and never becomes a plan: %s', async (_, path) => {
    sandbox.setFaults([{ name: 'empty-list', path, times: 0 }]);
    for (const args of [['plan'], ['drift'], ['export'], ['apply', '--yes']]) {
      const ended = await run(...args);
      expect([args, ended.code]).toEqual([args, 1]);
      expect(ended.stderr).toContain('is incomplete');
    }
    expect(sandbox.log().filter(({ method }) => method === 'PUT' || method === 'DELETE')).toEqual([]);
  });
});
