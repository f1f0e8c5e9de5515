import { describe, expect, it } from '@jest/globals';
import type { AccessRule } from '../../../src/model/access-rule.js';
import type { AcceptedViolation } from '../../../src/model/policy.js';
import type { LiveRole, Snapshot } from '../../../src/model/snapshot.js';
import { judgeRules } from '../../../src/plan/rules/judge.js';
import { liveRole, person, snapshotOf } from '../../support/arbitraries.js';
import { HOSTILE_TEXTS } from '../../support/hostile-texts.js';
import { acceptedRule, limitRule, rulesInput, separationRule } from '../../support/rules.js';
import { steps } from '../../support/steps.js';

/** `Alpha` (101) and `Beta` (102) in addition to the system roles, with their people. */
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

interface Found {
  refused: string[];
  warned: string[];
}

/** The refusal's message and items, or the warning's code and message. */
function judged(
  states: readonly [Snapshot, Snapshot],
  rules: readonly AccessRule[],
  accepted: readonly AcceptedViolation[] = [],
): Found {
  const { refusals, warnings } = judgeRules(rulesInput(states, rules, accepted), []);
  return {
    refused: refusals.map(({ message, items }) => [message, ...items].join('; ')),
    warned: warnings.map(({ code, message }) => `${code}: ${message}`),
  };
}

const OK: Found = { refused: [], warned: [] };
const AT = 'rule "the-rule" (domo-roles.yaml:7:5)';
const refused = (...texts: string[]): Found => ({
  refused: texts.map((text) => `${AT}: ${text}`),
  warned: [],
});
const warned = (...texts: string[]): Found => ({
  refused: [],
  warned: texts.map((text) => `rule-broken: rule "the-rule": ${text}`),
});

describe('onlyRoles', () => {
  const rule = limitRule({ onlyRoles: ['Admin', 'Alpha'] });
  const only = 'b.export, which only "Admin", "Alpha" may';

  it.each<[string, Snapshot, Snapshot, Found]>([
    ['a listed role gains the grant', world({}), world({ alpha: ['b.export'] }), OK],
    [
      'another role gains it',
      world({}),
      world({ beta: ['b.export'] }),
      refused(`1 role would hold ${only}; role Beta`),
    ],
    [
      'another role holds it already',
      world({ beta: ['b.export'] }),
      world({ beta: ['b.export'] }, { 9: 102 }),
      warned(`1 role holds ${only}: role Beta, as before this plan`),
    ],
    ['another role loses it', world({ beta: ['b.export'] }), world({}), OK],
    [
      'another role is made with it',
      world({}),
      world({}, {}, { more: [liveRole(103, 'Gamma', ['b.export'])] }),
      refused(`1 role would hold ${only}; role Gamma`),
    ],
    [
      'a second role gains it',
      world({}, {}, { more: [liveRole(103, 'Gamma', ['b.export'])] }),
      world({ beta: ['b.export'] }, {}, { more: [liveRole(103, 'Gamma', ['b.export'])] }),
      refused(`2 roles would hold ${only} (1 of them new); role Beta`),
    ],
  ])('where %s', (_, live, end, found) => {
    expect(judged([live, end], [rule])).toEqual(found);
  });

  it('counts the dependencies of a written list, since an instance may add them', () => {
    const view = limitRule({ subject: { grants: ['b.view'] }, onlyRoles: ['Admin', 'Privileged', 'Editor'] });
    const { refused: found } = judged([world({}), world({ beta: ['b.edit'] })], [view]);
    expect(found).toEqual([expect.stringContaining('role Beta')]);
    expect(judged([world({ beta: ['b.edit'] }), world({ beta: ['b.edit'] })], [view])).toEqual(OK);
  });

  it.each([
    [['Admin', 'Privileged'], 'system role "Editor" breaks it by itself', 'list it in onlyRoles'],
    [['Admin'], 'system roles "Privileged", "Editor" break it by themselves', 'list them in onlyRoles'],
  ])('reports for %j which system roles violate it by themselves', (onlyRoles, which, fix) => {
    const rule = limitRule({ subject: { grants: ['b.view'] }, onlyRoles });
    const { warnings } = judgeRules(rulesInput([world({}), world({})], [rule]), []);
    const hint = `${which}, since the grants of system roles cannot change: ${fix}`;
    expect(warnings).toMatchObject([{ code: 'rule-broken', hint }]);
  });

  it('refuses a rename that removes a role from the list, and accepts one that the rule follows', () => {
    const live = world({ alpha: ['b.export'] });
    const renamed = {
      ...live,
      roles: live.roles.map((one) => (one.id === 101 ? { ...one, name: 'New' } : one)),
    };
    expect(judged([live, renamed], [rule]).refused).toEqual([`${AT}: 1 role would hold ${only}; role New`]);
    expect(judged([live, renamed], [limitRule({ onlyRoles: ['Admin', 'New'] })])).toEqual(OK);
  });
});

