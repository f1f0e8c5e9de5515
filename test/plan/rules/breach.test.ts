import { describe, expect, it } from '@jest/globals';
import type { AccessRule, LimitRule, SeparationRule } from '../../../src/model/access-rule.js';
import type { PersonRef } from '../../../src/model/person.js';
import type { LiveRole, Snapshot } from '../../../src/model/snapshot.js';
import {
  NO_WAIVER,
  breachesOf,
  concernedBy,
  mixedGrants,
  mixingRoles,
  exceptionFilter,
  refMatcher,
} from '../../../src/plan/rules/breach.js';
import type { Waiver } from '../../../src/plan/rules/breach.js';
import { liveRole, person, snapshotOf } from '../../support/arbitraries.js';
import { limitRule, separationRule, viewsOf } from '../../support/rules.js';

/** Alpha and Beta with these grants and people. The only person in Admin holds every grant. */
function world(
  { alpha = [], beta = [] }: { alpha?: string[]; beta?: string[] },
  places: Readonly<Record<number, number>> = {},
  rest: Partial<Snapshot> & { more?: LiveRole[] } = {},
): Snapshot {
  const { more = [], ...parts } = rest;
  return snapshotOf({
    custom: [liveRole(101, 'Alpha', alpha), liveRole(102, 'Beta', beta), ...more],
    persons: Object.entries(places).map(([id, role]) => person(Number(id), role)),
    ...parts,
  });
}

/** Waives these roles, by name, and these people, by id. */
const waive = ({ roles = [], people = [] }: { roles?: string[]; people?: number[] }): Waiver => ({
  role: (names) => names.some((name) => roles.includes(name)),
  person: ({ id }) => people.includes(id),
});

/** Each broken part with the names of its roles and the ids of its people. */
function broken(rule: AccessRule, live: Snapshot, waiver?: Waiver): [string, string[], number[]][] {
  return breachesOf(rule, viewsOf(live).live, waiver).map(({ constraint, roles, people }) => [
    constraint,
    [...roles.values()].map(({ name }) => name),
    [...people.keys()],
  ]);
}

describe('onlyRoles', () => {
  const rule = limitRule({ onlyRoles: ['Admin', 'Alpha'] });

  it.each<[string, LimitRule, Snapshot, string[]]>([
    ['a listed role holds the grant', rule, world({ alpha: ['b.export'] }), []],
    ['another role holds it', rule, world({ beta: ['b.export'] }), ['Beta']],
    ['another role holds another grant', rule, world({ beta: ['b.edit'] }), []],
    ['no one is in the other role', rule, world({ beta: ['b.export'] }, {}), ['Beta']],
    [
      'a role holds one of several grants',
      limitRule({ subject: { grants: ['b.edit', 'b.export'] }, onlyRoles: ['Admin'] }),
      world({ alpha: ['b.edit'], beta: ['b.export'] }),
      ['Alpha', 'Beta'],
    ],
    ['the list is empty', limitRule({ onlyRoles: [] }), world({}), ['Admin']],
    [
      'a listed role is named in another case',
      limitRule({ onlyRoles: ['Admin', 'beta'] }),
      world({ beta: ['b.export'] }),
      ['Beta'],
    ],
    ['there is no such limit', limitRule(), world({ beta: ['b.export'] }), []],
  ])('where %s', (_, one, live, roles) => {
    expect(broken(one, live)).toEqual(roles.length === 0 ? [] : [['onlyRoles', roles, []]]);
  });

  it('omits a waived role, and ignores people', () => {
    const live = world({ alpha: ['b.export'], beta: ['b.export'] }, { 9: 102 });
    const one = limitRule({ onlyRoles: ['Admin'] });
    expect(broken(one, live, waive({ roles: ['Beta'] }))).toEqual([['onlyRoles', ['Alpha'], []]]);
    expect(broken(one, live, waive({ people: [9] }))).toEqual([['onlyRoles', ['Alpha', 'Beta'], []]]);
  });

  it('accepts a live role by its final name', () => {
    const live = world({ beta: ['b.export'] });
    const renamed = {
      ...live,
      roles: live.roles.map((one) => (one.id === 102 ? { ...one, name: 'New' } : one)),
    };
    const one = limitRule({ onlyRoles: ['Admin', 'New'] });
    expect(breachesOf(one, viewsOf(live, renamed).live)).toEqual([]);
    expect(breachesOf(one, viewsOf(live).live)).toHaveLength(1);
  });
});

