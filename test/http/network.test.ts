import { afterEach, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { createServer as createHttps } from 'node:https';
import { connect, createServer as createTcp, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createHttp } from 'node:http';
import { HttpError, networkReason, type NoReply } from '../../src/http/failure.js';
import type { Environment } from '../../src/http/proxy.js';
import type { Problem } from '../../src/problem/problem.js';
import { json, problemOf, quickClient, serve, TOKEN, type TestServer } from './server.js';

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const fixture = (name: string): string =>
  readFileSync(new URL(`./fixtures/${name}`, import.meta.url), 'utf8');
const GET = { method: 'GET', path: '/api/thing' } as const;

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => void server.close());
  return (server.address() as AddressInfo).port;
}

async function secureServer(): Promise<{ port: number; hosts: string[] }> {
  const hosts: string[] = [];
  const server = createHttps({ cert: fixture('cert.pem'), key: fixture('key.pem') }, (request, response) => {
    hosts.push(`${request.headers.host ?? ''} ${String(request.headers['x-domo-developer-token'])}`);
    json(response, { secure: true });
  });
  closing.push(() => server.closeAllConnections());
  return { port: await listen(server), hosts };
}

/** A way to a port of this machine that spoils each piece of the responses as soon as `isTime`. */
async function spoiling(port: number, isTime: () => boolean): Promise<number> {
  return listen(
    createTcp((socket) => {
      const way = connect(port, '127.0.0.1');
      for (const end of [way, socket]) end.on('error', () => undefined);
      closing.push(() => void way.destroy());
      socket.pipe(way);
      way.on('data', (data: Buffer) => {
        const last = data.length - 1;
        if (isTime()) data[last] = (data[last] ?? 0) ^ 255;
        socket.write(data);
      });
    }),
  );
}

/** A proxy that tunnels every CONNECT to one port of this machine, or refuses it. */
async function proxyTo(
  port: number | null,
  refusal = 407,
): Promise<{ url: string; address: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createHttp();
  server.on('connect', (request, socket, head: Buffer) => {
    asked.push(`${request.url ?? ''} ${request.headers['proxy-authorization'] ?? ''}`.trim());
    if (port === null) {
      socket.end(`HTTP/1.1 ${refusal} No\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}`);
      return;
    }
    const way = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      way.write(head);
      way.pipe(socket).pipe(way);
    });
    for (const end of [way, socket]) end.on('error', () => undefined);
    closing.push(() => void way.destroy());
  });
  const host = `127.0.0.1:${await listen(server)}`;
  return { url: `http://user:pass%20word@${host}`, address: `http://${host}`, asked };
}

/** The error of a request through a proxy. It must not contain the user name and password of the proxy. */
async function failThrough(
  environment: Environment,
  timeoutMs = 200,
): Promise<{ problem: Problem; error: HttpError }> {
  const client = quickClient({ baseUrl: 'https://acme.domo.com', environment, retries: 0, timeoutMs });
  const error: unknown = await client.send(GET).catch((raised: unknown) => raised);
  client.close();
  if (!(error instanceof HttpError)) throw new Error(`no HttpError but ${String(error)}`);
  const [problem] = error.problems;
  if (!problem) throw new Error('an error without a problem');
  expect(JSON.stringify(problem)).not.toMatch(/user:|pass(?!word)|pass%20/);
  return { problem, error };
}

