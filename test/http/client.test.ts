import { afterEach, describe, expect, it } from '@jest/globals';
import { Readable } from 'node:stream';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { inspect } from 'node:util';
import type { SeenRequest } from '../../src/http/request.js';
import { sessionCredential, tokenCredential } from '../../src/routes/domo-service.js';
import { json, problemOf, quickClient, serve, TOKEN, type Answering, type TestServer } from './server.js';

const servers: TestServer[] = [];
const open = async (answer: Answering): Promise<TestServer> => {
  const server = await serve(answer);
  servers.push(server);
  return server;
};

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

const GET = { method: 'GET', path: '/api/thing' } as const;

describe('a request', () => {
  it('contains the token, the query and JSON, and names the program', async () => {
    const server = await open((_, response) => json(response, { good: true }));
    const client = quickClient({ baseUrl: server.url, userAgent: 'domo-roles/1.2.3' });
    const answer = await client.send({
      method: 'PUT',
      path: '/api/thing',
      query: { limit: 5, all: true },
      body: { name: 'Zoë' },
    });
    expect(answer).toEqual({ status: 200, body: { good: true } });
    expect(server.received).toMatchObject([
      {
        method: 'PUT',
        url: '/api/thing?limit=5&all=true',
        body: '{"name":"Zoë"}',
        headers: {
          'x-domo-developer-token': TOKEN,
          'content-type': 'application/json',
          'user-agent': 'domo-roles/1.2.3',
        },
      },
    ]);
  });

  it('contains a session in its own header, and no credential if it needs none', async () => {
    const server = await open((_, response) => json(response, 1));
    const client = quickClient({ baseUrl: server.url, credential: sessionCredential('SESSION') });
    await client.send(GET);
    await client.send({ ...GET, credential: null });
    expect(server.received.map(({ headers }) => headers['x-domo-authentication'])).toEqual([
      'SESSION',
      undefined,
    ]);
    expect(server.received.every(({ headers }) => !('x-domo-developer-token' in headers))).toBe(true);
  });

  it.each(['', 'two words', 'line\nend', 'naïve'])('is not sent with an invalid token: %j', async (token) => {
    const server = await open((_, response) => json(response, 1));
    const problem = await problemOf(
      quickClient({ baseUrl: server.url, credential: tokenCredential(token) }).send(GET),
    );
    expect(problem.code).toBe('authentication');
    expect(server.received).toEqual([]);
  });

  it('can be handled by a function in the same process', async () => {
    const seen: unknown[] = [];
    const client = quickClient({
      baseUrl: 'https://acme.domo.com',
      fetch: async (request) => {
        seen.push([
          request.method,
          request.url,
          request.headers.get('x-domo-developer-token'),
          await request.text(),
        ]);
        return Response.json({ here: 1 });
      },
    });
    expect(await client.send({ method: 'POST', path: '/api/thing', body: [1] })).toEqual({
      status: 200,
      body: { here: 1 },
    });
    expect(seen).toEqual([['POST', 'https://acme.domo.com/api/thing', TOKEN, '[1]']]);
  });

  it('is reported to the hook with its status and its tries', async () => {
    let count = 0;
    const server = await open((_, response) => json(response, 1, ++count === 1 ? 503 : 200));
    const seen: SeenRequest[] = [];
    const client = quickClient({ baseUrl: server.url, onRequest: (one) => seen.push(one), now: () => 5 });
    await client.send({ ...GET, query: { secret: 'x' } });
    expect(seen).toEqual([
      { method: 'GET', path: '/api/thing', status: 503, ms: 0, attempt: 1 },
      { method: 'GET', path: '/api/thing', status: 200, ms: 0, attempt: 2 },
    ]);
  });

  it('is never one of more in flight than allowed', async () => {
    let open_ = 0;
    let most = 0;
    const client = quickClient({
      baseUrl: 'https://acme.domo.com',
      concurrency: 3,
      fetch: async () => {
        most = Math.max(most, ++open_);
        // Enough time for any further request to be sent.
        for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
        open_ -= 1;
        return Response.json(1);
      },
    });
    await Promise.all(Array.from({ length: 20 }, () => client.send(GET)));
    expect(most).toBe(3);
  });
});

