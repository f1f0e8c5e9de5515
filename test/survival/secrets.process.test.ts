import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openProcessStage } from '../support/cli.js';
import type { Ended, Stage } from '../support/cli.js';
import { runWithin } from '../support/in-process.js';
import { EVERYTHING, smallInstance } from '../support/survival.js';

const TOKEN = 'planted-tok3n/+=with"marks';
const PASSWORD = 'planted pässword <&>';
const SECRET_PARTS = ['planted-tok3n', 'planted pässword', 'planted%20p', encodeURIComponent(PASSWORD)];

/** Ways in which a server echoes the secret that it received. */
const ECHOES: Record<string, (response: ServerResponse, secret: string) => void> = {
  'a JSON error': (response, secret) => json(response, 400, { status: 400, message: `bad ${secret}` }),
  'a nested JSON error': (response, secret) => json(response, 500, { error: { deep: [secret] }, secret }),
  'a plain error': (response, secret) => text(response, 403, `no: ${secret}`),
  'an HTML error': (response, secret) =>
    html(response, 502, `<html><title>${secret}</title>${secret}</html>`),
  'a block page': (response, secret) =>
    html(response, 200, `<html><title>Domo - Blocked ${secret}</title></html>`),
  'a redirect': (response, secret) => {
    response.writeHead(302, { location: `https://evil.example/?t=${encodeURIComponent(secret)}` }).end();
  },
  'response headers': (response, secret) => {
    const header = Buffer.from(secret, 'utf8').toString('latin1');
    response.writeHead(429, { 'retry-after': header, 'x-echo': header, 'content-type': header }).end(secret);
  },
  'a content type': (response, secret) => {
    response.writeHead(200, { 'content-type': Buffer.from(secret, 'utf8').toString('latin1') }).end('[]');
  },
  base64: (response, secret) => text(response, 401, Buffer.from(secret).toString('base64')),
  'URL encoding': (response, secret) => text(response, 401, encodeURIComponent(secret)),
  'JSON in JSON': (response, secret) => json(response, 401, { message: JSON.stringify({ secret }) }),
  'half a document': (response, secret) =>
    text(response, 200, `[{"id": 1, "name": ${JSON.stringify(secret)}`),
  'a response of the wrong shape': (response, secret) => json(response, 200, { [secret]: secret }),
  'a list of the wrong shape': (response, secret) => json(response, 200, [secret, { id: secret, name: 7 }]),
};

function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}
function text(response: ServerResponse, status: number, value: string): void {
  response.writeHead(status, { 'content-type': 'text/plain' }).end(value);
}
function html(response: ServerResponse, status: number, value: string): void {
  response.writeHead(status, { 'content-type': 'text/html' }).end(value);
}

function secretIn(ended: Ended): string[] {
  const output = ended.stdout + ended.stderr;
  const forms = [TOKEN, PASSWORD].flatMap((secret) => [
    secret,
    encodeURIComponent(secret),
    Buffer.from(secret).toString('base64'),
    JSON.stringify(secret).slice(1, -1),
  ]);
  return [...forms, ...SECRET_PARTS].filter((form) => output.includes(form));
}

