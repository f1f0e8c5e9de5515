import { describe, expect, it } from '@jest/globals';
import type { LoadedManifest } from '../../src/manifest/manifest.js';
import type { Snapshot } from '../../src/model/snapshot.js';
import { parseAllow } from '../../src/plan/guards/allow.js';
import { changeIds, firstDuplicate, identityProblem, extraMembersId } from '../../src/plan/change-id.js';
import type { ChangeIdentity } from '../../src/plan/change-id.js';
import type { Change } from '../../src/plan/change.js';
import { makePlan } from '../../src/plan/make-plan.js';
import type { Plan } from '../../src/plan/plan.js';
import { liveRole, loadedOf, snapshotOf, WIDE_POLICY } from '../support/arbitraries.js';

const ALLOW = parseAllow(['escalation', 'min-admins', 'self-lockout']);

function plan(loaded: LoadedManifest, snapshot: Snapshot): Plan {
  return makePlan(loaded, snapshot, {
    now: '2026-01-01T00:00:00.000Z',
    version: '0',
    requestsFor: () => [],
    allow: ALLOW,
  });
}

const grants = (
  role: string,
  roleId: ChangeIdentity['roleId'],
  step: ChangeIdentity['step'] = null,
): ChangeIdentity => ({
  kind: 'grants.set',
  step,
  role,
  roleId,
});
const gone = (role: string, roleId: number): ChangeIdentity => ({
  kind: 'role.delete',
  step: null,
  role,
  roleId,
});

describe('the ids of changes', () => {
  it.each<[string, ChangeIdentity, string]>([
    ['one step', grants('Analyst', 7), 'grants.set:Analyst'],
    ['the first of two', grants('Analyst', 7, 'before-moves'), 'grants.set/before-moves:Analyst'],
    ['a name like a step', grants('/before-moves:Analyst', 7), 'grants.set:/before-moves:Analyst'],
    ['a name like an id', grants('grants.set:Analyst', 'new:x'), 'grants.set:grants.set:Analyst'],
    [
      'the move of the acting person',
      { kind: 'members.move', step: 'last', role: 'Team', roleId: 7 },
      'members.move/last:Team',
    ],
    ['a deleted role', gone('Old', 7), 'role.delete:Old'],
    [
      'the default role, which is unique',
      { kind: 'defaultRole.set', step: null, role: 'A', roleId: 7 },
      'defaultRole.set',
    ],
    ['the allowlist', { kind: 'allowlist.set', step: null, role: null, roleId: null }, 'allowlist.set'],
    [
      'the allowlist, early',
      { kind: 'allowlist.set', step: 'early', role: null, roleId: null },
      'allowlist.set/early',
    ],
  ])('%s', (_, change, id) => expect(changeIds([change])).toEqual([id]));

  it('contain role numbers only for roles that share a name', () => {
    const changes = [gone('Twin', 9), gone('Twin', 7), gone('Twin@7', 8), grants('Twin', 7)];
    expect(changeIds(changes)).toEqual([
      'role.delete@9:Twin',
      'role.delete@7:Twin',
      'role.delete:Twin@7',
      'grants.set:Twin',
    ]);
  });

  it('are unique for two changes of one role in the same step', () => {
    expect(() => changeIds([gone('A', 7), gone('A', 7)])).toThrow(TypeError);
  });
});

describe('the id of extra members of a role', () => {
  it('contains both roles, with the only name last', () => {
    expect(extraMembersId(7, 8)).toBe('members.move/too-many:7:8');
    expect(extraMembersId(7, 'new:A:8')).toBe('members.move/too-many:7:new:A:8');
  });
});

describe('the first duplicate id in a list', () => {
  it.each<[string[], string | null]>([
    [[], null],
    [['a', 'b'], null],
    [['a', 'b', 'b', 'a'], 'b'],
  ])('%j', (ids, expected) => expect(firstDuplicate(ids)).toBe(expected));
});

describe('an invalid id in a file', () => {
  const change = (id: string, step: unknown = null): Pick<Change, 'id' | 'step'> =>
    ({ id, step }) as Pick<Change, 'id' | 'step'>;

  it.each<[string, Pick<Change, 'id' | 'step'>[], string | null]>([
    ['nothing', [change('a'), change('b', 'last')], null],
    ['a duplicate id', [change('a'), change('b'), change('a')], 'two of its changes have the id "a"'],
    ['an unknown step', [change('a', 'never')], 'the change "a" has a step that this version does not know'],
    ['no step', [{ id: 'a' } as Change], 'the change "a" has a step that this version does not know'],
  ])('%s', (_, changes, fault) => expect(identityProblem(changes)).toBe(fault));
});

describe('two live roles with the same name', () => {
  it('are deleted by two changes with different ids', () => {
    const snapshot = snapshotOf({ custom: [liveRole(101, 'Twin', ['a.view']), liveRole(100, 'Twin')] });
    const made = plan(loadedOf({ policy: { ...WIDE_POLICY, unmanagedRoles: 'delete' } }), snapshot);
    expect(made.changes.map(({ id, roleId }) => [id, roleId])).toEqual([
      ['role.delete@100:Twin', 100],
      ['role.delete@101:Twin', 101],
    ]);
  });
});
