import { describe, expect, it } from '@jest/globals';
import type { AccessRule } from '../../../src/model/access-rule.js';
import type { PersonRef } from '../../../src/model/person.js';
import type { Snapshot } from '../../../src/model/snapshot.js';
import { withoutRuleWarnings, nameWarnings } from '../../../src/plan/rules/names.js';
import { warning } from '../../../src/problem/problem.js';
import { CATALOGUE, liveRole, person, snapshotOf } from '../../support/arbitraries.js';
import { limitRule, separationRule, viewsOf } from '../../support/rules.js';

const WHERE = { file: 'domo-roles.yaml', line: 7, column: 5 };
const REMOVE = 'correct the name, or remove it';

const LIVE = snapshotOf({
  custom: [liveRole(101, 'Alpha', ['old.grant']), liveRole(102, 'Beta')],
  persons: [person(9, 101), person(10, 101, 'support')],
});

/** Each warning's message without the name of the rule, and its hint. */
function found(
  rule: AccessRule,
  live: Snapshot = LIVE,
  end: Snapshot = live,
): [string, string | undefined][] {
  const warnings = nameWarnings(rule, viewsOf(live, end), { catalogue: CATALOGUE, locate: () => WHERE });
  return warnings.map(({ message, hint }) => [message.replace('rule "the-rule" ', ''), hint]);
}

describe('a role in a rule', () => {
  const absent = (name: string, key: string): string =>
    `names role "${name}" in ${key}, which does not exist in the end state`;

  it.each<[string, AccessRule, [string, string][]]>([
    ['exists', limitRule({ onlyRoles: ['Admin', 'Alpha'] }), []],
    [
      'is misspelled in onlyRoles',
      limitRule({ onlyRoles: ['Admin', 'Alpa'] }),
      [[absent('Alpa', 'onlyRoles'), 'did you mean "Alpha"?']],
    ],
    [
      'is misspelled in exceptRoles',
      separationRule({ exceptRoles: ['Bta'] }),
      [[absent('Bta', 'exceptRoles'), 'did you mean "Beta"?']],
    ],
    [
      'has another case',
      limitRule({ onlyRoles: ['alpha'] }),
      [[absent('alpha', 'onlyRoles'), 'did you mean "Alpha"?']],
    ],
    [
      'is not similar to any other',
      limitRule({ onlyRoles: ['Quartermaster'] }),
      [[absent('Quartermaster', 'onlyRoles'), REMOVE]],
    ],
    [
      'is one of two that do not exist',
      limitRule({ onlyRoles: ['Quartermaster', 'Alpha', 'Storekeeper'] }),
      [
        [absent('Quartermaster', 'onlyRoles'), REMOVE],
        [absent('Storekeeper', 'onlyRoles'), REMOVE],
      ],
    ],
    ['is in no list', limitRule({ maxPeople: 9 }), []],
    // The end state refuses an unknown subject with its own error.
    ['is its subject', limitRule({ subject: { role: 'Nowhere' }, maxPeople: 9 }), []],
  ])('that %s', (_, rule, warnings) => expect(found(rule)).toEqual(warnings));

  it('is identified by its final name: a lost live name does not count', () => {
    const renamed = {
      ...LIVE,
      roles: LIVE.roles.map((one) => (one.id === 101 ? { ...one, name: 'Omega' } : one)),
    };
    expect(found(limitRule({ onlyRoles: ['Omega'] }), LIVE, renamed)).toEqual([]);
    expect(found(limitRule({ onlyRoles: ['Alpha'] }), LIVE, renamed)).toEqual([
      [absent('Alpha', 'onlyRoles'), REMOVE],
    ]);
  });
});

describe('a grant in a rule', () => {
  const unknown = (grant: string): string => `names the grant "${grant}", which the instance does not have`;
  const about = (...grants: string[]): AccessRule => limitRule({ subject: { grants }, maxPeople: 9 });

  it.each<[string, AccessRule, [string, string][]]>([
    ['is in the catalogue', about('b.export'), []],
    ['is in no catalogue, and a role holds it', about('old.grant'), []],
    ['is misspelled', about('b.exprt'), [[unknown('b.exprt'), 'did you mean "b.export"?']]],
    ['is not similar to any other', about('something.else'), [[unknown('something.else'), REMOVE]]],
    [
      'is in a set of a rule that keeps grants apart',
      separationRule({ neverTogether: [['a.edit'], ['b.edit', 'something.else']] }),
      [[unknown('something.else'), REMOVE]],
    ],
    [
      'is in two sets, of which one warning is enough',
      separationRule({ neverTogether: [['something.else'], ['something.else', 'a.edit']] }),
      [[unknown('something.else'), REMOVE]],
    ],
  ])('that %s', (_, rule, warnings) => expect(found(rule)).toEqual(warnings));

  it.each([
    ['loses', LIVE, snapshotOf({ custom: [liveRole(101, 'Alpha')] })],
    ['gains', snapshotOf({ custom: [liveRole(101, 'Alpha')] }), LIVE],
  ])('is known if a role %s it by the plan', (_, live, end) => {
    const people = { ...live.people, list: [person(1, 1)] };
    expect(found(about('old.grant'), { ...live, people }, { ...end, people })).toEqual([]);
  });
});

