import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execa } from 'execa';

const ROOT = join(import.meta.dirname, '../..');
const IMPORT = "import { afterAll, beforeAll, expect, it } from '@jest/globals';\n";

/** Test files, each with the expected content of its report. */
const FILES: readonly [name: string, text: string, report: RegExp | null][] = [
  ['passes', "it('adds', () => expect(1 + 1).toBe(2));", null],
  ['fails', "it('adds', () => expect(1 + 1).toBe(3));", /Expected: 3/u],
  [
    'exits with 0',
    "it('exits', () => process.exit(0));",
    /the process of this test file ended \(exit code 0\)/u,
  ],
  [
    'exits with 1',
    "it('exits', () => process.exit(1));",
    /the process of this test file ended \(exit code 1\)/u,
  ],
  ['is killed', "it('dies', () => process.kill(process.pid, 'SIGKILL'));", /test file ended \(SIGKILL\)/u],
  ['never ends', "it('waits', () => new Promise(() => {}));", /Exceeded timeout of 300 ms/u],
  ['imports nothing', "import './nowhere.mjs';\nit('is not reached', () => {});", /Cannot find module/u],
  ['throws at once', "it('is not reached', () => {});\nthrow new Error('at once');", /at once/u],
  [
    'throws if nothing catches',
    "it('throws', async () => { setTimeout(() => { throw new Error('late'); }, 1); await new Promise((go) => setTimeout(go, 50)); });",
    /late/u,
  ],
  [
    'rejects if nothing catches',
    "it('rejects', async () => { void Promise.reject(new Error('lost')); await new Promise((go) => setTimeout(go, 50)); });",
    /lost/u,
  ],
  [
    'rejects before its tests',
    "void Promise.reject(new Error('early')); it('adds', () => expect(1 + 1).toBe(2));",
    /early/u,
  ],
  [
    'fails before its tests',
    "beforeAll(async () => { await null; throw new Error('unprepared'); }); it('is not reached', () => {});",
    /unprepared/u,
  ],
  [
    'fails after its tests',
    "afterAll(async () => { await null; throw new Error('untidy'); }); it('adds', () => expect(1 + 1).toBe(2));",
    /untidy/u,
  ],
  ['is not JavaScript', "it('is not reached', () => {};", /Parse error/u],
  ['has no test', 'export {};', /must contain at least one test/u],
];

interface Report {
  success: boolean;
  testResults: { name: string; status: string; message: string }[];
}

describe('the test runner', () => {
  let folder = '';
  let report: Report;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'domo-roles-test-'));
    for (const [name, text] of FILES) await writeFile(join(folder, `${name}.test.mjs`), IMPORT + text);
    const config = {
      rootDir: folder,
      runner: join(ROOT, 'test/runner/runner.mjs'),
      testMatch: ['<rootDir>/*.test.mjs'],
      testTimeout: 300,
      transform: {},
      maxWorkers: 1,
    };
    const { stdout } = await execa(
      process.execPath,
      [join(ROOT, 'node_modules/jest/bin/jest.js'), '--config', JSON.stringify(config), '--json'],
      { cwd: ROOT, reject: false, timeout: 60_000 },
    );
    report = JSON.parse(stdout) as Report;
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each(FILES)('reports a file that %s and still runs the others', (name, _, expected) => {
    const result = report.testResults.find((one) => one.name.endsWith(`/${name}.test.mjs`));
    expect(result?.status).toBe(expected === null ? 'passed' : 'failed');
    if (expected !== null) expect(result?.message).toMatch(expected);
  });

  it('reports every file, and the run as failed', () => {
    expect(report.testResults).toHaveLength(FILES.length);
    expect(report.success).toBe(false);
  });
});
