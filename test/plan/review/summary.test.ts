import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Change } from '../../../src/plan/change.js';
import { makePlan } from '../../../src/plan/make-plan.js';
import type { PlanSummary } from '../../../src/plan/plan.js';
import { summarise, textChanges } from '../../../src/plan/review/summary.js';
import { anyManifest, anySnapshot } from '../../support/arbitraries.js';
import { allowlistSet, creation, defaultRoleSet, deletion } from '../../support/changes.js';
import { grantsSet, move, rename } from '../../support/changes.js';
import { inputs } from '../../support/law.js';

const REST = { refusals: 0, warnings: 0, unchanged: 0 };
const request = (when?: 'start-differs'): Change['requests'][number] => ({
  method: 'PUT',
  path: '/x',
  body: null,
  ...(when ? { when } : {}),
});

describe('textChanges', () => {
  const text = (name: string): { name: string; description: string } => ({ name, description: '' });

  it.each<[string, Change[], unknown]>([
    ['nothing', [], []],
    ['other changes', [creation('New'), deletion(100, 'Old')], []],
    ['one rename', [rename(100, ['A', 'B'])], [{ roleId: 100, before: text('A'), after: text('B') }]],
    [
      'a cycle of names: one rename for each role',
      [
        rename(100, ['A', '~domo-roles 100'], 'temporary'),
        rename(101, ['B', 'A']),
        rename(100, ['~domo-roles 100', 'B']),
      ],
      [
        { roleId: 100, before: text('A'), after: text('B') },
        { roleId: 101, before: text('B'), after: text('A') },
      ],
    ],
  ])('of %s', (_, changes, expected) => expect(textChanges(changes)).toEqual(expected));
});

describe('summarise', () => {
  it.each<[string, Change[], Partial<PlanSummary>]>([
    ['nothing', [], { changes: 0, rolesCreated: 0, grantsAdded: 0, peopleMoved: 0, requests: 0 }],
    [
      'a new role with its initial grants',
      [creation('New', ['a', 'b'])],
      { rolesCreated: 1, grantsAdded: 2 },
    ],
    [
      'a new role with its final grants',
      [creation('New', ['a', 'b']), grantsSet('new:New', ['a', 'b'], ['b', 'c', 'd'])],
      { rolesCreated: 1, grantsAdded: 3, grantsRemoved: 0 },
    ],
    [
      'a write of grants',
      [grantsSet(100, ['a', 'b'], ['b', 'c', 'd'])],
      { grantsAdded: 2, grantsRemoved: 1 },
    ],
    [
      'a split that removes and restores grants: by its end',
      [
        grantsSet(100, ['a', 'b'], ['b'], 'before-moves'),
        grantsSet(100, ['b'], ['a', 'b', 'c'], 'after-moves'),
      ],
      { changes: 2, grantsAdded: 1, grantsRemoved: 0 },
    ],
    [
      'writes of two roles, separately',
      [grantsSet(100, ['a'], []), grantsSet(101, [], ['a'])],
      { grantsAdded: 1, grantsRemoved: 1 },
    ],
    ['a rename', [rename(100, ['A', 'B'])], { rolesRenamed: 1 }],
    ['a new description', [rename(100, ['A', 'A'])], { rolesRenamed: 0, changes: 1 }],
    [
      'a cycle of names',
      [rename(100, ['A', '~'], 'temporary'), rename(101, ['B', 'A']), rename(100, ['~', 'B'])],
      { rolesRenamed: 2, changes: 3 },
    ],
    ['deletions', [deletion(100, 'A'), deletion(101, 'B')], { rolesDeleted: 2 }],
    ['moves, person by person', [move(3, [10, 11]), move(4, [12])], { peopleMoved: 3 }],
    [
      'requests, without those that depend on a condition',
      [
        { ...move(3, [10]), requests: [request(), request()] },
        { ...move(4, [11]), requests: [request(), request('start-differs')] },
      ],
      { requests: 3 },
    ],
  ])('counts %s', (_, changes, expected) => expect(summarise(changes, REST)).toMatchObject(expected));

  it('counts every kind, including those with no change', () => {
    const changes = [
      creation('New'),
      rename(100, ['A', 'B']),
      grantsSet(100, [], []),
      move(3, [10]),
      move(4, [11]),
      defaultRoleSet(3),
      allowlistSet(null),
    ];
    expect(summarise(changes, REST).byKind).toEqual({
      'role.create': 1,
      'role.update': 1,
      'grants.set': 1,
      'members.move': 2,
      'defaultRole.set': 1,
      'allowlist.set': 1,
      'role.delete': 0,
    });
  });

  it('keeps the counts that do not follow from the changes', () => {
    const rest = { refusals: 1, warnings: 2, unchanged: 3 };
    expect(summarise([], rest)).toMatchObject(rest);
  });

  it('matches the lists of any plan', () => {
    fc.assert(
      fc.property(anySnapshot, anyManifest, (snapshot, loaded) => {
        const { summary, changes, refusals, warnings } = makePlan(loaded, snapshot, {
          now: '2026-01-01T00:00:00.000Z',
          version: '0',
          requestsFor: () => [],
        });
        const of = (kind: Change['kind']): number => changes.filter((one) => one.kind === kind).length;
        expect(summary.changes).toBe(changes.length);
        expect(Object.values(summary.byKind).reduce((sum, count) => sum + count, 0)).toBe(changes.length);
        expect(summary.rolesCreated).toBe(of('role.create'));
        expect(summary.rolesDeleted).toBe(of('role.delete'));
        const moves = changes.flatMap((one) => (one.kind === 'members.move' ? one.people : []));
        expect(summary.peopleMoved).toBe(moves.length);
        expect([summary.refusals, summary.warnings]).toEqual([refusals.length, warnings.length]);
      }),
      { numRuns: inputs(150) },
    );
  });
});
