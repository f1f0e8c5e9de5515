import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MAX_SNAPSHOT_LENGTH, snapshotFromJson, snapshotToJson } from '../../src/live/snapshot-file.js';
import { openReader } from '../../src/live/open-reader.js';
import { grantList } from '../../src/model/grant.js';
import type { Snapshot } from '../../src/model/snapshot.js';
import { ProblemError, type Problem } from '../../src/problem/problem.js';
import { checkSchema } from '../support/check-schema.js';
import { openWorld } from '../routes/world.js';
import { inputs } from '../support/law.js';
import { anyText } from '../support/any-text.js';

const TAKEN = { takenAt: '2026-08-01T12:00:00.000Z' };

function problemIn(work: () => unknown): Problem | null {
  try {
    work();
    return null;
  } catch (error) {
    if (error instanceof ProblemError) return error.problems[0] ?? null;
    throw error;
  }
}

const text = anyText({ maxLength: 8 });
const id = fc.integer({ min: 1, max: 2 ** 40 });
const grants = fc.array(text, { maxLength: 4 }).map(grantList);
const byId = <T extends { id: number }>(list: T[]): T[] => list.sort((a, b) => a.id - b.id);
const email = fc.option(text.map((one) => one.toLowerCase()).filter((one) => one === one.toLowerCase()));
const snapshots: fc.Arbitrary<Snapshot> = fc.record({
  instance: text,
  sandbox: fc.boolean(),
  me: fc.option(fc.record({ id, email, name: text })),
  roles: fc
    .uniqueArray(
      fc.record({
        id,
        name: text,
        description: text.map((one) => one.trim()),
        grants,
        userCount: fc.option(fc.nat()),
        grantCount: fc.option(fc.nat()),
      }),
      { selector: (role) => role.id, maxLength: 4 },
    )
    .map(byId),
  people: fc.record({
    scope: fc.constantFrom('all' as const, 'admins' as const),
    list: fc
      .uniqueArray(
        fc.record({
          id,
          email,
          name: text,
          roleId: id,
          kind: fc.constantFrom('active' as const, 'pending' as const, 'support' as const, 'system' as const),
        }),
        { selector: (person) => person.id, maxLength: 4 },
      )
      .map(byId),
  }),
  defaultRoleId: id,
  allowlist: fc.oneof(
    fc.constantFrom('off' as const, 'unreadable' as const),
    fc.uniqueArray(id).map((ids) => ids.sort((a, b) => a - b)),
  ),
  catalogue: fc
    .uniqueArray(
      fc.record({
        grant: text,
        title: text,
        group: text,
        dependsOn: grants,
        adminLevel: fc.option(fc.boolean()),
        features: grants,
      }),
      { selector: (entry) => entry.grant, maxLength: 3 },
    )
    .map((list) => list.sort((a, b) => (a.grant < b.grant ? -1 : 1))),
});

describe('a snapshot file', () => {
  it('reads back every snapshot as it was written', () => {
    fc.assert(
      fc.property(snapshots, (snapshot) => {
        const written = snapshotToJson(snapshot, TAKEN);
        expect(snapshotFromJson(written)).toEqual({ snapshot, ...TAKEN });
        expect(snapshotToJson(snapshotFromJson(written).snapshot, TAKEN)).toBe(written);
      }),
    );
  });

  it('fits its published schema', async () => {
    const world = await openWorld('in-process');
    const reader = openReader(world.routes, { instance: 'sandbox', sandbox: true });
    const snapshot = { ...(await reader.readCore()), people: await reader.readPeople() };
    const written = snapshotToJson(snapshot, TAKEN);
    expect(checkSchema('snapshot', JSON.parse(written))).toEqual([]);
    expect(snapshotFromJson(written).snapshot).toEqual(snapshot);
    await world.close();
  });

  it('may have lists in any order and addresses in any case', () => {
    const role = { name: '', description: ' x ', userCount: null, grantCount: null };
    const person = { email: 'A@B.c', name: '', roleId: 1, kind: 'active' };
    const { snapshot } = snapshotFromJson(
      JSON.stringify({
        ...blank(),
        allowlist: [3, 1, 3],
        roles: [
          { id: 2, ...role, grants: ['b', 'a', 'b'] },
          { id: 1, ...role, grants: [] },
        ],
        people: {
          scope: 'all',
          list: [
            { id: 9, ...person },
            { id: 8, ...person },
          ],
        },
      }),
    );
    expect(snapshot.allowlist).toEqual([1, 3]);
    expect(snapshot.roles.map((one) => [one.id, one.description, one.grants])).toEqual([
      [1, 'x', []],
      [2, 'x', ['a', 'b']],
    ]);
    expect(snapshot.people.list.map((one) => [one.id, one.email])).toEqual([
      [8, 'a@b.c'],
      [9, 'a@b.c'],
    ]);
  });
});

