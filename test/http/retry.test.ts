import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { openClient, type ClientOptions } from '../../src/http/client.js';
import type { HttpRequest } from '../../src/http/request.js';
import { parseRetryAfter, retryDelay } from '../../src/http/retry.js';
import { problemOf } from './server.js';

const NOW = Date.UTC(2026, 7, 1, 12, 0, 0);

describe('Retry-After', () => {
  it.each<[string | null, number | null]>([
    [null, null],
    ['', null],
    ['0', 0],
    ['3', 3_000],
    [' 120 ', 120_000],
    ['-5', null],
    ['1.5', null],
    ['99999999999999999999', null],
    ['soon', null],
    ['Sat, 01 Aug 2026 12:00:07 GMT', 7_000],
    ['Saturday, 01-Aug-26 12:00:07 GMT', 7_000],
    ['Sat Aug  1 12:00:07 2026 GMT', 7_000],
    ['Sat, 01 Aug 2026 11:59:00 GMT', 0],
    ['Sat, 99 Aug 2026 11:59:00 GMT', null],
    ['2026-08-01T12:00:07Z', null],
  ])('%j means %j milliseconds', (header, ms) => {
    expect(parseRetryAfter(header, NOW)).toBe(ms);
  });

  it('never causes a negative or endless wait', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.integer().map(String),
          fc.date().map((d) => d.toString()),
        ),
        (header) => {
          const ms = parseRetryAfter(header, NOW);
          return ms === null || (ms >= 0 && Number.isFinite(ms));
        },
      ),
    );
  });
});

describe('the wait before a retry', () => {
  it('doubles up to a limit, with random jitter of up to half', () => {
    const waits = (random: number): number[] =>
      [1, 2, 3, 4, 20].map((attempt) => retryDelay({ attempt, retryAfter: null, now: NOW, random }));
    expect(waits(0)).toEqual([150, 300, 600, 1_200, 10_000]);
    expect(waits(1)).toEqual([300, 600, 1_200, 2_400, 20_000]);
  });

  it('is what the instance asks for', () => {
    expect(retryDelay({ attempt: 3, retryAfter: '7', now: NOW, random: 0.5 })).toBe(7_000);
  });
});

/** A client with scripted answers, and a clock that only waiting moves. */
function scripted(answers: (() => Response)[], options: Partial<ClientOptions> = {}) {
  const waits: number[] = [];
  let now = NOW;
  let tries = 0;
  const client = openClient({
    baseUrl: 'https://acme.domo.com',
    fetch: async () => (answers[tries++] ?? (() => Response.json('end')))(),
    sleep: async (ms) => {
      waits.push(ms);
      now += ms;
    },
    now: () => now,
    random: () => 1,
    ...options,
  });
  return { client, waits, tries: () => tries };
}

const status =
  (code: number, headers: Record<string, string> = {}) =>
  (): Response =>
    new Response('{}', { status: code, headers });

const broken = (code: string) => (): Response => {
  throw Object.assign(new Error(code), { code });
};

const READ: HttpRequest = { method: 'GET', path: '/api/x' };

