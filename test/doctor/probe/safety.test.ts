import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { PROBE_PREFIX } from '../../../src/model/throwaway-role.js';
import { allQuirks } from '../../../src/sandbox/index.js';
import type { LoggedRequest, Quirks } from '../../../src/sandbox/index.js';
import { everyQuirk } from '../../support/every-quirk.js';
import { stride } from '../../support/law.js';
import { lost, openBench, SEED_NAMES } from './support.js';
import type { Bench, Wire } from './support.js';

const open: Bench[] = [];
afterEach(async () => {
  for (const bench of open.splice(0)) await bench.close();
});

async function benchWith(quirks: Partial<Quirks> = {}): Promise<Bench> {
  const bench = await openBench(quirks);
  open.push(bench);
  return bench;
}

const ROLES = '/api/authorization/v1/roles';
const isWrite = ({ method, path }: LoggedRequest): boolean => method !== 'GET' && !path.endsWith('/search');
const throwaways = (bench: Bench): string[] =>
  bench.names().filter((name) => name.toLowerCase().startsWith(PROBE_PREFIX));

describe('a probe that dies', () => {
  /** Everything after request `at` is lost. That request itself is carried out or not. */
  const dying =
    (at: number, carriedOut: boolean): Wire =>
    async (n, pass) => {
      if (n < at) return pass();
      if (n === at && carriedOut) await pass();
      throw lost();
    };

  async function requestsOf(quirks: Partial<Quirks>): Promise<number> {
    const bench = await benchWith(quirks);
    await bench.run();
    return bench.sandbox.log().length;
  }

  it.each([
    ['before its request is carried out', {}, { carriedOut: false, step: stride(3) }],
    ['after its request is carried out', {}, { carriedOut: true, step: stride(3) }],
    [
      'after its request is carried out, on an instance with every quirk',
      { ...allQuirks(), slowAnswers: 0 },
      { carriedOut: true, step: stride(9) },
    ],
  ])(
    'at any request, %s, reports the remaining roles, and the next probe deletes them',
    async (_moment, quirks, { carriedOut, step }) => {
      const requests = await requestsOf(quirks);
      expect(requests).toBeGreaterThan(40);
      let leaving = 0;
      for (let at = 1; at <= requests; at += step) {
        const bench = await openBench(quirks);
        const killed = await bench.run({ wire: dying(at, carriedOut) }).catch(() => null);
        const left = throwaways(bench);
        leaving += left.length > 0 ? 1 : 0;
        expect({ at, reported: killed?.left.flatMap(({ names }) => names) ?? [] }).toEqual({
          at,
          reported: expect.arrayContaining(left),
        });
        const next = await bench.run();
        expect({ at, left: next.left, error: next.error }).toEqual({ at, left: [], error: null });
        expect({ at, names: bench.names() }).toEqual({ at, names: SEED_NAMES });
        await bench.close();
      }
      expect(leaving * step).toBeGreaterThan(15);
    },
    240_000,
  );

  it('by Ctrl-C at any request, deletes the roles that it created', async () => {
    const requests = await requestsOf({});
    for (let at = 1; at <= requests; at += stride(3)) {
      const bench = await openBench();
      const stop = new AbortController();
      const wire: Wire = (n, pass) => {
        if (n === at) stop.abort();
        return pass();
      };
      const { left, error } = await bench.run({ wire, signal: stop.signal });
      expect({ at, left, names: bench.names() }).toEqual({ at, left: [], names: SEED_NAMES });
      const codes = error?.problems.map(({ code }) => code) ?? null;
      expect([null, ['interrupted']]).toContainEqual(codes);
      await bench.close();
    }
  }, 120_000);

  it('by a token that is refused from one request on, reports that the remaining roles are unknown', async () => {
    const bench = await benchWith();
    const wire: Wire = (n, pass) => (n < 28 ? pass() : Promise.resolve(new Response('', { status: 401 })));
    const { left, error, report } = await bench.run({ wire });
    expect(error?.problems.map(({ code }) => code)).toEqual(['authentication']);
    expect(left.flatMap(({ names }) => names)).toEqual(throwaways(bench));
    expect(left.length).toBe(1);
    expect(report.rolesLeft).toBe(1);
    expect(report.facts.at(-1)).toMatchObject({
      value: null,
      reason: 'the probe was stopped: authentication',
    });
  });
});