describe('maxPeople', () => {
  const inAlpha = (maxPeople: number): LimitRule => limitRule({ subject: { role: 'Alpha' }, maxPeople });
  const two = world({}, { 8: 101, 9: 101 });

  it.each<[string, LimitRule, Snapshot, number[]]>([
    ['as many as allowed', inAlpha(2), two, []],
    ['one more, and all of them count', inAlpha(1), two, [8, 9]],
    ['no one, if no one is allowed', inAlpha(0), world({}), []],
    ['one, if no one is allowed', inAlpha(0), world({}, { 9: 101 }), [9]],
    [
      'no one in a role that does not exist',
      limitRule({ subject: { role: 'Nowhere' }, maxPeople: 0 }),
      two,
      [],
    ],
    [
      'holders in several roles, also of one of the grants',
      limitRule({ subject: { grants: ['b.edit', 'b.export'] }, maxPeople: 2 }),
      world({ alpha: ['b.edit'], beta: ['b.export'] }, { 8: 101, 9: 102, 7: 5 }),
      [1, 8, 9],
    ],
    ['no such limit', limitRule({ subject: { role: 'Alpha' } }), two, []],
  ])('if there are %s', (_, rule, live, people) => {
    expect(broken(rule, live)).toEqual(people.length === 0 ? [] : [['maxPeople', [], people]]);
  });

  it.each<[string, Waiver, number[]]>([
    ['one of two people', waive({ people: [8] }), []],
    ['a person in another role', waive({ people: [1] }), [8, 9]],
    ['the role', waive({ roles: ['Alpha'] }), []],
    ['another role', waive({ roles: ['Beta'] }), [8, 9]],
  ])('where %s is waived', (_, waiver, people) => {
    expect(broken(inAlpha(1), two, waiver)).toEqual(people.length === 0 ? [] : [['maxPeople', [], people]]);
  });

  it('returns each person with their role', () => {
    const [breach] = breachesOf(inAlpha(0), viewsOf(two).live);
    expect([...(breach?.people.values() ?? [])].map(({ person: { id }, role }) => [id, role.name])).toEqual([
      [8, 'Alpha'],
      [9, 'Alpha'],
    ]);
  });
});

describe('emails', () => {
  const rule = (...emails: string[]): LimitRule => limitRule({ subject: { role: 'Alpha' }, emails });
  const live = snapshotOf({
    custom: [liveRole(101, 'Alpha')],
    persons: [
      person(7, 101),
      { ...person(8, 101), email: 'eve@other.org' },
      { ...person(9, 101), email: null },
      { ...person(10, 5), email: 'out@other.org' },
    ],
  });

  it.each<[string, LimitRule, number[]]>([
    ['one pattern: people who do not match or have no address', rule('*@acme.com'), [8, 9]],
    ['two patterns: people who match neither', rule('*@acme.com', '*@other.org'), [9]],
    ['any address: people without one', rule('*@*'), [9]],
    ['no pattern: everyone', rule(), [7, 8, 9]],
    ['a part of the domain: everyone', rule('*@acme'), [7, 8, 9]],
  ])('%s', (_, one, people) => expect(broken(one, live)).toEqual([['emails', [], people]]));

  it.each<[string, Waiver, number[]]>([
    ['a person', waive({ people: [8] }), [9]],
    ['each person', waive({ people: [8, 9] }), []],
    ['the role', waive({ roles: ['Alpha'] }), []],
  ])('where %s is waived', (_, waiver, people) => {
    expect(broken(rule('*@acme.com'), live, waiver)).toEqual(
      people.length === 0 ? [] : [['emails', [], people]],
    );
  });
});

it('returns every violated part of a rule, in a fixed order', () => {
  const rule = limitRule({ onlyRoles: ['Admin'], maxPeople: 1, emails: ['p1@acme.com'] });
  expect(broken(rule, world({ beta: ['b.export'] }, { 9: 102 }))).toEqual([
    ['onlyRoles', ['Beta'], []],
    ['maxPeople', [], [1, 9]],
    ['emails', [], [9]],
  ]);
});