describe('maxPeople', () => {
  const rule = limitRule({ subject: { role: 'Alpha' }, maxPeople: 2 });

  it.each<[string, Snapshot, Snapshot, Found]>([
    ['as many as allowed', world({}), world({}, { 8: 101, 9: 101 }), OK],
    [
      'one more',
      world({}, { 7: 101, 8: 101, 9: 5 }),
      world({}, { 7: 101, 8: 101, 9: 101 }),
      refused('3 people would be in role "Alpha", at most 2 may (1 of them new); p9@acme.com in role Alpha'),
    ],
    [
      'too many, as before',
      world({}, { 7: 101, 8: 101, 9: 101, 6: 5 }),
      world({}, { 7: 101, 8: 101, 9: 5, 6: 101 }),
      warned(
        '3 people are in role "Alpha", at most 2 may: p6@acme.com in role Alpha, p7@acme.com in role Alpha, p8@acme.com in role Alpha, as before this plan',
      ),
    ],
    [
      'too many, and more than before',
      world({}, { 6: 5, 7: 101, 8: 101, 9: 101 }),
      world({}, { 6: 101, 7: 101, 8: 101, 9: 101 }),
      refused('4 people would be in role "Alpha", at most 2 may (1 of them new); p6@acme.com in role Alpha'),
    ],
  ])('if there are %s', (_, live, end, found) => {
    expect(judged([live, end], [rule])).toEqual(found);
  });

  it('counts pending people, but neither support nor system accounts', () => {
    const kinds = ['active', 'pending', 'support', 'system'] as const;
    const of = (role: number) =>
      snapshotOf({
        custom: [liveRole(101, 'Alpha')],
        persons: kinds.map((kind, index) => person(10 + index, role, kind)),
      });
    expect(judged([of(5), of(101)], [rule])).toEqual(OK);
    expect(judged([of(5), of(101)], [{ ...rule, maxPeople: 1 }]).refused).toHaveLength(1);
  });

  it('counts everyone who has one of the grants, through any role', () => {
    const both = { alpha: ['b.export'], beta: ['c.use'] };
    const holds = limitRule({ subject: { grants: ['b.export', 'c.use'] }, maxPeople: 2 });
    const live = world(both, { 8: 4, 9: 4 });
    // The acting person holds everything, and Social holds c.use.
    expect(judged([live, world(both, { 8: 101, 9: 4 })], [holds])).toEqual(OK);
    expect(judged([live, world(both, { 8: 101, 9: 102 })], [holds]).refused).toEqual([
      `${AT}: 3 people would hold b.export, c.use, at most 2 may (2 of them new); p8@acme.com in role Alpha; p9@acme.com in role Beta`,
    ]);
  });

  it('refers to the role that now has the name, when a name changes hands', () => {
    const live = world({}, { 7: 101, 8: 102, 9: 102, 6: 102 });
    const swapped = {
      ...live,
      roles: live.roles.map((one) => ({
        ...one,
        name: one.id === 101 ? 'Beta' : one.id === 102 ? 'Alpha' : one.name,
      })),
    };
    expect(judged([live, swapped], [rule]).refused).toHaveLength(1);
  });
});

