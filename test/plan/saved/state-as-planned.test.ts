import { describe, expect, it } from '@jest/globals';
import type { Snapshot } from '../../../src/model/snapshot.js';
import { fingerprintsOf } from '../../../src/plan/fingerprint.js';
import type { ObjectRef } from '../../../src/plan/object-ref.js';
import { stateAsPlanned } from '../../../src/plan/saved/state-as-planned.js';
import { liveRole, person, snapshotOf } from '../../support/arbitraries.js';
import { move, rename } from '../../support/changes.js';
import { planOf } from '../../support/plan-builder.js';

const A = liveRole(100, 'A', ['a.view']);
const B = liveRole(101, 'B');
const before = snapshotOf({ custom: [A, B], persons: [person(10, 100), person(11, 101)], allowlist: [4, 5] });
const now = (parts: Partial<Snapshot> & { custom?: unknown }): Snapshot => ({ ...before, ...parts });
const roles = (...custom: (typeof A)[]): Partial<Snapshot> => ({ roles: snapshotOf({ custom }).roles });
const people = (...list: ReturnType<typeof person>[]): Partial<Snapshot> => ({
  people: { scope: 'all', list },
});
const planned = (live: Snapshot, refs: readonly ObjectRef[], changes = [move(100, [12])]): Snapshot =>
  stateAsPlanned(planOf({ changes, fingerprints: fingerprintsOf(before, refs) }), live);

const ROLE: ObjectRef = { kind: 'role', roleId: 100 };
const NAME = (name: string): ObjectRef => ({ kind: 'name', name });
const namesOf = (state: Snapshot): string[] =>
  state.roles.flatMap(({ id, name, grants }) => (id > 5 ? [`${id} ${name} ${grants.join(' ')}`.trim()] : []));
const placesOf = (state: Snapshot): string[] =>
  state.people.list.map(({ id, roleId }) => `${id} in ${roleId}`);

describe('stateAsPlanned', () => {
  it('is the live state if the plan relied on nothing', () => {
    const live = now(roles({ ...A, grants: ['user.edit'] }, B));
    expect(planned(live, [])).toEqual(live);
  });

  it.each<[string, Snapshot, ObjectRef[], string[]]>([
    ['grants', now(roles({ ...A, grants: ['user.edit'] }, B)), [ROLE], ['100 A a.view', '101 B']],
    ['a name', now(roles({ ...A, name: 'Else' }, B)), [ROLE], ['100 A a.view', '101 B']],
    ['a role that was deleted', now({ ...roles(B), ...people() }), [ROLE], ['100 A a.view', '101 B']],
    [
      'a name that was free: the role that has it now was created since',
      now(roles(A, B, liveRole(900, 'New', ['c.use']))),
      [NAME('New')],
      ['100 A a.view', '101 B'],
    ],
    [
      'a name that was free: the role that has it now was renamed since',
      now(roles({ ...A, name: 'New' }, B)),
      [ROLE, NAME('New')],
      ['100 A a.view', '101 B'],
    ],
    ['a name that a role had', now(roles({ ...A, name: 'Else' }, B)), [NAME('A')], ['100 A a.view', '101 B']],
    [
      'the name of a role that was deleted',
      now({ ...roles(B), ...people() }),
      [NAME('A')],
      ['100 A', '101 B'],
    ],
    [
      'only objects that the plan relied on',
      now(roles({ ...A, grants: [] }, { ...B, grants: ['c.use'] })),
      [ROLE],
      ['100 A a.view', '101 B c.use'],
    ],
  ])('restores %s', (_, live, refs, expected) => expect(namesOf(planned(live, refs))).toEqual(expected));

  it('restores a description and keeps the counts of the live role', () => {
    const live = now(roles({ ...A, description: 'new', userCount: 7, grantCount: 3 }, B));
    expect(planned(live, [ROLE]).roles.find(({ id }) => id === 100)).toEqual({
      ...A,
      userCount: 7,
      grantCount: 3,
    });
  });

  it.each<[string, string, string[]]>([
    ['a temporary name', '~tmp', ['100 A a.view', '101 B']],
    ['a name that is nearly the temporary one', '~TMP', ['100 A a.view', '101 B']],
    ['another name', '~tmp 2', ['100 A a.view', '101 B', '900 ~tmp 2']],
  ])('removes a role that blocks a temporary name: %s', (_, name, expected) => {
    const live = now(roles(A, B, liveRole(900, name)));
    const changes = [rename(100, ['A', '~tmp'], 'temporary')] as never;
    expect(namesOf(planned(live, [NAME('~tmp')], changes))).toEqual(expected);
  });

  const P1 = person(1, 1);
  it.each<[string, Snapshot, ObjectRef[], string[]]>([
    [
      'the role of a person',
      now(people(P1, person(10, 101))),
      [{ kind: 'person', personId: 10 }],
      ['1 in 1', '10 in 100'],
    ],
    ['a person who has left', now(people(P1)), [{ kind: 'person', personId: 10 }], ['1 in 1', '10 in 100']],
    ['no one if nothing was recorded', now(people(P1)), [{ kind: 'person', personId: 999 }], ['1 in 1']],
    [
      'the members of a role that is deleted, without people who joined since',
      now(people(P1, person(11, 101), person(12, 101))),
      [{ kind: 'members', roleId: 101 }],
      ['1 in 1', '11 in 101'],
    ],
    [
      'people without those in a role that was created since',
      now({ ...roles(A, B, liveRole(900, 'New')), ...people(P1, person(12, 900)) }),
      [NAME('New')],
      ['1 in 1'],
    ],
  ])('restores %s', (_, live, refs, expected) => expect(placesOf(planned(live, refs))).toEqual(expected));

  it('takes the address of a departed person from their move', () => {
    const fingerprints = fingerprintsOf(before, [{ kind: 'person', personId: 10 }]);
    const plan = planOf({ changes: [move(101, [10])], fingerprints });
    expect(stateAsPlanned(plan, now(people(P1))).people.list).toContainEqual({
      id: 10,
      email: 'p10@acme.com',
      name: '',
      kind: 'active',
      roleId: 100,
    });
  });

  it.each<[string, Partial<Snapshot>, ObjectRef['kind'], Partial<Snapshot>]>([
    ['the default role', { defaultRoleId: 3 }, 'defaultRole', { defaultRoleId: 4 }],
    ['an allowlist that was turned off', { allowlist: 'off' }, 'allowlist', { allowlist: [4, 5] }],
  ])('restores %s', (_, patch, kind, expected) =>
    expect(planned(now(patch), [{ kind } as ObjectRef])).toMatchObject(expected),
  );

  it('restores an allowlist that was off or unreadable', () => {
    for (const allowlist of ['off', 'unreadable'] as const) {
      const fingerprints = fingerprintsOf({ ...before, allowlist }, [{ kind: 'allowlist' }]);
      expect(stateAsPlanned(planOf({ fingerprints }), before).allowlist).toBe(allowlist);
    }
  });
});
