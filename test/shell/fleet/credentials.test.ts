import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { openRuntime } from '../../../src/reconcile/runtime.js';
import { openLedger } from '../../../src/shell/ledger.js';
import { resolveCredentials } from '../../../src/shell/fleet/credentials.js';
import type { Credential } from '../../../src/shell/fleet/credentials.js';
import { inputs, sawEvery } from '../../support/law.js';

/** The credentials that the owner of the instances has configured, independent of the inventory. */
interface SetUp {
  /** The source of the credential of each instance, by name. */
  sources: Readonly<Record<string, readonly Source[]>>;
  /** Instances with the token of another one, copied by mistake. */
  copies: Readonly<Record<string, string>>;
  instance: string | null;
  only: readonly string[];
  /** The variables without an instance name, and the instance whose credential they contain. */
  plain: { owner: string; kind: 'token' | 'login' } | null;
}

const SOURCES = ['dir', 'link', 'tokens', 'variable', 'login'] as const;
type Source = (typeof SOURCES)[number];

/** DNS labels that are similar to each other, to names of variables and to prototype keys. */
const NAMES = [
  ...[
    'a',
    'b',
    'a-b',
    'a--b',
    'ab',
    'a-b-c',
    'acme',
    'acme-dev',
    'acme-1',
    '0',
    'file',
    'instance',
    'access-token',
  ],
  ...['token', 'name', 'constructor', 'prototype', 'x-access-token-a', 'username', 'password'],
] as const;

const name = fc.constantFrom(...NAMES);

const setUp: fc.Arbitrary<SetUp> = fc.record({
  sources: fc.dictionary(name, fc.subarray([...SOURCES], { minLength: 1 })),
  copies: fc.dictionary(name, name, { maxKeys: 2 }),
  instance: fc.option(name),
  only: fc.array(fc.oneof(name, fc.constantFrom('a*', '*', 'a?b', '?')), { maxLength: 2 }),
  plain: fc.option(fc.record({ owner: name, kind: fc.constantFrom('token', 'login') })),
});

/** A secret that names its owner. */
const secret = (owner: string, by: string): string => `secret-of:${owner}:${by}`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'domo-roles-credentials-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let worlds = 0;

/** Resolves the credentials of names in a configuration. */
async function resolve(set: SetUp, names: readonly string[]): Promise<ReadonlyMap<string, Credential>> {
  const cwd = join(folder, String(++worlds));
  await mkdir(join(cwd, 'dir'), { recursive: true });
  const env: Record<string, string> = {};
  const tokens: [string, string][] = [];
  for (const [owner, sources] of Object.entries(set.sources)) {
    const suffix = owner.toUpperCase().replaceAll('-', '_');
    if (sources.includes('dir')) await writeFile(join(cwd, 'dir', owner), secret(owner, 'dir'));
    else if (sources.includes('link')) {
      await writeFile(join(cwd, `${owner}.data`), secret(owner, 'link'));
      await symlink(`../${owner}.data`, join(cwd, 'dir', owner));
    }
    if (sources.includes('tokens')) tokens.push([owner, secret(owner, 'tokens')]);
    if (sources.includes('variable')) env[`DOMO_ACCESS_TOKEN_${suffix}`] = secret(owner, 'variable');
    if (sources.includes('login')) {
      env[`DOMO_USERNAME_${suffix}`] = secret(owner, 'username');
      env[`DOMO_PASSWORD_${suffix}`] = secret(owner, 'password');
    }
  }
  for (const [to, from] of Object.entries(set.copies)) {
    if (to === from || set.sources[to]) continue;
    tokens.push([to, secret(from, 'tokens')]);
    if (!tokens.some(([owner]) => owner === from)) tokens.push([from, secret(from, 'tokens')]);
  }
  await writeFile(join(cwd, 'tokens.json'), JSON.stringify(Object.fromEntries(tokens)), { mode: 0o600 });
  if (set.instance !== null) env.DOMO_INSTANCE = set.instance;
  if (set.plain?.kind === 'token') env.DOMO_ACCESS_TOKEN = secret(set.plain.owner, 'plain');
  if (set.plain?.kind === 'login') {
    env.DOMO_USERNAME = secret(set.plain.owner, 'plain');
    env.DOMO_PASSWORD = secret(set.plain.owner, 'plain');
  }
  const flags = { tokenDir: 'dir', tokens: 'tokens.json', only: set.only };
  const environment = { ...openRuntime(), cwd, env, ledger: openLedger() };
  return resolveCredentials(names, flags, environment);
}

