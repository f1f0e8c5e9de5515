import { describe, expect, it } from '@jest/globals';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SANDBOX_PASSWORD } from '../../src/sandbox/index.js';
import { openSocketStage, targetOf } from '../support/cli.js';
import type { Ended, Stage } from '../support/cli.js';
import { checked, manifest, personNamed, stageForFile, writesOf } from './support.js';

const GOOD = manifest('defaultRole: Participant\n');

interface ErrorDocument {
  problems: { code: string; message: string; hint: string | null }[];
  refusals: { code: string }[];
}

/** Expects nothing on stdout, and this code and text on stderr. */
function stopped(ended: Ended, exit: number, ...words: string[]): void {
  expect({ code: ended.code, stdout: ended.stdout }).toEqual({ code: exit, stdout: '' });
  for (const word of words) expect(ended.stderr).toContain(word);
}

describe('an invalid manifest', () => {
  const held = stageForFile(openSocketStage);

  it.each([
    [
      'a person in two roles',
      'roles:\n  Data Analyst: { members: [bo@acme.com] }\n  Finance Viewer: { members: [BO@acme.com] }\n',
      'duplicate-person',
      ['bo@acme.com', 'domo-roles.yaml:5'],
    ],
    [
      'grants on a system role',
      'roles:\n  Editor: { grants: [alert.edit] }\n',
      'system-role',
      ['Editor', 'domo-roles.yaml:4'],
    ],
    [
      'an unknown grant',
      'roles:\n  Data Analyst:\n    grants: [alert.edit, dataset.exprot]\n',
      'unknown-grant',
      ['dataset.exprot', 'did you mean "dataset.export"?', 'domo-roles.yaml:5'],
    ],
    ['an unknown key', 'roles:\n  Data Analyst: { member: [bo@acme.com] }\n', 'unknown-key', ['members']],
    [
      'a pin that is not live',
      'roles:\n  Data Analyst: { id: 12345678, description: x }\n',
      'unknown-pin',
      ['12345678', '810756122'],
    ],
    ['an unknown default role', 'defaultRole: Nobody\n', 'unknown-role', ['Nobody']],
    ['nothing to manage', 'policy: { minAdmins: 1 }\n', 'manages-nothing', []],
    ['empty members', 'roles:\n  Data Analyst: { members: [] }\n', 'empty-value', ['mode: exact']],
  ])(
    'exits with 3 and reports code, place and hint on stderr and as a document: %s',
    async (_name, body, code, words) => {
      const { stage } = held;
      await stage.write('domo-roles.yaml', manifest(body));
      stopped(await stage.run('plan'), 3, code, ...words);
      const ended = await stage.run('apply', '--yes', '--format', 'json');
      expect(ended.code).toBe(3);
      expect(checked<ErrorDocument>(ended, 'validation').problems.map((one) => one.code)).toContain(code);
      expect(writesOf(stage)).toEqual([]);
    },
  );

  it('shows everything that the instance lacks at once, by file and line', async () => {
    const { stage } = held;
    const body = [
      'defaultRole: Particpant',
      'roles:',
      '  A: { grants: [no.such] }',
      '  B: { id: 12345678 }',
      '  C: { grants: { from: [Editr], add: [no.other] } }',
      'policy: { removedMembersTo: Socail }',
    ];
    await stage.write('domo-roles.yaml', manifest(`${body.join('\n')}\n`));
    for (const command of ['plan', 'drift']) {
      const ended = await stage.run(command, '--format', 'json');
      const { problems } = JSON.parse(ended.stdout) as { problems: { code: string; line: number }[] };
      expect([ended.code, problems.map(({ code, line }) => `${code} ${line}`)]).toEqual([
        3,
        [
          'unknown-role 3',
          'unknown-grant 5',
          'unknown-pin 6',
          'unknown-role 7',
          'unknown-grant 7',
          'unknown-role 8',
        ],
      ]);
    }
  });

  it.each([
    ['an empty file', ''],
    ['a file of comments', '# later\n'],
    ['a head without a body', manifest('')],
  ])('manages nothing and is never read as a request to remove everything: %s', async (_name, text) => {
    const { stage } = held;
    await stage.write('domo-roles.yaml', text);
    const ended = await stage.run('apply', '--yes');
    expect([ended.code, ended.stdout]).toEqual([3, '']);
    expect(writesOf(stage)).toEqual([]);
  });

  it('is reported before any request to the instance', async () => {
    const { stage } = held;
    await stage.write('domo-roles.yaml', 'roles: 7\n');
    stopped(await stage.run('plan'), 3, 'roles');
    expect(stage.sandbox.log()).toEqual([]);
  });
});