let server: Server;
let url = '';
let echo: (response: ServerResponse, secret: string) => void = () => undefined;
let stage: Stage;
beforeAll(async () => {
  server = createServer((request: IncomingMessage, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      const sent = request.headers['x-domo-developer-token'];
      echo(response, typeof sent === 'string' ? sent : body.includes('password') ? PASSWORD : 'nothing');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  stage = await openProcessStage();
  await stage.write('domo-roles.yaml', EVERYTHING);
  await stage.write('token.txt', `${TOKEN}\n`);
});
afterAll(async () => {
  server.close();
  server.closeAllConnections();
  await stage.close();
});
afterEach(() => rm(join(stage.folder, '.env'), { force: true }));

const TARGET = { DOMO_INSTANCE: 'acme', DOMO_ROLES_DEBUG: '1', DOMO_ROLES_RETRIES: '1' };

/** Each way to supply a secret. */
const WAYS: [string, () => Promise<{ env: Record<string, string>; flags: string[] }>][] = [
  ['the environment', async () => ({ env: { DOMO_ACCESS_TOKEN: TOKEN, DOMO_BASE_URL: url }, flags: [] })],
  ['a token file', async () => ({ env: { DOMO_BASE_URL: url }, flags: ['--token-file', 'token.txt'] })],
  [
    'a password',
    async () => ({
      env: { DOMO_USERNAME: 'root@acme.com', DOMO_PASSWORD: PASSWORD, DOMO_BASE_URL: url },
      flags: [],
    }),
  ],
  [
    'a .env file',
    async () => {
      await stage.write('.env', `DOMO_BASE_URL=${url}\nDOMO_ACCESS_TOKEN='${TOKEN}'\n`);
      return { env: {}, flags: [] };
    },
  ],
];

describe('a server that echoes the secret it received', () => {
  it.each(Object.keys(ECHOES).flatMap((way) => WAYS.map(([given]): [string, string] => [way, given])))(
    'does not make it appear in any output: echoed by %s, supplied by %s',
    async (way, given) => {
      echo = ECHOES[way] as typeof echo;
      const { env, flags } = await (WAYS.find(([name]) => name === given) as (typeof WAYS)[number])[1]();
      for (const command of [
        ['plan'],
        ['apply', '--yes'],
        ['export'],
        ['get', 'roles'],
        ['drift'],
        ['doctor'],
      ]) {
        for (const format of [[], ['--format', 'json']]) {
          const ended = await runWithin([...command, ...format, ...flags, '--verbose'], {
            cwd: stage.folder,
            env: { ...TARGET, ...env },
            skipWaits: true,
          });
          expect([command, ended.code]).toEqual([command, 1]);
          expect([command, secretIn(ended)]).toEqual([command, []]);
        }
      }
    },
  );

  it('does not make it appear in the output of a process with stack traces enabled', async () => {
    for (const way of ['a JSON error', 'response headers', 'a list of the wrong shape']) {
      echo = ECHOES[way] as typeof echo;
      const env = { ...TARGET, DOMO_BASE_URL: url, DOMO_ACCESS_TOKEN: TOKEN };
      const ended = await stage.runWith(env, 'plan', '--verbose');
      expect([way, ended.code, secretIn(ended)]).toEqual([way, 1, []]);
    }
  });
});

describe('a secret in the wrong place', () => {
  it.each([
    [
      'an address',
      {
        DOMO_BASE_URL: `https://user:${encodeURIComponent(PASSWORD)}@acme.domo.com`,
        DOMO_ACCESS_TOKEN: TOKEN,
      },
    ],
    [
      'the query of an address',
      { DOMO_BASE_URL: `https://acme.domo.com/?token=${encodeURIComponent(TOKEN)}`, DOMO_ACCESS_TOKEN: 'x' },
    ],
    [
      'an address without a credential',
      { DOMO_INSTANCE: '', DOMO_BASE_URL: `https://user:${encodeURIComponent(PASSWORD)}@acme.domo.com` },
    ],
    [
      'the query of an address without a credential',
      { DOMO_INSTANCE: '', DOMO_BASE_URL: `https://acme.domo.com/?token=${encodeURIComponent(TOKEN)}` },
    ],
    [
      'an address as the name of an instance, without a credential',
      { DOMO_INSTANCE: `https://user:${encodeURIComponent(PASSWORD)}@acme.domo.com` },
    ],
    ['the name of an instance', { DOMO_INSTANCE: TOKEN, DOMO_ACCESS_TOKEN: TOKEN }],
    [
      'the address of a proxy',
      { HTTPS_PROXY: `http://user:${encodeURIComponent(PASSWORD)}@127.0.0.1:9`, DOMO_ACCESS_TOKEN: TOKEN },
    ],
    [
      'an invalid proxy',
      { HTTPS_PROXY: `socks5://${encodeURIComponent(PASSWORD)}@x`, DOMO_ACCESS_TOKEN: TOKEN },
    ],
  ])('is not printed: %s', async (_, env) => {
    for (const format of ['text', 'json']) {
      const ended = await runWithin(['plan', '--format', format, '--verbose', '--retries', '0'], {
        cwd: stage.folder,
        env: { ...TARGET, ...env },
      });
      expect([ended.code, secretIn(ended)]).toEqual([1, []]);
    }
  });
});

describe('the files of a run', () => {
  let own: Stage;
  beforeEach(async () => {
    own = await openProcessStage({ state: smallInstance(), token: TOKEN });
    await own.write('domo-roles.yaml', EVERYTHING);
  });
  afterEach(() => own.close());

  it('contain no secret and are accessible only to their owner', async () => {
    own.sandbox.setFaults([{ name: '500', method: 'DELETE', times: 0 }]);
    const applied = await own.run('apply', '--yes', '--verbose');
    expect([applied.code, secretIn(applied)]).toEqual([5, []]);
    own.sandbox.setFaults([]);
    const planned = await own.run('plan', '--out', 'plan.json', '--report', 'html=plan.html', '--verbose');
    expect([planned.code, secretIn(planned)]).toEqual([0, []]);
    expect((await own.run('export', '--format', 'snapshot', '--out', 'live.json')).code).toBe(0);

    for (const name of ['plan.json', 'plan.html']) {
      expect([name, (await stat(join(own.folder, name))).mode & 0o777]).toEqual([name, 0o600]);
    }
    const entries = await readdir(own.folder, { recursive: true, withFileTypes: true });
    const inState = entries.filter((entry) => join(entry.parentPath, entry.name).includes('.domo-roles'));
    expect(inState.filter((entry) => entry.isFile()).length).toBeGreaterThan(4);
    for (const entry of entries.filter((one) => one.isFile())) {
      expect(await readFile(join(entry.parentPath, entry.name), 'utf8')).not.toContain(TOKEN);
    }
    for (const entry of inState) {
      const mode = (await stat(join(entry.parentPath, entry.name))).mode & 0o777;
      expect([entry.name, mode]).toEqual([entry.name, entry.isDirectory() ? 0o700 : 0o600]);
    }
  });
});
