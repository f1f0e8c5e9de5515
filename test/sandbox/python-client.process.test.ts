import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { SANDBOX_PASSWORD, type Quirks } from '../../src/sandbox/index.js';
import { findPython, runPython } from '../support/python.js';
import { serve } from './support.js';

const SCRIPT = join(import.meta.dirname, '../python/check_sandbox.py');

const python = findPython();
if (python === null) {
  const line = 'No Python with httpx: install python3-httpx, or name a Python in PYTHON';
  if (process.env['DOMO_ROLES_ALL_TESTS'] === '1') throw new Error(line);
  process.stderr.write(`\n*** NOT TESTED: ${line}\n\n`);
}

(python === null ? describe.skip : describe)('a Python client that was written for Domo', () => {
  const run = (...args: string[]): Promise<string> => runPython(python ?? '', [SCRIPT, ...args]);

  it.each([
    ['an access token', ['token', 'sandbox-access-token']],
    ['a password', ['password', SANDBOX_PASSWORD, 'root@acme.com']],
  ])(
    'gets the expected responses from the served sandbox with %s',
    async (_what, way) => {
      const { url } = await serve();
      const checks = JSON.parse(await run(url, ...way)) as { check: string; problem: string | null }[];
      expect(checks.filter(({ problem }) => problem !== null)).toEqual([]);
      expect(checks.length).toBeGreaterThan(15);
    },
    90_000,
  );

  it('reports ids that are text', async () => {
    const { url } = await serve({ quirks: { idsAsText: true } });
    const checks = JSON.parse(await run(url, 'token', 'sandbox-access-token')) as {
      problem: string | null;
    }[];
    const problems = checks.flatMap(({ problem }) => problem ?? []);
    expect(problems.filter((problem) => problem.includes("id is '")).length).toBeGreaterThan(3);
  }, 90_000);

  it.each([[{ networkBlocked: true }], [{ networkRedirected: true }]] as [Partial<Quirks>][])(
    'finds its address in the page of %j',
    async (quirks) => {
      const { url } = await serve({ quirks });
      expect(JSON.parse(await run(url, 'blocked', 'sandbox-access-token'))).toBe('127.0.0.1');
    },
    90_000,
  );
});