describe('emails', () => {
  const rule = limitRule({ subject: { role: 'Alpha' }, emails: ['*@acme.com'] });
  const mixed = (role: number): Snapshot =>
    snapshotOf({
      custom: [liveRole(101, 'Alpha')],
      persons: [
        person(7, role),
        { ...person(8, role), email: 'eve@evil.org' },
        { ...person(9, role), email: null },
      ],
    });

  it('refuses everyone without an address or with one that matches no pattern', () => {
    expect(judged([mixed(5), mixed(101)], [rule])).toEqual(
      refused(
        '2 people would be in role "Alpha" with an address that does not match "*@acme.com"; eve@evil.org in role Alpha; id 9 in role Alpha (no address)',
      ),
    );
  });

  it('only warns about existing people', () => {
    expect(judged([mixed(101), mixed(101)], [rule]).refused).toEqual([]);
    expect(judged([mixed(101), mixed(101)], [rule]).warned).toHaveLength(1);
  });

  it('accepts an address that matches any of several patterns', () => {
    const two = { ...rule, emails: ['*@acme.com', '*@evil.org'] };
    expect(judged([mixed(5), mixed(101)], [two]).refused).toEqual([
      expect.stringContaining('id 9 in role Alpha (no address)'),
    ]);
  });
});

describe('neverTogether', () => {
  const rule = separationRule();
  const pair = 'grants that must not be held together';

  it.each<[string, Snapshot, Snapshot, Found]>([
    ['one of the two', world({}, { 9: 101 }), world({ alpha: ['a.edit'] }, { 9: 101 }), OK],
    [
      'both',
      world({ alpha: ['a.edit'] }, { 9: 101 }),
      world({ alpha: ['a.edit', 'b.edit'] }, { 9: 101 }),
      refused(`1 person would hold ${pair}; p9@acme.com in role Alpha holding a.edit with b.edit`),
    ],
    [
      'both, by joining a role with other people',
      world({ alpha: ['a.edit', 'b.edit'] }, { 8: 101, 9: 5 }),
      world({ alpha: ['a.edit', 'b.edit'] }, { 8: 101, 9: 101 }),
      refused(
        `2 people would hold ${pair} (1 of them new); p9@acme.com in role Alpha holding a.edit with b.edit`,
      ),
    ],
    [
      'both, as before',
      world({ alpha: ['a.edit', 'b.edit'] }, { 8: 101 }),
      world({ alpha: ['a.edit', 'b.edit'] }, { 8: 101 }),
      warned(
        `1 person holds ${pair}: p8@acme.com in role Alpha holding a.edit with b.edit, as before this plan`,
      ),
    ],
  ])('if people hold %s', (_, live, end, found) => {
    expect(judged([live, end], [rule])).toEqual(found);
  });

  it('warns about a role with both grants and no members', () => {
    expect(judged([world({}), world({ alpha: ['a.edit', 'b.edit'] })], [rule])).toEqual({
      refused: [],
      warned: ['rule-empty-role: rule "the-rule": role "Alpha" has no members and holds a.edit with b.edit'],
    });
  });

  it('counts a default role without members as one', () => {
    const both = { alpha: ['a.edit', 'b.edit'] };
    const { refusals } = judgeRules(
      rulesInput([world(both), world(both, {}, { defaultRoleId: 101 })], [separationRule()]),
      [],
    );
    expect(refusals).toMatchObject([{ figure: 1, limit: 0 }]);
  });

  it('is violated by the default role, with or without members', () => {
    const both = { alpha: ['a.edit', 'b.edit'] };
    const end = world(both, {}, { defaultRoleId: 101 });
    expect(judged([world(both), end], [rule])).toEqual(
      refused(
        `new people would hold ${pair}; new people in the default role Alpha holding a.edit with b.edit`,
      ),
    );
    expect(judged([end, end], [rule]).refused).toEqual([]);
  });

  it('exempts roles and people', () => {
    const [live, end] = [world({}, { 9: 101 }), world({ alpha: ['a.edit', 'b.edit'] }, { 9: 101 })];
    const without = (parts: Parameters<typeof separationRule>[0]) =>
      judged([live, end], [separationRule(parts)]);
    expect(without({ exceptRoles: ['Admin', 'Alpha'] })).toEqual(OK);
    expect(without({ exceptPeople: [{ email: 'p9@acme.com' }] })).toEqual(OK);
    expect(without({ exceptPeople: [{ id: 9 }] })).toEqual(OK);
    expect(without({ exceptPeople: [{ id: 1 }] }).refused).toHaveLength(1);
    expect(without({ exceptRoles: ['Admin', 'alpha'] }).refused).toHaveLength(1);
  });

  it('counts a grant in two sets as both', () => {
    const shared = separationRule({ neverTogether: [['a.edit'], ['a.edit', 'b.edit']] });
    expect(
      judged([world({}, { 9: 101 }), world({ alpha: ['a.edit'] }, { 9: 101 })], [shared]).refused,
    ).toHaveLength(1);
  });
});

