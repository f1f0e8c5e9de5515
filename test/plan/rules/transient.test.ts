import { describe, expect, it } from '@jest/globals';
import {
  WIDE_POLICY,
  exactGrants,
  liveRole,
  loadedOf,
  members,
  person,
  snapshotOf,
  wantedRole,
} from '../../support/arbitraries.js';
import { makePlan } from '../../../src/plan/make-plan.js';
import { requestsFor } from '../../../src/apply/requests-for-change.js';
import type { AccessRule } from '../../../src/model/access-rule.js';
import { dependenciesOf } from '../../../src/model/closure.js';
import type { Snapshot } from '../../../src/model/snapshot.js';
import type { OrderedChange } from '../../../src/plan/change.js';
import { NO_WAIVER } from '../../../src/plan/rules/breach.js';
import type { Waiver } from '../../../src/plan/rules/breach.js';
import { transientWarnings } from '../../../src/plan/rules/transient.js';
import type { Problem } from '../../../src/problem/problem.js';
import { limitRule, separationRule, viewsOf } from '../../support/rules.js';
import { steps } from '../../support/steps.js';

const OPTIONS = { now: '2026-11-26T12:00:00Z', version: '0', requestsFor };

/** Alpha and Beta change their one member: a rule about how many are in Alpha holds before and after. */
const live = snapshotOf({
  custom: [liveRole(101, 'Alpha', ['b.view']), liveRole(102, 'Beta', ['b.view'])],
  persons: [person(8, 101), person(9, 102)],
});

function warningsOf(rules: readonly AccessRule[]): string[] {
  const loaded = loadedOf({
    policy: { ...WIDE_POLICY, removedMembersTo: 'Participant', rules },
    roles: [
      wantedRole('Alpha', { members: members('exact', 9), grants: exactGrants('b.view') }),
      wantedRole('Beta', { members: members('exact', 8), grants: exactGrants('b.view') }),
    ],
  });
  const plan = makePlan(loaded, live, OPTIONS);
  expect(plan.refusals).toEqual([]);
  return plan.warnings.filter(({ code }) => code === 'rule-transient').map(({ message }) => message);
}

describe('a rule that is broken by an intermediate step', () => {
  it('causes a warning that names the step that breaks it and the one that ends it', () => {
    expect(warningsOf([limitRule({ subject: { role: 'Alpha' }, maxPeople: 1 })])).toEqual([
      'rule "the-rule" is broken for a while, after "members.move:Alpha", until "members.move:Beta": 2 people are in role Alpha, at most 1 may',
    ]);
  });

  it.each<[string, AccessRule]>([
    ['that no step breaks', limitRule({ subject: { role: 'Alpha' }, maxPeople: 2 })],
    ['that is broken before and after', limitRule({ subject: { role: 'Alpha' }, maxPeople: 0 })],
    ['about roles that stay as they are', limitRule({ onlyRoles: ['Admin'] })],
  ])('causes no warning for a rule %s', (_, rule) => {
    expect(warningsOf([rule])).toEqual([]);
  });
});

/** Everyone except the person in Admin starts in Social (5). */
const EMPTY = snapshotOf({
  custom: [liveRole(101, 'Alpha', ['a.edit']), liveRole(102, 'Beta', ['b.export'])],
  persons: [person(8, 5), person(9, 101)],
});

interface Followed {
  live?: Snapshot;
  rules?: readonly AccessRule[];
  waiver?: Waiver;
}

function follow(
  changes: readonly OrderedChange[],
  { live = EMPTY, rules = [separationRule()], waiver = NO_WAIVER }: Followed,
): Problem[] {
  return transientWarnings(changes, {
    rules,
    views: viewsOf(live),
    waivers: () => waiver,
    dependencies: dependenciesOf(live.catalogue),
    locate: (path) => ({ file: path.join('/'), line: 7, column: 5 }),
  });
}

/** The steps between which each rule is violated, and how; without quotes. */
const intervals = (changes: readonly OrderedChange[], followed: Followed): string[] =>
  follow(changes, followed).map(({ message }) =>
    message.replace('rule "the-rule" is broken for a while, ', '').replaceAll('"', ''),
  );

const mixed = 'role Alpha holds a.edit with b.edit';