describe('a person whom a rule exempts', () => {
  const except = (...exceptPeople: PersonRef[]): AccessRule => separationRule({ exceptPeople });
  const absent = (who: string): [string, string] => [
    `excepts ${who}, who is not on the instance`,
    'correct the address, or remove it',
  ];

  it.each<[string, AccessRule, [string, string][]]>([
    ['exists by address', except({ email: 'p9@acme.com' }), []],
    ['exists by id', except({ id: 9 }), []],
    ['does not exist by address', except({ email: 'x@acme.com' }), [absent('x@acme.com')]],
    ['does not exist by id', except({ id: 77 }), [absent('id 77')]],
    [
      'does not exist by id, but by the address next to it',
      except({ id: 77, email: 'p9@acme.com' }),
      [absent('id 77 (p9@acme.com)')],
    ],
    // No rule counts support accounts, so an exception for one has no effect.
    ['is a support account', except({ id: 10 }), [absent('id 10')]],
    ['is one of two', except({ id: 9 }, { id: 77 }), [absent('id 77')]],
  ])('and who %s', (_, rule, warnings) => expect(found(rule)).toEqual(warnings));
});

it('lists roles, then grants, then people', () => {
  const rule = separationRule({
    exceptRoles: ['Quartermaster'],
    neverTogether: [['something.else'], ['a.edit']],
    exceptPeople: [{ id: 77 }],
  });
  expect(found(rule).map(([message]) => message.split(' ')[0])).toEqual(['names', 'names', 'excepts']);
});

it('warns with a code, at the place of the name', () => {
  const views = viewsOf(LIVE);
  const [one] = nameWarnings(limitRule({ onlyRoles: ['Alpa'] }), views, {
    catalogue: CATALOGUE,
    locate: () => WHERE,
  });
  expect(one).toMatchObject({ code: 'rule-unknown-name', severity: 'warning', where: WHERE });
  const [other] = nameWarnings(limitRule({ onlyRoles: ['Alpa'] }), views, {
    catalogue: CATALOGUE,
    locate: () => null,
  });
  expect(other).not.toHaveProperty('where');
});

it.each<[string, AccessRule, (string | number)[]]>([
  ['a role that may hold grants', limitRule({ onlyRoles: ['Admin', 'Alpa'] }), ['onlyRoles', 'Alpa']],
  ['a grant', limitRule({ subject: { grants: ['no.such'] } }), ['grants', 'no.such']],
  ['an excepted role', separationRule({ exceptRoles: ['Bta'] }), ['exceptRoles', 'Bta']],
  [
    'a grant of the second set',
    separationRule({ neverTogether: [['a.edit'], ['no.such']] }),
    ['neverTogether', 1, 'no.such'],
  ],
  ['an excepted person', separationRule({ exceptPeople: [{ email: 'no@x.y' }] }), ['exceptPeople', 'no@x.y']],
  [
    'an excepted person with an id and an address',
    separationRule({ exceptPeople: [{ id: 77, email: 'no@x.y' }] }),
    ['exceptPeople', 'no@x.y'],
  ],
  ['an excepted person with an id', separationRule({ exceptPeople: [{ id: 77 }] }), ['exceptPeople']],
])('looks for the place of %s', (_, rule, path) => {
  const paths: unknown[] = [];
  nameWarnings(rule, viewsOf(LIVE), { catalogue: CATALOGUE, locate: (found) => (paths.push(found), null) });
  expect(paths).toContainEqual(path);
});

it('keeps the warnings of a manifest that do not concern its rules', () => {
  const codes = ['rule-broken', 'rename-breaks-saml', 'rule-unknown-name', 'rule-empty-role'] as const;
  expect(withoutRuleWarnings(codes.map((code) => warning(code, 'x'))).map(({ code }) => code)).toEqual([
    'rename-breaks-saml',
    'rule-empty-role',
  ]);
});
