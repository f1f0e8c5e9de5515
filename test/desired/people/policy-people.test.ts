import { describe, expect, it } from '@jest/globals';
import { checkPolicyPeople, statedAddressesMatch } from '../../../src/desired/people/policy-people.js';
import type { PersonRef, Policy } from '../../../src/model/policy.js';
import { person, WIDE_POLICY } from '../../support/arbitraries.js';
import { acceptedEntry } from '../../support/desired.js';
import { acceptedRule, separationRule } from '../../support/rules.js';

const now = '2027-01-01T00:00:00.000Z';
const ana = { ...person(10, 1), email: 'ana@acme.com' };
const bo = { ...person(11, 4), email: 'bo@acme.com' };
const helper = { ...person(12, 4, 'support'), email: 'help@acme.com' };
const people = [ana, bo, helper];
/** Names each place as its path. */
const locate = (path: readonly (string | number)[]) => ({ file: path.join('/') });

type Lists = (refs: PersonRef[]) => Partial<Policy>;
const LISTS: [string, string, Lists][] = [
  ['requiredAdmins', 'policy/requiredAdmins', (requiredAdmins) => ({ requiredAdmins })],
  [
    'acceptedDrift of members',
    'policy/acceptedDrift/1/people',
    (refs) => ({ acceptedDrift: [acceptedEntry({}), acceptedEntry({ role: 'A', people: refs })] }),
  ],
  [
    'acceptedDrift of a rule',
    'policy/acceptedDrift/1/people',
    (refs) => ({ acceptedDrift: [acceptedEntry({}), acceptedRule({ people: refs })] }),
  ],
  [
    'exceptPeople',
    'policy/rules/the-rule/exceptPeople',
    (exceptPeople) => ({ rules: [separationRule({ exceptPeople })] }),
  ],
];
const policyWith = (parts: Partial<Policy>): Policy => ({ ...WIDE_POLICY, ...parts });

describe.each(LISTS)('people of a policy, in %s', (_, path, lists) => {
  const check = (...refs: PersonRef[]) => checkPolicyPeople(policyWith(lists(refs)), { people, now, locate });

  it('are accepted if id and address match, or only one of them is given', () => {
    expect(check({ id: 10, email: 'ana@acme.com' }, { id: 404 }, { email: 'zed@acme.com' })).toEqual({
      refusals: [],
      warnings: [],
    });
  });

  it('cause a warning at their place if no one has the address', () => {
    const { refusals, warnings } = check({ id: 10, email: 'ana@old.com' });
    expect(refusals).toEqual([]);
    expect(warnings).toMatchObject([{ code: 'address-changed', where: { file: `${path}/ana@old.com` } }]);
  });

  it('are refused if another live account has the address', () => {
    const { refusals, warnings } = check({ id: 10, email: 'bo@acme.com' }, { id: 404, email: 'bo@acme.com' });
    expect(refusals.map(({ code }) => code)).toEqual(['ambiguous-person', 'ambiguous-person']);
    expect(warnings).toEqual([]);
  });

  it('are refused if several live people share an address that is given without an id', () => {
    const twins = [...people, { ...person(13, 4, 'pending'), email: 'bo@acme.com' }];
    const checkTwins = (...refs: PersonRef[]) =>
      checkPolicyPeople(policyWith(lists(refs)), { people: twins, now, locate });
    const { refusals, warnings } = checkTwins({ email: 'bo@acme.com' }, { email: 'bo@acme.com' });
    // Accepted members are looked up with the members of roles, which refuses the address.
    const isLookedUp =
      path === 'policy/acceptedDrift/1/people' && lists([]).acceptedDrift?.[1]?.what === 'members';
    expect(refusals).toMatchObject(
      isLookedUp ? [] : [{ code: 'ambiguous-person', items: ['id 11', 'id 13'], flag: null }],
    );
    expect(warnings).toEqual([]);
    expect(checkTwins({ id: 11 }, { id: 13, email: 'bo@acme.com' }).refusals).toEqual([]);
  });

  it('may have the address of an unmanaged account', () => {
    expect(check({ id: 10, email: 'help@acme.com' }).refusals).toEqual([]);
  });
});

describe('people of accepted drift whose time has passed', () => {
  it('are not compared', () => {
    const acceptedDrift = [
      acceptedEntry({ people: [{ id: 10, email: 'bo@acme.com' }], until: '2026-01-01' }),
    ];
    expect(checkPolicyPeople(policyWith({ acceptedDrift }), { people, now }).refusals).toEqual([]);
  });

  it('may have an address that several people share', () => {
    const acceptedDrift = [acceptedRule({ people: [{ email: 'bo@acme.com' }], until: '2026-01-01' })];
    const twins = [...people, { ...person(13, 4), email: 'bo@acme.com' }];
    expect(checkPolicyPeople(policyWith({ acceptedDrift }), { people: twins, now }).refusals).toEqual([]);
  });
});

describe('haveStatedAddresses', () => {
  it.each<[string, PersonRef[], boolean]>([
    ['no one is named by both', [{ id: 404 }, { email: 'zed@acme.com' }], true],
    ['id and address match', [{ id: 10, email: 'ana@acme.com' }], true],
    ['they do not match', [{ id: 10, email: 'ana@old.com' }], false],
    ['the id was not read', [{ id: 404, email: 'zed@acme.com' }], false],
  ])('where %s', (_, requiredAdmins, expected) => {
    expect(statedAddressesMatch(policyWith({ requiredAdmins }), { people, now })).toBe(expected);
  });
});
