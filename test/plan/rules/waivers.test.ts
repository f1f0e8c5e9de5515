import { describe, expect, it } from '@jest/globals';
import { DEFAULT_POLICY } from '../../../src/model/policy.js';
import type { AcceptedDrift, AcceptedViolation } from '../../../src/model/policy.js';
import type { AccessRule } from '../../../src/model/access-rule.js';
import type { Snapshot } from '../../../src/model/snapshot.js';
import { acceptedViolations, ruleEntries, waiverOf } from '../../../src/plan/rules/waivers.js';
import { liveRole, person, snapshotOf } from '../../support/arbitraries.js';
import { acceptedEntry } from '../../support/desired.js';
import { acceptedRule, limitRule, separationRule, viewsOf } from '../../support/rules.js';

const NOW = '2026-11-26T12:00:00.000Z';

const entriesOf = (...acceptedDrift: AcceptedDrift[]) =>
  ruleEntries({ ...DEFAULT_POLICY, acceptedDrift }, NOW);

describe('the accepted drift of rules', () => {
  it.each<[string, string, boolean]>([
    ['whose last day is far off', '2099-12-31', true],
    ['whose last day is today', '2026-11-26', true],
    ['whose last day was yesterday', '2026-11-25', false],
    ['whose time is in the future', '2026-11-26T12:00:01Z', true],
    ['whose time is now', '2026-11-26T12:00:00Z', false],
  ])('%s is in force: %s %s', (_, until, isSo) => {
    expect(entriesOf(acceptedRule({ until }))).toHaveLength(isSo ? 1 : 0);
  });

  it('keeps its index in the list with other entries', () => {
    const second = acceptedRule({ roles: ['Alpha'] });
    const fourth = acceptedRule({ roles: ['Beta'] });
    expect(
      entriesOf(acceptedEntry({ role: 'Alpha' }), second, acceptedRule({ until: '2020-01-01' }), fourth),
    ).toEqual([
      { entry: second, index: 1 },
      { entry: fourth, index: 3 },
    ]);
  });
});