describe('a write of a probe', () => {
  it.each([
    ['no quirk', {}],
    ['every quirk', everyQuirk()],
    ['a start as the default role', { startsAsDefault: true, lateVisibility: 4_000 }],
  ])('concerns only throwaway roles, on an instance with %s', async (_which, quirks) => {
    const bench = await benchWith(quirks);
    const before = bench.sandbox.state();
    const own = new Set<string>();
    let most = 0;
    bench.sandbox.onWrite(() => {
      const made = bench.sandbox
        .state()
        .roles.filter(({ name }) => name.toLowerCase().startsWith(PROBE_PREFIX));
      for (const { id } of made) own.add(`${ROLES}/${id}`);
      most = Math.max(most, made.length);
    });
    await bench.run();

    const writes = bench.sandbox.log().filter(isWrite);
    const others = writes.filter(({ method, path, body }) => {
      const name = (body as { name?: unknown } | null)?.name;
      const isNamed = name === undefined || (typeof name === 'string' && name.startsWith(PROBE_PREFIX));
      if (method === 'POST') return path !== ROLES || !isNamed;
      return !isNamed || !own.has(path.replace(/\/authorities$/u, ''));
    });
    expect(others).toEqual([]);
    expect(writes.length).toBeGreaterThan(5);
    expect(most).toBe(2);
    const { audit: _before, nextId: _next, ...untouched } = before;
    expect(bench.sandbox.state()).toMatchObject(untouched);
  });

  it('adds no protected or admin-level grant to a throwaway role', async () => {
    const bench = await benchWith();
    await bench.run();
    const lists = bench.sandbox
      .log()
      .filter(({ method, path }) => method !== 'GET' && path.endsWith('/authorities'))
      .flatMap(({ body }) => body as string[]);
    const { authorities } = bench.sandbox.state();
    const level = new Map(authorities.map((one) => [one.authority, one.adminLevel]));
    expect(lists.length).toBeGreaterThan(1);
    expect(lists.filter((grant) => level.get(grant) !== false || grant.startsWith('authorization.'))).toEqual(
      [],
    );
  });

  it('is never sent without permission to write, even if earlier probes left roles', async () => {
    const bench = await benchWith();
    await bench.run({
      wire: async (n, pass) => {
        if (n > 24) throw lost();
        return pass();
      },
    });
    const left = throwaways(bench);
    expect(left.length).toBe(1);
    bench.sandbox.clearLog();
    const reading = await bench.run({ writes: false });
    expect(bench.sandbox.log().filter(isWrite)).toEqual([]);
    expect(reading.left.flatMap(({ names }) => names)).toEqual(left);
    expect(reading.left.map(({ reason }) => reason)).toEqual([expect.stringContaining('--yes deletes it')]);
  });

  it.each(['renamed', 'with people'] as const)(
    'does not promise to delete a role that is %s',
    async (how) => {
      const bench = await benchWith();
      await bench.run({
        wire: async (n, pass) => {
          if (n > 24) throw lost();
          return pass();
        },
      });
      const role = bench.sandbox.state().roles.find(({ name }) => name === throwaways(bench)[0]);
      const roleId = role?.id ?? 0;
      if (how === 'renamed') bench.sandbox.edit({ edit: 'update-role', roleId, name: 'Ours' });
      else bench.sandbox.edit({ edit: 'move-users', roleId, userIds: [1_345_408_408] });
      const reason = how === 'renamed' ? 'its name was changed' : 'there are people in it';
      for (const writes of [false, true])
        expect((await bench.run({ writes })).left).toMatchObject([{ id: roleId, reason }]);
    },
  );
});

describe('a delete of a probe that fails', () => {
  const deletes =
    (answer: () => Response, carriedOut: boolean): Wire =>
    async (_n, pass, { method }) => {
      if (method !== 'DELETE') return pass();
      if (carriedOut) await pass();
      return answer();
    };
  const FAILED: [string, () => Response][] = [
    ['authentication', () => new Response('', { status: 401 })],
    ['forbidden', () => new Response('', { status: 403 })],
    ['http-error', () => new Response('', { status: 500 })],
    ['blocked-network', () => new Response('<html></html>', { headers: { 'content-type': 'text/html' } })],
    [
      'unreachable',
      () => {
        throw lost();
      },
    ],
  ];

  it.each(FAILED)('with %s although it was done leaves nothing to report', async (code, answer) => {
    const bench = await benchWith({ lateVisibility: 800 });
    const { left, error } = await bench.run({ wire: deletes(answer, true) });
    expect([error?.problems[0]?.code, left, throwaways(bench)]).toEqual([code, [], []]);
  });

  it.each(FAILED)('with %s reports that its role is still there, and why', async (code, answer) => {
    const bench = await benchWith();
    const { left } = await bench.run({ wire: deletes(answer, false) });
    expect(left.flatMap(({ names }) => names).sort()).toEqual(throwaways(bench));
    expect(new Set(left.map(({ reason }) => reason))).toEqual(new Set([`it could not be deleted (${code})`]));
  });

  it.each(FAILED)(
    'with %s reports the role of an earlier probe, and creates no others',
    async (code, answer) => {
      const bench = await benchWith();
      const killed: Wire = async (n, pass) => {
        if (n > 24) throw lost();
        return pass();
      };
      await bench.run({ wire: killed });
      const earlier = throwaways(bench);
      const { left } = await bench.run({ wire: deletes(answer, false) });
      expect(left).toMatchObject([{ names: earlier, reason: `it could not be deleted (${code})` }]);
      expect(throwaways(bench)).toEqual(earlier);
    },
  );
});

