import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Fault, Quirks } from '../../src/sandbox/index.js';
import { documentOf, openProcessStage, targetOf } from '../support/cli.js';
import type { Ended, Stage } from '../support/cli.js';
import { runWithin } from '../support/in-process.js';
import { EVERYTHING, pictureOf, smallInstance } from '../support/survival.js';

let stage: Stage;
let wanted: unknown;
beforeEach(async () => {
  stage = await openProcessStage({ state: smallInstance() });
  await stage.write('domo-roles.yaml', EVERYTHING);
});
afterEach(() => stage.close());

/** A failure must not expose internals of the program. */
function expectPlainOutput(ended: Ended): void {
  expect(ended.stdout + ended.stderr).not.toMatch(
    /^\s+at .*:\d+|AxiosError|undefined|\[object|fault of domo-roles/mu,
  );
}

/** Applies without real waits between retries. */
function applied(): Promise<Ended> {
  const argv = ['apply', '--yes', '--format', 'json'];
  return runWithin(argv, { cwd: stage.folder, env: targetOf(stage), skipWaits: true });
}

const ALWAYS = { times: 0 } as const;
const SEARCH = 'users/search';

describe('an instance that cannot be read', () => {
  it.each<[string, Fault, string, RegExp]>([
    [
      'keeps limiting requests',
      { name: '429', value: 0, ...ALWAYS },
      'too-many-requests',
      /is limiting requests/u,
    ],
    [
      'asks for a longer wait than allowed',
      { name: '429', value: 999_999, ...ALWAYS },
      'too-many-requests',
      /is limiting requests/u,
    ],
    ['is down', { name: '503', ...ALWAYS }, 'http-error', /503/u],
    ['breaks every connection', { name: 'reset', ...ALWAYS }, 'unreachable', /closed|no response/u],
    ['responds with web pages', { name: 'html-error', ...ALWAYS }, 'http-error', /502/u],
    [
      'responds with half a document',
      { name: 'malformed', path: 'roles$', ...ALWAYS },
      'bad-answer',
      /not JSON/u,
    ],
    ['never responds', { name: 'hung', path: SEARCH, ...ALWAYS }, 'unreachable', /timed out/u],
    [
      'stalls in the middle of a response',
      { name: 'hung-body', path: SEARCH, ...ALWAYS },
      'unreachable',
      /timed out/u,
    ],
    [
      'truncates its responses',
      { name: 'answer-cut', path: SEARCH, ...ALWAYS },
      'unreachable',
      /no response|closed|timed out/u,
    ],
    [
      'sends an incomplete list',
      { name: 'short-list', path: SEARCH, ...ALWAYS },
      'short-list',
      /is incomplete: it declares 8 entries/u,
    ],
    [
      'sends too much data',
      { name: 'oversized', value: 80, path: SEARCH, ...ALWAYS },
      'answer-too-large',
      /exceeds the size limit/u,
    ],
  ])('makes plan and apply exit with 1 and a plain message when it %s', async (_, fault, code, words) => {
    stage.sandbox.setFaults([fault]);
    // A busy machine may take more than a second for a response that comes.
    const timeout = code === 'unreachable' ? '1' : '60';
    const flags = ['--format', 'json', '--timeout', timeout, '--retries', '1'];
    const both = await Promise.all([stage.run('plan', ...flags), stage.run('apply', '--yes', ...flags)]);
    for (const ended of both) {
      expect(ended.code).toBe(1);
      expect(documentOf(ended)).toMatchObject({ kind: 'error', problems: [{ code }] });
      expect(ended.stderr).toMatch(words);
      expectPlainOutput(ended);
    }
    expect(stage.sandbox.log().some(({ method }) => method === 'PUT' || method === 'DELETE')).toBe(false);
  });

  it.each<[string, Partial<Quirks>, string]>([
    ['network is blocked', { networkBlocked: true }, 'blocked-network'],
    ['network is redirected', { networkRedirected: true }, 'blocked-network'],
    ['name is not an instance', { unknownInstance: true }, 'forbidden'],
  ])('exits with 1 when the %s', async (_, quirks, code) => {
    stage.sandbox.setQuirks(quirks);
    const ended = await stage.run('plan', '--format', 'json');
    expect(ended.code).toBe(1);
    expect(documentOf(ended)).toMatchObject({ problems: [{ code }] });
    expectPlainOutput(ended);
  });

  it('exits with 1 when no server is listening', async () => {
    const env = {
      DOMO_INSTANCE: 'sandbox-served',
      DOMO_BASE_URL: 'http://127.0.0.1:9',
      DOMO_ACCESS_TOKEN: 'x',
    };
    const ended = await stage.runWith(env, 'plan', '--retries', '0', '--format', 'json');
    expect(ended.code).toBe(1);
    expect(documentOf(ended)).toMatchObject({ problems: [{ code: 'unreachable' }] });
  });
});

describe('an unreliable instance', () => {
  beforeAll(async () => {
    const reference = await openProcessStage({ state: smallInstance() });
    await reference.write('domo-roles.yaml', EVERYTHING);
    expect((await reference.run('apply', '--yes')).code).toBe(0);
    wanted = pictureOf(reference.sandbox);
    await reference.close();
  });

  it.each<[string, Fault[]]>([
    [
      'is limiting requests',
      [
        { name: '429', value: 1, nth: 3 },
        { name: '429-date', nth: 9 },
        { name: '429-bare', nth: 12 },
      ],
    ],
    [
      'is down from time to time',
      [
        { name: '503', nth: 2 },
        { name: 'html-error', nth: 8 },
        { name: '502', method: 'PUT', nth: 2 },
      ],
    ],
    [
      'loses responses to writes',
      [
        { name: 'answer-lost', method: 'PUT', nth: 2 },
        { name: 'answer-lost', method: 'POST', path: 'roles$' },
      ],
    ],
    [
      'responds to writes with malformed data',
      [
        { name: 'malformed', method: 'PUT', nth: 3 },
        { name: 'malformed', method: 'POST', path: 'roles$' },
      ],
    ],
    [
      'hangs after a write',
      [
        { name: 'hung-after-write', method: 'PUT', nth: 4 },
        { name: 'hung-after-write', method: 'DELETE' },
      ],
    ],
    ['shows writes late', [{ name: 'late-visibility', value: 700, ...ALWAYS }]],
  ])('still reaches the state of the manifest when it %s', async (_, faults) => {
    stage.sandbox.setFaults(faults);
    const ended = await stage.run('apply', '--yes', '--timeout', '2');
    expect([ended.code, ended.stderr]).toEqual([0, '']);
    expect(pictureOf(stage.sandbox)).toEqual(wanted);
    expectPlainOutput(ended);
  });

  it('reports a change as failed, and deletes nothing that depends on it, when a write returned 200 without effect', async () => {
    stage.sandbox.setFaults([
      { name: 'not-applied', method: 'PUT', path: '200000005/authorities', ...ALWAYS },
    ]);
    const ended = await applied();
    expect(ended.code).toBe(5);
    const { changes } = documentOf<{
      changes: { id: string; status: string; because: string | null; reason: string }[];
    }>(ended);
    const of = (id: string) => changes.find((change) => change.id === id);
    expect(of('grants.set:Grows')).toMatchObject({ status: 'failed' });
    expect(of('grants.set:Grows')?.reason).toContain('answered 200, but content.card.edit is still missing');
    expect(of('role.delete:Gone')).toMatchObject({ status: 'skipped', because: 'grants.set:Grows' });
    expect(of('allowlist.set')).toMatchObject({ status: 'done' });
    expect(stage.sandbox.state().roles.some(({ name }) => name === 'Gone')).toBe(true);

    stage.sandbox.setFaults([]);
    expect((await stage.run('apply', '--yes')).code).toBe(0);
    expect(pictureOf(stage.sandbox)).toEqual(wanted);
  });

  it('skips the changes that depend on a failed create, with the reason, and continues with the others', async () => {
    stage.sandbox.setFaults([{ name: '500', method: 'POST', path: 'roles$', ...ALWAYS }]);
    const ended = await applied();
    expect(ended.code).toBe(5);
    const { changes } = documentOf<{ changes: { id: string; status: string; because: string | null }[] }>(
      ended,
    );
    const of = (id: string) => changes.find((change) => change.id === id);
    expect(of('role.create:Made')).toMatchObject({ status: 'failed' });
    expect(of('members.move:Made')).toMatchObject({ status: 'skipped' });
    expect(of('role.update:Data Analyst')).toMatchObject({ status: 'done' });
    expect(of('grants.set:Shrinks')).toMatchObject({ status: 'done' });
    expect(of('defaultRole.set')).toMatchObject({ status: 'done' });
    expect(of('role.delete:Gone')).toMatchObject({ status: 'skipped' });
  });
});