describe('neverTogether', () => {
  const both = { alpha: ['a.edit', 'b.edit'] };
  const rule = separationRule();

  it.each<[string, SeparationRule, Snapshot, [string[], number[]] | null]>([
    ['a role holds both and has people', rule, world(both, { 9: 101 }), [['Alpha'], [9]]],
    ['it has no people', rule, world(both), null],
    [
      'it is the default role and has no people',
      rule,
      world(both, {}, { defaultRoleId: 101 }),
      [['Alpha'], []],
    ],
    ['roles hold one each', rule, world({ alpha: ['a.edit'], beta: ['b.edit'] }, { 8: 101, 9: 102 }), null],
    [
      'the role is excepted',
      separationRule({ exceptRoles: ['Admin', 'Alpha'] }),
      world(both, { 9: 101 }),
      null,
    ],
    ['no role is excepted', separationRule({ exceptRoles: [] }), world({}), [['Admin'], [1]]],
    [
      'one of two people is excepted',
      separationRule({ exceptPeople: [{ id: 8 }] }),
      world(both, { 8: 101, 9: 101 }),
      [['Alpha'], [9]],
    ],
    [
      'everyone in it is excepted',
      separationRule({ exceptPeople: [{ id: 9 }] }),
      world(both, { 9: 101 }),
      null,
    ],
    [
      'everyone in it is excepted, and it is the default role for others',
      separationRule({ exceptPeople: [{ id: 9 }] }),
      world(both, { 9: 101 }, { defaultRoleId: 101 }),
      [['Alpha'], []],
    ],
  ])('where %s', (_, one, live, found) => {
    expect(broken(one, live)).toEqual(found === null ? [] : [['neverTogether', ...found]]);
  });

  it.each<[string, Waiver, [string[], number[]] | null]>([
    ['no one', NO_WAIVER, [['Alpha'], [8, 9]]],
    ['one of two people', waive({ people: [8] }), [['Alpha'], [9]]],
    ['both people', waive({ people: [8, 9] }), null],
    ['the role', waive({ roles: ['Alpha'] }), null],
    ['another role', waive({ roles: ['Beta'] }), [['Alpha'], [8, 9]]],
  ])('where %s is waived', (_, waiver, found) => {
    expect(broken(rule, world(both, { 8: 101, 9: 101 }), waiver)).toEqual(
      found === null ? [] : [['neverTogether', ...found]],
    );
  });

  it('also exempts a live role by its final name', () => {
    const live = world(both, { 9: 101 });
    const renamed = {
      ...live,
      roles: live.roles.map((one) => (one.id === 101 ? { ...one, name: 'New' } : one)),
    };
    const one = separationRule({ exceptRoles: ['Admin', 'New'] });
    expect(breachesOf(one, viewsOf(live, renamed).live)).toEqual([]);
    expect(breachesOf(one, viewsOf(live).live)).toHaveLength(1);
  });

  it('finds roles with a forbidden mix even without people', () => {
    const { live } = viewsOf(world(both));
    expect(mixingRoles(rule, live).map(({ name }) => name)).toEqual(['Alpha']);
    expect(mixingRoles(separationRule({ exceptRoles: [] }), live).map(({ name }) => name)).toEqual([
      'Admin',
      'Alpha',
    ]);
  });
});

describe('the grants that prove a forbidden mix', () => {
  it.each<[string, string[][], string[], [string, string] | null]>([
    ['none of two sets', [['a'], ['b']], ['c'], null],
    ['one of two sets', [['a'], ['b']], ['b'], null],
    ['two of one set', [['a', 'b'], ['c']], ['a', 'b'], null],
    ['one of each', [['a'], ['b']], ['b', 'a'], ['a', 'b']],
    [
      'the first of each set that is held',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
      ['b', 'c', 'd'],
      ['b', 'c'],
    ],
    ['the first and the third set', [['a'], ['b'], ['c']], ['c', 'a'], ['a', 'c']],
    ['all three sets, of which two are shown', [['a'], ['b'], ['c']], ['a', 'b', 'c'], ['a', 'b']],
    ['one grant that two sets have', [['a'], ['a', 'b']], ['a'], ['a', 'a']],
    ['nothing', [['a'], ['b']], [], null],
  ])('%s', (_, neverTogether, held, pair) => {
    expect(mixedGrants(separationRule({ neverTogether }), new Set(held))).toEqual(pair);
  });
});

describe('a list of people', () => {
  const ana = { ...person(7, 5), email: 'ana@acme.com' };
  const noAddress = { ...person(8, 5), email: null };

  // The id decides. An address next to it is for readers, and may belong to another person by now.
  it.each<[string, PersonRef[], boolean, boolean]>([
    ['is empty', [], false, false],
    ['has an id', [{ id: 7 }], true, false],
    ['has an address', [{ email: 'ana@acme.com' }], true, false],
    ['has the id of another with this address', [{ id: 6, email: 'ana@acme.com' }], false, false],
    ['has an id with an address of another', [{ id: 7, email: 'bo@acme.com' }], true, false],
    ['has the id of one without an address', [{ id: 8 }], false, true],
    ['has several', [{ id: 8 }, { email: 'ana@acme.com' }], true, true],
  ])('that %s', (_, refs, hasAna, hasOther) => {
    const isNamed = refMatcher(refs);
    expect([isNamed(ana), isNamed(noAddress)]).toEqual([hasAna, hasOther]);
    const isCounted = exceptionFilter(separationRule({ exceptPeople: refs }));
    expect([isCounted(ana), isCounted(noAddress)]).toEqual([!hasAna, !hasOther]);
  });
});

describe('the people whom a rule affects', () => {
  const rule = limitRule({ subject: { grants: ['b.export'] }, maxPeople: 99 });
  const live = world({ alpha: ['b.export'], beta: ['b.export'] }, { 7: 101, 8: 102, 9: 5 });

  it.each<[string, Waiver, number[]]>([
    ['holds a grant, regardless of the limit', NO_WAIVER, [1, 7, 8]],
    ['is not waived', waive({ people: [7] }), [1, 8]],
    ['is in no role that is waived', waive({ roles: ['Beta'] }), [1, 7]],
  ])('%s', (_, waiver, people) => {
    expect([...concernedBy(rule, viewsOf(live).live, waiver).keys()]).toEqual(people);
  });
});