describe('an invalid command line', () => {
  const held = stageForFile(openSocketStage);

  it.each([
    [
      ['apply', '--dry_run'],
      ['unknown flag --dry_run', 'did you mean --dry-run?'],
    ],
    [
      ['apply', '--dry-runn', '--yes'],
      ['unknown flag --dry-runn', 'did you mean --dry-run?'],
    ],
    [
      ['plan', '--nonsense'],
      ['unknown flag --nonsense', 'plan --help'],
    ],
    [
      ['apply', '--yes', '--allow', 'everything'],
      ['"everything"', 'escalation'],
    ],
    [['apply', '--yes', '--allow', 'max-moves'], ['--allow max-moves=N']],
    [['apply', '--yes', '--allow', 'max-moves=many'], ['requires a number']],
    [['apply', '--yes', '--allow', 'escalation=3'], ['does not accept a number']],
    [['aply'], ['"aply"', 'did you mean "apply"?']],
    [['frobnicate'], ['frobnicate']],
    [
      ['plan', '--format', 'pdf'],
      ['pdf', 'markdown'],
    ],
    [
      ['plan', '--report', 'pdf=x'],
      ['FORMAT=FILE', 'markdown'],
    ],
    [['plan', '--timeout', 'soon'], ['--timeout must be a whole number from 1 to 3600']],
    [['plan', '--retries', '-1'], ['--retries']],
    [['plan', '--out'], ['out']],
    [['plan', '--instance', 'a', '--instance', 'b'], ['--instance was given more than once']],
    [['plan', '--instance', 'not a host'], ['not a host name']],
    [['schema', 'pln'], ['did you mean "plan"?']],
    [
      ['get', 'rolls'],
      ['rolls', 'roles'],
    ],
    [['get', 'role', 'Data Analist'], ['did you mean "Data Analyst"?']],
    [['--sandbox'], ['specify a command']],
    [
      ['plan', '--sandbox', 'domo-roles.yaml'],
      ['--sandbox takes a folder', 'domo-roles.yaml --sandbox'],
    ],
    [['export', '--sandbox=other.yml'], ['--sandbox takes a folder']],
    [['plan', '--sandbox', '.'], ['--sandbox takes a folder']],
    [['sandbox', 'reset', '--folder', 'domo-roles.yaml'], ['--folder takes a folder']],
    [['apply', '--yes', '--wait-for-lock', '-1'], ['--wait-for-lock']],
  ])('exits with 1, prints nothing on stdout and a helpful message on stderr: %j', async (args, words) => {
    const { stage } = held;
    await stage.write('domo-roles.yaml', GOOD);
    stopped(await stage.run(...args), 1, ...words);
    expect(writesOf(stage)).toEqual([]);
  });

  it('still produces one error document when JSON was requested', async () => {
    const { stage } = held;
    for (const args of [
      ['apply', '--dry_run', '--format', 'json'],
      ['plan', '--format=json', '--nonsense'],
    ]) {
      const ended = await stage.run(...args);
      expect(ended.code).toBe(1);
      expect(checked<ErrorDocument>(ended, 'error').problems).toMatchObject([{ code: 'usage' }]);
    }
  });

  it('reports where it looked for a manifest', async () => {
    stopped(await held.stage.run('plan'), 1, 'manifest-not-found', 'domo-roles init');
    stopped(await held.stage.run('plan', 'gone.yaml'), 1, 'gone.yaml');
  });
});

