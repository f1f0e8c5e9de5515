import { describe, expect, it } from '@jest/globals';
import type { Snapshot } from '../../../src/model/snapshot.js';
import { ALLOW_CODES } from '../../../src/plan/guards/allow.js';
import type { GuardInput } from '../../../src/plan/guards/guard.js';
import { GUARDS, guardRefusals } from '../../../src/plan/guards/guards.js';
import { liveRole, person, snapshotOf } from '../../support/arbitraries.js';
import { deletion, move } from '../../support/changes.js';
import { HOSTILE_TEXTS } from '../../support/hostile-texts.js';
import { guardInput } from '../../support/guard-input.js';

/** An input that every guard refuses, on an instance with a role and a person of this name. */
function everythingWrong(name: string): GuardInput {
  const custom = [liveRole(100, name, ['a.view']), liveRole(101, 'Gone')];
  const persons = [person(1, 1), { ...person(10, 100), email: name }];
  const live: Snapshot = snapshotOf({ custom, persons });
  const end: Snapshot = snapshotOf({
    custom: [liveRole(100, name, ['authorization.roles', 'user.edit'])],
    persons: [person(1, 4), { ...person(10, 100), email: name }],
    defaultRoleId: 100,
  });
  return guardInput(live, end, {
    policy: {
      minAdmins: 9,
      requiredAdmins: [{ email: name === '' ? 'x' : `${name}x` }],
      maxDeletes: { count: 0 },
      maxMoves: { count: 0 },
      maxGrantChanges: { count: 0 },
      unmanagedRoles: 'fail',
    },
    changes: [deletion(101, name), move(4, [1])],
    missingPeople: [name],
    unmanaged: [name],
  });
}

describe('the guards', () => {
  it('each refuse with their own code, and all refusals are returned sorted', () => {
    const input = everythingWrong('Team');
    for (const [code, guard] of Object.entries(GUARDS)) expect(guard(input)?.code).toBe(code);
    expect(guardRefusals(input).map(({ code }) => code)).toEqual(Object.keys(GUARDS).sort());
  });

  it('pass when there is nothing to refuse', () => {
    const live = snapshotOf({});
    expect(guardRefusals(guardInput(live, live))).toEqual([]);
  });

  it('have a flag exactly if --allow accepts their code', () => {
    const allowable = guardRefusals(everythingWrong('Team')).filter(({ flag }) => flag !== null);
    // Rules have a flag for each name and are judged on their own.
    expect(allowable.map(({ code }) => code)).toEqual(ALLOW_CODES.filter((code) => code !== 'rule'));
    const firm = Object.keys(GUARDS).filter((code) => !(ALLOW_CODES as readonly string[]).includes(code));
    expect(firm).toEqual(['default-forbidden', 'unmanaged-roles']);
  });

  it.each(HOSTILE_TEXTS)('show a name that %s on one clean line', (_, name) => {
    const refusals = guardRefusals(everythingWrong(name));
    expect(refusals).toHaveLength(guardRefusals(everythingWrong('Team')).length);
    for (const { message, items, hint } of refusals)
      for (const text of [message, hint ?? '', ...items])
        expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
  });
});
