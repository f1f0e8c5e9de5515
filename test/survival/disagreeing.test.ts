import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openSandbox } from '../../src/sandbox/index.js';
import type { Quirks, Sandbox } from '../../src/sandbox/index.js';
import { runWithin } from '../support/in-process.js';
import type { Ended } from '../support/in-process.js';
import { EVERYTHING, pictureOf, smallInstance } from '../support/survival.js';

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
  const env = {
    DOMO_INSTANCE: 'sandbox-served',
    DOMO_BASE_URL: 'http://127.0.0.1',
    DOMO_ACCESS_TOKEN: sandbox.token,
    XDG_STATE_HOME: folder,
  };
  const { fetch } = sandbox;
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