describe('the target of a command', () => {
  const held = stageForFile(openSocketStage);
  const plan = async (stage: Stage, env: Record<string, string>, ...args: string[]): Promise<Ended> => {
    await stage.write('domo-roles.yaml', GOOD);
    return stage.runWith(env, 'plan', '--retries', '0', ...args);
  };

  it('must be named as an instance or a sandbox, and the error suggests both', async () => {
    stopped(await plan(held.stage, {}), 1, 'no-target', 'DOMO_INSTANCE', 'DOMO_ACCESS_TOKEN', '--sandbox');
    // A missing CI secret.
    stopped(
      await plan(held.stage, { DOMO_INSTANCE: 'acme', DOMO_ACCESS_TOKEN: '' }),
      1,
      'no-target',
      'DOMO_ACCESS_TOKEN',
    );
    stopped(await plan(held.stage, { DOMO_ACCESS_TOKEN: 'x' }), 1, 'no-target', 'no instance was named');
  });

  it('is rejected when a .env file would send the secret of the environment elsewhere', async () => {
    const { stage } = held;
    for (const line of [
      `DOMO_BASE_URL=${stage.url}`,
      'DOMO_INSTANCE=evil',
      `DOMO_BASE_URL=${stage.url}\nDOMO_ACCESS_TOKEN=mine`,
    ]) {
      await stage.write('.env', `${line}\n`);
      const ended = await plan(stage, {
        DOMO_INSTANCE: 'sandbox-served',
        DOMO_ACCESS_TOKEN: stage.sandbox.token,
      });
      stopped(ended, 1, 'bad-target', '.env');
    }
    await stage.write('token', stage.sandbox.token);
    stopped(await plan(stage, {}, '--token-file', 'token'), 1, 'bad-target', '.env');
    expect(stage.sandbox.log()).toEqual([]);
  });

  it('may come with its secret from one .env file', async () => {
    const { stage } = held;
    await stage.write(
      '.env',
      `DOMO_INSTANCE=sandbox-served\nDOMO_BASE_URL=${stage.url}\nDOMO_ACCESS_TOKEN=${stage.sandbox.token}\n`,
    );
    expect(await plan(stage, {})).toMatchObject({ code: 0, stderr: '' });
  });

  it('may use a token file, and the error explains what is wrong with it', async () => {
    const { stage } = held;
    const env = { DOMO_INSTANCE: 'sandbox-served', DOMO_BASE_URL: stage.url };
    await stage.write('token', `${stage.sandbox.token}\n`);
    expect(await plan(stage, env, '--token-file', 'token')).toMatchObject({ code: 0, stderr: '' });
    await stage.write('two', 'one\ntwo\n');
    stopped(await plan(stage, env, '--token-file', 'two'), 1, 'bad-file', 'two');
    stopped(await plan(stage, env, '--token-file', 'gone'), 1, 'bad-file', 'gone');
  });

  it('is rejected with an unknown token, which is not printed', async () => {
    const { stage } = held;
    const ended = await plan(stage, { ...targetOf(stage), DOMO_ACCESS_TOKEN: 'my-wrong-secret' });
    stopped(ended, 1, 'authentication', 'check the token');
    expect(ended.stderr).not.toContain('my-wrong-secret');
  });

  it('is rejected when the owner of the token may not manage roles', async () => {
    const { stage } = held;
    const state = stage.sandbox.state();
    await stage.sandbox.reset({ ...state, tokens: { ...state.tokens, weak: personNamed(state, 'Bo').id } });
    stopped(
      await plan(stage, { ...targetOf(stage), DOMO_ACCESS_TOKEN: 'weak' }),
      1,
      'forbidden',
      'authorization.roles',
    );
  });

  it('is rejected when no server is listening', async () => {
    const { stage } = held;
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const ended = await plan(stage, { ...targetOf(stage), DOMO_BASE_URL: `http://127.0.0.1:${port}` });
    stopped(ended, 1, 'unreachable', `127.0.0.1:${port}`);
  });

  it('must use https on another machine and must be a Domo address', async () => {
    const { stage } = held;
    const env = { DOMO_INSTANCE: 'acme', DOMO_ACCESS_TOKEN: 'x' };
    stopped(await plan(stage, { ...env, DOMO_BASE_URL: 'http://roles.example' }), 1, 'bad-target', 'https');
    for (const address of ['acme', 'https://', 'https://.domo.com']) {
      const withoutName = { DOMO_ACCESS_TOKEN: 'x', DOMO_BASE_URL: address };
      stopped(await plan(stage, withoutName), 1, 'bad-target', 'https://INSTANCE.domo.com');
    }
    const ended = await plan(stage, { ...env, DOMO_BASE_URL: 'https://roles.invalid' });
    stopped(ended, 1, 'note: the address roles.invalid', 'unreachable');
  });

  it.each([['networkBlocked'], ['networkRedirected']] as const)(
    'is rejected when the network is blocked (%s)',
    async (quirk) => {
      const { stage } = held;
      stage.sandbox.setQuirks({ [quirk]: true });
      stopped(await plan(stage, targetOf(stage)), 1, 'blocked-network', 'allowlist');
    },
  );

  it.each([
    ['right', SANDBOX_PASSWORD, false, 0, ''],
    ['wrong', 'a-wrong-password', false, 1, 'authentication'],
    ['locked', SANDBOX_PASSWORD, true, 1, 'locked'],
  ])('accepts or rejects a password that is %s', async (_name, password, locked, exit, word) => {
    const { stage } = held;
    const state = stage.sandbox.state();
    const root = state.passwords['root@acme.com'];
    if (!root) throw new Error('root has a password');
    await stage.sandbox.reset({
      ...state,
      passwords: { ...state.passwords, 'root@acme.com': { ...root, locked } },
    });
    const ended = await plan(stage, {
      DOMO_INSTANCE: 'sandbox-served',
      DOMO_BASE_URL: stage.url,
      DOMO_USERNAME: 'root@acme.com',
      DOMO_PASSWORD: password,
    });
    expect(ended.code).toBe(exit);
    expect(ended.stderr).toContain(word);
    expect(ended.stderr).not.toContain(password);
  });

  it('can be the embedded instance, which its plans name and the manifest need not', async () => {
    const { stage } = held;
    await stage.write('domo-roles.yaml', manifest('instance: acme\ndefaultRole: Participant\n'));
    const ended = await stage.runWith({}, 'plan', '--sandbox', '--format', 'json');
    expect(ended).toMatchObject({ code: 0 });
    expect(JSON.parse(ended.stdout)).toMatchObject({ sandbox: true, instance: 'sandbox', refusals: [] });
  });
});
