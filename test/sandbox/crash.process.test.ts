import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';
import { loadState, openSandbox } from '../../src/sandbox/index.js';
import { inProcess, ROLES } from './support.js';

// Creates one role after the other, and prints a line after each answer.
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
    'after %i answers leaves a complete file with every answered write',
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

describe('a sandbox whose disk is full', () => {
  it.each([1, 2, 4])('keeps the old file, and leaves no temporary one: room for %i KiB', async (room) => {
    const folder = join(root, `full-${room}`);
    await (await openSandbox({ folder })).close();
    const before = await readFile(join(folder, 'sandbox.json'), 'utf8');
    expect(before.length).toBeGreaterThan(room * 1024);
    const command = `ulimit -f ${room}; exec "$0" "$@"`;
    const child = spawn('bash', ['-c', command, process.execPath, join(root, 'child.mjs'), folder], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const errors: string[] = [];
    child.stderr.on('data', (chunk: Buffer) => errors.push(chunk.toString('utf8')));
    const answered: string[] = [];
    for await (const line of createInterface({ input: child.stdout })) answered.push(line);
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    expect(answered).toEqual([]);
    expect(errors.join('')).toContain('EFBIG');
    expect(await readFile(join(folder, 'sandbox.json'), 'utf8')).toBe(before);
    expect(await readdir(folder)).toEqual(['sandbox.json']);
  });
});