describe('a rule that separates grants, between two steps', () => {
  const mix = steps.grants(101, 'a.edit', 'b.edit');
  const leave = steps.move(5, [9, 101]);
  const end = steps.allowlist();
  const twoWays = snapshotOf({
    custom: [liveRole(101, 'Alpha', ['a.edit', 'b.edit']), liveRole(102, 'Beta')],
    persons: [person(9, 5)],
  });
  const gamma = steps.create('Gamma', 'a.edit', 'b.edit');

  it.each<[string, OrderedChange[], Followed, string[]]>([
    [
      'ends when its people leave',
      [mix, leave],
      {},
      [`after grants.set:101, until members.move:5: ${mixed}`],
    ],
    [
      'ends when its role is deleted',
      [mix, steps.remove(101)],
      {},
      [`after grants.set:101, until role.delete:101: ${mixed}`],
    ],
    [
      'ends when its grants are written again',
      [mix, end, steps.grants(101)],
      {},
      [`after grants.set:101, until grants.set:101: ${mixed}`],
    ],
    ['has no known end', [mix, end], {}, [`after grants.set:101: ${mixed}`]],
    ['has no people', [leave, mix], {}, []],
    [
      'begins when people join',
      [steps.move(101, [9, 5]), leave],
      { live: twoWays },
      [`after members.move:101, until members.move:5: ${mixed}`],
    ],
    [
      'begins with the first of two times',
      [steps.move(101, [9, 5]), leave, steps.move(101, [9, 5]), steps.remove(101)],
      { live: twoWays },
      [`after members.move:101, until members.move:5: ${mixed}`],
    ],
    [
      'begins in a role that is temporarily the default',
      [steps.defaultRole(101), steps.defaultRole(4)],
      { live: twoWays },
      [`after defaultRole.set, until defaultRole.set: ${mixed}`],
    ],
    [
      'begins in a role that the plan creates, once it has a member',
      [gamma, steps.move('new:Gamma', [8, 5]), steps.grants('new:Gamma', 'a.edit')],
      {},
      ['after members.move:new:Gamma, until grants.set:new:Gamma: role Gamma holds a.edit with b.edit'],
    ],
    [
      'counts the dependencies of a written grant',
      [steps.grants(101, 'b.edit', 'a.edit'), leave],
      { rules: [separationRule({ neverTogether: [['b.view'], ['a.view']] })] },
      ['after grants.set:101, until members.move:5: role Alpha holds b.view with a.view'],
    ],
    [
      'begins when a role loses the name by which it is excepted',
      [steps.rename(101, 'Omega'), steps.grants(101)],
      {
        live: { ...twoWays, defaultRoleId: 101 },
        rules: [separationRule({ exceptRoles: ['Admin', 'Alpha'] })],
      },
      ['after role.update:101, until grants.set:101: role Omega holds a.edit with b.edit'],
    ],
    [
      'does not use a temporary name',
      [steps.rename(101, 'tmp', 'temporary'), steps.rename(101, 'Alpha')],
      {
        live: { ...twoWays, defaultRoleId: 101 },
        rules: [separationRule({ exceptRoles: ['Admin', 'Alpha'] })],
      },
      [],
    ],
    ['excepts a person', [mix, leave], { rules: [separationRule({ exceptPeople: [{ id: 9 }] })] }, []],
    ['excepts a role', [mix, leave], { rules: [separationRule({ exceptRoles: ['Admin', 'Alpha'] })] }, []],
    ['exempts a waived person', [mix, leave], { waiver: { ...NO_WAIVER, person: ({ id }) => id === 9 } }, []],
    [
      'exempts a waived role',
      [mix, leave],
      { waiver: { ...NO_WAIVER, role: ([name]) => name === 'Alpha' } },
      [],
    ],
    ['is not simulated if there is only one change', [mix], {}, []],
    ['is not simulated if there is no rule', [mix, leave], { rules: [] }, []],
  ])('%s', (_, changes, followed, texts) => expect(intervals(changes, followed)).toEqual(texts));
});

describe('a rule that limits which roles have a grant, between two steps', () => {
  const rule = limitRule({ onlyRoles: ['Admin', 'Beta'] });
  const gain = steps.grants(101, 'b.export');
  const lose = steps.grants(101);

  it.each<[string, OrderedChange[], Followed, string[]]>([
    [
      'ends when the role loses it',
      [gain, lose],
      {},
      ['after grants.set:101, until grants.set:101: role Alpha holds b.export'],
    ],
    [
      'ends when the role is deleted',
      [gain, steps.remove(101)],
      {},
      ['after grants.set:101, until role.delete:101: role Alpha holds b.export'],
    ],
    [
      'begins when a role loses its listed name',
      [steps.rename(102, 'Omega'), steps.grants(102)],
      {},
      ['after role.update:102, until grants.set:102: role Omega holds b.export'],
    ],
    [
      'begins with a role that is created',
      [steps.create('Gamma', 'b.export'), steps.grants('new:Gamma')],
      {},
      ['after role.create:Gamma, until grants.set:new:Gamma: role Gamma holds b.export'],
    ],
    [
      'names which of several grants are held',
      [steps.grants(101, 'b.export', 'c.use'), lose],
      {
        rules: [
          limitRule({
            ...rule,
            subject: { grants: ['a.admin', 'b.export', 'c.use'] },
            onlyRoles: ['Admin', 'Beta', 'Social'],
          }),
        ],
      },
      ['after grants.set:101, until grants.set:101: role Alpha holds b.export, c.use'],
    ],
    ['accepts a listed role', [steps.grants(102), steps.grants(102, 'b.export')], {}, []],
    [
      'exempts a waived role',
      [gain, lose],
      { waiver: { ...NO_WAIVER, role: ([name]) => name === 'Alpha' } },
      [],
    ],
    [
      'concerns roles, regardless of waived people',
      [gain, lose],
      { waiver: { ...NO_WAIVER, person: () => true } },
      ['after grants.set:101, until grants.set:101: role Alpha holds b.export'],
    ],
  ])('%s', (_, changes, followed, texts) => {
    expect(intervals(changes, { rules: [rule], ...followed })).toEqual(texts);
  });
});

