import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  filesBelow,
  inventoryOf,
  openRejectingServer,
  openFleetSocketStage,
  rowOf,
  tokenOf,
} from '../support/fleet-stage.js';
import type { FleetStage, Seen } from '../support/fleet-stage.js';
import { runWithin } from '../support/in-process.js';
import { inputs } from '../support/law.js';

let stage: FleetStage;

beforeAll(async () => {
  stage = await openFleetSocketStage(['nova', 'nova-dev', 'zenith']);
});
afterAll(() => stage.close());

let runs = 0;

/** Plans with only these credentials. Returns the rows, such as `nova clean`, and the requests to each instance. */
async function plan(env: Record<string, string>, ...args: string[]) {
  stage.seen.clear();
  const out = `out-${++runs}`;
  const ended = await runWithin(
    ['fleet', 'plan', '--base-url', `${stage.url}/{name}`, '--out', out, ...args],
    { cwd: stage.folder, env, skipWaits: true },
  );
  const document = ended.code === 0 || ended.code === 1 ? await stage.document(out).catch(() => null) : null;
  const codes = document?.rows.map(({ instance, status, problems }) =>
    [instance, status, ...problems.map(({ code }) => code)].join(' '),
  );
  return { ...ended, codes, asked: [...stage.seen.keys()].sort(), document };
}

const NONE = ['nova failed no-credential', 'nova-dev failed no-credential', 'zenith failed no-credential'];

