import { describe, expect, it } from '@jest/globals';
import { FAULTS, openSandbox, parseFaults, type Fault } from '../../src/sandbox/index.js';
import { ANALYST, inProcess, OLD_REPORTING, ROLES, SEARCH, serve } from './support.js';

const GRANTS = `${ROLES}/${ANALYST}/authorities`;

/** The code of the error of a call, or of its cause; null without an error. */
async function codeOf(call: Promise<unknown>): Promise<unknown> {
  try {
    await call;
    return null;
  } catch (error) {
    const { cause, code } = error as { cause?: { code?: unknown }; code?: unknown };
    return cause?.code ?? code;
  }
}

describe('a fault in the response', () => {
  it.each([
    ['429', 429, '3'],
    ['429-date', 429, 'Fri, 15 Jan 2027 08:00:03 GMT'],
    ['429-bare', 429, null],
    ['500', 500, null],
    ['502', 502, null],
    ['503', 503, null],
    ['html-error', 502, null],
  ] as const)(
    '%s: the request has no effect, and the next one is answered',
    async (name, status, retryAfter) => {
      const fault: Fault = name === '429' || name === '429-date' ? { name, value: 3 } : { name };
      const { call, sandbox } = await serve({ faults: [fault], clock: () => 1_800_000_000_000 });
      const before = sandbox.state();
      const answer = await call('PUT', GRANTS, ['alert.edit']);
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([status, retryAfter]);
      expect(answer.text.startsWith('<!DOCTYPE html>')).toBe(name === 'html-error');
      expect(sandbox.state()).toEqual(before);
      expect((await call('PUT', GRANTS, ['alert.edit'])).status).toBe(200);
      expect(sandbox.log().map((request) => request.faults)).toEqual([[name], []]);
    },
  );

  it('malformed: truncated JSON', async () => {
    const { call } = await serve({ faults: [{ name: 'malformed' }] });
    const answer = await call('GET', ROLES);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toContain('json');
    expect(() => JSON.parse(answer.text) as unknown).toThrow(SyntaxError);
  });

  it('oversized: its value in megabytes', async () => {
    const { call } = await serve({ faults: [{ name: 'oversized', value: 3 }] });
    const { body } = await call('GET', ROLES);
    expect((body as string[])[0]).toHaveLength(3 * 2 ** 20);
  });

  it('not-applied: a write is answered as done', async () => {
    const { call, sandbox } = await serve({ faults: [{ name: 'not-applied', times: 0 }] });
    const before = sandbox.state();
    const written: unknown[] = [];
    sandbox.onWrite((request) => written.push(request));
    expect((await call('PUT', GRANTS, ['alert.edit'])).body).toEqual({ status: 'SUCCESS', message: '' });
    expect((await call('DELETE', `${ROLES}/${OLD_REPORTING}`)).status).toBe(204);
    const { id } = (await call('POST', ROLES, { name: 'x' })).body as { id: number };
    expect((await call('GET', `${ROLES}/${id}`)).status).toBe(404);
    expect((await call('DELETE', `${ROLES}/1`)).status).toBe(400);
    expect({ ...sandbox.state(), nextId: null }).toEqual({ ...before, nextId: null });
    expect(written).toEqual([]);
  });

  it('late-visibility: reads show the write late, and later writes not before it', async () => {
    let now = 5_000_000;
    const faults: Fault[] = [{ name: 'late-visibility', value: 100 }];
    const { call } = await serve({ faults, clock: () => now });
    await call('PUT', GRANTS, ['alert.edit']);
    await call('PUT', `${ROLES}/${ANALYST}`, { name: 'Renamed' });
    expect((await call('GET', `${ROLES}/${ANALYST}`)).body).toMatchObject({ name: 'Data Analyst' });
    now += 100;
    expect((await call('GET', `${ROLES}/${ANALYST}`)).body).toMatchObject({
      name: 'Renamed',
      authorityCount: 1,
    });
  });

  it.each([
    ['short-list', 'POST', SEARCH, { limit: 100 }, 40, 38],
    ['moving-total', 'POST', SEARCH, { limit: 100 }, 42, 40],
    ['short-list', 'GET', `${ROLES}/4/users`, undefined, 8, 6],
    ['moving-total', 'GET', `${ROLES}/4/users`, undefined, 10, 8],
  ] as const)(
    '%s on %s %s: the total and the people disagree',
    async (name, method, path, body, total, listed) => {
      const { call } = await serve({ faults: [{ name, value: 2 }] });
      const page = (await call(method, path, body)).body as {
        count?: number;
        totalCount?: number;
        users: unknown[];
      };
      expect([page.count ?? page.totalCount, page.users.length]).toEqual([total, listed]);
    },
  );

  it('short-list on the role list: the last roles are missing', async () => {
    const { call } = await serve({ faults: [{ name: 'short-list', value: 3 }] });
    expect((await call('GET', '/api/content/v2/users/me')).status).toBe(200);
    expect((await call('GET', ROLES)).body).toHaveLength(7);
    expect((await call('GET', ROLES)).body).toHaveLength(10);
  });
});