describe('Ctrl-C during the delete of the role of an earlier probe', () => {
  it('stops the probe, and reports that role', async () => {
    const bench = await benchWith();
    await bench.run({ wire: (n, pass) => (n > 24 ? Promise.reject(lost()) : pass()) });
    const earlier = throwaways(bench);
    const stop = new AbortController();
    const wire: Wire = (_n, pass, { method }) => {
      if (method === 'DELETE') stop.abort();
      return pass();
    };
    const { left, error } = await bench.run({ wire, signal: stop.signal });
    expect(error?.problems.map(({ code }) => code)).toEqual(['interrupted']);
    expect(left).toMatchObject([{ names: earlier, reason: expect.stringContaining('(interrupted)') }]);
  });
});

describe('a create that is refused, and whose role is seen later', () => {
  /** The first create is carried out, and answered with a refusal. */
  const refusing = (status: number): Wire => {
    let isFirst = true;
    return async (_n, pass, { method, url }) => {
      const isRefused = isFirst && method === 'POST' && url.endsWith(ROLES);
      const answer = await pass();
      if (!isRefused) return answer;
      isFirst = false;
      return Response.json({}, { status });
    };
  };

  it.each([400, 409])('with %d leaves no role, and is no fact', async (status) => {
    const bench = await benchWith({ lateVisibility: 5000 });
    const { left, error, report } = await bench.run({ wire: refusing(status) });
    expect([left, error, throwaways(bench)]).toEqual([[], null, []]);
    for (const fact of ['create-without-source', 'start-without-source'])
      expect(report.facts.find(({ id }) => id === fact)).toMatchObject({
        value: null,
        reason: 'a role whose create was refused was there at the end of the probe',
      });
  });

  it('is reported if its role cannot be deleted', async () => {
    const bench = await benchWith({ lateVisibility: 5000 });
    const wire = refusing(400);
    const { left } = await bench.run({
      wire: async (n, pass, request) =>
        request.method === 'DELETE' ? Response.json({}, { status: 409 }) : wire(n, pass, request),
    });
    expect(left.flatMap(({ names }) => names).sort()).toEqual(throwaways(bench));
    expect(left).toHaveLength(3);
  });
});

describe('a role that a probe leaves', () => {
  const make = (bench: Bench, name: string): number =>
    bench.sandbox.edit({ edit: 'create-role', name, authorities: [] }) ?? 0;

  it('has the name of a throwaway role, but no journal', async () => {
    const bench = await benchWith();
    const names = [`${PROBE_PREFIX}byhand`, `Domo-Roles Probe in capitals`];
    for (const name of names) make(bench, name);
    const { left, withoutJournal } = await bench.run();
    expect(left).toEqual([]);
    expect(withoutJournal.flatMap(({ names }) => names).sort()).toEqual([...names].sort());
    expect(throwaways(bench)).toEqual(expect.arrayContaining(names));
  });

  it('is in the journal of another address', async () => {
    const bench = await benchWith();
    const wire: Wire = async (n, pass) => {
      if (n > 24) throw lost();
      return pass();
    };
    await bench.run({ wire, address: 'http://other' });
    const left = throwaways(bench);
    const next = await bench.run();
    expect([next.left, next.withoutJournal.flatMap(({ names }) => names)]).toEqual([[], left]);
    expect(throwaways(bench)).toEqual(left);
  });

  it('is named in a journal that cannot be read', async () => {
    const bench = await benchWith();
    const wire: Wire = async (n, pass) => {
      if (n > 24) throw lost();
      return pass();
    };
    await bench.run({ wire });
    const left = throwaways(bench);
    const runs = join(bench.state, 'runs-here/runs');
    const { readdir } = await import('node:fs/promises');
    for (const run of await readdir(runs)) await writeFile(join(runs, run, 'probe.jsonl'), 'not a journal\n');
    const next = await bench.run();
    expect(next.withoutJournal.flatMap(({ names }) => names)).toEqual(left);
    expect(throwaways(bench)).toEqual(left);
  });

  it.each([
    [
      'has a person in it',
      'there are people in it',
      (bench: Bench, id: number) => {
        const userId = bench.sandbox.state().users.find(({ roleId }) => roleId === 4)?.id ?? 0;
        bench.sandbox.edit({ edit: 'move-users', roleId: id, userIds: [userId] });
      },
    ],
    [
      'got another name',
      'its name was changed',
      (bench: Bench, id: number) => {
        bench.sandbox.edit({ edit: 'update-role', roleId: id, name: 'Ours now' });
      },
    ],
  ])('%s', async (_what, reason, change) => {
    const bench = await benchWith();
    let id = 0;
    const wire: Wire = async (n, pass) => {
      if (n === 28) {
        id = bench.sandbox.state().roles.find(({ name }) => name.startsWith(PROBE_PREFIX))?.id ?? 0;
        change(bench, id);
      }
      return pass();
    };
    const { left } = await bench.run({ wire });
    expect(left).toMatchObject([{ id, reason }]);
    expect(bench.sandbox.state().roles.map((role) => role.id)).toContain(id);

    // The next probe does not create more roles.
    bench.sandbox.clearLog();
    const next = await bench.run();
    expect(next.left).toMatchObject([{ id, reason }]);
    expect(next.report.facts.at(-1)?.reason).toBe(
      'a throwaway role of an earlier probe could not be deleted',
    );
    expect(bench.sandbox.log().filter(isWrite)).toEqual([]);
  });
});
