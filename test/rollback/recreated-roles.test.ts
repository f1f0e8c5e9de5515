import { describe, expect, it } from '@jest/globals';
import type { RoleCreate } from '../../src/plan/change.js';
import { withCurrentIds } from '../../src/rollback/recreated-roles.js';
import type { RunResult } from '../../src/rollback/run-result.js';
import { liveRole, person, snapshotOf } from '../support/arbitraries.js';

const GONE = liveRole(100, 'Gone', ['content.export']);
const BEFORE = snapshotOf({
  custom: [GONE, liveRole(101, 'Stays')],
  persons: [person(1, 100), person(2, 101)],
});

function resultOf(deleted: number[], created: number[] = []): RunResult {
  return {
    created: new Map(created.map((id) => [id, {} as RoleCreate])),
    deleted: new Set(deleted),
    texts: new Map(),
    grants: new Map(),
    placements: new Map(),
    settings: [],
  };
}

describe('a role that a run deleted and that was created again', () => {
  it.each([
    [
      'with the same name, description and grants is that role',
      liveRole(200, 'Gone', ['content.export']),
      [],
      200,
    ],
    ['with another name is another role', liveRole(200, 'Gone 2', ['content.export']), [], 100],
    ['with other grants is another role', liveRole(200, 'Gone', ['dataset.export']), [], 100],
    ['by the run itself is another role', liveRole(200, 'Gone', ['content.export']), [200], 100],
  ])('%s', (_, made, created, id) => {
    const live = snapshotOf({ custom: [liveRole(101, 'Stays'), made], persons: [] });
    const { before } = withCurrentIds({ before: BEFORE }, resultOf([100], created), live);
    expect(before.roles.find(({ name }) => name === 'Gone')?.id).toBe(id);
    expect(before.people.list.map(({ roleId }) => roleId)).toEqual([id, 101]);
  });

  it('has no effect if the run deleted another role, or if the role is live', () => {
    const made = snapshotOf({ custom: [liveRole(200, 'Gone', ['content.export'])], persons: [] });
    expect(withCurrentIds({ before: BEFORE }, resultOf([101]), made).before).toBe(BEFORE);
    expect(withCurrentIds({ before: BEFORE }, resultOf([100]), BEFORE).before).toBe(BEFORE);
  });
});

describe('a role that a later run deleted and that was created again', () => {
  const LATER = { before: BEFORE, deletedLater: new Set([100, 102]) };
  const RESULT: RunResult = {
    created: new Map([[102, {} as RoleCreate]]),
    deleted: new Set(),
    texts: new Map([
      [100, [{ name: 'Renamed', description: '' }]],
      [102, [{ name: 'New', description: '' }]],
    ]),
    grants: new Map([
      [100, [['audit']]],
      [102, [['content.export']]],
    ]),
    placements: new Map([[2, [101, 100]]]),
    settings: [{ defaultRoleId: 100, allowlist: [100, 102] }],
  };

  it.each([
    ['as the run left it is that role', liveRole(200, 'Renamed', ['audit']), 200],
    ['as it was before the run is that role', liveRole(200, 'Gone', ['content.export']), 200],
    ['in part as before and in part as left is another role', liveRole(200, 'Gone', ['audit']), 100],
    ['with another name is another role', liveRole(200, 'Gone 2', ['audit']), 100],
  ])('%s', (_, made, id) => {
    const live = snapshotOf({ custom: [liveRole(101, 'Stays'), made], persons: [] });
    const { before, result } = withCurrentIds(LATER, RESULT, live);
    expect(before.people.list.map(({ roleId }) => roleId)).toEqual([id, 101]);
    expect([...result.texts.keys(), ...result.grants.keys()]).toEqual([id, 102, id, 102]);
    expect(result.placements.get(2)).toEqual([101, id]);
    expect(result.settings).toEqual([{ defaultRoleId: id, allowlist: [id, 102].sort((a, b) => a - b) }]);
  });

  it('is found among the roles that the run created', () => {
    const live = snapshotOf({
      custom: [liveRole(101, 'Stays'), liveRole(200, 'New', ['content.export'])],
      persons: [],
    });
    expect([...withCurrentIds(LATER, RESULT, live).result.created.keys()]).toEqual([200]);
  });

  it('is another role if the grants that the run left are unknown', () => {
    const live = snapshotOf({
      custom: [liveRole(101, 'Stays'), liveRole(200, 'New', ['content.export'])],
      persons: [],
    });
    const result = { ...RESULT, grants: new Map([[102, 'any' as const]]) };
    expect([...withCurrentIds(LATER, result, live).result.created.keys()]).toEqual([102]);
  });
});
