import { describe, expect, it } from '@jest/globals';
import { ANY_SERVICE, generalMeaning } from '../../src/http/service.js';
import { DOMO_SERVICE, sessionCredential, tokenCredential } from '../../src/routes/domo-service.js';
import { openClient } from '../../src/http/client.js';
import { problemOf, serve } from './server.js';

describe('the general meaning of a status', () => {
  it.each([
    [401, 'authentication', 'the server does not accept these credentials', 'check the token or password'],
    [403, 'forbidden', 'the caller is not allowed to do this', null],
    [404, 'not-found', 'there is no such object', null],
    [
      429,
      'too-many-requests',
      'the server is limiting requests',
      'try again later, or with fewer concurrent requests',
    ],
    [
      302,
      'http-error',
      'a redirect, which is not followed',
      'check the address: it may have moved, or a login page or proxy answers in its place',
    ],
    [304, 'http-error', 'an unexpected status', null],
    [199, 'http-error', 'an unexpected status', null],
    [400, 'http-error', 'the server rejected the request', null],
    [499, 'http-error', 'the server rejected the request', null],
    [500, 'http-error', 'an error of the server', 'the server failed: try again later'],
  ])('%i', (status, code, means, hint) => {
    expect(generalMeaning(status, ANY_SERVICE, null)).toEqual({ code, means, hint });
  });

  it('names the permission that a forbidden request needs', () => {
    expect(generalMeaning(403, ANY_SERVICE, 'issues: write').hint).toBe('it needs issues: write');
  });
});

describe('the meaning of a status from Domo', () => {
  it.each<[number, string | null, RegExp]>([
    [401, null, /Access tokens/u],
    [403, null, /the grant authorization\.roles;/u],
    [403, 'audit', /the grant audit;/u],
  ])('%i, needing %s', (status, needs, hint) => {
    expect(DOMO_SERVICE.meaningOf({ status, needs, body: 'Forbidden' })?.hint).toMatch(hint);
  });

  it.each(['Elevation required', '{"status":403,"errorCode":"ELEVATION_REQUIRED"}'])(
    '403 with %j asks for elevation',
    (body) => {
      const meaning = DOMO_SERVICE.meaningOf({ status: 403, needs: null, body });
      expect(meaning?.means).toBe('the instance requires elevation, which a token cannot provide');
      expect(meaning?.hint).toContain('one-time code');
    },
  );

  it.each([400, 404, 429, 500])('%i has the general meaning', (status) => {
    expect(DOMO_SERVICE.meaningOf({ status, needs: null, body: 'elevation' })).toBeNull();
  });

  it.each([
    ['the page', { status: 200, location: '', title: 'Domo - Blocked' }, true],
    ['the redirect', { status: 303, location: '/auth/whitelist/blocked', title: '' }, true],
    ['another page', { status: 200, location: '', title: 'Hotel Wi-Fi' }, false],
    ['another redirect', { status: 303, location: '/login', title: '' }, false],
    ['that address in a success', { status: 201, location: '/whitelist/blocked', title: '' }, false],
  ])('%s: is the network refused?', (_, answer, isRefused) => {
    expect(DOMO_SERVICE.refusesNetwork(answer)).toBe(isRefused);
    expect(ANY_SERVICE.refusesNetwork(answer)).toBe(false);
  });

  it('has a header for tokens and one for sessions', () => {
    expect(tokenCredential('T')).toEqual({ header: 'x-domo-developer-token', secret: 'T' });
    expect(sessionCredential('S')).toEqual({ header: 'x-domo-authentication', secret: 'S' });
  });
});

describe('a client of any other service', () => {
  it.each<[number, string, string]>([
    [401, 'application/json', '{"message":"Bad credentials"}'],
    [403, 'application/json', '{"message":"Resource not accessible"}'],
    [500, 'application/json', '{}'],
    [200, 'text/html', '<title>Sign in</title>'],
    [200, 'application/json', '{"a":'],
  ])('reports status %i (%s) without mentioning Domo', async (status, type, body) => {
    const server = await serve((_, response) =>
      response.writeHead(status, { 'content-type': type }).end(body),
    );
    try {
      const client = openClient({ baseUrl: server.url, retries: 0 });
      const { message, hint = '' } = await problemOf(client.send({ method: 'GET', path: '/x' }));
      expect(`${message} ${hint}`).not.toMatch(/domo|instance|grant|allowlist|authorization/iu);
    } finally {
      await server.close();
    }
  });

  it('reports a wrong address without mentioning Domo', () => {
    const open = (): unknown => openClient({ baseUrl: 'http://example.com' });
    expect(open).toThrow('the address http://example.com is neither https nor on this machine');
    expect(ANY_SERVICE.addressHint).not.toMatch(/domo/iu);
  });
});
