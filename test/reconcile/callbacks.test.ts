import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  applyManifest,
  connect,
  listRuns,
  openRuntime,
  openSandbox,
  readManifest,
  type Applied,
  type ApplyRequest,
  type Sandbox,
} from '../../src/index.js';

const MANIFEST = `apiVersion: domo-roles/v1
kind: Roles
policy: { removedMembersTo: Participant }
roles:
  Data Analyst: { description: Looks into data, members: { mode: additive, users: [bo@acme.com] } }
  Finance Viewer: { description: Looks into money }
`;

const fail = (): never => {
  throw new Error('the callback failed');
};

describe('the callbacks of an apply', () => {
  let folder: string;
  let sandbox: Sandbox;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'domo-roles-test-'));
    await writeFile(join(folder, 'domo-roles.yaml'), MANIFEST);
    sandbox = await openSandbox();
  });
  afterEach(async () => {
    await sandbox.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function apply(
    request: Partial<ApplyRequest>,
    purpose: 'read' | 'write' = 'write',
  ): Promise<Applied> {
    const state = join(folder, 'state');
    const runtime = openRuntime({ fetchFor: () => sandbox.fetch, env: { XDG_STATE_HOME: state } });
    const manifest = await readManifest(['domo-roles.yaml'], folder);
    const secret = { accessToken: sandbox.token };
    const connection = await connect(
      { kind: 'instance', instance: 'acme', baseUrl: 'http://127.0.0.1:1', secret },
      { purpose },
      runtime,
    );
    return applyManifest(manifest, connection, { runtime, state, ...request }).finally(() =>
      connection.close(),
    );
  }

  it.each<[string, Partial<ApplyRequest>]>([
    ['a progress display that cannot be opened', { openProgress: fail }],
    ['a progress display that fails', { openProgress: async () => ({ report: fail, stop: fail }) }],
    ['the first write', { onSent: fail }],
  ])('change no result when they fail: %s', async (_, request) => {
    const { outcome } = await apply(request);
    expect(outcome.summary).toMatchObject({ changes: 3, done: 3 });
    expect(await listRuns(join(folder, 'state'))).toMatchObject([{ state: 'finished', done: 3 }]);
  });

  it('do not matter on a connection for reading, which is a usage error', async () => {
    await expect(apply({}, 'read')).rejects.toMatchObject({
      problems: [{ code: 'usage', message: 'this connection cannot write' }],
    });
  });

  it('end the apply before the first write if the answer is false', async () => {
    const before = sandbox.state();
    await expect(apply({ confirm: async () => false })).rejects.toMatchObject({
      refusals: [{ code: 'not-confirmed' }],
    });
    expect(sandbox.state().roles).toEqual(before.roles);
    expect((await apply({ confirm: () => undefined })).outcome.summary.done).toBe(3);
  });
});