describe('a rule', () => {
  const rule = limitRule({ onlyRoles: ['Admin'] });
  const broken = [world({}), world({ beta: ['b.export'] })] as const;

  it('of level warn never refuses', () => {
    expect(judged(broken, [{ ...rule, level: 'warn' }])).toEqual(
      warned('1 role would hold b.export, which only "Admin" may: role Beta'),
    );
  });

  it('has figure, limit, key and flag in its refusal', () => {
    const { refusals } = judgeRules(rulesInput(broken, [rule]), []);
    expect(refusals).toMatchObject([
      { code: 'rule', figure: 1, limit: 0, key: 'policy.rules.the-rule', flag: '--allow rule=the-rule' },
    ]);
  });

  it('names ten people in a warning, and counts the rest', () => {
    const many = Object.fromEntries([...Array(22).keys()].map((index) => [10 + index, 101]));
    const states = [world({}, many), world({}, many)] as const;
    const [text = ''] = judged(states, [limitRule({ subject: { role: 'Alpha' }, maxPeople: 1 })]).warned;
    expect(text).toMatch(/ and 12 more, as before this plan$/u);
    expect(text.match(/@acme\.com/gu)).toHaveLength(10);
  });

  it.each<[string, AccessRule, string]>([
    ['a role in onlyRoles', limitRule({ onlyRoles: ['Admin', 'Alfa'] }), 'names role "Alfa" in onlyRoles'],
    [
      'a role in exceptRoles',
      separationRule({ exceptRoles: ['Admin', 'Alfa'] }),
      'names role "Alfa" in exceptRoles',
    ],
    ['a grant', limitRule({ subject: { grants: ['b.exprot'] }, maxPeople: 9 }), 'names the grant "b.exprot"'],
    ['a person', separationRule({ exceptPeople: [{ email: 'x@acme.com' }] }), 'excepts x@acme.com'],
  ])('warns about %s that does not exist', (_, one, text) => {
    const { warnings } = judgeRules(rulesInput([world({}), world({})], [one]), []);
    expect(warnings).toEqual([
      expect.objectContaining({ code: 'rule-unknown-name', message: expect.stringContaining(text) }),
    ]);
  });

  it.each(HOSTILE_TEXTS)('shows a name that %s on one clean line', (_, name) => {
    const more = [liveRole(103, name, ['a.edit', 'b.edit', 'b.export'])];
    const [live, end] = [world({}, { 9: 5 }, {}), world({}, { 9: 103 }, { more })];
    const withHostileAddresses = {
      ...end,
      people: { ...end.people, list: end.people.list.map((one) => ({ ...one, email: name })) },
    };
    const { refusals } = judgeRules(
      rulesInput(
        [
          {
            ...live,
            people: {
              ...live.people,
              list: withHostileAddresses.people.list.map((one) => ({ ...one, roleId: one.id === 1 ? 1 : 5 })),
            },
          },
          withHostileAddresses,
        ],
        [
          rule,
          { ...separationRule(), name: 'two' },
          limitRule({ name: 'three', subject: { grants: ['b.export'] }, emails: ['*@acme.com'] }),
        ],
      ),
      [],
    );
    expect(refusals.length).toBeGreaterThan(1);
    for (const { message, items, hint } of refusals)
      for (const text of [message, hint ?? '', ...items])
        expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
  });
});