describe('a missing response', () => {
  it('from a closed port is reported as refused, without a status', async () => {
    const server = await serve(() => undefined);
    await server.close();
    const work = quickClient({ baseUrl: server.url, retries: 0 }).send(GET);
    const problem = await problemOf(work);
    expect(problem).toMatchObject({ code: 'unreachable' });
    expect(problem.message).toContain('connection refused by');
    await expect(work).rejects.toMatchObject({ status: null });
  });

  it('from an unknown name is reported as a DNS failure', async () => {
    const problem = await problemOf(
      quickClient({ baseUrl: 'https://nowhere.invalid', retries: 0 }).send(GET),
    );
    expect(problem.code).toBe('unreachable');
    expect(problem.message).toContain('nowhere.invalid');
    expect(problem.message).toContain('(DNS)');
  });

  it.each(['headers', 'body'])(
    'within the time limit is reported as such when the %s never arrive',
    async (part) => {
      const server = await serve((_, response) => {
        if (part === 'body') response.writeHead(200, { 'content-type': 'application/json' }).write('{"a":');
      });
      closing.push(server.close);
      const problem = await problemOf(
        quickClient({ baseUrl: server.url, retries: 0, timeoutMs: 30 }).send(GET),
      );
      expect(problem.code).toBe('unreachable');
      expect(problem.message).toContain('timed out waiting for a response');
    },
  );

  it('within the time limit from a function of this process is reported the same way, even if it ignores the signal', async () => {
    const client = quickClient({
      baseUrl: 'https://acme.domo.com',
      retries: 0,
      timeoutMs: 20,
      fetch: () => new Promise(() => undefined),
    });
    expect((await problemOf(client.send(GET))).message).toContain('timed out waiting for a response');
  });

  it('that is incomplete is reported as a broken connection', async () => {
    const server = await serve((request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
      response.write('{"a":', () => request.socket.destroy());
    });
    closing.push(server.close);
    const problem = await problemOf(quickClient({ baseUrl: server.url, retries: 0 }).send(GET));
    expect(problem.code).toBe('unreachable');
    expect(problem.message).toContain('was closed before the response was complete');
  });

  it('because of an interruption is reported as that', async () => {
    const stop = new AbortController();
    const server = await serve(() => stop.abort());
    closing.push(server.close);
    const client = quickClient({ baseUrl: server.url, signal: stop.signal });
    expect((await problemOf(client.send(GET))).code).toBe('interrupted');
    expect((await problemOf(client.send(GET))).code).toBe('interrupted');
    expect(server.received).toHaveLength(1);
  });

  it('from a server that does not speak HTTP is reported without a status', async () => {
    const port = await listen(createTcp((socket) => void socket.end('SSH-2.0-OpenSSH\r\n')));
    const work = quickClient({ baseUrl: `http://127.0.0.1:${port}`, retries: 0 }).send(GET);
    const { code, message, hint } = await problemOf(work);
    expect([code, hint]).toEqual(['unreachable', expect.stringContaining('proxy')]);
    expect(message).toContain('cannot be read');
    await expect(work).rejects.toMatchObject({ status: null });
  });

  it('that is compressed wrongly is not reported as missing', async () => {
    const server = await serve((_, response) =>
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end('[1]'),
    );
    closing.push(server.close);
    const { code, message } = await problemOf(quickClient({ baseUrl: server.url, retries: 0 }).send(GET));
    expect([code, message]).toEqual(['unreachable', expect.stringContaining('compressed body is damaged')]);
  });

  const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n';
  it.each<[string, readonly string[], string]>([
    ['ends early', [`${HEAD}content-length: 9\r\n\r\n{"a"`], 'closed before the response was complete'],
    [
      'ends before its last chunk',
      [`${HEAD}transfer-encoding: chunked\r\n\r\n3\r\n{"a\r\n`],
      'closed before the response was complete',
    ],
    [
      'has an invalid chunk in the packet of its headers',
      [`${HEAD}transfer-encoding: chunked\r\n\r\n3\r\n{"a\r\nNO\r\n`],
      'it is not valid HTTP, or its compressed body is damaged (HPE_INVALID_CHUNK_SIZE)',
    ],
    [
      'has an invalid chunk in a later packet',
      [`${HEAD}transfer-encoding: chunked\r\n\r\n`, '3\r\n{"a\r\n', 'NO\r\n'],
      'it is not valid HTTP, or its compressed body is damaged (HPE_INVALID_CHUNK_SIZE)',
    ],
  ])('with a body that %s is reported with the reason', async (_name, packets, means) => {
    const port = await listen(
      createTcp((socket) => {
        const send = ([packet, ...others]: readonly string[]): void => {
          if (packet === undefined) socket.end();
          else socket.write(packet, () => setTimeout(send, 10, others));
        };
        socket.on('error', () => undefined).once('data', () => send(packets));
      }),
    );
    const client = quickClient({ baseUrl: `http://127.0.0.1:${port}`, retries: 0 });
    const { code, message } = await problemOf(client.send(GET));
    expect(code).toBe('unreachable');
    expect(message).toContain(means);
  });

  it.each<[string, NoReply]>([
    ['ENOTFOUND', 'dns'],
    ['EAI_AGAIN', 'dns-busy'],
    ['ECONNREFUSED', 'refused'],
    ['ETIMEDOUT', 'timeout'],
    ['ECONNRESET', 'reset'],
    ['EPIPE', 'reset'],
    ['ERR_STREAM_PREMATURE_CLOSE', 'reset'],
    ['CERT_HAS_EXPIRED', 'certificate-date'],
    ['CERT_NOT_YET_VALID', 'certificate-date'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'certificate-name'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'certificate'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'certificate'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'certificate'],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'certificate'],
    ['CERT_REVOKED', 'certificate'],
    ['INVALID_PURPOSE', 'certificate'],
    ['EPROTO', 'handshake'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'handshake'],
    ['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', 'handshake'],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'handshake'],
    ['ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC', 'reset'],
    ['ERR_SSL_UNEXPECTED_EOF_WHILE_READING', 'reset'],
    ['HPE_INVALID_CHUNK_SIZE', 'unreadable'],
    ['HPE_HEADER_OVERFLOW', 'unreadable'],
    ['Z_DATA_ERROR', 'unreadable'],
    ['ERR__ERROR_FORMAT_CL_SPACE', 'unreadable'],
    ['EHOSTUNREACH', 'other'],
    ['', 'other'],
  ])('with code %j is treated as %s', (code, reason) => {
    expect(networkReason(code)).toBe(reason);
  });
});

