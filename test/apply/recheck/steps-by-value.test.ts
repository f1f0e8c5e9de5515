import { describe, expect, it } from '@jest/globals';
import { finalGrants, positionOf, stepsByValue } from '../../../src/apply/recheck/steps-by-value.js';
import { asChangeId } from '../../support/change-ids.js';
import { applyWorld } from '../../support/apply-world.js';
import { changesOn } from '../../support/plans-for-apply.js';

describe('how many of its steps a value has taken', () => {
  const steps = ['one', 'two', 'three'].map((after) => ({ change: asChangeId(after), after }));
  it.each<[string, string, string[], number | null]>([
    ['none if it is as before', 'before', [], 0],
    ['none if it is as before, whatever was sent', 'before', ['one', 'two', 'three'], 0],
    ['all if it is as the last step leaves it', 'three', [], 3],
    ['as many as an earlier run sent', 'two', ['two'], 2],
    ['unknown at an intermediate step that no run sent', 'two', ['one'], null],
    ['unknown if it is anything else', 'other', ['one', 'two', 'three'], null],
  ])('%s', (_, value, sent, position) => {
    const found = positionOf(
      steps,
      { untouched: value === 'before', isAt: (after) => after === value },
      (change) => sent.includes(change),
    );
    expect(found).toBe(position);
  });

  it('is the later of two steps that leave the same', () => {
    const twice = ['one', 'one'].map((after, index) => ({ change: asChangeId(`${index}`), after }));
    expect(positionOf(twice, { untouched: false, isAt: (after) => after === 'one' }, () => true)).toBe(2);
  });

  it('is 0 for a value without steps that is as before, and unknown otherwise', () => {
    expect(positionOf([], { untouched: true, isAt: () => true }, () => true)).toBe(0);
    expect(positionOf([], { untouched: false, isAt: () => true }, () => true)).toBeNull();
  });
});

describe('the steps of each value', () => {
  it('are sorted by what they change, with the value before the first', async () => {
    const on = changesOn(await applyWorld().snapshot());
    const steps = stepsByValue([
      on.create('Copy', { from: 'Writer' }),
      on.update('Analyst', 'Scientist'),
      on.grants('Analyst', ['a.view'], { id: 'first' }),
      on.grants('Analyst', ['a.edit'], { id: 'second', before: ['a.view'] }),
      on.grants('Copy', ['b.view']),
      on.move('Copy', [10, 11]),
      on.setDefault('Copy'),
      on.allowlist('off', 'Copy'),
      on.remove('Old'),
    ]);
    const after = <T>(list: readonly { after: T }[] = []): T[] => list.map((step) => step.after);

    expect(after(steps.texts.get(100))).toEqual([{ name: 'Scientist', description: '' }]);
    expect(after(steps.texts.get(102))).toEqual([null]);
    expect(after(steps.grants.get(100))).toEqual([['a.view'], ['a.edit']]);
    expect(after(steps.grants.get('new:Copy'))).toEqual([['b.view']]);
    expect([10, 11].map((id) => after(steps.people.get(id)))).toEqual([['new:Copy'], ['new:Copy']]);
    expect([after(steps.defaultRole), after(steps.allowlist)]).toEqual([['new:Copy'], ['off']]);
    expect(steps.before.texts.get(100)?.name).toBe('Analyst');
    expect(steps.before.grants.get(100)).toEqual(['a.edit', 'a.export', 'a.view']);
    expect(steps.before.grants.get(102)).toEqual(['a.view']);
    expect([...steps.before.people]).toEqual([
      [10, 100],
      [11, 101],
    ]);
  });

  it('end with the last list, or with the start of a role that no change writes', async () => {
    const on = changesOn(await applyWorld().snapshot());
    const create = on.create('Copy', { from: 'Writer' });
    expect(finalGrants(stepsByValue([create]), create)).toEqual(['a.edit', 'b.view']);
    expect(finalGrants(stepsByValue([create, on.grants('Copy', ['a.view'])]), create)).toEqual(['a.view']);
  });
});