describe('a broken connection', () => {
  it.each([
    ['refused', false],
    ['reset', false],
    ['answer-lost', true],
    ['answer-cut', true],
  ] as const)('%s: on a socket the client sees a break; done: %s', async (name, isDone) => {
    const { call, sandbox } = await serve({ faults: [{ name }] });
    await expect(call('PUT', GRANTS, ['alert.edit'])).rejects.toThrow();
    const role = sandbox.state().roles.find(({ id }) => id === ANALYST);
    expect(role?.authorities.length === 1).toBe(isDone);
    expect((await call('GET', ROLES)).status).toBe(200);
  });

  it.each([
    ['refused', 'ECONNREFUSED'],
    ['reset', 'ECONNRESET'],
    ['answer-lost', 'ECONNRESET'],
  ] as const)('%s: in-process the error has the code %s', async (name, code) => {
    const sandbox = await openSandbox({ faults: [{ name }] });
    expect(await codeOf(inProcess(sandbox)('PUT', GRANTS, ['alert.edit']))).toBe(code);
    expect(sandbox.log()[0]?.status).toBeNull();
  });

  it('reset: over a socket it is ECONNRESET too', async () => {
    const { call } = await serve({ faults: [{ name: 'reset' }] });
    expect(['ECONNRESET', 'UND_ERR_SOCKET']).toContain(await codeOf(call('GET', ROLES)));
  });

  it.each(['hung', 'hung-after-write', 'hung-body'] as const)(
    '%s: ends when the client disconnects',
    async (name) => {
      const { url, sandbox, call } = await serve({ faults: [{ name, path: 'authorities$' }] });
      const headers = { 'x-domo-developer-token': sandbox.token };
      const leave = new AbortController();
      const hanging = fetch(`${url}${GRANTS}`, {
        method: 'PUT',
        headers,
        body: '["alert.edit"]',
        signal: leave.signal,
      });
      const text = hanging.then((response) => response.text());
      const settled = expect(text).rejects.toMatchObject({ name: 'AbortError' });
      const arrived = () => sandbox.log().find((request) => request.path === GRANTS);
      while (name === 'hung' ? !arrived() : arrived()?.actorId == null) await call('GET', ROLES);
      leave.abort();
      await settled;
      const role = sandbox.state().roles.find(({ id }) => id === ANALYST);
      expect(role?.authorities.length === 1).toBe(name !== 'hung');
    },
  );

  it('hung: in-process it ends with the signal, and when the sandbox closes', async () => {
    const sandbox = await openSandbox({ faults: [{ name: 'hung', times: 0 }] });
    const signal = AbortSignal.abort();
    const asked = sandbox.fetch(new Request(`http://sandbox${ROLES}`, { signal }));
    await expect(asked).rejects.toMatchObject({ name: 'AbortError' });
    const hanging = codeOf(sandbox.fetch(new Request(`http://sandbox${ROLES}`)));
    await sandbox.close();
    expect(await hanging).toBe('ECONNRESET');
    expect(await codeOf(sandbox.fetch(new Request(`http://sandbox${ROLES}`)))).toBe('ECONNREFUSED');
  });
});

