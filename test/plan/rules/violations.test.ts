import { describe, expect, it } from '@jest/globals';
import type { AccessRule } from '../../../src/model/access-rule.js';
import type { Snapshot } from '../../../src/model/snapshot.js';
import { findViolations } from '../../../src/plan/rules/violations.js';
import type { Violation } from '../../../src/plan/rules/violations.js';
import { liveRole, person, snapshotOf } from '../../support/arbitraries.js';
import { HOSTILE_TEXTS } from '../../support/hostile-texts.js';
import { acceptedRule, limitRule, rulesInput, separationRule } from '../../support/rules.js';

const LIVE = snapshotOf({
  custom: [liveRole(101, 'Zeta', ['a.edit', 'b.edit']), liveRole(102, 'Beta', ['b.edit', 'b.export'])],
  persons: [person(8, 102), person(9, 101), { ...person(10, 101), email: null }],
});

const find = (rule: AccessRule, accepted: Parameters<typeof rulesInput>[2] = [], live: Snapshot = LIVE) =>
  findViolations(rulesInput([live, live], [rule], accepted));

/** The common fields of all violations of `the-rule`. */
const RULE: Omit<Violation, 'constraint' | 'message' | 'figure' | 'items'> = {
  ...{ rule: 'the-rule', level: 'refuse' as const, limit: 0, roles: [], people: [], hint: null },
  ...{ file: 'domo-roles.yaml', line: 7, column: 5 },
};

describe('a rule that is broken on the instance', () => {
  const at = {
    zeta: { id: 101, name: 'Zeta', system: false },
    beta: { id: 102, name: 'Beta', system: false },
  };
  const of = (id: number, role: string, email: string | null = `p${id}@acme.com`) => ({ id, email, role });

  it.each<[string, AccessRule, Violation]>([
    [
      'by roles: they are counted, and sorted by name',
      limitRule({ subject: { grants: ['b.edit'] }, onlyRoles: ['Admin'] }),
      {
        ...RULE,
        constraint: 'onlyRoles',
        message: 'rule "the-rule": 2 roles hold b.edit, which only "Admin" may',
        figure: 2,
        roles: [at.beta, at.zeta],
        items: ['role Beta', 'role Zeta'],
      },
    ],
    [
      'by the number of people: everyone counts, and the limit is that of the rule',
      limitRule({ subject: { grants: ['b.edit'] }, maxPeople: 3 }),
      {
        ...RULE,
        constraint: 'maxPeople',
        message: 'rule "the-rule": 4 people hold b.edit, at most 3 may',
        figure: 4,
        limit: 3,
        people: [of(1, 'Admin'), of(8, 'Beta'), of(9, 'Zeta'), of(10, 'Zeta', null)],
        items: [
          'id 10 in role Zeta',
          'p1@acme.com in role Admin',
          'p8@acme.com in role Beta',
          'p9@acme.com in role Zeta',
        ],
      },
    ],
    [
      'by an address: no one is allowed',
      limitRule({ subject: { role: 'Zeta' }, emails: ['*@acme.com'] }),
      {
        ...RULE,
        constraint: 'emails',
        message:
          'rule "the-rule": 1 person is in role "Zeta" with an address that does not match "*@acme.com"',
        figure: 1,
        people: [of(10, 'Zeta', null)],
        items: ['id 10 in role Zeta (no address)'],
      },
    ],
    [
      'by people who hold grants that must be separate: they are counted, and their role is shown with them',
      separationRule(),
      {
        ...RULE,
        constraint: 'neverTogether',
        message: 'rule "the-rule": 2 people hold grants that must not be held together',
        figure: 2,
        roles: [at.zeta],
        people: [of(9, 'Zeta'), of(10, 'Zeta', null)],
        items: [
          'id 10 in role Zeta holding a.edit with b.edit',
          'p9@acme.com in role Zeta holding a.edit with b.edit',
        ],
      },
    ],
  ])('%s', (_, rule, violation) => {
    expect(find(rule)).toEqual({ violations: [violation], accepted: [], warnings: [] });
  });

  it('counts a default role without people as one', () => {
    const live = snapshotOf({ custom: [liveRole(101, 'Zeta', ['a.edit', 'b.edit'])], defaultRoleId: 101 });
    expect(find(separationRule(), [], live).violations).toMatchObject([
      {
        figure: 1,
        people: [],
        roles: [at.zeta],
        items: ['new people in the default role Zeta holding a.edit with b.edit'],
      },
    ]);
  });

  it('has a hint if a system role violates it by itself', () => {
    const rule = limitRule({ subject: { grants: ['a.edit'] }, onlyRoles: ['Admin', 'Zeta'] });
    expect(find(rule).violations).toMatchObject([
      {
        roles: [{ id: 2, name: 'Privileged', system: true }],
        hint: 'system role "Privileged" breaks it by itself, since the grants of system roles cannot change: list it in onlyRoles',
      },
    ]);
  });

  it('has the place of its rule, and its warning that of the name', () => {
    const { violations, warnings } = findViolations({
      ...rulesInput([LIVE, LIVE], [separationRule({ exceptRoles: ['Admin', 'Quartermaster'] })]),
      locate: (path) => ({ file: path.join('/'), line: 1, column: 1 }),
    });
    const file = 'policy/rules/the-rule';
    const ofName = `${file}/exceptRoles/Quartermaster`;
    expect([violations, warnings]).toMatchObject([[{ file }], [{ where: { file: ofName } }]]);
  });

  it('has no place if the rule is in no file', () => {
    const input = { ...rulesInput([LIVE, LIVE], [separationRule({ level: 'warn' })]), locate: () => null };
    const { violations, warnings } = findViolations(input);
    expect(violations).toMatchObject([{ file: null, line: null, column: null }]);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).not.toHaveProperty('where');
  });

  it('is listed in the order of the rules, each part separately', () => {
    const parts = limitRule({
      name: 'a-rule',
      subject: { role: 'Zeta' },
      maxPeople: 1,
      emails: ['*@acme.com'],
    });
    const { violations } = findViolations(rulesInput([LIVE, LIVE], [parts, separationRule()]));
    expect(violations.map(({ rule, constraint }) => `${rule} ${constraint}`)).toEqual([
      'a-rule maxPeople',
      'a-rule emails',
      'the-rule neverTogether',
    ]);
  });

  it.each(HOSTILE_TEXTS)('is one clean line when a role and a person have a name that %s', (_, name) => {
    const live = snapshotOf({
      custom: [liveRole(101, name, ['a.edit', 'b.edit'])],
      persons: [{ ...person(9, 101), email: name }],
    });
    const [violation] = find(separationRule(), [], live).violations;
    for (const text of [violation?.message, ...(violation?.items ?? [])]) {
      expect(text).toBeDefined();
      expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
    }
  });
});