describe('TLS', () => {
  it('is verified: a server with an untrusted certificate gets no token', async () => {
    const { port, hosts } = await secureServer();
    const problem = await problemOf(quickClient({ baseUrl: `https://localhost:${port}` }).send(GET));
    expect(problem.code).toBe('unreachable');
    expect(problem.message).toContain('cannot open a TLS connection');
    expect(hosts).toEqual([]);
  });

  it('of a server that speaks plain HTTP is not blamed on a certificate', async () => {
    const port = await listen(createHttp());
    const problem = await problemOf(quickClient({ baseUrl: `https://localhost:${port}` }).send(GET));
    expect(problem.message).toContain('the server does not support TLS');
    expect(problem.hint).not.toContain('NODE_EXTRA_CA_CERTS');
  });

  it('that breaks in the middle of a response leaves open whether the request arrived', async () => {
    const { port, hosts } = await secureServer();
    const client = quickClient({
      baseUrl: `https://localhost:${await spoiling(port, () => hosts.length > 0)}`,
      ca: fixture('cert.pem'),
      retries: 0,
    });
    const write = { method: 'PUT', path: '/api/thing', body: [1] } as const;
    const error: unknown = await client.send(write).catch((reason: unknown) => reason);
    expect(hosts).toHaveLength(1);
    expect(error).toMatchObject({ status: null, sent: true, isTemporary: true });
    expect((error as HttpError).message).toContain('was closed before the response was complete (ERR_SSL_');
    client.close();
  });

  it('accepts a configured certificate authority', async () => {
    const { port } = await secureServer();
    const client = quickClient({ baseUrl: `https://localhost:${port}`, ca: fixture('cert.pem') });
    expect((await client.send(GET)).body).toEqual({ secure: true });
    client.close();
  });
});