describe('someone-else', () => {
  it('makes the given edit just before the request, and the audit log records it', async () => {
    const edit = { edit: 'update-role', roleId: ANALYST, name: 'Theirs' } as const;
    const { call } = await serve({ faults: [{ name: 'someone-else', path: `/${ANALYST}$`, nth: 2, edit }] });
    expect((await call('GET', `${ROLES}/${ANALYST}`)).body).toMatchObject({ name: 'Data Analyst' });
    expect((await call('GET', `${ROLES}/${ANALYST}`)).body).toMatchObject({ name: 'Theirs' });
    const [event] = (await call('GET', '/api/audit/v1/user-audits')).body as Record<string, unknown>[];
    expect(event?.actorName).not.toBe('Root Keeper');
  });

  it('makes a random edit, the same for the same seed', async () => {
    const after = async (seed: number) => {
      const sandbox = await openSandbox({
        seed,
        faults: [{ name: 'someone-else', times: 5 }],
        clock: () => 7,
      });
      const call = inProcess(sandbox);
      for (let n = 0; n < 5; n += 1) await call('GET', ROLES);
      return sandbox.state();
    };
    const [one, again, other] = [await after(1), await after(1), await after(2)];
    expect(again).toEqual(one);
    expect(other).not.toEqual(one);
    expect(one.audit).toHaveLength(5);
  });

  it('can be made after a number of requests, with a hook', async () => {
    const { call, sandbox } = await serve();
    sandbox.after(2, () => sandbox.edit({ edit: 'delete-role', roleId: OLD_REPORTING }));
    const sizes: number[] = [];
    for (let n = 0; n < 4; n += 1) sizes.push(((await call('GET', ROLES)).body as unknown[]).length);
    expect(sizes).toEqual([10, 10, 9, 9]);
  });
});

describe('which request a fault affects', () => {
  const statuses = async (faults: Fault[], seed = 1): Promise<number[]> => {
    const call = inProcess(await openSandbox({ faults, seed }));
    const list: number[] = [];
    for (let n = 0; n < 3; n += 1) {
      list.push((await call('GET', ROLES)).status, (await call('PUT', GRANTS, ['alert.edit'])).status);
    }
    return list;
  };
  it.each<[string, Fault, number[]]>([
    ['the first', { name: '503' }, [503, 200, 200, 200, 200, 200]],
    ['the nth', { name: '503', nth: 3 }, [200, 200, 503, 200, 200, 200]],
    ['a number of them', { name: '503', nth: 2, times: 2 }, [200, 503, 503, 200, 200, 200]],
    ['all', { name: '503', nth: 4, times: 0 }, [200, 200, 200, 503, 503, 503]],
    ['by method', { name: '503', method: 'put', times: 0 }, [200, 503, 200, 503, 200, 503]],
    ['by path', { name: '503', path: 'roles$', nth: 2 }, [200, 200, 503, 200, 200, 200]],
    ['never', { name: '503', rate: 0 }, [200, 200, 200, 200, 200, 200]],
    ['always', { name: '503', rate: 1 }, [503, 503, 503, 503, 503, 503]],
  ])('%s', async (_what, fault, list) => {
    expect(await statuses([fault])).toEqual(list);
  });

  it('at random depends on the seed', async () => {
    const fault: Fault = { name: '503', rate: 0.5 };
    const runs = await Promise.all([1, 2, 3, 4, 5].map((seed) => statuses([fault], seed)));
    expect(await statuses([fault], 3)).toEqual(runs[2]);
    expect(new Set(runs.map(String)).size).toBeGreaterThan(1);
  });
});

describe('faults on a command line', () => {
  it('are parsed with their fields', () => {
    expect(parseFaults('')).toEqual([]);
    expect(parseFaults('429=2;method=get;path=/roles$;nth=2;times=3, reset;rate=0.05')).toEqual([
      { name: '429', value: 2, method: 'GET', path: '/roles$', nth: 2, times: 3 },
      { name: 'reset', rate: 0.05 },
    ]);
  });

  it.each([
    ['4290', 'unknown fault "4290"; valid faults: 429, 429-date'],
    ['reset=3', 'takes no value'],
    ['429=soon', 'must be a whole number'],
    ['reset;when=now', 'valid parameters: method, path, nth, times, rate'],
    ['reset;rate=2', 'from 0 to 1'],
    ['reset;nth=-1', 'must be a whole number'],
    ['reset;path=(', 'regular expression'],
  ])('are refused: %s', (text, message) => {
    expect(() => parseFaults(text)).toThrow(message);
  });

  it('are listed with a unique name and a description', () => {
    expect(new Set(FAULTS.map(({ name }) => name)).size).toBe(FAULTS.length);
    for (const { description } of FAULTS) expect(description.length).toBeGreaterThan(20);
  });
});