describe('the credential of an instance', () => {
  beforeAll(async () => {
    await stage.write('one/nova', `${tokenOf('nova')}\n`);
    await stage.write('one.json', JSON.stringify({ nova: tokenOf('nova') }));
  });

  it.each<[string, Record<string, string>, string[]]>([
    ['--token-dir', {}, ['--token-dir', 'one']],
    ['--tokens', {}, ['--tokens', 'one.json']],
    ['a variable with its name', { DOMO_ACCESS_TOKEN_NOVA: tokenOf('nova') }, []],
    [
      'DOMO_ACCESS_TOKEN with DOMO_INSTANCE',
      { DOMO_ACCESS_TOKEN: tokenOf('nova'), DOMO_INSTANCE: 'nova' },
      [],
    ],
    [
      'DOMO_ACCESS_TOKEN with DOMO_INSTANCE as an address',
      { DOMO_ACCESS_TOKEN: tokenOf('nova'), DOMO_INSTANCE: 'https://NOVA.domo.com' },
      [],
    ],
  ])('can be %s, for that instance alone', async (_what, env, args) => {
    const { codes, asked, code } = await plan(env, ...args);
    expect(codes).toEqual(['nova changes', ...NONE.slice(1)]);
    expect(asked).toEqual(['nova']);
    expect(code).toBe(1);
  });

  it.each([
    ['a byte order mark', `\uFEFF${JSON.stringify({ nova: tokenOf('nova') })}`, 0o600, ''],
    [
      'a duplicate name',
      `{\n  "nova": "one",\n  "zenith": "}{",\n  "n\\u006fva": "${tokenOf('nova')}"\n}`,
      0o600,
      'tokens.json" has "nova" twice, on line 2 and on line 4',
    ],
    [
      'a token in the place of a name twice',
      '{"t0ken":"nova","t0ken":"zenith"}',
      0o600,
      'tokens.json" has a name twice, on line 1 and on line 1',
    ],
    ['text that is not JSON', 'nova', 0o600, 'tokens.json" is not a JSON object'],
    ['read access for every account', '{}', 0o604, String.raw`chmod o-rwx 'an owner'\''s tokens.json'`],
  ])(
    'can come from a tokens file with %s, which is accepted or rejected',
    async (_what, text, mode, message) => {
      await stage.write("an owner's tokens.json", text, mode);
      const { stderr, asked } = await plan({}, '--tokens', "an owner's tokens.json");
      expect(stderr).toContain(message);
      expect(asked).toEqual(message === '' ? ['nova'] : []);
    },
  );

  it('is missing with a reason when the tokens file cannot be read', async () => {
    const { code, stderr } = await plan({}, '--tokens', 'one');
    expect(code).toBe(1);
    expect(stderr).toContain('the tokens file "one" cannot be read (EISDIR)');
  });

  it('is named in a failed connection check, without checks that were skipped', async () => {
    const argv = [
      'fleet',
      'doctor',
      '--base-url',
      `${stage.url}/{name}`,
      '--out',
      'doctor',
      '--only',
      'nova',
    ];
    const env = { DOMO_ACCESS_TOKEN: 'wrong-one' };
    await runWithin(argv, { cwd: stage.folder, env, skipWaits: true });
    const { because } = rowOf(await stage.document('doctor'), 'nova');
    expect(because).toContain('returned 401');
    expect(because).not.toContain('not tried');
  });

  it('is read from a variable with underscores in place of the hyphens of a name', async () => {
    const { asked } = await plan({ DOMO_ACCESS_TOKEN_NOVA_DEV: tokenOf('nova-dev') });
    expect(asked).toEqual(['nova-dev']);
  });

  it('can be a username and a password with its name', async () => {
    const { codes } = await plan({ DOMO_USERNAME_NOVA: 'someone@nova.com', DOMO_PASSWORD_NOVA: 'wrong-one' });
    expect(codes?.[0]).toMatch(/^nova failed authentication/u);
  });

  it.each<[string, string[], string[]]>([
    ['a literal --only', ['--only', 'nova'], ['nova']],
    ['a pattern, even of one instance', ['--only', 'nova-*'], []],
    ['two names', ['--only', 'nova', '--only', 'zenith'], []],
    ['another selection of one instance', ['--except', 'nova', '--except', 'nova-dev'], []],
    ['nothing', [], []],
  ])(
    'from DOMO_ACCESS_TOKEN without DOMO_INSTANCE is accepted or rejected with %s',
    async (_what, args, expected) => {
      const { asked } = await plan({ DOMO_ACCESS_TOKEN: tokenOf('nova') }, ...args);
      expect(asked).toEqual(expected);
    },
  );

  it('comes from --token-dir first, then --tokens, then its own variable', async () => {
    await stage.write('dir/nova', tokenOf('nova'));
    await stage.write('both.json', JSON.stringify({ nova: 'wrong-1', zenith: tokenOf('zenith') }));
    const env = { DOMO_ACCESS_TOKEN_NOVA: 'wrong-2', DOMO_ACCESS_TOKEN_ZENITH: 'wrong-3' };
    const { codes } = await plan(env, '--token-dir', 'dir', '--tokens', 'both.json');
    expect(codes).toEqual(['nova changes', 'nova-dev failed no-credential', 'zenith changes']);
  });

  it('can be a link, as in a mounted Secret', async () => {
    await stage.write('data/token', tokenOf('zenith'));
    await stage.write('linked/readme', '');
    await symlink('../data/token', join(stage.folder, 'linked/zenith'));
    const { codes } = await plan({}, '--token-dir', 'linked');
    expect(codes?.[2]).toBe('zenith changes');
  });

  it('is not read from .env', async () => {
    await stage.write(
      '.env',
      `DOMO_INSTANCE=nova\nDOMO_ACCESS_TOKEN=${tokenOf('nova')}\nDOMO_ACCESS_TOKEN_ZENITH=${tokenOf('zenith')}\n`,
    );
    const { codes } = await plan({});
    expect(codes).toEqual(NONE);
  });

  it('is never replaced by that of another instance when it is unusable', async () => {
    await stage.write('blank/nova', ' \n');
    await stage.write('blank/zenith', 'two words');
    const env = { DOMO_ACCESS_TOKEN_NOVA: tokenOf('nova'), DOMO_ACCESS_TOKEN_ZENITH: tokenOf('zenith') };
    const { codes, asked } = await plan(env, '--token-dir', 'blank');
    expect(codes?.[0]).toBe('nova failed bad-file');
    expect(codes?.[2]).toBe('zenith failed bad-file');
    expect(asked).toEqual([]);
  });
});

describe('two instances with one token', () => {
  it('both fail before their first request, while the others continue', async () => {
    await stage.write(
      'shared.json',
      JSON.stringify({ nova: 'same', 'nova-dev': 'same', zenith: tokenOf('zenith') }),
    );
    const { codes, asked } = await plan({}, '--tokens', 'shared.json');
    expect(codes).toEqual(['nova failed shared-token', 'nova-dev failed shared-token', 'zenith changes']);
    expect(asked).toEqual(['zenith']);
  });

  it('fail even if only one is selected or the token has two sources', async () => {
    await stage.write('half.json', JSON.stringify({ 'nova-dev': tokenOf('nova') }));
    const env = { DOMO_ACCESS_TOKEN_NOVA: tokenOf('nova') };
    const { codes, asked } = await plan(env, '--tokens', 'half.json', '--only', 'nova');
    expect(codes).toEqual(['nova failed shared-token']);
    expect(asked).toEqual([]);
  });
});