describe('the exemptions from a rule', () => {
  const allowed = (...entries: Partial<AcceptedViolation>[]) => {
    const waiver = waiverOf('the-rule', entriesOf(...entries.map(acceptedRule)));
    return {
      roles: ['Alpha', 'Beta'].filter((name) => waiver.role([name])),
      people: [8, 9].filter((id) => waiver.person(person(id, 101))),
    };
  };

  it.each<[string, Partial<AcceptedViolation>[], { roles: string[]; people: number[] }]>([
    ['no entry', [], { roles: [], people: [] }],
    ['no one and nothing', [{}], { roles: [], people: [] }],
    ['a role', [{ roles: ['Alpha'] }], { roles: ['Alpha'], people: [] }],
    ['a person by id', [{ people: [{ id: 8 }] }], { roles: [], people: [8] }],
    ['a person by address', [{ people: [{ email: 'p9@acme.com' }] }], { roles: [], people: [9] }],
    [
      'both, in two entries',
      [{ roles: ['Beta'] }, { people: [{ id: 8 }, { id: 9 }] }],
      { roles: ['Beta'], people: [8, 9] },
    ],
    ['a role for another rule', [{ roles: ['Alpha'], rule: 'other' }], { roles: [], people: [] }],
    ['a person for another rule', [{ people: [{ id: 8 }], rule: 'other' }], { roles: [], people: [] }],
    ['a role in another case', [{ roles: ['alpha'] }], { roles: [], people: [] }],
  ])('are right when entries name %s', (_, entries, who) => expect(allowed(...entries)).toEqual(who));

  it('include a role by any of its names', () => {
    const waiver = waiverOf('the-rule', entriesOf(acceptedRule({ roles: ['New'] })));
    expect([waiver.role(['Old', 'New']), waiver.role(['Old']), waiver.role([])]).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe('the violations that entries accept', () => {
  const MIXED = snapshotOf({
    custom: [liveRole(101, 'Alpha', ['a.edit', 'b.edit']), liveRole(102, 'Beta', ['a.edit', 'b.edit'])],
    persons: [person(8, 101), person(9, 101), person(10, 102)],
  });

  function found(
    entries: Partial<AcceptedViolation>[],
    rules: AccessRule[] = [separationRule()],
    live: Snapshot = MIXED,
  ) {
    const acceptedDrift = entries.map(acceptedRule);
    const policy = { ...DEFAULT_POLICY, acceptedDrift, rules };
    return acceptedViolations(ruleEntries(policy, NOW), {
      policy,
      view: viewsOf(live).live,
      locate: (index) => ({ file: 'domo-roles.yaml', line: 10 + index, column: 3 }),
    });
  }

  const alpha = (id: number): string => `p${id}@acme.com in role Alpha holding a.edit with b.edit`;

  it.each<[string, Partial<AcceptedViolation>, string, number[]]>([
    ['one person', { people: [{ id: 9 }] }, alpha(9), [9]],
    ['a role with its people', { roles: ['Alpha'] }, `${alpha(8)}, ${alpha(9)}`, [8, 9]],
    [
      'a person and another role',
      { roles: ['Beta'], people: [{ id: 8 }] },
      `${alpha(8)}, p10@acme.com in role Beta holding a.edit with b.edit`,
      [8, 10],
    ],
    ['a person who exists and one who does not', { people: [{ id: 9 }, { id: 77 }] }, alpha(9), [9]],
  ])('are listed: %s', (_, entry, items, people) => {
    const { accepted, warnings } = found([entry]);
    expect(warnings).toEqual([]);
    expect(accepted).toEqual([
      {
        what: 'rule',
        role: null,
        reason: 'TICKET-7',
        until: '2099-12-31',
        difference: `rule "the-rule" is broken by ${items}`,
        acceptedFor: null,
        people: people.map((id) => ({
          id,
          email: `p${id}@acme.com`,
          from: id === 10 ? 'Beta' : 'Alpha',
          to: null,
        })),
        grants: { extra: [], missing: [] },
      },
    ]);
  });

  it('are sorted by person id', () => {
    const persons = [person(8, 102), person(9, 101), person(10, 101)];
    const live = snapshotOf({ custom: MIXED.roles.filter(({ id }) => id > 5), persons });
    const { accepted } = found([{ roles: ['Alpha', 'Beta'] }], [separationRule()], live);
    expect(accepted[0]?.people.map(({ id }) => id)).toEqual([8, 9, 10]);
  });

  it('are only roles for a rule about roles', () => {
    const rule = limitRule({ subject: { grants: ['b.edit'] }, onlyRoles: ['Admin'] });
    const { accepted } = found([{ roles: ['Beta'] }], [rule]);
    expect(accepted).toMatchObject([{ difference: 'rule "the-rule" is broken by role Beta', people: [] }]);
  });

  it('are listed once when two parts of a rule find them', () => {
    const rule = limitRule({ subject: { role: 'Alpha' }, maxPeople: 1, emails: ['*@other.org'] });
    const { accepted } = found([{ people: [{ id: 9 }] }], [rule]);
    expect(accepted).toMatchObject([
      { difference: 'rule "the-rule" is broken by p9@acme.com in role Alpha', people: [{ id: 9 }] },
    ]);
  });

  it.each<[string, Partial<AcceptedViolation>]>([
    ['names a person who violates nothing', { people: [{ id: 1 }] }],
    ['names a role that violates nothing', { roles: ['Editor'] }],
    ['names no one', {}],
    ['is about a rule that does not exist', { rule: 'other', roles: ['Alpha'] }],
  ])('are empty when an entry %s: a warning at the entry', (_, entry) => {
    const { accepted, warnings } = found([{ roles: ['Alpha'] }, entry]);
    expect(accepted).toHaveLength(1);
    expect(warnings).toEqual([
      {
        code: 'accepted-drift-unused',
        severity: 'warning',
        message: `the accepted drift of rule "${entry.rule ?? 'the-rule'}" matches nothing`,
        where: { file: 'domo-roles.yaml', line: 11, column: 3 },
        hint: 'remove it from the manifest, or correct it',
      },
    ]);
  });

  it('are empty while the rule holds', () => {
    const { accepted, warnings } = found(
      [{ roles: ['Alpha'] }],
      [separationRule({ exceptRoles: ['Admin', 'Alpha'] })],
    );
    expect([accepted, warnings.map(({ code }) => code)]).toEqual([[], ['accepted-drift-unused']]);
  });
});