describe('a proxy', () => {
  it('tunnels https by CONNECT and never sees the token', async () => {
    const { port, hosts } = await secureServer();
    const { url, asked } = await proxyTo(port);
    const client = quickClient({
      baseUrl: 'https://acme.domo.com',
      environment: { HTTPS_PROXY: url },
      ca: fixture('cert.pem'),
    });
    expect((await client.send(GET)).body).toEqual({ secure: true });
    expect(asked).toEqual([`acme.domo.com:443 Basic ${Buffer.from('user:pass word').toString('base64')}`]);
    expect(hosts).toEqual([`acme.domo.com ${TOKEN}`]);
    client.close();
  });

  it('does not weaken TLS', async () => {
    const { port, hosts } = await secureServer();
    const { url } = await proxyTo(port);
    const client = quickClient({ baseUrl: 'https://acme.domo.com', environment: { https_proxy: url } });
    const problem = await problemOf(client.send(GET));
    expect(problem.message).toContain('cannot open a TLS connection');
    expect(problem.message).toContain('to acme.domo.com through the proxy http://127.0.0.1:');
    expect(problem.message).toContain('(from https_proxy)');
    expect(hosts).toEqual([]);
    client.close();
  });

  it.each([
    [407, 'rejected the user name and password (407)', 'set HTTPS_PROXY to http://USER:'],
    [403, 'does not allow connections to acme.domo.com (403)', 'ask the administrator of the proxy'],
    [404, 'could not connect to acme.domo.com: it returned 404', 'check that HTTPS_PROXY names a proxy'],
    [502, 'could not connect to acme.domo.com: it returned 502', 'try again later'],
    [301, 'could not connect to acme.domo.com: it returned 301', 'check that HTTPS_PROXY names a proxy'],
  ])('that responds with %i is reported as the proxy, with what to do', async (status, means, hint) => {
    const { url, address } = await proxyTo(null, status);
    const { problem, error } = await failThrough({ HTTPS_PROXY: url });
    expect(problem.code).toBe('unreachable');
    expect(problem.message).toBe(`GET /api/thing: the proxy ${address} (from HTTPS_PROXY) ${means}`);
    expect(problem.hint).toContain(hint);
    expect(problem.hint).toContain('list acme.domo.com in NO_PROXY');
    expect(error).toMatchObject({ status: null, sent: false });
  });

  it('that requires a password is reported if none was given', async () => {
    const { address } = await proxyTo(null, 407);
    const { problem } = await failThrough({ all_proxy: address });
    expect(problem.message).toContain(
      `the proxy ${address} (from all_proxy) requires a user name and password`,
    );
    expect(problem.hint).toContain('set all_proxy to');
  });

  it.each<[string, (socket: Socket) => void, string]>([
    ['sends nothing', () => undefined, 'did not respond in time'],
    ['closes the connection', (socket) => void socket.end(), 'sent an invalid response'],
    [
      'breaks off',
      (socket) => void socket.once('data', () => socket.resetAndDestroy()),
      'closed the connection',
    ],
    [
      'does not speak HTTP',
      (socket) => void socket.end('SSH-2.0-OpenSSH\r\n\r\n'),
      'sent an invalid response',
    ],
    [
      'answers with a broken header',
      (socket) => void socket.end('HTTP/1.1 200 OK\r\npass\r\n\r\n'),
      'sent an invalid response',
    ],
  ])('that %s is reported as the proxy', async (name, behave, means) => {
    const sockets: Socket[] = [];
    const port = await listen(
      createTcp((socket) => {
        sockets.push(socket.on('error', () => undefined));
        behave(socket);
      }),
    );
    closing.push(() => sockets.forEach((socket) => socket.destroy()));
    const environment = { HTTPS_PROXY: `http://user:pass@127.0.0.1:${port}` };
    const { problem, error } = await failThrough(environment, name === 'sends nothing' ? 50 : 200);
    expect(problem.message).toContain(`the proxy http://127.0.0.1:${port} (from HTTPS_PROXY) ${means}`);
    expect(error.sent).toBe(false);
  });

  it('that is not listening is reported as the proxy', async () => {
    const server = await serve(() => undefined);
    await server.close();
    const { problem } = await failThrough({ HTTPS_PROXY: `http://user:pass@127.0.0.1:${server.port}` });
    expect(problem.message).toContain(`the proxy ${server.url} (from HTTPS_PROXY) refused the connection`);
    expect(problem.hint).toContain('check the address and port in HTTPS_PROXY');
  });

  it('whose name is unknown is reported as the proxy', async () => {
    const { problem } = await failThrough({ HTTPS_PROXY: 'http://user:pass@proxy.invalid:3128' });
    expect(problem.message).toContain(
      'the proxy http://proxy.invalid:3128 (from HTTPS_PROXY) cannot be resolved (DNS)',
    );
  });

  it('whose own certificate is not trusted is reported as the proxy', async () => {
    const { port, hosts } = await secureServer();
    const { problem } = await failThrough({ HTTPS_PROXY: `https://user:pass@localhost:${port}` });
    expect(problem.message).toContain(
      `the proxy https://localhost:${port} (from HTTPS_PROXY) failed the TLS handshake`,
    );
    expect(problem.hint).toContain('NODE_EXTRA_CA_CERTS');
    expect(hosts).toEqual([]);
  });

  it.each<[string, (socket: Socket) => void, string]>([
    ['breaks', (socket) => void socket.once('data', () => socket.destroy()), ''],
    ['sends nothing more', () => undefined, 'timed out waiting for a response'],
  ])('is mentioned when the connection through it %s', async (name, behave, means) => {
    const port = await listen(createTcp((socket) => behave(socket.on('error', () => undefined))));
    const { url, address } = await proxyTo(port);
    const { problem } = await failThrough({ HTTPS_PROXY: url }, name === 'sends nothing more' ? 100 : 200);
    expect(problem.message).toContain(means);
    expect(problem.message).toContain(`acme.domo.com through the proxy ${address} (from HTTPS_PROXY)`);
  });

  it('is not used for this machine', async () => {
    const server: TestServer = await serve((_, response) => json(response, 1));
    closing.push(server.close);
    const { url, asked } = await proxyTo(null);
    const environment = { HTTP_PROXY: url, HTTPS_PROXY: url, ALL_PROXY: url };
    expect((await quickClient({ baseUrl: server.url, environment }).send(GET)).status).toBe(200);
    expect(asked).toEqual([]);
  });
});