describe('a connection', () => {
  it('is used again after responses with and without a body, and closed with the client', async () => {
    const { gzipSync } = await import('node:zlib');
    const sockets = new Set<Socket>();
    const server = await open(({ socket, url }, response) => {
      sockets.add(socket);
      if (url === '/none') response.writeHead(204).end();
      else if (url === '/gzip') response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('{}'));
      else if (url === '/refused') json(response, { message: 'no' }, 403);
      else json(response, 'x'.repeat(200_000));
    });
    const client = quickClient({ baseUrl: server.url });
    for (const path of ['/long', '/gzip', '/none', '/refused', '/long'])
      await client.send({ ...GET, path, answer: 'any' }).catch(() => undefined);
    expect(server.received).toHaveLength(5);
    expect(sockets.size).toBe(1);
    const [socket] = sockets;
    client.close();
    if (socket?.destroyed === false) await once(socket, 'close');
  });

  it('is closed after the start of a response that is too large', async () => {
    const sockets: Socket[] = [];
    const server = await open(({ socket }, response) => {
      sockets.push(socket);
      response.write('x'.repeat(5_000));
    });
    const client = quickClient({ baseUrl: server.url, maxAnswerBytes: 4_000 });
    expect((await problemOf(client.send(GET))).code).toBe('answer-too-large');
    const [socket] = sockets;
    if (socket?.destroyed === false) await once(socket, 'close');
    expect(sockets).toHaveLength(1);
  });
});

describe('a read-only client', () => {
  it.each([
    ['GET', undefined, true],
    ['POST', true, true],
    ['POST', undefined, false],
    ['PUT', undefined, false],
    ['PUT', true, false],
    ['PATCH', true, false],
    ['DELETE', true, false],
  ] as const)('%s marked as read: %s allowed: %s', async (method, read, passes) => {
    const server = await open((_, response) => json(response, 1));
    const client = quickClient({ baseUrl: server.url, readOnly: true });
    const work = client.send({ method, path: '/api/x', ...(read ? { read } : {}) });
    if (passes) expect((await work).status).toBe(200);
    else expect((await problemOf(work)).code).toBe('read-only');
    expect(server.received).toHaveLength(passes ? 1 : 0);
  });
});

describe('a response that is not a success', () => {
  it.each([
    [400, 'http-error'],
    [401, 'authentication'],
    [403, 'forbidden'],
    [404, 'not-found'],
    [409, 'http-error'],
    [429, 'too-many-requests'],
    [500, 'http-error'],
    [302, 'http-error'],
  ])('with status %i is reported as %s, with method, path and status', async (status, code) => {
    const server = await open((_, response) => json(response, { message: 'Bad\u001b[31m\nRequest' }, status));
    const work = quickClient({ baseUrl: server.url, retries: 0 }).send(GET);
    const problem = await problemOf(work);
    expect(problem.code).toBe(code);
    expect(problem.message).toContain(`GET /api/thing returned ${status}`);
    expect(problem.message).toContain('Bad\\u{1b}[31m Request');
    await expect(work).rejects.toMatchObject({ status });
  });

  it('names the grant that a forbidden request needs', async () => {
    const server = await open((_, response) => json(response, {}, 403));
    const problem = await problemOf(quickClient({ baseUrl: server.url }).send({ ...GET, needs: 'audit' }));
    expect(problem.hint).toContain('audit');
  });

  it('is reported in one short line, however long its body', async () => {
    const server = await open((_, response) => response.writeHead(400).end('x\n'.repeat(100_000)));
    const problem = await problemOf(quickClient({ baseUrl: server.url }).send(GET));
    expect(problem.message.length).toBeLessThan(400);
    expect(problem.message).not.toContain('\n');
  });

  it('is reported whole if its body arrives in pieces', async () => {
    const client = quickClient({
      baseUrl: 'https://acme.domo.com',
      fetch: async () =>
        ({
          status: 400,
          headers: new Headers(),
          body: Readable.from([Buffer.from('{"message":"no '), Buffer.from('such role"}')]),
        }) as unknown as Response,
    });
    expect((await problemOf(client.send(GET))).message).toContain('no such role');
  });

  it('that is a web page is reported by its title', async () => {
    const page = '<html><title>Sorry &amp; bye</title><script>alert(1)</script></html>';
    const server = await open((_, response) =>
      response.writeHead(400, { 'content-type': 'text/html' }).end(page),
    );
    const problem = await problemOf(quickClient({ baseUrl: server.url }).send(GET));
    expect(problem.message).toMatch(/: Sorry &amp; bye$/);
  });
});

