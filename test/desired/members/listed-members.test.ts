import { describe, expect, it } from '@jest/globals';
import { acceptedPeople } from '../../../src/desired/people/accepted-people.js';
import { personFinder } from '../../../src/desired/people/find-people.js';
import { listedMembers } from '../../../src/desired/members/listed-members.js';
import type { ListedMembers } from '../../../src/desired/members/listed-members.js';
import type { AcceptedDrift, PersonRef } from '../../../src/model/policy.js';
import { liveRole, memberEntry, person, snapshotOf, wantedRole } from '../../support/arbitraries.js';
import { acceptedEntry, contextOf } from '../../support/desired.js';
import { placeAt } from '../../support/places.js';

const PEOPLE = [
  person(10, 4),
  person(11, 4),
  { ...person(12, 4), email: 'p11@acme.com' },
  person(13, 4, 'support'),
];

type Lists = Record<string, PersonRef[]>;

function listed(
  lists: Lists,
  { accepted = [], allowMissing = false }: { accepted?: AcceptedDrift[]; allowMissing?: boolean } = {},
): ListedMembers & { findings: ReturnType<typeof contextOf>['findings'] } {
  const roles = Object.entries(lists).map(([name, refs]) => {
    const users = refs.map((ref, index) => memberEntry(ref, { where: placeAt(name, index) }));
    return wantedRole(name, { members: { mode: 'exact', users } });
  });
  const snapshot = snapshotOf({ custom: [liveRole(100, 'A'), liveRole(101, 'B')], persons: PEOPLE });
  const context = contextOf({ roles }, snapshot);
  const find = personFinder(PEOPLE);
  const lookup = { find, nearest: () => 'near@acme.com', kept: acceptedPeople(accepted, find) };
  const found = listedMembers({ ...context, people: PEOPLE, accepted, allowMissing }, lookup);
  return { ...found, findings: context.findings };
}

describe('listedMembers', () => {
  it.each<[string, Lists, [number, string][]]>([
    ['an id', { A: [{ id: 10 }] }, [[10, '#100']]],
    ['an address', { B: [{ email: 'p10@acme.com' }] }, [[10, '#101']]],
    [
      'one person by two spellings in one role',
      { A: [{ id: 10 }, { email: 'p10@acme.com' }] },
      [[10, '#100']],
    ],
    ['a person of a role to be created', { New: [{ id: 10 }] }, [[10, 'new:New']]],
    ['a support account', { A: [{ id: 13 }] }, []],
    ['no one', { A: [] }, []],
  ])('finds %s', (_, lists, placed) => {
    expect([...listed(lists).placed].map(([id, { key }]) => [id, key])).toEqual(placed);
  });

  it('reports a person who is listed in two roles in two spellings at the second entry', () => {
    const { findings, placed } = listed({ A: [{ id: 10 }], B: [{ email: 'p10@acme.com' }] });
    expect(findings.problems).toMatchObject([
      {
        code: 'duplicate-person',
        message: 'p10@acme.com is in two roles, "A" and "B", by two spellings',
        where: placeAt('B', 0),
      },
    ]);
    expect(placed.get(10)?.role).toBe('A');
  });

  it('refuses an address of two people once, with their ids', () => {
    const ref = { email: 'p11@acme.com' };
    expect(listed({ A: [ref], B: [ref] }).findings.refusals).toMatchObject([
      {
        code: 'ambiguous-person',
        message: 'p11@acme.com is the address of 2 people',
        items: ['id 11', 'id 12'],
        hint: 'use `id:` to select the one you mean',
      },
    ]);
  });

  it('refuses an address of two people in accepted drift', () => {
    const accepted = [acceptedEntry({ role: 'A', people: [{ email: 'p11@acme.com' }] })];
    expect(listed({}, { accepted }).findings.refusals).toMatchObject([{ code: 'ambiguous-person' }]);
  });

  it.each<[PersonRef, string | null]>([
    [{ email: 'zed@acme.com' }, 'near@acme.com'],
    [{ id: 404 }, null],
  ])('notes that %j is missing, with the nearest address', (ref, nearest) => {
    const { missing, findings } = listed({ A: [ref] });
    expect(missing).toEqual([{ role: 'A', ref, where: placeAt('A', 0), nearest }]);
    expect(findings.warnings).toEqual([]);
  });

  it.each<[PersonRef, string, string | null]>([
    [{ email: 'zed@acme.com' }, 'zed@acme.com', 'the nearest live address is near@acme.com'],
    [{ id: 404 }, 'id 404', null],
  ])('warns where %j may be left out', (ref, text, hint) => {
    const { findings } = listed({ A: [ref] }, { allowMissing: true });
    expect(findings.warnings).toMatchObject([
      {
        code: 'left-out-person',
        message: `${text} of role "A" is not on the instance and is left out`,
        where: placeAt('A', 0),
      },
    ]);
    expect(findings.warnings[0]?.hint ?? null).toBe(hint);
  });

  it.each<[string, PersonRef, PersonRef[] | null, number]>([
    ['an entry that is missing, for the whole role', { id: 404 }, null, 0],
    ['an entry that is missing, by itself', { id: 404 }, [{ id: 404 }], 0],
    ['another entry', { id: 404 }, [{ id: 405 }], 1],
  ])('accepts %s', (_, ref, people, missing) => {
    const found = listed({ A: [ref] }, { accepted: [acceptedEntry({ role: 'A', people })] });
    expect(found.missing).toHaveLength(missing);
  });

  it('does not refuse an address of two people in a role whose members are accepted', () => {
    const found = listed({ A: [{ email: 'p11@acme.com' }] }, { accepted: [acceptedEntry({ role: 'A' })] });
    expect(found.findings.refusals).toEqual([]);
    expect(found.placed.size).toBe(0);
  });

  it('places a person who is found although the role is accepted', () => {
    const found = listed({ A: [{ id: 10 }] }, { accepted: [acceptedEntry({ role: 'A' })] });
    expect([...found.placed.keys()]).toEqual([10]);
  });
});
