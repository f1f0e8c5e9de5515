import { describe, expect, it } from '@jest/globals';
import type { ChangeDraft } from '../../../src/plan/change.js';
import { settingChanges } from '../../../src/plan/order/settings-changes.js';
import { orderInput } from '../../support/order-input.js';
import type { OrderCase } from '../../support/order-input.js';

const text = (change: ChangeDraft): string => {
  if (change.kind === 'defaultRole.set') return `default ${change.before} > ${change.after}`;
  if (change.kind !== 'allowlist.set') return change.kind;
  const names = (list: typeof change.before): string => (typeof list === 'string' ? list : list.join(' '));
  return `list ${names(change.before)} > ${names(change.after)}`;
};

describe('the changes of default role and allowlist', () => {
  const on = ['Participant', 'Social'] as const;

  it.each<[string, OrderCase, string[], string[]]>([
    ['none if nothing differs', { roles: { T: ['a', 'b'] } }, [], []],
    [
      'the default late',
      { roles: { T: ['a', 'a'] }, defaultRole: ['Participant', 'T'] },
      [],
      ['default Participant > T'],
    ],
    [
      'the default early if it starts to manage roles',
      { roles: { T: ['a', 'M'] }, defaultRole: ['T', 'Social'] },
      ['default T > Social'],
      [],
    ],
    [
      'the default early if it starts to manage roles by a dependency',
      { roles: { T: ['a', 'b'] }, defaultRole: ['T', 'Social'], needs: { b: 'c', c: 'M' } },
      ['default T > Social'],
      [],
    ],
    [
      'the allowlist early for a role that starts to manage roles by a dependency',
      { roles: { T: ['a', 'b'] }, allowlist: [['T', ...on], on], needs: { b: 'M' } },
      ['list Participant Social T > Participant Social'],
      [],
    ],
    [
      'the default late if it managed roles before',
      { roles: { T: ['M a', 'M'] }, defaultRole: ['T', 'Social'] },
      [],
      ['default T > Social'],
    ],
    [
      'the default late if another role starts to manage roles',
      { roles: { T: ['a', 'M'] }, defaultRole: ['Participant', 'Social'] },
      [],
      ['default Participant > Social'],
    ],
    [
      'the allowlist late',
      { roles: { T: ['a', 'a'] }, allowlist: [on, ['T', ...on]] },
      [],
      ['list Participant Social > Participant Social T'],
    ],
    [
      'the allowlist early for a role that starts to manage roles',
      { roles: { T: ['a', 'M'] }, allowlist: [['T', ...on], on] },
      ['list Participant Social T > Participant Social'],
      [],
    ],
    [
      'the rest of the allowlist late',
      {
        roles: { T: ['a', 'M'], U: ['a', 'a'] },
        allowlist: [
          ['T', ...on],
          ['U', ...on],
        ],
      },
      ['list Participant Social T > Participant Social'],
      ['list Participant Social > Participant Social U'],
    ],
    [
      'the allowlist off at once if a role starts to manage roles',
      { roles: { T: ['a', 'M'] }, allowlist: [['T', ...on], 'off'] },
      ['list Participant Social T > off'],
      [],
    ],
    ['the allowlist on', { allowlist: ['off', on] }, [], ['list off > Participant Social']],
    [
      'no allowlist that the manifest does not set',
      { roles: { T: ['a', 'M'] }, defaultRole: ['T', 'Social'] },
      ['default T > Social'],
      [],
    ],
    [
      'a new default joins the allowlist by itself',
      { roles: { T: ['a', 'a'] }, defaultRole: ['Participant', 'T'], allowlist: [on, ['T', ...on]] },
      [],
      ['default Participant > T'],
    ],
    [
      'the old default leaves the allowlist in its own change',
      { roles: { T: ['a', 'a'] }, defaultRole: ['Participant', 'T'], allowlist: [on, ['T', 'Social']] },
      [],
      ['default Participant > T', 'list Participant Social T > Social T'],
    ],
  ])('%s', (_, wanted, early, late) => {
    const changes = settingChanges(orderInput(wanted));
    expect([changes.early.map(text), changes.late.map(text)]).toEqual([early, late]);
  });

  it('contain the values of the other setting that the request needs', () => {
    const { late } = settingChanges(
      orderInput({
        roles: { T: ['a', 'a'], N: [null, 'a'] },
        defaultRole: ['Participant', 'N'],
        allowlist: [on, ['T', 'N', 'Social']],
      }),
    );
    expect(late).toMatchObject([
      { kind: 'defaultRole.set', roleId: 'new:N', allowlistIds: [4, 5] },
      { kind: 'allowlist.set', afterIds: [100, 5, 'new:N'], defaultRoleId: 'new:N' },
    ]);
  });
});
