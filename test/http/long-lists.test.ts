import { afterEach, describe, expect, it } from '@jest/globals';
import { HttpError } from '../../src/http/failure.js';
import { problemOf, quickClient, serve, type TestServer } from './server.js';

const idsFrom = (first: number): { id: number; name: string }[] =>
  Array.from({ length: 10_000 }, (_, index) => ({ id: first + index, name: 'é€ of a list' }));
const LONG = JSON.stringify({ count: 10_000, users: idsFrom(0) });
const MIDDLE = LONG.indexOf('é', LONG.length / 2);

const GET = { method: 'GET', path: '/api/people' } as const;

let server: TestServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

/** A reader of items that counts them. */
function counting(): { items: { key: string; read: (item: unknown) => unknown }; count: () => number } {
  let count = 0;
  const read = (item: unknown): unknown => {
    count += 1;
    return (item as { id: number }).id;
  };
  return { items: { key: 'users', read }, count: () => count };
}

/** A client whose requests all receive this response, and how many it has sent. */
function answered(
  body: string | Buffer,
  { status = 200, type = 'application/json' }: { status?: number; type?: string | null } = {},
) {
  let sent = 0;
  const fetch = async (): Promise<Response> => {
    sent += 1;
    const headers = type === null ? {} : { 'content-type': type };
    return new Response(new Uint8Array(Buffer.from(body)), { status, headers });
  };
  return { client: quickClient({ baseUrl: 'https://acme.domo.com', retries: 1, fetch }), sent: () => sent };
}

describe('a long list in a response', () => {
  it.each(['application/json', 'text/plain; charset=utf-8', null])(
    'of type %s is read once, item by item',
    async (type) => {
      const { items, count } = counting();
      const { status, body } = await answered(LONG, { status: 203, type }).client.send({ ...GET, items });
      expect([status, body]).toEqual([203, { count: 10_000, users: idsFrom(0).map(({ id }) => id) }]);
      expect(count()).toBe(10_000);
    },
  );

  it('is read item by item if it is too short to be parsed in parts', async () => {
    const { items } = counting();
    const { client } = answered('{"users":[{"id":5}],"count":1}');
    expect(await client.send({ ...GET, items })).toEqual({ status: 200, body: { users: [5], count: 1 } });
  });

  it('is that of its own response, also if several arrive at once in many pieces', async () => {
    server = await serve(({ url }, response) => {
      const text = Buffer.from(JSON.stringify({ users: idsFrom(Number(url?.slice(1))) }));
      response.writeHead(200, { 'content-type': 'application/json' });
      for (let at = 0; at < text.length; at += 10_001) response.write(text.subarray(at, at + 10_001));
      response.end();
    });
    const client = quickClient({ baseUrl: server.url });
    const starts = [0, 100_000, 200_000, 300_000, 400_000];
    const bodies = await Promise.all(
      starts.map(
        async (start) => (await client.send({ ...GET, path: `/${start}`, items: counting().items })).body,
      ),
    );
    expect(bodies).toEqual(starts.map((start) => ({ users: idsFrom(start).map(({ id }) => id) })));
  });

  it('is read while it is parsed, and is a bad answer if it is cut short, which is sent again', async () => {
    const { items, count } = counting();
    const { client, sent } = answered(LONG.slice(0, -9));
    expect(await problemOf(client.send({ ...GET, items }))).toMatchObject({
      code: 'bad-answer',
      message: 'GET /api/people returned 200 with a body that is not JSON',
    });
    expect(sent()).toBe(2);
    expect(count()).toBeGreaterThan(2 * 5_000);
    expect(count()).toBeLessThan(2 * 10_000);
  });

  it('is a bad answer if bytes in its middle are not UTF-8', async () => {
    const before = Buffer.from(LONG.slice(0, MIDDLE));
    const { client, sent } = answered(
      Buffer.concat([before, Buffer.from([0xff]), Buffer.from(LONG.slice(MIDDLE))]),
    );
    const problem = await problemOf(client.send({ ...GET, items: counting().items }));
    expect([problem.code, sent()]).toEqual(['bad-answer', 2]);
  });

  it.each<[number, string, string, boolean]>([
    [202, 'application/json', 'bad-answer', true],
    [206, 'application/json', 'bad-answer', true],
    [200, 'text/html', 'blocked-network', false],
    [200, 'application/json+html', 'blocked-network', false],
    [200, 'image/png', 'bad-answer', true],
    [403, 'application/json', 'forbidden', false],
  ])('is not read from a response with status %i and type %s', async (status, type, code, isRepeated) => {
    const { items, count } = counting();
    const { client, sent } = answered(LONG, { status, type });
    expect((await problemOf(client.send({ ...GET, items }))).code).toBe(code);
    expect([count(), sent()]).toEqual([0, isRepeated ? 2 : 1]);
  });

  it.each(['{"users":[{"id":5}]}', LONG])(
    'is not requested again if an item cannot be read',
    async (body) => {
      const { client, sent } = answered(body);
      const items = {
        key: 'users',
        read: (): unknown => {
          throw new RangeError('no id');
        },
      };
      const error = await client.send({ ...GET, items }).catch((raised: unknown) => raised);
      expect(error).toEqual(new RangeError('no id'));
      expect(error).not.toBeInstanceOf(HttpError);
      expect(sent()).toBe(1);
    },
  );
});