function blank(): Record<string, unknown> {
  return {
    formatVersion: 1,
    kind: 'snapshot',
    ...TAKEN,
    instance: 'acme',
    sandbox: false,
    me: null,
    defaultRoleId: 2,
    allowlist: 'off',
    roles: [],
    people: { scope: 'all', list: [] },
    catalogue: [],
  };
}

describe('a file that is not a snapshot', () => {
  const role = { id: 1, name: 'A', description: '', userCount: null, grantCount: null, grants: [] };
  const person = { id: 1, email: null, name: 'A', roleId: 1, kind: 'active' };
  const entry = { grant: 'a', title: '', group: '', dependsOn: [], adminLevel: null, features: [] };
  it.each<[string, string, RegExp]>([
    ['', '', /not JSON/],
    ['half a snapshot', '{"kind":', /not JSON/],
    ['a list', '[]', /is not a snapshot/],
    ['null', 'null', /is not a snapshot/],
    ['a plan', '{"kind":"plan"}', /is not a snapshot/],
    [
      'of a later format',
      '{"kind":"snapshot","formatVersion":2}',
      /has format 2, and this version of domo-roles reads format 1/,
    ],
    ['lacking a key', '{"kind":"snapshot","formatVersion":1}', /has no takenAt/],
    ['with another key', edited({ extra: 1 }), /has an unknown key: "extra"/],
    ['with a prototype key', JSON.stringify(blank()).replace('{', '{"__proto__":{"me":1},'), /"__proto__"/],
    ['with an invalid time', edited({ takenAt: 'yesterday' }), /\/takenAt is not a time/],
    [
      'with an id that is too large',
      edited({ defaultRoleId: 2 ** 53 }),
      /\/defaultRoleId is not a whole number/,
    ],
    ['with an id as text', edited({ defaultRoleId: '2' }), /\/defaultRoleId/],
    ['with an invalid word', edited({ allowlist: 'on' }), /\/allowlist is not one of off, unreadable/],
    ['with a duplicate role', edited({ roles: [role, role] }), /\/roles lists id 1 twice/],
    [
      'with a duplicate person',
      edited({ people: { scope: 'all', list: [person, person] } }),
      /lists id 1 twice/,
    ],
    [
      'with an invalid kind',
      edited({ people: { scope: 'all', list: [{ ...person, kind: 'x' }] } }),
      /\/people\/list\/0\/kind/,
    ],
    ['with a duplicate grant', edited({ catalogue: [entry, entry] }), /lists a grant twice/],
    [
      'with an invalid grant',
      edited({ roles: [{ ...role, grants: [null] }] }),
      /\/roles\/0\/grants\/0 is not text/,
    ],
    ['with an invalid flag', edited({ sandbox: 'no' }), /\/sandbox is not true or false/],
    ['without lists', edited({ roles: {} }), /\/roles is not a list/],
  ])('is refused, with the place: %s', (_, written, message) => {
    const problem = problemIn(() => snapshotFromJson(written, { file: 'live.json' }));
    expect(problem?.code).toBe('bad-file');
    expect(problem?.message).toMatch(message);
    expect(problem?.where).toEqual({ file: 'live.json' });
  });

  function edited(fields: Record<string, unknown>): string {
    return JSON.stringify({ ...blank(), ...fields });
  }

  it('is refused if it is too large', () => {
    expect(problemIn(() => snapshotFromJson(' '.repeat(MAX_SNAPSHOT_LENGTH + 1)))?.message).toMatch(
      /too large/,
    );
  });

  it('is refused regardless of its depth', () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    expect(problemIn(() => snapshotFromJson(edited({}).replace('"off"', deep)))?.code).toBe('bad-file');
  });

  it('yields either a snapshot or a bad-file problem', () => {
    const mutated = fc
      .tuple(
        snapshots,
        fc.array(fc.tuple(fc.nat(), fc.string({ maxLength: 3 })), { minLength: 1, maxLength: 4 }),
      )
      .map(([snapshot, edits]) =>
        edits.reduce(
          (written, [at, piece]) => {
            const place = at % written.length;
            return written.slice(0, place) + piece + written.slice(place + 1);
          },
          snapshotToJson(snapshot, TAKEN),
        ),
      );
    fc.assert(
      fc.property(fc.oneof(mutated, fc.json(), fc.string()), (written) => {
        const problem = problemIn(() => snapshotFromJson(written));
        return problem === null || problem.code === 'bad-file';
      }),
      { numRuns: inputs(200) },
    );
  });
});
