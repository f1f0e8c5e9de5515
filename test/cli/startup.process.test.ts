import { readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import { openStage } from '../support/cli.js';
import type { Stage } from '../support/cli.js';

const ROOT = join(import.meta.dirname, '../..');
const DIST = join(ROOT, 'dist/bin');
const TRACER = join(import.meta.dirname, '../support/loaded-modules.cjs');

let folder = '';
let stage: Stage;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'domo-roles-test-'));
  stage = await openStage();
});
afterAll(async () => {
  await stage.close();
  await rm(folder, { recursive: true, force: true });
});

/** The parts of the command and the built-in modules that a command line loads. */
async function loadedBy(...args: string[]): Promise<{ parts: string[]; builtins: string[] }> {
  const log = join(folder, 'loaded.json');
  const { exitCode, stderr } = await execa(
    process.execPath,
    ['--require', TRACER, join(DIST, 'domo-roles.js'), ...args],
    {
      cwd: ROOT,
      env: { PATH: process.env.PATH ?? '', LOADED_MODULES: log, DOMO_ACCESS_TOKEN: stage.sandbox.token },
      extendEnv: false,
      reject: false,
    },
  );
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  const loaded = JSON.parse(readFileSync(log, 'utf8')) as string[];
  return {
    parts: loaded.filter((one) => one.startsWith(DIST)).map((one) => relative(DIST, one)),
    builtins: loaded.filter((one) => !one.startsWith('/')).map((one) => one.replace('node:', '')),
  };
}

describe('the start of a command', () => {
  it('in a folder that was deleted is a usage error, without a stack trace', async () => {
    const script = `mkdir "$0" && cd "$0" && rmdir "$0" && exec "$1" "$2" validate --format json`;
    const gone = join(folder, 'gone');
    const ended = await execa('sh', ['-c', script, gone, process.execPath, join(DIST, 'domo-roles.js')], {
      reject: false,
    });
    expect(ended.exitCode).toBe(1);
    expect(JSON.parse(ended.stdout)).toMatchObject({
      kind: 'error',
      problems: [{ code: 'usage', message: 'the working folder no longer exists' }],
    });
    expect(ended.stderr).not.toContain('    at ');
  });

  it.each<[line: string[], most: number]>([
    [['--version'], 2],
    [['--help'], 2],
    [['plan', '--help'], 3],
    [['schema', 'manifest'], 4],
    [['validate', 'examples/quickstart'], 4],
  ])('%j loads at most %i files', async (line, most) => {
    expect((await loadedBy(...line)).parts.length).toBeLessThanOrEqual(most);
  });

  it('reads at most eight files, below 1.1 MB in total, for a plan of an instance', async () => {
    const target = ['--instance', 'sandbox-served', '--base-url', stage.url];
    const { parts } = await loadedBy('plan', 'examples/quickstart', ...target);
    expect(parts.length).toBeLessThanOrEqual(8);
    const bytes = parts.reduce((sum, part) => sum + statSync(join(DIST, part)).size, 0);
    expect(bytes).toBeLessThan(1_100_000);
  });

  it('reads a manifest without loading the YAML library', async () => {
    const { parts } = await loadedBy('validate', 'examples/quickstart');
    expect(parts.filter((one) => one.includes('yaml'))).toEqual([]);
  });

  it('loads no HTTP client when nothing is sent', async () => {
    const { builtins } = await loadedBy('validate', 'examples/quickstart');
    expect(builtins.filter((one) => ['http', 'https', 'net', 'tls', 'zlib', 'assert'].includes(one))).toEqual(
      [],
    );
  });
});