describe('a tokens file', () => {
  it.each([
    [0o600, 1],
    [0o640, 1],
    [0o604, 'refused'],
    [0o666, 'refused'],
  ])('with the mode %i', async (mode, expected) => {
    await stage.write('mode.json', JSON.stringify({ nova: tokenOf('nova') }), mode);
    const { code, stderr, asked } = await plan({}, '--tokens', 'mode.json');
    expect(code).toBe(1);
    expect(asked).toEqual(expected === 'refused' ? [] : ['nova']);
    expect(stderr.includes('chmod o-rwx mode.json')).toBe(expected === 'refused');
  });

  it.each([
    ['[]', 'is not a JSON object'],
    ['{"nova": "half', 'is not a JSON object'],
    ['', 'is not a JSON object'],
  ])('that contains %s exits with 1 and is not quoted', async (text, message) => {
    await stage.write('bad.json', text);
    const { code, stderr } = await plan({}, '--tokens', 'bad.json');
    expect(code).toBe(1);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('half');
  });

  it('with a token that is not text fails that row alone', async () => {
    await stage.write('odd.json', JSON.stringify({ nova: 7, zenith: tokenOf('zenith') }));
    const { codes } = await plan({}, '--tokens', 'odd.json');
    expect(codes).toEqual(['nova failed bad-file', 'nova-dev failed no-credential', 'zenith changes']);
  });

  it.each([['--tokens'], ['--token-dir']])('given as %s exits with 1 if it does not exist', async (flag) => {
    const { code, codes } = await plan({}, flag, 'missing');
    expect(code).toBe(1);
    expect(codes).toBeUndefined();
  });
});

describe('the address of the instances', () => {
  it('must contain {name} for several instances', async () => {
    const several = await runWithin(['fleet', 'plan', '--base-url', stage.url, '--tokens', 'tokens.json'], {
      cwd: stage.folder,
    });
    expect(several.code).toBe(1);
    expect(several.stderr).toContain('--base-url without {name}');
    const one = await runWithin(
      ['fleet', 'plan', '--base-url', `${stage.url}/nova`, '--tokens', 'tokens.json', '--only', 'nova'],
      { cwd: stage.folder, skipWaits: true },
    );
    expect(one.code).toBe(0);
  });

  it.each(['/{name}/../nova', '/{name}/%2e%2E/nova', '/nova?{name}', '/nova#{name}', '/nova/{name}/.\\..'])(
    'must contain {name} where it makes a difference: %s',
    async (path) => {
      stage.seen.clear();
      const argv = ['fleet', 'plan', '--base-url', `${stage.url}${path}`, '--tokens', 'tokens.json'];
      const { code, stderr } = await runWithin(argv, { cwd: stage.folder });
      expect([code, stderr]).toEqual([1, expect.stringContaining('--base-url without {name}')]);
      expect([...stage.seen]).toEqual([]);
    },
  );
});

describe('an address that is valid for no instance', () => {
  it.each([
    ['ftp://{name}', 'ftp://{name} is neither https nor on this machine'],
    ['http://{name}.acme.com', 'http://{name}.acme.com is neither https nor on this machine'],
    ['https://ana:pw@{name}.domo.com', 'https://{name}.domo.com contains a user or password'],
    ['https://acme.com/{name}', 'https://acme.com has more than a host'],
    ['{name}', 'is not a URL'],
    ['https://{nam}.domo.com/{name}', 'a brace that is not part of {name}'],
    ['https://ana:{pw@{name}.domo.com', 'a brace that is not part of {name}'],
  ])('stops the run with 1 before it starts: %s', async (address, message) => {
    const argv = ['fleet', 'plan', '--base-url', address, '--tokens', 'tokens.json', '--out', 'nowhere'];
    const { code, stderr } = await runWithin(argv, { cwd: stage.folder });
    expect([code, stderr]).toEqual([1, expect.stringContaining(message)]);
    expect(stderr).not.toMatch(/pw@|any-name/u);
    await expect(stage.document('nowhere')).rejects.toThrow('ENOENT');
  });

  it('is a mistyped placeholder, also for a single instance', async () => {
    const argv = [
      'fleet',
      'plan',
      '--base-url',
      'http://127.0.0.1:1/{nam}',
      '--tokens',
      'tokens.json',
      '--only',
      'nova',
    ];
    const { code, stderr } = await runWithin(argv, { cwd: stage.folder });
    expect([code, stderr]).toEqual([1, expect.stringContaining('a brace that is not part of {name}')]);
  });

  it('is noted with its placeholder when it is outside domo.com', async () => {
    const argv = ['fleet', 'plan', '--base-url', 'https://{name}.acme.com', '--only', 'nova'];
    const { stderr } = await runWithin(argv, { cwd: stage.folder });
    expect(stderr).toContain("note: the address {name}.acme.com is neither Domo's nor this machine");
  });
});

