import { describe, expect, it } from '@jest/globals';
import type { MissingMember } from '../../../src/desired/members/missing-people.js';
import type { Policy } from '../../../src/model/policy.js';
import { missingPeople, unmanagedRoles } from '../../../src/plan/guards/manifest-gaps.js';
import { snapshotOf } from '../../support/arbitraries.js';
import { guardInput } from '../../support/guard-input.js';

const live = snapshotOf({});

describe('missing-people', () => {
  const refused = (missing: readonly string[], members: readonly MissingMember[] = []): unknown =>
    missingPeople(guardInput(live, live, { missingPeople: missing, missingMembers: members }));
  const member = (email: string, parts: Partial<MissingMember> = {}): MissingMember => ({
    role: 'Team',
    ref: { email },
    where: null,
    nearest: null,
    ...parts,
  });

  it('passes a manifest whose people are all on the instance', () => expect(refused([])).toBeNull());

  it.each<[string, string[], MissingMember[], string, string[]]>([
    ['one', ['x@acme.com'], [], '1 person of the manifest is not on the instance', ['x@acme.com']],
    [
      'two, by their entries where these are known',
      ['x@acme.com', 'y@acme.com'],
      [
        member('x@acme.com'),
        member('y@acme.com', {
          nearest: 'yy@acme.com',
          where: { file: 'team.yaml', line: 3, column: 5 },
        }),
      ],
      '2 people of the manifest are not on the instance',
      [
        'x@acme.com in role "Team"',
        'y@acme.com in role "Team" (team.yaml:3:5); the nearest live address is yy@acme.com',
      ],
    ],
    [
      'an id, in a role with a hostile name, as one clean line',
      ['id 7'],
      [member('', { ref: { id: 7 }, role: 'T\n\u202e' })],
      '1 person of the manifest is not on the instance',
      ['id 7 in role "T\\n\\u202e"'],
    ],
  ])('refuses %s', (_, missing, members, message, items) =>
    expect(refused(missing, members)).toEqual({
      code: 'missing-people',
      message,
      figure: missing.length,
      limit: 0,
      key: null,
      flag: '--allow missing-people',
      items,
      hint: 'correct the address, invite them, or remove them from the manifest; if allowed, they are left out',
    }),
  );
});

describe('unmanaged-roles', () => {
  const refused = (policy: Policy['unmanagedRoles'], unmanaged: readonly string[]): unknown =>
    unmanagedRoles(guardInput(live, live, { policy: { unmanagedRoles: policy }, unmanaged }));

  it.each<[Policy['unmanagedRoles'], string[]]>([
    ['ignore', ['Old']],
    ['report', ['Old']],
    ['delete', ['Old']],
    ['fail', []],
  ])('with %s passes %j', (policy, unmanaged) => expect(refused(policy, unmanaged)).toBeNull());

  it.each<[string[], string, string[]]>([
    [['Old'], '1 live role is not in the manifest', ['Old']],
    [['b', 'a'], '2 live roles are not in the manifest', ['a', 'b']],
    [['x\u001b[2J\n'], '1 live role is not in the manifest', ['x\\u001b[2J\\u000a']],
  ])('with fail refuses %j, which no flag can allow', (unmanaged, message, items) =>
    expect(refused('fail', unmanaged)).toEqual({
      code: 'unmanaged-roles',
      message,
      figure: unmanaged.length,
      limit: 0,
      key: 'policy.unmanagedRoles',
      flag: null,
      items,
      hint: 'put them under `roles` or `removed`',
    }),
  );
});
