import { describe, expect, it } from '@jest/globals';
import type { AccessRule } from '../../../src/model/access-rule.js';
import type { Snapshot } from '../../../src/model/snapshot.js';
import { emptyRoleWarnings } from '../../../src/plan/rules/empty-roles.js';
import { liveRole, person, snapshotOf } from '../../support/arbitraries.js';
import { HOSTILE_TEXTS } from '../../support/hostile-texts.js';
import { limitRule, separationRule, viewsOf } from '../../support/rules.js';

const WHERE = { file: 'domo-roles.yaml', line: 7, column: 5 };

function messagesOf(rule: AccessRule, live: Snapshot): string[] {
  return emptyRoleWarnings(rule, viewsOf(live).live, WHERE).map(({ message }) => message);
}

/** Alpha, which holds both grants of the rule. */
const both = [liveRole(101, 'Alpha', ['a.edit', 'b.edit'])];
const alpha = 'rule "the-rule": role "Alpha" has no members and holds a.edit with b.edit';

describe('a role without members that would violate a rule with its first one', () => {
  it.each<[string, AccessRule, Snapshot, string[]]>([
    ['holds grants of two sets', separationRule(), snapshotOf({ custom: both }), [alpha]],
    [
      'holds grants of one set',
      separationRule(),
      snapshotOf({ custom: [liveRole(101, 'Alpha', ['a.edit'])] }),
      [],
    ],
    ['has a member', separationRule(), snapshotOf({ custom: both, persons: [person(9, 101)] }), []],
    [
      'has a pending member',
      separationRule(),
      snapshotOf({ custom: both, persons: [person(9, 101, 'pending')] }),
      [],
    ],
    // System accounts are not ordinary members, so the role still has no members.
    [
      'has a system account alone',
      separationRule(),
      snapshotOf({ custom: both, persons: [person(9, 101, 'system')] }),
      [alpha],
    ],
    // An excepted person in it is a member: the warning is about roles that have none.
    [
      'has an excepted member',
      separationRule({ exceptPeople: [{ id: 9 }] }),
      snapshotOf({ custom: both, persons: [person(9, 101)] }),
      [],
    ],
    ['is excepted', separationRule({ exceptRoles: ['Admin', 'Alpha'] }), snapshotOf({ custom: both }), []],
    // It already violates the rule, because new people are added to it.
    ['is the default role', separationRule(), snapshotOf({ custom: both, defaultRoleId: 101 }), []],
    [
      'is one of two',
      separationRule(),
      snapshotOf({ custom: [...both, liveRole(102, 'Beta', ['a.edit', 'b.edit', 'c.use'])] }),
      [alpha, alpha.replace('Alpha', 'Beta')],
    ],
    ['is about a limit', limitRule({ maxPeople: 0 }), snapshotOf({ custom: both }), []],
  ])('if it %s', (_, rule, live, messages) => {
    expect(messagesOf(rule, live)).toEqual(messages);
  });

  it('causes a warning at the rule with the consequence', () => {
    const { live } = viewsOf(snapshotOf({ custom: both }));
    expect(emptyRoleWarnings(separationRule(), live, WHERE)).toEqual([
      {
        code: 'rule-empty-role',
        severity: 'warning',
        message: alpha,
        where: WHERE,
        hint: 'its first member will break the rule',
      },
    ]);
    const [without] = emptyRoleWarnings(separationRule(), live, null);
    expect(without).not.toHaveProperty('where');
  });

  it.each(HOSTILE_TEXTS)('is named on one clean line when its name %s', (_, name) => {
    const [message] = messagesOf(
      separationRule(),
      snapshotOf({ custom: [liveRole(101, name, ['a.edit', 'b.edit'])] }),
    );
    expect(message).toMatch(/^rule "the-rule": role "/u);
    expect(message).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
  });
});
