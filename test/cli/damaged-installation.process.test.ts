import { cp, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import { BIN } from '../support/built.js';
import { inventoryOf } from '../support/fleet-stage.js';
import { manifest } from './support.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'domo-roles-test-'));
  await cp(dirname(BIN), join(folder, 'bin'), { recursive: true });
  const text = manifest('roles:\n  Viewer: { grants: [alert.edit] }\n');
  await writeFile(join(folder, 'domo-roles.yaml'), text);
  await writeFile(join(folder, 'base.yaml'), text);
  await writeFile(join(folder, 'fleet.yaml'), inventoryOf({ alpha: '{}', beta: '{}' }));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Deletes the part of the command whose name begins so, as an upgrade does while the command runs. */
async function lose(name: string): Promise<void> {
  const parts = join(folder, 'bin/parts');
  const lost = (await readdir(parts)).filter((one) => one.startsWith(`${name}-`));
  expect(lost).not.toEqual([]);
  for (const one of lost) await rm(join(parts, one));
}

async function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const { exitCode, stdout, stderr } = await execa(
    process.execPath,
    [join(folder, 'bin/domo-roles.js'), ...args],
    {
      cwd: folder,
      env: { PATH: process.env.PATH ?? '', HOME: folder, NODE_DISABLE_COMPILE_CACHE: '1' },
      extendEnv: false,
      reject: false,
      stdin: 'ignore',
    },
  );
  return { code: exitCode ?? -1, stdout, stderr };
}

const MISSING = 'a file of domo-roles is missing or cannot be read';

describe('a command with a part that is missing', () => {
  it.each(['command', 'apply', 'instance'])(
    'is reported with what to do and without a stack trace: %s',
    async (part) => {
      await lose(part);
      const { code, stderr } = await run('apply', '--sandbox', '--yes');
      expect([code, stderr]).toEqual([
        1,
        expect.stringContaining(`bad-file  ${MISSING}\n  hint: run it again`),
      ]);
      expect(stderr).not.toMatch(/\n\s+at /u);
    },
  );

  it('is the one document of --format json', async () => {
    await lose('instance');
    const { code, stdout } = await run('plan', '--sandbox', '--format', 'json');
    expect([code, JSON.parse(stdout)]).toEqual([
      1,
      expect.objectContaining({
        kind: 'error',
        problems: [expect.objectContaining({ code: 'bad-file', message: MISSING })],
      }),
    ]);
  });
});

describe('a report that cannot be made', () => {
  it('after an apply is named, leaves the exit code, and the other results are written', async () => {
    await lose('fleet-html');
    const { code, stdout, stderr } = await run(
      ...['fleet', 'apply', '--sandbox', '--yes', '--out', 'out'],
      ...['--report', 'html=page.html', '--report', 'csv=rows.csv'],
    );
    expect([code, stderr]).toEqual([
      0,
      expect.stringContaining('warning: page.html could not be written (MODULE_NOT_FOUND)'),
    ]);
    expect(stdout).toContain('2 done');
    expect(await readFile(join(folder, 'rows.csv'), 'utf8')).toContain('alpha');
  });

  it('of a run without a write makes it end with 1, and the other results are written', async () => {
    await lose('plan-junit');
    const { code, stdout, stderr } = await run(
      ...['plan', '--sandbox', '--report', 'junit=plan.xml', '--report', 'markdown=plan.md'],
    );
    expect([code, stderr]).toEqual([1, 'warning: plan.xml could not be written (MODULE_NOT_FOUND)']);
    expect(stdout).toContain('+ Viewer');
    expect(await readFile(join(folder, 'plan.md'), 'utf8')).toContain('Viewer');
  });
});