/** The owners of the secrets in a credential. */
function ownersIn(credential: Credential | undefined): string[] {
  const text = credential && 'secret' in credential ? JSON.stringify(credential.secret) : '';
  return [...text.matchAll(/secret-of:([^:]+):/gu)].map(([, owner = '']) => owner);
}

/** The instance for which the variables without an instance name are configured; null without one. */
function ownerOfPlain({ instance, only }: SetUp): string | null {
  if (instance !== null) return instance;
  const [first, ...more] = only;
  return first !== undefined && more.length === 0 && !/[*?]/u.test(first) ? first : null;
}

describe('the credential of an instance', () => {
  it('is never that of another instance, whatever names a pull request adds to the inventory', async () => {
    let found = 0;
    await fc.assert(
      fc.asyncProperty(
        setUp,
        fc.subarray([...NAMES]),
        fc.subarray([...NAMES]),
        async (drawn, before, added) => {
          // The variables without an instance name contain the credential of the instance that they are configured
          // for.
          const owner = ownerOfPlain(drawn);
          const plain = drawn.plain && owner !== null ? { ...drawn.plain, owner } : drawn.plain;
          const set = { ...drawn, plain };
          const after = await resolve(set, [...new Set([...before, ...added])]);
          const then = await resolve(set, before);
          for (const [instance, credential] of after) {
            // A copied token belongs to two instances, and is rejected for both once both are in the inventory.
            const isCopied = Object.entries(set.copies).flat().includes(instance);
            if (!isCopied) {
              expect([instance, ownersIn(credential).filter((one) => one !== instance)]).toEqual([
                instance,
                [],
              ]);
              // The previous instances have the same credential as before.
              if (then.has(instance)) expect(credential).toEqual(then.get(instance));
            }
            found += ownersIn(credential).length;
          }
          const tokens = [...after.values()].flatMap((one) =>
            'secret' in one && 'accessToken' in one.secret ? [one.secret.accessToken] : [],
          );
          expect(new Set(tokens).size).toBe(tokens.length);
        },
      ),
      { numRuns: inputs(60) },
    );
    // The law does not hold only because there are no credentials.
    expect(sawEvery(found)).toBe(true);
  });

  it('is read from the variables without a name if exactly one instance is named literally', async () => {
    const set = (only: string[], instance: string | null = null): SetUp => ({
      ...{ sources: {}, copies: {}, only, instance },
      plain: { owner: 'acme', kind: 'login' },
    });
    for (const [only, instance, expected] of [
      [['acme'], null, ['acme']],
      [['acme*'], null, []],
      [['acm?'], null, []],
      [['acme', 'b'], null, []],
      [[], 'acme', ['acme']],
      [['b'], 'acme', ['acme']],
      [[], 'ACME', ['acme']],
      [[], 'https://acme.domo.com/', ['acme']],
      [['ACME'], null, []],
    ] as const) {
      const credentials = await resolve(set([...only], instance), ['acme', 'acme-dev', 'b']);
      const have = [...credentials].flatMap(([one, credential]) => ('secret' in credential ? [one] : []));
      expect([only, instance, have]).toEqual([only, instance, expected]);
    }
  });

  it('is rejected if links of two instances lead to one token', async () => {
    const cwd = join(folder, 'links');
    await mkdir(join(cwd, 'dir'), { recursive: true });
    await writeFile(join(cwd, 'data'), 'the-token\n');
    for (const one of ['a', 'b']) await symlink('../data', join(cwd, 'dir', one));
    await writeFile(join(cwd, 'dir', 'c'), 'the-token');
    await writeFile(join(cwd, 'dir', 'd'), 'the-token-of-d');
    const environment = { ...openRuntime(), cwd, env: {}, ledger: openLedger() };
    const found = await resolveCredentials(['a', 'b', 'c', 'd'], { tokenDir: 'dir' }, environment);
    const codes = [...found.values()].map((one) => ('problem' in one ? one.problem.code : 'has one'));
    expect(codes).toEqual(['shared-token', 'shared-token', 'shared-token', 'has one']);
  });
});
