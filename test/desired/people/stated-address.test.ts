import { describe, expect, it } from '@jest/globals';
import { compareAddress } from '../../../src/desired/people/stated-address.js';
import type { Person } from '../../../src/model/person.js';
import { person } from '../../support/arbitraries.js';

const ana: Person = { ...person(10, 4), email: 'ana@acme.com' };
const bo: Person = { ...person(11, 4), email: 'bo@acme.com' };
const withoutAddress: Person = { ...person(12, 4), email: null };
const where = { file: 'm.yaml', line: 7, column: 3 };
const stated = (id: number, email: string) => ({ id, email, place: 'policy.requiredAdmins', where });

describe('the address next to an id', () => {
  it.each<[string, Person | null, Person[], string | null]>([
    ['is the live one', ana, [ana], null],
    ['is one that no one has', ana, [], 'address-changed'],
    ['is one that no one has, of an account without address', withoutAddress, [], 'address-changed'],
    ['is that of another account', ana, [bo], 'ambiguous-person'],
    ['is that of another account, next to an id that no one has', null, [bo], 'ambiguous-person'],
    ['is that of no one, next to an id that no one has', null, [], null],
  ])('%s', (_, owner, found, code) => {
    const email = code === null && owner ? 'ana@acme.com' : (found[0]?.email ?? 'old@acme.com');
    const finding = compareAddress(stated(owner?.id ?? 404, email), owner, found);
    expect(finding && ('refusal' in finding ? finding.refusal.code : finding.warning.code)).toBe(code);
  });

  it('is named in a warning with the live one and its place', () => {
    expect(compareAddress(stated(10, 'old@acme.com'), ana, [])).toEqual({
      warning: expect.objectContaining({
        message:
          'id 10 in policy.requiredAdmins is given with old@acme.com, and has ana@acme.com on the instance',
        where,
        hint: 'if it is the same person, write ana@acme.com',
      }),
    });
  });

  it('is refused with both accounts and with what to write for each', () => {
    expect(compareAddress(stated(10, 'bo@acme.com'), ana, [bo])).toEqual({
      refusal: expect.objectContaining({
        items: ['id 10, ana@acme.com', 'id 11, bo@acme.com'],
        hint: 'to mean the account of the id, write ana@acme.com; to mean the other one, remove the id',
      }),
    });
  });
});