describe('a rule that limits the number of people, between two steps', () => {
  const inAlpha = (maxPeople: number): AccessRule => limitRule({ subject: { role: 'Alpha' }, maxPeople });
  const holders = (maxPeople: number): AccessRule => limitRule({ maxPeople });
  const come = steps.move(101, [8, 5]);
  const leave = steps.move(5, [9, 101]);

  it.each<[string, AccessRule, OrderedChange[], Waiver, string[]]>([
    [
      'is broken by one more',
      inAlpha(1),
      [come, leave],
      NO_WAIVER,
      ['after members.move:101, until members.move:5: 2 people are in role Alpha, at most 1 may'],
    ],
    ['holds at its limit', inAlpha(2), [come, leave], NO_WAIVER, []],
    ['holds if one leaves first', inAlpha(1), [leave, come], NO_WAIVER, []],
    [
      'counts holders in all roles',
      holders(1),
      [steps.grants(101, 'b.export'), steps.grants(101)],
      NO_WAIVER,
      ['after grants.set:101, until grants.set:101: 2 people hold b.export, at most 1 may'],
    ],
    [
      'counts holders of any of several grants',
      limitRule({ subject: { grants: ['b.export', 'user.edit'] }, maxPeople: 1 }),
      [steps.grants(101, 'b.export'), steps.grants(101)],
      NO_WAIVER,
      ['after grants.set:101, until grants.set:101: 2 people hold b.export, user.edit, at most 1 may'],
    ],
    [
      'names one person in the singular',
      limitRule({ subject: { grants: ['a.new'] }, maxPeople: 0 }),
      [steps.grants(101, 'a.new'), steps.grants(101)],
      NO_WAIVER,
      ['after grants.set:101, until grants.set:101: 1 person holds a.new, at most 0 may'],
    ],
    [
      'counts no one in a deleted role',
      holders(1),
      [steps.move(102, [8, 5]), steps.remove(102)],
      NO_WAIVER,
      ['after members.move:102, until role.delete:102: 2 people hold b.export, at most 1 may'],
    ],
    [
      'counts each role that temporarily has the name',
      inAlpha(1),
      [steps.move(102, [8, 5]), steps.rename(102, 'Alpha'), steps.rename(101, 'Omega')],
      NO_WAIVER,
      ['after role.update:102, until role.update:101: 2 people are in role Alpha, at most 1 may'],
    ],
    [
      'does not count a waived person',
      inAlpha(1),
      [come, leave],
      { ...NO_WAIVER, person: ({ id }) => id === 8 },
      [],
    ],
    [
      'does not count a waived role',
      inAlpha(0),
      [come, leave],
      { ...NO_WAIVER, role: ([name]) => name === 'Alpha' },
      [],
    ],
  ])('%s', (_, rule, changes, waiver, texts) => {
    expect(intervals(changes, { rules: [rule], waiver })).toEqual(texts);
  });
});

it('causes a warning for each part of each rule, in the order of the violations, at the place of the rule', () => {
  const rules = [
    limitRule({ name: 'later', onlyRoles: ['Admin', 'Beta'], maxPeople: 1, emails: ['nobody@acme.com'] }),
    limitRule({ name: 'first', subject: { role: 'Alpha' }, maxPeople: 1 }),
  ];
  const changes = [steps.move(101, [8, 5]), steps.grants(101, 'b.export'), steps.remove(101)];
  const found = follow(changes, { rules });
  expect(found.map(({ where, message }) => [where?.file, message.split(': ')[1]])).toEqual([
    ['policy/rules/first', '2 people are in role Alpha, at most 1 may'],
    ['policy/rules/later', 'role Alpha holds b.export'],
    ['policy/rules/later', '3 people hold b.export, at most 1 may'],
  ]);
  for (const one of found)
    expect(one).toMatchObject({
      code: 'rule-transient',
      severity: 'warning',
      hint: 'it holds before and after this plan; if that moment is too long, make two plans',
    });
});