describe('retries', () => {
  it.each<[string, () => Response, number]>([
    ['429', status(429), 2],
    ['408', status(408), 2],
    ['500', status(500), 2],
    ['502', status(502), 2],
    ['503', status(503), 2],
    ['501', status(501), 1],
    ['400', status(400), 1],
    ['401', status(401), 1],
    ['403', status(403), 1],
    ['404', status(404), 1],
    ['409', status(409), 1],
    ['a reset', broken('ECONNRESET'), 2],
    ['a refused connection', broken('ECONNREFUSED'), 2],
    ['a name service that is busy', broken('EAI_AGAIN'), 2],
    ['an unknown name', broken('ENOTFOUND'), 1],
    ['a bad certificate', broken('SELF_SIGNED_CERT_IN_CHAIN'), 1],
  ])('of a read that failed with %s are made or not (%#)', async (_, answer, times) => {
    const { client, tries } = scripted([answer]);
    await client.send(READ).catch(() => undefined);
    expect(tries()).toBe(times);
  });

  it.each<[string, HttpRequest, number]>([
    ['GET', READ, 3],
    ['PUT', { method: 'PUT', path: '/api/x', body: {} }, 3],
    ['DELETE', { method: 'DELETE', path: '/api/x' }, 3],
    ['POST that reads', { method: 'POST', path: '/api/x', read: true }, 3],
    ['PATCH that is marked idempotent', { method: 'PATCH', path: '/api/x', idempotent: true }, 3],
    ['POST', { method: 'POST', path: '/api/x' }, 1],
    ['PATCH', { method: 'PATCH', path: '/api/x' }, 1],
  ])('of a %s follow its idempotency', async (_, request, times) => {
    const { client, tries } = scripted(
      Array.from({ length: 9 }, () => status(503)),
      { retries: 2 },
    );
    await client.send(request).catch(() => undefined);
    expect(tries()).toBe(times);
  });

  it.each<[string, HttpRequest, boolean, number]>([
    ['a write are not made once the run is stopping', { method: 'PUT', path: '/api/x', body: {} }, true, 1],
    ['a write are made while the run is not stopping', { method: 'PUT', path: '/api/x', body: {} }, false, 3],
    ['a read after a write are made once more, since it confirms what was written', READ, true, 2],
  ])('of %s', async (_, request, stops, times) => {
    const stop = new AbortController();
    const failing = (): Response => {
      if (stops) stop.abort();
      return status(503)();
    };
    const { client, tries } = scripted([status(200), ...Array.from({ length: 9 }, () => failing)], {
      retries: 2,
      stop: stop.signal,
    });
    await client.send({ method: 'PUT', path: '/api/y', body: {} });
    expect((await problemOf(client.send(request))).code).toBe('http-error');
    expect(tries()).toBe(1 + times);
  });

  it.each<[string, () => Response | Promise<Response>]>([
    ['failed', status(503)],
    ['is in flight', () => new Promise<Response>(() => undefined)],
  ])('of a read that %s when a run stops before its first write are not made', async (_, answer) => {
    const stop = new AbortController();
    let tries = 0;
    const fetch = async (): Promise<Response> => {
      tries += 1;
      setImmediate(() => stop.abort());
      return answer();
    };
    const client = openClient({ baseUrl: 'https://acme.domo.com', fetch, stop: stop.signal });
    expect((await problemOf(client.send(READ))).code).toBe('interrupted');
    expect((await problemOf(client.send(READ))).code).toBe('interrupted');
    expect(tries).toBe(1);
  });

  it('wait longer each time, or as long as the instance asks', async () => {
    const date = 'Sat, 01 Aug 2026 12:00:10 GMT';
    const { client, waits } = scripted([
      status(503),
      status(503),
      status(429, { 'retry-after': '4' }),
      status(429, { 'retry-after': date }),
    ]);
    expect((await client.send(READ)).body).toBe('end');
    // 300 + 600 + 4,000 ms have passed when the date is read.
    expect(waits).toEqual([300, 600, 4_000, 5_100]);
  });

  it('stop without waiting when the instance asks for more time than is left', async () => {
    const { client, waits, tries } = scripted([status(429, { 'retry-after': '3600' })]);
    expect((await problemOf(client.send(READ))).code).toBe('too-many-requests');
    expect([waits, tries()]).toEqual([[], 1]);
  });

  it('stop within the time budget, whatever the allowed number', async () => {
    const always = Array.from({ length: 200 }, () => status(503));
    const { client, waits } = scripted(always, { retries: 100, totalBudgetMs: 30_000 });
    expect((await problemOf(client.send(READ))).code).toBe('http-error');
    expect(waits.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(30_000);
  });

  it('stop immediately when they are interrupted', async () => {
    const stop = new AbortController();
    const { client, tries } = scripted([status(503), status(503)], {
      signal: stop.signal,
      sleep: async () => stop.abort(),
    });
    expect((await problemOf(client.send(READ))).code).toBe('interrupted');
    expect(tries()).toBe(1);
  });

  it('that are waiting also stop when they are interrupted', async () => {
    const stop = new AbortController();
    const client = openClient({
      baseUrl: 'https://acme.domo.com',
      signal: stop.signal,
      fetch: async () => {
        setImmediate(() => stop.abort());
        return new Response('{}', { status: 429, headers: { 'retry-after': '60' } });
      },
    });
    expect((await problemOf(client.send(READ))).code).toBe('interrupted');
  });

  it.each<[string, HttpRequest, 'signal' | 'stop' | 'stopWaiting', number]>([
    ['a read of a command that only reads: not sent again', READ, 'signal', 1],
    ['a read that confirms a write: sent once more', READ, 'stop', 2],
    ['a write: not sent again', { method: 'PUT', path: '/api/x', body: {} }, 'stop', 1],
    ['a read of an instance that finishes: sent once more', READ, 'stopWaiting', 2],
    [
      'a write of an instance that finishes: sent once more',
      { method: 'PUT', path: '/api/x' },
      'stopWaiting',
      2,
    ],
  ])(
    'are not waited for after a stop, even by a clock that ignores it (%s)',
    async (_, request, by, times) => {
      const stop = new AbortController();
      const { client, tries } = scripted([status(200), ...Array.from({ length: 9 }, () => status(503))], {
        [by]: stop.signal,
        sleep: () => {
          setImmediate(() => stop.abort());
          return new Promise(() => undefined);
        },
      });
      await client.send({ method: 'PUT', path: '/api/y', body: {} });
      await expect(client.send(request)).rejects.toThrow();
      expect(tries()).toBe(1 + times);
    },
  );
});
