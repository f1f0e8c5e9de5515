import { describe, expect, it } from '@jest/globals';
import type { Policy } from '../../../src/model/policy.js';
import { endRefusals } from '../../../src/plan/guards/end-guards.js';
import { liveRole, person, snapshotOf } from '../../support/arbitraries.js';
import { guardInput } from '../../support/guard-input.js';

const KEEPER = liveRole(100, 'Keeper', ['authorization.roles']);
const roleOf = { keeper: 100, editor: 3 } as const;
type Place = keyof typeof roleOf;

/** The codes that refuse moves of people 1 and 2 from one role to another. */
function codes(before: [Place, Place], after: [Place, Place], policy: Partial<Policy>): string[] {
  const at = ([one, two]: [Place, Place]): ReturnType<typeof snapshotOf> =>
    snapshotOf({ custom: [KEEPER], persons: [person(1, roleOf[one]), person(2, roleOf[two])] });
  const moving = new Set([1, 2].filter((_, index) => before[index] !== after[index]));
  const input = guardInput(at(before), at(after), { me: null, policy });
  return endRefusals({ ...input, moving }).map(({ code }) => code);
}

describe('endRefusals', () => {
  it.each<[string, [Place, Place], [Place, Place], Partial<Policy>, string[]]>([
    [
      'too few administrators, and fewer',
      ['keeper', 'keeper'],
      ['keeper', 'editor'],
      { minAdmins: 2 },
      ['min-admins'],
    ],
    [
      'too few administrators, and no fewer',
      ['keeper', 'editor'],
      ['keeper', 'editor'],
      { minAdmins: 2 },
      [],
    ],
    ['fewer administrators, and enough', ['keeper', 'keeper'], ['keeper', 'editor'], { minAdmins: 1 }, []],
    [
      'a required administrator who stops being one',
      ['keeper', 'keeper'],
      ['keeper', 'editor'],
      { requiredAdmins: [{ id: 2 }, { id: 404 }] },
      ['required-admins'],
    ],
    [
      'a required administrator who was not one',
      ['keeper', 'editor'],
      ['keeper', 'editor'],
      { requiredAdmins: [{ id: 2 }] },
      [],
    ],
    ['a person who gains a protected grant', ['keeper', 'editor'], ['keeper', 'keeper'], {}, ['escalation']],
    [
      'too many moves',
      ['keeper', 'keeper'],
      ['keeper', 'editor'],
      { minAdmins: 0, maxMoves: { count: 0 } },
      ['max-moves'],
    ],
    [
      'guards that ends cannot violate',
      ['keeper', 'keeper'],
      ['keeper', 'editor'],
      { unmanagedRoles: 'fail', maxDeletes: { count: 0 }, maxGrantChanges: { count: 0 } },
      [],
    ],
  ])('%s', (_, before, after, policy, expected) => {
    expect(codes(before, after, policy)).toEqual(expected);
  });
});

describe('a required address that two administrators share', () => {
  it.each([
    ['is refused if one of them stops being one', 3, ['required-admins']],
    ['passes if both stay', 100, []],
  ])('%s', (_, roleId, expected) => {
    const at = (role: number) => {
      const twin = { ...person(2, role), email: 'p1@acme.com' };
      return snapshotOf({ custom: [KEEPER], persons: [person(1, 100), twin] });
    };
    const policy = { requiredAdmins: [{ email: 'p1@acme.com' }] };
    const input = guardInput(at(100), at(roleId), { me: null, policy });
    const found = endRefusals({ ...input, moving: new Set(roleId === 100 ? [] : [2]) });
    expect(found.map(({ code }) => code)).toEqual(expected);
  });
});
