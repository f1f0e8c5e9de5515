import { connect } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { openSandbox } from '../../src/sandbox/index.js';
import { ANALYST, DEFAULT_STATE, inProcess, ROLES, SEARCH, serve } from './support.js';
import { inputs } from '../support/law.js';

const WRITES: [string, string][] = [
  ['POST', ROLES],
  ['PUT', `${ROLES}/${ANALYST}`],
  ['PUT', `${ROLES}/${ANALYST}/authorities`],
  ['PATCH', `${ROLES}/${ANALYST}/authorities`],
  ['PUT', `${ROLES}/${ANALYST}/users`],
  ['PUT', `${ROLES}/settings`],
  ['PUT', DEFAULT_STATE],
  ['POST', SEARCH],
  ['POST', '/api/content/v2/authentication'],
  ['POST', '/api/identity/v1/users'],
  ['POST', '/api/content/v3/users'],
  ['PATCH', '/api/identity/v1/users/1345408854'],
];

describe('a hostile body', () => {
  it.each(WRITES)('is 400 JSON for %s %s if it is not JSON, or missing', async (method, path) => {
    const { call, sandbox } = await serve();
    const before = sandbox.state();
    for (const body of ['{"a":', '', '\u0000', 'NaN', `${'['.repeat(200_000)}`]) {
      const answer = await call(method, path, body);
      expect([answer.status, answer.body]).toMatchObject([400, { status: 400, statusReason: 'Bad Request' }]);
    }
    expect(sandbox.state()).toEqual(before);
  });

  it.each(WRITES)('of any JSON never makes %s %s answer 5xx', async (method, path) => {
    const sandbox = await openSandbox();
    const call = inProcess(sandbox);
    const body = fc.oneof(
      fc.jsonValue(),
      fc.record(
        {
          id: fc.jsonValue(),
          name: fc.jsonValue(),
          description: fc.jsonValue(),
          fromRoleId: fc.jsonValue(),
          defaultRoleId: fc.jsonValue(),
          allowlistRoleIds: fc.jsonValue(),
          value: fc.jsonValue(),
          attributes: fc.jsonValue(),
          filters: fc.array(
            fc.dictionary(fc.constantFrom('field', 'filterType', 'text', 'values'), fc.jsonValue()),
          ),
          sort: fc.jsonValue(),
          roleId: fc.jsonValue(),
          __proto__: fc.jsonValue(),
        },
        { requiredKeys: [] },
      ),
    );
    await fc.assert(
      fc.asyncProperty(body, async (value) => {
        const answer = await call(method, path, value);
        expect(answer.status).toBeLessThan(500);
      }),
      { numRuns: inputs(60) },
    );
  });

  it('is 400 if it is too large, and the sandbox keeps running', async () => {
    const { call } = await serve();
    const answer = await call('POST', ROLES, { name: 'x'.repeat(17 * 2 ** 20) });
    expect([answer.status, answer.body]).toMatchObject([400, { message: 'the body is too large' }]);
    expect((await call('GET', ROLES)).status).toBe(200);
  });

  it('that is deeply nested is logged without its inner parts', async () => {
    const { call, sandbox } = await serve();
    await call('POST', ROLES, `${'['.repeat(50_000)}${']'.repeat(50_000)}`);
    expect(JSON.stringify(sandbox.log())).toContain('[too deep]');
  });

  it('that is not UTF-8 is 400', async () => {
    const { url, sandbox } = await serve();
    const headers = { 'x-domo-developer-token': sandbox.token };
    const body = new Uint8Array([0x7b, 0xff, 0xfe, 0x7d]);
    expect((await fetch(`${url}${ROLES}`, { method: 'POST', headers, body })).status).toBe(400);
  });

  it('with hostile names is stored unchanged', async () => {
    const { call } = await serve();
    for (const name of [
      '__proto__',
      'constructor',
      '\u001b[31mred',
      'a\nb',
      '<img src=x>',
      '\u202Eright',
      '😀',
      '| a | b |',
    ]) {
      const made = await call('POST', ROLES, { name, description: name });
      const { id } = made.body as { id: number };
      expect((await call('GET', `${ROLES}/${id}`)).body).toMatchObject({ name, description: name });
    }
  });

  it('with prototype keys changes no other object', async () => {
    const { call, sandbox } = await serve();
    await call(
      'PATCH',
      '/api/identity/v1/users/1345408854',
      '{"__proto__":"x","attributes":[{"key":"__proto__","values":["y"]}]}',
    );
    expect(({} as Record<string, unknown>).x).toBeUndefined();
    const ana = sandbox.state().users.find((user) => user.id === 1_345_408_854);
    expect(Object.getOwnPropertyDescriptor(ana?.attributes, '__proto__')?.value).toBe('y');
  });
});

describe('a hostile request', () => {
  it.each([
    ['DELETE', ROLES],
    ['PATCH', ROLES],
    ['POST', `${ROLES}/${ANALYST}`],
    ['POST', `${ROLES}/settings`],
    ['DELETE', `${ROLES}/${ANALYST}/users`],
    ['PUT', SEARCH],
  ])('%s %s is 405 for an unknown method', async (method, path) => {
    const { call } = await serve();
    const answer = await call(method, path);
    expect([answer.status, answer.body]).toMatchObject([405, { statusReason: 'Method Not Allowed' }]);
  });

  it('may have a trailing slash', async () => {
    const { call } = await serve();
    expect((await call('GET', '/api/identity/v1/users/')).status).toBe(200);
    const login = { method: 'password', emailAddress: 'x@acme.com', password: 'x' };
    expect((await call('POST', '/api/content/v2/authentication/', login, null)).status).toBe(200);
  });

  it('is 404 JSON for an unknown path', async () => {
    const { call } = await serve();
    const answer = await call('GET', '/api/nothing/../here');
    expect([answer.status, answer.body]).toMatchObject([404, { statusReason: 'Not Found' }]);
  });

  it('that is not HTTP does not stop the server', async () => {
    const { call, url } = await serve();
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    await new Promise((resolve) => {
      socket.on('close', resolve);
      socket.on('error', resolve);
      socket.on('data', () => undefined);
      socket.end('\u0000\u0001 GARBAGE\r\n\r\n');
    });
    expect((await call('GET', ROLES)).status).toBe(200);
  });
});

describe('secrets', () => {
  it('are never in the log, regardless of where a client sends them', async () => {
    const { call, sandbox } = await serve({ token: 'planted-7f3a' });
    await call('GET', `${ROLES}/planted-7f3a?search=planted-7f3a`);
    await call('POST', ROLES, { name: 'planted-7f3a', nested: [{ password: 'unheard-of-91' }] });
    await call('POST', '/api/content/v2/authentication', {
      method: 'password',
      emailAddress: 'root@acme.com',
      password: 'unheard-of-91',
    });
    const log = JSON.stringify(sandbox.log());
    expect(log).toContain('root@acme.com');
    expect(log).not.toMatch(/planted-7f3a|unheard-of-91/);
  });

  it('are never in a refusal', async () => {
    const { call } = await serve();
    const answer = await call('GET', ROLES, undefined, 'planted-7f3a');
    expect(`${answer.text} ${JSON.stringify([...answer.headers])}`).not.toContain('planted-7f3a');
  });
});
