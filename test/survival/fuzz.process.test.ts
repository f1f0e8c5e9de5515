import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { mkdir } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { openStage, targetOf } from '../support/cli.js';
import type { Ended, Stage } from '../support/cli.js';
import { runWithin } from '../support/in-process.js';
import { EVERYTHING, pictureOf, smallInstance, start } from '../support/survival.js';
import { inputs } from '../support/law.js';

/** A mutation of a text: a piece is removed, moved or replaced. */
interface Cut {
  at: number;
  length: number;
  put: string;
}

const PIECES = [
  '',
  '\0',
  '\u001b[31m',
  '\n',
  '{',
  '}',
  '[',
  ']',
  '"',
  ',',
  ':',
  'null',
  '-1',
  '1e999',
  '"__proto__":{},',
  '"constructor":',
  '\u202e',
  '\ud800',
  '9'.repeat(400),
  '['.repeat(5000),
  'x'.repeat(20_000),
  '../../etc/passwd',
];

const cuts = fc.array(
  fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.oneof(fc.constant(0), fc.nat({ max: 6 }), fc.nat({ max: 2000 })),
    put: fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: 'binary', maxLength: 8 })),
  }),
  { minLength: 1, maxLength: 3 },
);

function mutated(text: string, done: readonly Cut[]): string {
  return done.reduce((rest, { at, length, put }) => {
    const from = Math.floor(at * rest.length);
    return rest.slice(0, from) + put + rest.slice(from + length);
  }, text);
}

/** Values to insert anywhere in a document that stays valid JSON. */
const values = fc.array(
  fc.record({
    steps: fc.array(fc.nat({ max: 30 }), { minLength: 1, maxLength: 5 }),
    value: fc.oneof(
      fc.constantFrom<unknown>(
        null,
        true,
        -1,
        0,
        1.5,
        2 ** 60,
        '',
        'x',
        [],
        {},
        [[]],
        '\u001b[31m',
        '~domo-roles',
        5,
        '5',
      ),
      fc.jsonValue(),
    ),
    drop: fc.boolean(),
  }),
  { minLength: 1, maxLength: 3 },
);

interface Put {
  steps: readonly number[];
  value: unknown;
  drop: boolean;
}

function withValue(json: unknown, { steps, value, drop }: Put): unknown {
  const [step, ...rest] = steps;
  if (step === undefined || typeof json !== 'object' || json === null) return value;
  const copy = structuredClone(json) as Record<string, unknown>;
  const keys = Object.keys(copy);
  const key = keys[step % Math.max(1, keys.length)];
  if (key === undefined) return value;
  if (rest.length === 0 && drop) delete copy[key];
  else copy[key] = withValue(copy[key], { steps: rest, value, drop });
  return copy;
}

const UNSEEN = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/** For any input: no internal error, no stack trace, no terminal escapes, and a documented exit code. */
function expectCleanEnd(ended: Ended): void {
  expect(ended.stderr).not.toMatch(/fault of domo-roles|^\s+at \S+ \(|node:internal/mu);
  expect(ended.stderr).not.toMatch(UNSEEN);
  expect([0, 1, 2, 3, 4, 5]).toContain(ended.code);
  if (ended.code === 1) expect(ended.stdout + ended.stderr).not.toBe('');
}

let stage: Stage;
let saved: unknown;
let snapshot: unknown;
let before: unknown;
let journal = '';
let runId = '';
let folder = '';
beforeAll(async () => {
  stage = await openStage({ state: smallInstance() });
  await stage.write('domo-roles.yaml', EVERYTHING);
  expect((await within(stage.folder, 'plan', '--out', 'plan.json')).code).toBe(0);
  expect((await within(stage.folder, 'export', '--format', 'snapshot', '--out', 'live.json')).code).toBe(0);
  saved = JSON.parse(await readFile(join(stage.folder, 'plan.json'), 'utf8'));
  snapshot = JSON.parse(await readFile(join(stage.folder, 'live.json'), 'utf8'));
  const run = start(stage, ['apply', 'plan.json', '--yes']);
  let writes = 0;
  const stop = stage.sandbox.onWrite(() => {
    if ((writes += 1) === 8) run.child.kill('SIGKILL');
  });
  await run.ended;
  stop();
  const runs = join(stage.folder, '.domo-roles/runs');
  runId = (await readdir(runs))[0] ?? '';
  journal = await readFile(join(runs, runId, 'journal.jsonl'), 'utf8');
  before = JSON.parse(await readFile(join(runs, runId, 'before.json'), 'utf8'));
});
afterAll(() => stage.close());
afterEach(() => rm(folder, { recursive: true, force: true }));

function within(cwd: string, ...argv: string[]): Promise<Ended> {
  return runWithin(argv, {
    cwd,
    env: { ...targetOf(stage), DOMO_ROLES_RETRIES: '0', DOMO_ROLES_DEBUG: '1' },
    skipWaits: true,
  });
}

async function freshFolder(files: Readonly<Record<string, string>>): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  folder = await mkdtemp(join(tmpdir(), 'domo-roles-fuzz-'));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
}

