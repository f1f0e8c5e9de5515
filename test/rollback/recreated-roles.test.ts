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
    const before = withCurrentIds(BEFORE, resultOf([100], created), live);
    expect(before.roles.find(({ name }) => name === 'Gone')?.id).toBe(id);
    expect(before.people.list.map(({ roleId }) => roleId)).toEqual([id, 101]);
  });

  it('has no effect if the run deleted another role, or if the role is live', () => {
    const made = snapshotOf({ custom: [liveRole(200, 'Gone', ['content.export'])], persons: [] });
    expect(withCurrentIds(BEFORE, resultOf([101]), made)).toBe(BEFORE);
    expect(withCurrentIds(BEFORE, resultOf([100]), BEFORE)).toBe(BEFORE);
  });
});
