import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { openReader } from '../../src/live/open-reader.js';
import { openRoutes } from '../../src/routes/index.js';
import { json, problemOf, serve, TOKEN, type TestServer } from '../http/server.js';

let server: TestServer;
let retry: () => void;
let retries: { random: () => number; sleep: () => Promise<void> };
beforeEach(() => {
  const due = new Promise<void>((resolve) => (retry = resolve));
  // The delay before a retry lasts until the test ends it.
  retries = { random: () => 0, sleep: () => due };
});
afterEach(() => server.close());

/** Ends the delays, and returns the addresses that were then requested more than once. */
async function sentAgain(): Promise<string[]> {
  retry();
  await pause(50);
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
      ...retries,
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
    const routes = openRoutes({ instance: 'acme', baseUrl: server.url, auth, ...retries });
    const reading = problemOf(openReader(routes, { instance: 'acme', sandbox: false }).readRoles());

    await login;
    routes.close();

    expect((await reading).code).toBe('interrupted');
    expect(await sentAgain()).toEqual([]);
    expect(server.received).toHaveLength(1);
  });
});