/** Everything in the folder except the state folders of the project and the user; a leftover lock counts. */
async function listing(): Promise<string[]> {
  const isState = (name: string): boolean => /^\.(?:domo-roles|local)/u.test(name) && !name.endsWith('.lock');
  return (await readdir(folder, { recursive: true })).filter((name) => !isState(name)).sort();
}

describe('a corrupted plan file', () => {
  it('is never applied, and nothing is written outside the state folder', async () => {
    const live = pictureOf(stage.sandbox);
    const text = JSON.stringify(saved);
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(cuts, values),
        fc.constantFrom('apply', 'dry', 'report'),
        async (how, command) => {
          const isText = how.every((one) => 'at' in one);
          const plan = isText ? mutated(text, how) : JSON.stringify((how as Put[]).reduce(withValue, saved));
          fc.pre(!isSame(plan, saved));
          await freshFolder({ 'plan.json': plan });
          const names = await listing();
          const flags = {
            apply: ['apply', '--yes'],
            dry: ['apply', '--dry-run'],
            report: ['report', '--format', 'html'],
          };

          const ended = await within(folder, ...flags[command], 'plan.json');

          expectCleanEnd(ended);
          if (command !== 'report') expect(ended.code).not.toBe(0);
          expect(pictureOf(stage.sandbox)).toEqual(live);
          expect(await listing()).toEqual(names);
        },
      ),
      { numRuns: inputs(150) },
    );
  }, 240_000);
});

/** The time stamp is informational: nothing relies on it. */
function isSame(text: string, plan: unknown): boolean {
  try {
    const value = JSON.parse(text) as Record<string, unknown>;
    return JSON.stringify({ ...value, madeAt: '' }) === JSON.stringify({ ...(plan as object), madeAt: '' });
  } catch {
    return false;
  }
}

describe('a corrupted snapshot', () => {
  it('is either planned against or rejected as not a snapshot', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(cuts, values), async (how) => {
        const isText = how.every((one) => 'at' in one);
        const text = isText
          ? mutated(JSON.stringify(snapshot), how)
          : JSON.stringify((how as Put[]).reduce(withValue, snapshot));
        await freshFolder({ 'live.json': text, 'domo-roles.yaml': EVERYTHING });
        expectCleanEnd(await within(folder, 'plan', '--against', 'live.json', '--format', 'markdown'));
      }),
      { numRuns: inputs(100) },
    );
  }, 240_000);
});

