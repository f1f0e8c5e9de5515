import { afterEach, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { createServer as createHttps } from 'node:https';
import { connect, createServer as createTcp, type AddressInfo, type Server } from 'node:net';
import { createServer as createHttp } from 'node:http';
import { reasonOf, type NoReply } from '../../src/http/failure.js';
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

/** A proxy that tunnels every CONNECT to one port of this machine, or refuses it. */
async function proxyTo(port: number | null, refusal = 407): Promise<{ url: string; asked: string[] }> {
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
  return { url: `http://user:pass%20word@127.0.0.1:${await listen(server)}`, asked };
}

describe('no answer', () => {
  it('from a port where nobody listens is told as refused, with no status', async () => {
    const server = await serve(() => undefined);
    await server.close();
    const work = quickClient({ baseUrl: server.url, retries: 0 }).send(GET);
    const told = await problemOf(work);
    expect(told).toMatchObject({ code: 'unreachable' });
    expect(told.message).toContain('refused the connection');
    await expect(work).rejects.toMatchObject({ status: null });
  });

  it('from a name that does not exist is told as a matter of DNS', async () => {
    const told = await problemOf(quickClient({ baseUrl: 'https://nowhere.invalid', retries: 0 }).send(GET));
    expect(told.code).toBe('unreachable');
    expect(told.message).toContain('nowhere.invalid');
    expect(told.message).toContain('(DNS)');
  });

  it.each(['headers', 'body'])('in time is told as such when the %s never come', async (part) => {
    const server = await serve((_, response) => {
      if (part === 'body') response.writeHead(200, { 'content-type': 'application/json' }).write('{"a":');
    });
    closing.push(server.close);
    const told = await problemOf(quickClient({ baseUrl: server.url, retries: 0, timeoutMs: 30 }).send(GET));
    expect(told.code).toBe('unreachable');
    expect(told.message).toContain('no answer came in time');
  });

  it('in time from a function of this process is told the same way, even if it hears no signal', async () => {
    const client = quickClient({
      baseUrl: 'https://acme.domo.com',
      retries: 0,
      timeoutMs: 20,
      fetch: () => new Promise(() => undefined),
    });
    expect((await problemOf(client.send(GET))).message).toContain('no answer came in time');
  });

  it('that is whole is told as a broken connection', async () => {
    const server = await serve((request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
      response.write('{"a":', () => request.socket.destroy());
    });
    closing.push(server.close);
    const told = await problemOf(quickClient({ baseUrl: server.url, retries: 0 }).send(GET));
    expect(told.code).toBe('unreachable');
    expect(told.message).toContain('broke before the answer was complete');
  });

  it('because it was stopped from outside is told as that', async () => {
    const stop = new AbortController();
    const server = await serve(() => stop.abort());
    closing.push(server.close);
    const client = quickClient({ baseUrl: server.url, signal: stop.signal });
    expect((await problemOf(client.send(GET))).code).toBe('interrupted');
    expect((await problemOf(client.send(GET))).code).toBe('interrupted');
    expect(server.received).toHaveLength(1);
  });

  it('from something that speaks no HTTP is told without a status', async () => {
    const port = await listen(createTcp((socket) => void socket.end('SSH-2.0-OpenSSH\r\n')));
    const work = quickClient({ baseUrl: `http://127.0.0.1:${port}`, retries: 0 }).send(GET);
    expect((await problemOf(work)).code).toBe('unreachable');
    await expect(work).rejects.toMatchObject({ status: null });
  });

  it.each<[string, NoReply]>([
    ['ENOTFOUND', 'dns'],
    ['EAI_AGAIN', 'dns-busy'],
    ['ECONNREFUSED', 'refused'],
    ['ETIMEDOUT', 'timeout'],
    ['ECONNRESET', 'reset'],
    ['EPIPE', 'reset'],
    ['CERT_HAS_EXPIRED', 'tls'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'tls'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls'],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'tls'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls'],
    ['EPROTO', 'tls'],
    ['EHOSTUNREACH', 'other'],
    ['', 'other'],
  ])('with code %j is taken for %s', (code, reason) => {
    expect(reasonOf(code)).toBe(reason);
  });
});

describe('TLS', () => {
  it('is verified: a certificate that nobody vouches for gets no token', async () => {
    const { port, hosts } = await secureServer();
    const told = await problemOf(quickClient({ baseUrl: `https://localhost:${port}` }).send(GET));
    expect(told.code).toBe('unreachable');
    expect(told.message).toContain('(TLS)');
    expect(hosts).toEqual([]);
  });

  it('accepts a certificate authority that was named', async () => {
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
    const told = await problemOf(client.send(GET));
    expect(told.message).toContain('(TLS)');
    expect(hosts).toEqual([]);
    client.close();
  });

  it.each([403, 407, 502])('that answers %i is not taken for the instance', async (status) => {
    const { url } = await proxyTo(null, status);
    const client = quickClient({ baseUrl: 'https://acme.domo.com', environment: { HTTPS_PROXY: url } });
    const work = client.send(GET);
    const told = await problemOf(work);
    expect(told.code).toBe('unreachable');
    expect(told.message).toContain(`the proxy answered ${status}`);
    expect(told.message).not.toContain('pass');
    await expect(work).rejects.toMatchObject({ status: null });
    client.close();
  });

  it('is not asked about this machine', async () => {
    const server: TestServer = await serve((_, response) => json(response, 1));
    closing.push(server.close);
    const { url, asked } = await proxyTo(null);
    const environment = { HTTP_PROXY: url, HTTPS_PROXY: url, ALL_PROXY: url };
    expect((await quickClient({ baseUrl: server.url, environment }).send(GET)).status).toBe(200);
    expect(asked).toEqual([]);
  });
});
