import { describe, expect, it } from '@jest/globals';
import { MANAGE_ROLES } from '../../../src/model/grant.js';
import { liveKey, newKey } from '../../../src/model/role.js';
import type { OrderedChange } from '../../../src/plan/change.js';
import type { Cohort } from '../../../src/plan/order/cohorts.js';
import { deriveChanges } from '../../../src/plan/order/derive-changes.js';
import { NOTHING_DEFERRED } from '../../../src/plan/order/derive-input.js';
import { instanceModel } from '../../../src/plan/order/instance-model.js';
import type { InstanceModel } from '../../../src/plan/order/instance-model.js';
import { orderInput } from '../../support/order-input.js';
import type { OrderCase } from '../../support/order-input.js';

interface Walk {
  model: InstanceModel;
  change: (id: string) => OrderedChange;
  cohorts: ReturnType<typeof orderInput>['cohorts'];
}

/** A model of the instance of a case, and the changes of its plan by id. */
function walk(wanted: OrderCase): Walk {
  const input = orderInput(wanted);
  const { live, cohorts, dependencies } = input;
  const changes = deriveChanges(input, NOTHING_DEFERRED);
  return {
    model: instanceModel({ live, starts: input.desired.starts, cohorts, dependencies }),
    cohorts,
    change: (id) => {
      const found = changes.find((one) => one.id === id);
      if (!found) throw new TypeError(`no ${id} in ${changes.map((one) => one.id).join()}`);
      return found;
    },
  };
}

const T = liveKey(100);
const idsOf = ({ people }: Cohort): number[] => people.map(({ id }) => id);
const list = (set: ReadonlySet<string>): string => [...set].sort().join(' ');

describe('the model of an instance', () => {
  it('starts with the live lists and the initial lists of roles to be created', () => {
    const { model } = walk({ roles: { T: ['a', 'b'], N: [null, 'c'] } });
    expect([list(model.held(T)), list(model.sent(T))]).toEqual(['a', 'a']);
    expect([list(model.held(newKey('N'))), list(model.sent(newKey('N')))]).toEqual(['', '']);
    expect(list(model.held(newKey('unknown')))).toBe('');
  });

  it('starts with the initial grants of a role to be created', () => {
    const { live, cohorts, dependencies, desired } = orderInput({ roles: { N: [null, 'c'] } });
    const starts = new Map([...desired.starts].map(([key, start]) => [key, { ...start, grants: ['d'] }]));
    expect(list(instanceModel({ live, starts, cohorts, dependencies }).held(newKey('N')))).toBe('d');
  });

  it('stores a written list with its dependencies, and remembers it as sent', () => {
    const { model, change } = walk({ roles: { T: ['a', 'b'] }, needs: { b: 'c' } });
    model.perform(change('grants.set:T'));
    expect([list(model.held(T)), list(model.sent(T))]).toEqual(['b c', 'b']);
  });

  it.each<[string, OrderCase, string, string[]]>([
    ['people in a role whose list is written', { people: { 10: ['T', 'T'] } }, 'grants.set:T', ['10']],
    ['no one in another role', { people: { 10: ['U', 'U'] } }, 'grants.set:T', []],
    ['people who are about to leave the role', { people: { 10: ['T', 'Social'] } }, 'grants.set:T', ['10']],
    ['no one who is about to arrive', { people: { 10: ['Social', 'T'] } }, 'grants.set:T', []],
    [
      'people who are moved',
      { people: { 10: ['T', 'U'], 11: ['T', 'U'], 12: ['T', 'Social'] } },
      'members.move:U',
      ['10 11'],
    ],
    ['no one by a create', { roles: { N: [null, 'a'] } }, 'role.create:N', []],
    ['no one by a delete', { roles: { Old: ['a', null] } }, 'role.delete:Old', []],
    ['no one by the default role', { defaultRole: ['Participant', 'Social'] }, 'defaultRole.set', []],
    ['no one by the allowlist', { allowlist: ['off', ['Participant', 'Social']] }, 'allowlist.set', []],
  ])('reports whose access a change touches: %s', (_, wanted, id, expected) => {
    const { model, change } = walk({ ...wanted, roles: { T: ['a', 'b'], U: ['a', 'b'], ...wanted.roles } });
    expect(model.perform(change(id)).map((cohort) => idsOf(cohort).join(' '))).toEqual(expected);
  });

  it('tracks where people are after each move', () => {
    const { model, change, cohorts } = walk({
      roles: { T: ['a', 'b'], U: ['a', 'b'] },
      people: { 10: ['T', 'U'], 11: ['U', 'T'], 12: ['T', 'T'] },
    });
    const places = (): string[] => cohorts.map((one) => `${idsOf(one).join()} ${model.roleOf(one)}`);
    expect(places()).toEqual(['12 #100', '10 #100', '11 #101']);
    model.perform(change('members.move:T'));
    expect(places()).toEqual(['12 #100', '10 #100', '11 #100']);
    model.perform(change('members.move:U'));
    expect(places()).toEqual(['12 #100', '10 #101', '11 #100']);
    const touched = model.perform(change('grants.set:T')).flatMap(idsOf);
    expect(touched.sort((a, b) => a - b)).toEqual([11, 12]);
    expect(model.perform(change('grants.set:U')).flatMap(idsOf)).toEqual([10]);
  });

  it('moves the acting person separately from others with the same move', () => {
    const { model, change, cohorts } = walk({
      roles: { T: ['a', 'a'] },
      people: { 1: ['T', 'Social'], 10: ['T', 'Social'] },
      me: 1,
    });
    const move = change('members.move:Social') as Extract<OrderedChange, { kind: 'members.move' }>;
    model.perform({ ...move, people: move.people.filter(({ id }) => id === 10) });
    expect(cohorts.map((one) => [one.me, model.roleOf(one)])).toEqual([
      [true, '#100'],
      [false, '#5'],
    ]);
  });

  it.each<[string, OrderCase, string[], string, unknown]>([
    ['as it is live', {}, [], '#4', 'off'],
    ['a new default role', { defaultRole: ['Participant', 'Social'] }, ['defaultRole.set'], '#5', 'off'],
    [
      'a new default role, which Domo puts on an allowlist that is on',
      {
        defaultRole: ['Participant', 'T'],
        allowlist: [
          ['Social', 'Participant'],
          ['Social', 'Participant', 'T'],
        ],
      },
      ['defaultRole.set'],
      '#100',
      ['#100', '#4', '#5'],
    ],
    [
      'a new allowlist',
      { allowlist: ['off', ['Social', 'Participant']] },
      ['allowlist.set'],
      '#4',
      ['#4', '#5'],
    ],
    [
      'an allowlist that is turned off',
      { allowlist: [['Social', 'Participant'], 'off'] },
      ['allowlist.set'],
      '#4',
      'off',
    ],
  ])('tracks default role and allowlist: %s', (_, wanted, ids, defaultRole, allowlist) => {
    const { model, change } = walk({ ...wanted, roles: { T: ['a', 'a'] } });
    for (const id of ids) model.perform(change(id));
    expect([model.defaultRole(), model.allowlist()]).toEqual([defaultRole, allowlist]);
  });

  it('computes the closure of a list once', () => {
    const { model } = walk({ needs: { a: 'M' } });
    const grants = ['a'];
    expect(list(model.closureOf(grants))).toBe(`a ${MANAGE_ROLES}`);
    expect(model.closureOf(grants)).toBe(model.closureOf(grants));
  });
});