describe('accepted drift of a rule', () => {
  const both = { alpha: ['a.edit', 'b.edit'] };
  const states = [world({}, { 8: 101, 9: 101 }), world(both, { 8: 101, 9: 101 })] as const;

  it.each<[string, Partial<AcceptedViolation>, string[]]>([
    [
      'one person',
      { people: [{ email: 'p8@acme.com' }] },
      ['p9@acme.com in role Alpha holding a.edit with b.edit'],
    ],
    ['everyone in it', { people: [{ id: 8 }, { id: 9 }] }, []],
    ['the role', { roles: ['Alpha'] }, []],
    ['another role', { roles: ['Beta'] }, ['p8@acme.com', 'p9@acme.com']],
    ['everyone, until yesterday', { roles: ['Alpha'], until: '2026-11-25' }, ['p8@acme.com', 'p9@acme.com']],
    ['everyone, to the end of today', { roles: ['Alpha'], until: '2026-11-26' }, []],
    ['everyone, for another rule', { roles: ['Alpha'], rule: 'other' }, ['p8@acme.com', 'p9@acme.com']],
  ])('exempts %s', (_, parts, items) => {
    const { refusals } = judgeRules(rulesInput(states, [separationRule()], [acceptedRule(parts)]), []);
    expect(refusals.flatMap((one) => one.items)).toEqual(items.map((item) => expect.stringContaining(item)));
  });

  it('lists everyone it exempts, and reports when it matches nothing', () => {
    const entries = [acceptedRule({ people: [{ id: 9 }] }), acceptedRule({ roles: ['Beta'] })];
    const { accepted, warnings } = judgeRules(rulesInput(states, [separationRule()], entries), []);
    expect(accepted).toMatchObject([
      { what: 'rule', reason: 'TICKET-7', people: [{ id: 9, email: 'p9@acme.com', from: 'Alpha' }] },
    ]);
    expect(warnings).toMatchObject([{ code: 'accepted-drift-unused' }]);
  });

  it('excludes people from the count', () => {
    const rule = limitRule({ subject: { role: 'Alpha' }, maxPeople: 1 });
    const [live, end] = [world({}, { 8: 101, 9: 5 }), world({}, { 8: 101, 9: 101 })];
    expect(judged([live, end], [rule]).refused).toHaveLength(1);
    expect(judged([live, end], [rule], [acceptedRule({ people: [{ id: 9 }] })]).refused).toEqual([]);
  });
});