describe('a corrupted run folder', () => {
  const commands = [
    ['runs'],
    ['runs', '--format', 'json'],
    ['rollback', 'RUN'],
    ['apply', 'plan.json', '--dry-run'],
    ['plan'],
  ];

  it('is listed with its error and never trusted', async () => {
    const files = {
      'plan.json': JSON.stringify(saved),
      'before.json': JSON.stringify(before),
      'journal.jsonl': journal,
    };
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...(Object.keys(files) as (keyof typeof files)[])),
        cuts,
        fc.constantFrom(...commands),
        async (file, how, command) => {
          const at = (name: string): string => `.domo-roles/runs/${runId}/${name}`;
          await freshFolder({
            'domo-roles.yaml': EVERYTHING,
            'plan.json': files['plan.json'],
            ...Object.fromEntries(Object.entries(files).map(([name, text]) => [at(name), text])),
            [at(file)]: mutated(files[file], how),
          });
          const ended = await within(folder, ...command.map((word) => (word === 'RUN' ? runId : word)));
          expectCleanEnd(ended);
          if (command[0] === 'runs') expect(ended.code).toBe(0);
        },
      ),
      { numRuns: inputs(150) },
    );
  }, 240_000);

  it.each([
    '../../..',
    '/etc',
    '..',
    '.',
    '',
    'x'.repeat(5000),
    '\0',
    'a\nb',
    '__proto__',
    '20260101T000000000Z-abcdef/../..',
  ])('is never looked up outside the state folder: %j', async (id) => {
    await freshFolder({});
    const ended = await within(folder, 'rollback', '--format', 'json', '--', id);
    expectCleanEnd(ended);
    expect(ended.code).toBe(1);
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('a random environment', () => {
  it('ends in a readable error at worst', async () => {
    const words = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 30 }),
      fc.constantFrom(
        '',
        ' ',
        'acme',
        'https://acme.domo.com',
        'http://127.0.0.1:1',
        'http://127.0.0.1:1/x',
        'javascript:1',
        'file:///etc/passwd',
        '-1',
        '0',
        '1e9',
        'NaN',
      ),
    );
    const keys = ['DOMO_INSTANCE', 'DOMO_BASE_URL', 'DOMO_ACCESS_TOKEN', 'DOMO_USERNAME', 'DOMO_PASSWORD'];
    const settings = [
      'DOMO_ROLES_TIMEOUT',
      'DOMO_ROLES_RETRIES',
      'DOMO_ROLES_CONCURRENCY',
      'DOMO_ROLES_PAGE_SIZE',
    ];
    const pairs = fc.uniqueArray(fc.tuple(fc.constantFrom(...keys, ...settings, 'HTTPS_PROXY'), words), {
      maxLength: 6,
      selector: ([key]) => key,
    });
    await fc.assert(
      fc.asyncProperty(
        pairs,
        fc.option(pairs),
        fc.option(fc.string({ unit: 'binary' })),
        async (env, file, token) => {
          await freshFolder({
            'domo-roles.yaml': EVERYTHING,
            ...(file ? { '.env': file.map(([key, value]) => `${key}=${value}`).join('\n') } : {}),
            ...(token === null ? {} : { token }),
          });
          const argv = ['plan', ...(token === null ? [] : ['--token-file', 'token'])];
          const safe = env.filter(([, value]) => value !== 'acme' && value !== 'https://acme.domo.com');
          // A proxy on a closed port keeps every request off the network.
          const ended = await runWithin(argv, {
            cwd: folder,
            env: { HTTPS_PROXY: 'http://127.0.0.1:9', DOMO_ROLES_RETRIES: '0', ...Object.fromEntries(safe) },
            skipWaits: true,
          });
          expectCleanEnd(ended);
          expect([1, 3]).toContain(ended.code);
        },
      ),
      { numRuns: inputs(120) },
    );
  }, 240_000);
});

describe('a random command line', () => {
  const WORDS = [
    'plan',
    'apply',
    'runs',
    'report',
    'get',
    'export',
    'schema',
    'validate',
    '--format',
    'json',
    '--yes',
    '--allow',
    '--dry_run',
    '--state',
    '--',
    '-x',
    '--__proto__',
    '--constructor=1',
    '--allow=max-moves=-1',
    '--report',
    'html=',
    '--impact-limit',
    'NaN',
    '\0',
    '\u001b[2J',
  ];
  it('is a usage error and writes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(fc.constantFrom(...WORDS), fc.string({ maxLength: 8 })), { maxLength: 5 }),
        async (argv) => {
          await freshFolder({});
          expectCleanEnd(await runWithin(argv, { cwd: folder, env: {}, skipWaits: true }));
          expect(await readdir(folder)).toEqual([]);
        },
      ),
      { numRuns: inputs(150) },
    );
  }, 240_000);
});