describe('the files of a fleet run', () => {
  it('are private, contain no secret and nothing of another instance', async () => {
    await stage.fleet('apply', '--yes', '--out', 'left');
    const files = await filesBelow(join(stage.folder, 'left'));
    expect(files.size).toBeGreaterThan(12);
    for (const [path, { text, mode }] of files) {
      expect([path, mode]).toEqual([path, text === '' && mode === 0o700 ? 0o700 : 0o600]);
      expect(text).not.toMatch(/token-of-/u);
      expect(text).not.toContain(stage.folder);
      const [, owner] = /^instances\/([^/]+)\//u.exec(path) ?? [];
      // One name is a prefix of another.
      if (owner === 'zenith') expect(text).not.toContain('nova');
      if (owner === 'nova' || owner === 'nova-dev') expect(text).not.toContain('zenith');
      if (owner === 'nova') expect(text).not.toContain('nova-dev');
    }
    expect(rowOf(await stage.document('left'), 'nova').status).toBe('done');
  });
});

/** A secret that names its owner. */
const owners = /secret-of-([a-z-]+?)-by/gu;

function misdirected(seen: Seen): string[] {
  return [...seen].flatMap(([instance, requests]) =>
    requests.flatMap((text) =>
      [...text.matchAll(owners)].flatMap(([, owner]) =>
        owner === instance ? [] : [`${owner} at ${instance}`],
      ),
    ),
  );
}

describe('in random fleets', () => {
  const NAMES = ['a', 'a-b', 'a-b-c', 'b', 'file', 'instance', 'constructor'] as const;
  const SOURCES = ['dir', 'tokens', 'variable', 'login', 'none'] as const;
  const fleets = fc.record({
    entries: fc.uniqueArray(
      fc.record({ name: fc.constantFrom(...NAMES), sources: fc.subarray([...SOURCES]) }),
      { selector: ({ name }) => name, minLength: 1 },
    ),
    // A pull request can only add a name.
    added: fc.constantFrom(...NAMES),
    instance: fc.option(fc.constantFrom(...NAMES)),
    only: fc.option(fc.constantFrom(...NAMES)),
    plain: fc.boolean(),
  });

  it('no request carries the credential of another instance', async () => {
    const rejecting = await openRejectingServer();
    try {
      await fc.assert(
        fc.asyncProperty(fleets, async ({ entries, added, instance, only, plain }) => {
          rejecting.seen.clear();
          const dir = `law-${++runs}`;
          const names = [...new Set([...entries.map(({ name }) => name), added])];
          await stage.write(
            `${dir}/fleet.yaml`,
            inventoryOf(Object.fromEntries(names.map((name) => [name, '{}']))),
          );
          await stage.write(`${dir}/base.yaml`, 'apiVersion: domo-roles/v1\nkind: Roles\nroles: { A: {} }\n');
          await stage.write(`${dir}/dir/.keep`, '');
          const tokens: Record<string, string> = {};
          const env: Record<string, string> = {};
          for (const { name, sources } of entries) {
            const suffix = name.toUpperCase().replaceAll('-', '_');
            const secret = (by: string): string => `secret-of-${name}-by-${by}`;
            if (sources.includes('dir')) await stage.write(`${dir}/dir/${name}`, secret('dir'));
            if (sources.includes('tokens')) tokens[name] = secret('tokens');
            if (sources.includes('variable')) env[`DOMO_ACCESS_TOKEN_${suffix}`] = secret('variable');
            if (sources.includes('login')) {
              env[`DOMO_USERNAME_${suffix}`] = secret('username');
              env[`DOMO_PASSWORD_${suffix}`] = secret('password');
            }
          }
          await stage.write(`${dir}/tokens.json`, JSON.stringify(tokens));
          if (instance !== null) env.DOMO_INSTANCE = instance;
          const owner = instance ?? only;
          if (plain && owner !== null) env.DOMO_ACCESS_TOKEN = `secret-of-${owner}-by-plain`;
          await runWithin(
            [
              ...['fleet', 'plan', '--base-url', `${rejecting.url}/{name}`, '--retries', '0'],
              ...['--token-dir', 'dir', '--tokens', 'tokens.json', '--out', 'out'],
              ...(only === null ? [] : ['--only', only]),
            ],
            { cwd: join(stage.folder, dir), env, skipWaits: true },
          );
          expect(misdirected(rejecting.seen)).toEqual([]);
          const files = await filesBelow(join(stage.folder, dir, 'out')).catch(
            () => new Map<string, never>(),
          );
          for (const { text } of files.values()) expect(text).not.toMatch(/secret-of-/u);
        }),
        { numRuns: inputs(20) },
      );
    } finally {
      await rejecting.close();
    }
  });
});
