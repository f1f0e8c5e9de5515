import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';
import { loadState, openSandbox } from '../../src/sandbox/index.js';
import { inProcess, ROLES } from './support.js';

// Makes one role after the other, and says so after each answer.
const CHILD = `
import sandboxes from './sandbox.cjs';
const sandbox = await sandboxes.openSandbox({ folder: process.argv[2] });
for (let n = 0; ; n += 1) {
  const headers = { 'x-domo-developer-token': sandbox.token };
  const body = JSON.stringify({ name: 'Role ' + n });
  const answer = await sandbox.fetch(new Request('http://sandbox${ROLES}', { method: 'POST', headers, body }));
  process.stdout.write((await answer.json()).id + '\\n');
}
`;

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'sandbox-crash-'));
  await build({
    entryPoints: ['src/sandbox/index.ts'],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    outfile: join(root, 'sandbox.cjs'),
    logLevel: 'silent',
  });
  await writeFile(join(root, 'child.mjs'), CHILD);
});
afterAll(() => rm(root, { recursive: true }));

describe('a sandbox that is killed in the middle of its writes', () => {
  it.each([1, 2, 3, 5, 8, 13])(
    'after %i answers leaves a whole file that holds every answered write',
    async (answers) => {
      const folder = join(root, `killed-${answers}`);
      const child = spawn(process.execPath, [join(root, 'child.mjs'), folder], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const answered: number[] = [];
      for await (const line of createInterface({ input: child.stdout })) {
        answered.push(Number(line));
        if (answered.length === answers) child.kill('SIGKILL');
      }
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      const kept = (await loadState(folder))?.roles.map((role) => role.id);
      expect(answered.length).toBeGreaterThanOrEqual(answers);
      expect(kept).toEqual(expect.arrayContaining(answered));
      const again = await openSandbox({ folder });
      expect((await inProcess(again)('POST', ROLES, { name: 'Afterwards' })).status).toBe(200);
    },
  );
});