describe('the report of a violated rule', () => {
  const both = { alpha: ['a.edit', 'b.edit'] };
  const accept = 'or accept it until a date with `acceptedDrift: [{ what: rule, rule: the-rule, … }]`';

  it.each<[string, AccessRule, Snapshot, { figure: number; limit: number; hint: string }]>([
    [
      'roles are counted, even if the rule limits people',
      limitRule({ onlyRoles: ['Admin'], maxPeople: 9 }),
      world({ alpha: ['b.export'], beta: ['b.export'] }, { 9: 101 }),
      { figure: 2, limit: 0, hint: `remove the grants from these roles, change the rule, ${accept}` },
    ],
    [
      'people are counted against their limit',
      limitRule({ subject: { role: 'Alpha' }, maxPeople: 1 }),
      world({}, { 8: 101, 9: 101 }),
      { figure: 2, limit: 1, hint: `change the people concerned, change the rule, ${accept}` },
    ],
    [
      'no one may hold both',
      separationRule(),
      world(both, { 9: 101 }),
      {
        figure: 1,
        limit: 0,
        hint: `change the people concerned, add an exception to the rule, ${accept}`,
      },
    ],
  ])('%s', (_, rule, end, refusal) => {
    const places = Object.fromEntries(end.people.list.filter(({ id }) => id > 1).map(({ id }) => [id, 5]));
    const { refusals } = judgeRules(rulesInput([world({}, places), end], [rule]), []);
    expect(refusals).toMatchObject([refusal]);
  });

  it('names which of several grants a role has', () => {
    const rule = limitRule({
      subject: { grants: ['b.edit', 'b.export', 'user.edit'] },
      onlyRoles: ['Admin'],
    });
    const { refused: found } = judged([world({}), world({ alpha: ['b.edit', 'b.export'] })], [rule]);
    expect(found).toEqual([expect.stringMatching(/; role Alpha holding b\.edit, b\.export$/u)]);
  });

  it('has a hint about exceptRoles if a system role has both', () => {
    const { warnings } = judgeRules(
      rulesInput([world({}), world({})], [separationRule({ exceptRoles: [] })]),
      [],
    );
    expect(warnings).toMatchObject([{ hint: expect.stringMatching(/: list it in exceptRoles$/u) }]);
  });

  it('is located at the rule or the entry of accepted drift, even for an unknown rule', () => {
    const input = rulesInput([world(both, { 9: 101 }), world(both, { 9: 101 })], [separationRule()]);
    const locate = (path: readonly (string | number)[]) => ({ file: path.join('/'), line: 1, column: 1 });
    const placesOf = (rules: readonly AccessRule[]) =>
      judgeRules(
        {
          ...input,
          policy: { ...input.policy, rules, acceptedDrift: [acceptedRule({ rule: 'other' })] },
          locate,
        },
        [],
      ).warnings.map(({ where }) => where?.file);
    expect(placesOf([separationRule()])).toEqual(['policy/rules/the-rule', 'policy/acceptedDrift/0']);
    expect(placesOf([])).toEqual(['policy/acceptedDrift/0']);
  });

  it('is compared by parts, so that another violated part makes no difference', () => {
    const rule = limitRule({ subject: { role: 'Alpha' }, maxPeople: 1, emails: ['*@acme.com'] });
    const far = (roleId: number) => ({ ...person(9, roleId), email: 'eve@evil.org' });
    const at = (...persons: ReturnType<typeof person>[]) =>
      snapshotOf({ custom: [liveRole(101, 'Alpha')], persons });
    const live = at(person(7, 101), person(8, 101), far(5));
    expect(judged([live, at(person(7, 101), person(8, 5), far(101))], [rule]).refused).toEqual([
      expect.stringContaining('eve@evil.org in role Alpha'),
    ]);
  });

  it.each<[string, Snapshot, Snapshot, number]>([
    ['holds before and after', world({}, { 9: 101 }), world({}, { 9: 101 }), 1],
    ['is broken before', world(both, { 9: 101 }), world({}, { 9: 101 }), 0],
    ['is broken after', world({}, { 9: 101 }), world(both, { 9: 101 }), 0],
  ])('is checked for each step only if the rule %s', (_, live, end, count) => {
    const changes = [steps.grants(101, 'a.edit', 'b.edit'), steps.grants(101)];
    const { warnings } = judgeRules(rulesInput([live, end], [separationRule()]), changes);
    expect(warnings.filter(({ code }) => code === 'rule-transient')).toHaveLength(count);
  });
});
