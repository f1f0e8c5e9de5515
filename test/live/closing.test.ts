import { afterEach, describe, expect, it } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { openReader } from '../../src/live/open-reader.js';
import { openRoutes } from '../../src/routes/index.js';
import { json, problemOf, serve, TOKEN, type TestServer } from '../http/server.js';

const FIRST_RETRY_MS = 15;

/** Waits a tenth of each delay. The shortest delay is 150 ms. */
const QUICK_RETRIES = {
  random: (): number => 0,
  sleep: async (ms: number): Promise<void> => pause((ms / 150) * FIRST_RETRY_MS),
};

let server: TestServer;
afterEach(() => server.close());

/** Requests that were received more than once, by address. */
async function sentAgain(): Promise<string[]> {
  await pause(FIRST_RETRY_MS * 3);
  const urls = server.received.map(({ url }) => url);
  return urls.filter((url, index) => urls.indexOf(url) !== index);
}

describe('a connection that is closed', () => {
  it('ends concurrent reads of which one has failed', async () => {
    // The list of roles is refused permanently; all other requests would be retried.
    server = await serve((request, response) =>
      json(response, {}, request.url?.startsWith('/api/authorization/v1/roles') ? 403 : 503),
    );
    const routes = openRoutes({
      instance: 'acme',
      baseUrl: server.url,
      auth: { accessToken: TOKEN },
      ...QUICK_RETRIES,
    });
    const reader = openReader(routes, { instance: 'acme', sandbox: false });
    const people = problemOf(reader.readPeople());

    const failed = await problemOf(reader.readCore());
    routes.close();

    expect(failed.code).toBe('forbidden');
    expect((await people).code).toBe('interrupted');
    expect(server.received.length).toBeGreaterThan(1);
    expect(await sentAgain()).toEqual([]);
  });

  it('ends a login, and the requests that wait for it', async () => {
    let arrived = (): void => undefined;
    const login = new Promise<void>((resolve) => (arrived = resolve));
    server = await serve((_, response) => {
      arrived();
      json(response, {}, 503);
    });
    const auth = { username: 'ana@acme.com', password: 'Secret-1' };
    const routes = openRoutes({ instance: 'acme', baseUrl: server.url, auth, ...QUICK_RETRIES });
    const reading = problemOf(openReader(routes, { instance: 'acme', sandbox: false }).readRoles());

    await login;
    routes.close();

    expect((await reading).code).toBe('interrupted');
    expect(await sentAgain()).toEqual([]);
    expect(server.received).toHaveLength(1);
  });
});