describe('a response that says what to do', () => {
  it.each([
    ['https://login.example/sso/start?session=1#x', ': to https://login.example/sso/start'],
    [`https://user:pass@login.example/${TOKEN};id=1`, ': to https://login.example/[secret]'],
    ['/auth/login?from=here', ': to /auth/login'],
    ['?x=1', ', a redirect, which is not followed: moved'],
  ])('a redirect to %s is reported with its target, without parameters', async (location, end) => {
    const server = await open((_, response) => response.writeHead(302, { location }).end('moved'));
    const client = quickClient({ baseUrl: server.url, credential: tokenCredential(TOKEN) });
    const problem = await problemOf(client.send(GET));
    expect(problem.message.endsWith(end)).toBe(true);
    expect(server.received).toHaveLength(1);
  });

  it.each([
    ['99999', ' (Retry-After: 99999)'],
    ['Wed, 21 Oct 2099 07:28:00 GMT', ' (Retry-After: Wed, 21 Oct 2099 07:28:00 GMT)'],
    ['soon', ''],
  ])('a Retry-After of %s that exceeds the budget is reported', async (header, asked) => {
    const server = await open((_, response) => response.writeHead(429, { 'retry-after': header }).end());
    const problem = await problemOf(quickClient({ baseUrl: server.url, retries: 1 }).send(GET));
    expect(problem.message.endsWith(`is limiting requests${asked}`)).toBe(true);
  });
});