describe('a rule that holds', () => {
  it.each<[string, AccessRule]>([
    ['at its limit', limitRule({ subject: { grants: ['b.edit'] }, maxPeople: 4 })],
    ['by an exception', separationRule({ exceptRoles: ['Admin', 'Zeta'] })],
    ['by listed roles', limitRule({ onlyRoles: ['Admin', 'Beta'] })],
  ])('%s reports nothing', (_, rule) => {
    expect(find(rule)).toEqual({ violations: [], accepted: [], warnings: [] });
  });
});

it('is judged by the live state, regardless of the desired state', () => {
  const wanted = { ...LIVE, roles: LIVE.roles.map((one) => (one.id === 101 ? liveRole(101, 'Zeta') : one)) };
  const count = (live: Snapshot, end: Snapshot): number =>
    findViolations(rulesInput([live, end], [separationRule()])).violations.length;
  expect([count(LIVE, wanted), count(wanted, LIVE)]).toEqual([1, 0]);
});

describe('a rule that only warns', () => {
  it('is a violation and a warning that names the violators', () => {
    const { violations, warnings } = find(separationRule({ level: 'warn' }));
    expect(violations).toMatchObject([{ level: 'warn', figure: 2 }]);
    expect(warnings).toEqual([
      {
        code: 'rule-broken',
        severity: 'warning',
        message:
          'rule "the-rule": 2 people hold grants that must not be held together: id 10 in role Zeta holding a.edit with b.edit, p9@acme.com in role Zeta holding a.edit with b.edit',
        where: { file: 'domo-roles.yaml', line: 7, column: 5 },
      },
    ]);
  });
});

describe('accepted drift', () => {
  it('excludes a person from a violation, and is listed', () => {
    const { violations, accepted, warnings } = find(separationRule(), [
      acceptedRule({ people: [{ id: 9 }] }),
    ]);
    expect(violations).toMatchObject([{ figure: 1, people: [{ id: 10 }] }]);
    expect(accepted).toMatchObject([{ what: 'rule', people: [{ id: 9 }] }]);
    expect(warnings).toEqual([]);
  });

  it('excludes everyone, so that there is no violation', () => {
    const { violations, accepted } = find(separationRule(), [acceptedRule({ roles: ['Zeta'] })]);
    expect([violations, accepted.length]).toEqual([[], 1]);
  });

  it('warns when it matches nothing, and has no effect after its end', () => {
    expect(find(separationRule(), [acceptedRule({ roles: ['Beta'] })])).toMatchObject({
      violations: [{ figure: 2 }],
      accepted: [],
      warnings: [{ code: 'accepted-drift-unused' }],
    });
    expect(find(separationRule(), [acceptedRule({ roles: ['Zeta'], until: '2026-11-25' })])).toMatchObject({
      violations: [{ figure: 2 }],
      accepted: [],
      warnings: [],
    });
  });

  it('is located by its index in the policy', () => {
    const entries = [acceptedRule({ roles: ['Zeta'] }), acceptedRule({ roles: ['Beta'] })];
    const { warnings } = findViolations({
      ...rulesInput([LIVE, LIVE], [separationRule()], entries),
      locate: (path) => ({ file: path.join('/'), line: 1, column: 1 }),
    });
    expect(warnings.map(({ where }) => where?.file)).toEqual(['policy/acceptedDrift/1']);
  });
});

it('warns of unknown names and of roles without members, after rules that only warn and before accepted drift', () => {
  const live = snapshotOf({
    custom: [liveRole(101, 'Zeta', ['a.edit', 'b.edit']), liveRole(102, 'Beta', ['a.edit', 'b.edit'])],
    persons: [person(9, 101)],
  });
  const rule = separationRule({ level: 'warn', exceptRoles: ['Admin', 'Quartermaster'] });
  expect(find(rule, [acceptedRule({})], live).warnings.map(({ code, where }) => [code, where?.line])).toEqual(
    [
      ['rule-broken', 7],
      ['rule-empty-role', 7],
      ['rule-unknown-name', 7],
      ['accepted-drift-unused', 7],
    ],
  );
});
