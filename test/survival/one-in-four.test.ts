import { PassThrough } from 'node:stream';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { main } from '../../src/cli/main.js';
import { ProblemError } from '../../src/problem/problem.js';
import { applyManifest, connect, readManifest } from '../../src/reconcile/index.js';
import { openSandbox, serveSandbox } from '../../src/sandbox/index.js';
import type { FaultName, Sandbox } from '../../src/sandbox/index.js';
import { inEnvironment } from '../support/in-process.js';
import { EVERYTHING, IGNORES_START, pictureOf, smallInstance } from '../support/survival.js';
import { stride } from '../support/law.js';

/** Every kind of transient fault except requests that hang. */
const KINDS: readonly FaultName[] = [
  '503',
  '500',
  '429',
  'reset',
  'refused',
  'answer-lost',
  'answer-cut',
  'malformed',
  'html-error',
];

const SEEDS = [1, 2, 3];

interface Ran {
  code: number;
  ms: number;
  changes: readonly { kind: string; role: string | null; status: string; reason: string | null }[];
}

type Apply = (sandbox: Sandbox, url: string, folder: string) => Promise<Ran>;

/** One run of the command. Waits return at once and are counted. */
async function applyByCommand(sandbox: Sandbox, url: string, folder: string): Promise<Ran> {
  const chunks: Buffer[] = [];
  const stdout = new PassThrough().on('data', (chunk: Buffer) => chunks.push(chunk));
  const env = {
    DOMO_INSTANCE: 'sandbox-served',
    DOMO_BASE_URL: url,
    DOMO_ACCESS_TOKEN: sandbox.token,
    XDG_STATE_HOME: folder,
  };
  const stderr = new PassThrough().resume();
  const [code, ms] = await inEnvironment(
    { cwd: folder, env, skipWaits: true, stdout, stderr },
    async (environment) => {
      const started = environment.now();
      const ended = await main(['apply', '--yes', '--format', 'json'], environment);
      return [ended, environment.now() - started] as const;
    },
  );
  const document = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Partial<Ran>;
  return { code, ms, changes: document.changes ?? [] };
}

/** One run through the library, whose request timeout can be shorter than the whole seconds of the flag. */
async function applyFromCode(sandbox: Sandbox, url: string, folder: string): Promise<Ran> {
  const secret = { accessToken: sandbox.token };
  const target = { kind: 'instance', instance: 'sandbox-served', baseUrl: url, secret } as const;
  const streams = { stdout: new PassThrough().resume(), stderr: new PassThrough().resume() };
  return inEnvironment({ cwd: folder, skipWaits: true, ...streams }, async (runtime) => {
    const started = runtime.now();
    const connection = await connect(target, { purpose: 'write', timeoutMs: 40 }, runtime);
    const state = join(folder, '.domo-roles');
    try {
      const manifest = await readManifest([], folder);
      const { outcome } = await applyManifest(manifest, connection, { runtime, state });
      const { changes } = outcome;
      const isDone = changes.every(({ status }) => status === 'done' || status === 'already');
      return { code: isDone ? 0 : 5, ms: runtime.now() - started, changes };
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      return { code: 1, ms: runtime.now() - started, changes: [] };
    } finally {
      await connection.close();
    }
  });
}

/** Whether the instance has the effect of a change that was reported as done. */
function isThere(sandbox: Sandbox, { kind, role }: Ran['changes'][number]): boolean {
  const { roles, settings } = sandbox.state();
  const found = roles.find(({ name }) => name === role);
  if (kind === 'role.delete') return found === undefined;
  if (kind === 'defaultRole.set') return settings.defaultRoleId === found?.id;
  return role === null || role.startsWith('~') || found !== undefined;
}

/** Runs the command until it exits with 0, while one request in four fails with one of these faults. */
async function survives(
  names: readonly FaultName[],
  seed: number,
  apply: Apply = applyByCommand,
): Promise<{ picture: unknown }> {
  const folder = await mkdtemp(join(tmpdir(), 'domo-roles-test-'));
  await writeFile(join(folder, 'domo-roles.yaml'), EVERYTHING);
  const sandbox = await openSandbox({ state: smallInstance(), quirks: IGNORES_START, seed });
  const served = await serveSandbox(sandbox, {});
  const runs: Ran[] = [];
  try {
    // Only the first fault picked affects a request, so together they hit one request in four.
    const rate = 1 - 0.75 ** (1 / Math.max(1, names.length));
    sandbox.setFaults(names.map((name) => ({ name, rate })));
    while (runs.length < 5 && runs.at(-1)?.code !== 0) {
      const ran = await apply(sandbox, served.url, folder);
      runs.push(ran);
      const through = ran.changes.filter(({ status }) => status === 'done' || status === 'already');
      for (const change of through) expect([change, isThere(sandbox, change)]).toEqual([change, true]);
      const isWhole = ran.changes.length > 0 && through.length === ran.changes.length;
      if (ran.changes.length > 0) expect(ran.code).toBe(isWhole ? 0 : 5);
    }
    expect(runs.map(({ code }) => code).at(-1)).toBe(0);
    for (const { ms } of runs) expect(ms).toBeLessThan(60_000);
    return { picture: pictureOf(sandbox) };
  } finally {
    await served.close();
    await sandbox.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Faults and the seeds of their runs. */
interface Row {
  kind: string;
  names: readonly FaultName[];
  seeds: readonly number[];
  apply?: Apply;
}

/** A local run takes one seed of a few rows. */
const ROWS: readonly Row[] = [
  ...KINDS.map((name, index) => ({ kind: name, names: [name], seeds: seedsFrom(index) })),
  { kind: 'requests that hang', names: ['hung', 'hung-after-write'], seeds: [1], apply: applyFromCode },
  {
    kind: 'any of five kinds',
    names: ['503', 'reset', '429-bare', 'answer-cut', 'html-error'],
    seeds: seedsFrom(0),
  },
];

function seedsFrom(first: number): readonly number[] {
  return SEEDS.filter((seed) => (seed - first) % Math.min(stride(3), SEEDS.length) === 0);
}

describe('an instance on which every fourth request fails', () => {
  let wanted: unknown;
  beforeAll(async () => {
    wanted = (await survives([], 1)).picture;
  });

  it.each(ROWS.filter((_, index) => index % stride(1) === 0))(
    'reaches the state of the manifest within five runs, each reported correctly: $kind',
    async ({ names, seeds, apply }) => {
      expect(seeds).not.toEqual([]);
      for (const seed of seeds) expect((await survives(names, seed, apply)).picture).toEqual(wanted);
    },
  );
});