describe('a blocked network', () => {
  const page = '<!DOCTYPE html><html><head><title>Domo - Blocked</title></head></html>';
  it.each<[string, Answering]>([
    [
      'the page with 200',
      (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(page),
    ],
    [
      'the page under a false type',
      (_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end(page),
    ],
    ['a redirect', (_, response) => response.writeHead(303, { location: '/auth/whitelist/blocked' }).end()],
  ])('is reported in plain words for %s', async (_, answer) => {
    const server = await open(answer);
    const problem = await problemOf(quickClient({ baseUrl: server.url }).send(GET));
    expect(problem.code).toBe('blocked-network');
    expect(problem.message).toContain('does not accept requests from this network');
    expect(problem.hint).toContain('IP allowlist');
    expect(server.received).toHaveLength(1);
  });

  it('is one possible cause of another web page', async () => {
    const server = await open((_, response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('<title>Hotel\u202e Wi-Fi</title>'),
    );
    const problem = await problemOf(quickClient({ baseUrl: server.url }).send(GET));
    expect(problem.code).toBe('blocked-network');
    expect(problem.message).toContain('titled "Hotel\\u{202e} Wi-Fi"');
  });
});

describe('a malformed response', () => {
  it.each<[string, string, string | Buffer]>([
    ['malformed JSON', 'application/json', '{"a":'],
    ['an empty body', 'application/json', ''],
    ['another type', 'image/png', '1'],
    ['broken UTF-8', 'application/json', Buffer.from([0x22, 0xff, 0xfe, 0x22])],
  ])('with %s is a bad answer', async (_, type, body) => {
    const server = await open((_request, response) =>
      response.writeHead(200, { 'content-type': type }).end(body),
    );
    const problem = await problemOf(quickClient({ baseUrl: server.url, retries: 1 }).send(GET));
    expect(problem.code).toBe('bad-answer');
    expect(server.received).toHaveLength(2);
  });

  it.each([
    [200, true],
    [201, true],
    [202, false],
    [203, true],
    [206, false],
    [207, false],
    [226, false],
  ])('with status %i to a read is accepted as complete: %s', async (status, isWhole) => {
    const client = quickClient({
      baseUrl: 'https://acme.domo.com',
      retries: 0,
      fetch: async () => Response.json(['a'], { status }),
    });
    const ended = client.send(GET).catch((error: unknown) => error);
    expect(await ended).toMatchObject(
      isWhole ? { status, body: ['a'] } : { status, problems: [{ code: 'bad-answer' }] },
    );
    const login = client.send({ method: 'POST', path: '/api/login', read: true }).catch(() => null);
    expect(await login).toEqual(isWhole ? { status, body: ['a'] } : null);
    // Every write is read back, whatever its status.
    expect(await client.send({ method: 'POST', path: '/api/thing' })).toEqual({ status, body: ['a'] });
  });

  it('is ignored when no body is expected', async () => {
    const server = await open((_, response) => response.writeHead(200).end('not json'));
    const client = quickClient({ baseUrl: server.url });
    expect(await client.send({ ...GET, answer: 'any' })).toEqual({ status: 200, body: null });
  });

  it('arrives whole in many pieces, however long the responses before it were', async () => {
    const lengths = [200_000, 3_000_000, 70_000, 9_000_000, 200_001];
    const textOf = (length: number): string => 'aé€'.repeat(Math.ceil(length / 6));
    const server = await open((request, response) => json(response, textOf(Number(request.url?.slice(1)))));
    const client = quickClient({ baseUrl: server.url });
    const answers = await Promise.all(lengths.map((length) => client.send({ ...GET, path: `/${length}` })));
    for (const [index, { body }] of answers.entries())
      expect(body === textOf(lengths[index] ?? 0)).toBe(true);
  });

  it('of a function in this process may be a stream of Node', async () => {
    const answer = {
      status: 200,
      headers: new Headers(),
      body: Readable.from([Buffer.from('{"a":'), Buffer.from('1}')]),
    };
    const client = quickClient({
      baseUrl: 'https://acme.domo.com',
      fetch: async () => answer as unknown as Response,
    });
    expect(await client.send(GET)).toEqual({ status: 200, body: { a: 1 } });
  });

  it.each(['network', 'process'])('is rejected when it is too large, by %s', async (way) => {
    const big = JSON.stringify('x'.repeat(5_000));
    const server = await open((_, response) => response.end(big));
    const inProcess = way === 'process' ? { fetch: async () => new Response(big) } : {};
    const client = quickClient({ baseUrl: server.url, maxAnswerBytes: 4_000, ...inProcess });
    const { code, message } = await problemOf(client.send(GET));
    expect([code, message]).toEqual(['answer-too-large', expect.stringContaining('(more than 4000 bytes)')]);
  });

  it('is rejected when it decompresses to too much', async () => {
    const { gzipSync } = await import('node:zlib');
    const packed = gzipSync(JSON.stringify('x'.repeat(1_000_000)));
    expect(packed.length).toBeLessThan(4_000);
    const server = await open((_, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip', 'content-type': 'application/json' }).end(packed),
    );
    const client = quickClient({ baseUrl: server.url, maxAnswerBytes: 4_000 });
    expect((await problemOf(client.send(GET))).code).toBe('answer-too-large');
  });
});

describe('a secret', () => {
  it.each<[string, (token: string) => string]>([
    ['plain', (token) => token],
    ['in a URL', (token) => `https://x/?t=${encodeURIComponent(token)}`],
    ['as base64', (token) => Buffer.from(token).toString('base64')],
    ['in JSON', (token) => JSON.stringify({ error: `bad token ${token}!` })],
    ['in a title', (token) => `<html><title>${token}</title></html>`],
    ['at the point where text is cut off', (token) => 'x'.repeat(190) + token],
  ])('is not in an error when the server echoes it %s', async (_, echo) => {
    const token = 'Tok3n+/="quote';
    const server = await open((_request, response) => response.writeHead(400).end(echo(token)));
    const error: unknown = await quickClient({ baseUrl: server.url, credential: tokenCredential(token) })
      .send({ ...GET, path: `/api/${token.slice(0, 6)}` })
      .catch((raised: unknown) => raised);
    const shown = inspect(error, { depth: 10, showHidden: true });
    expect(shown).toContain('400');
    for (const form of [token, encodeURIComponent(token), Buffer.from(token).toString('base64'), 'Tok3n+/']) {
      expect(shown).not.toContain(form);
    }
  });

  it('is not in an error about a broken connection', async () => {
    const server = await open((request) => request.socket.destroy());
    const error: unknown = await quickClient({ baseUrl: server.url, retries: 0 })
      .send({ ...GET, secrets: ['hunter2'], body: { password: 'hunter2' }, method: 'POST' })
      .catch((raised: unknown) => raised);
    const shown = inspect(error, { depth: 10, showHidden: true });
    expect(shown).toContain('unreachable');
    expect(shown).not.toContain(TOKEN);
    expect(shown).not.toContain('hunter2');
  });
});
