import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { orderRenames } from '../../../src/plan/order/order-renames.js';
import type { NameChange, NameStep } from '../../../src/plan/order/order-renames.js';
import { waitForDeletes } from '../../../src/plan/order/wait-for-deletes.js';
import { inputs } from '../../support/law.js';
import { create, live, newDescription, rename } from '../../support/name-changes.js';

const label = ({ before, after }: NameStep): string => `${before?.name ?? ''}>${after.name}`;

/** The steps before and after the deletes. */
function phasesOf(changes: readonly NameChange[], deleted: readonly string[]): [NameStep[], NameStep[]] {
  const roles = changes.flatMap(({ before }) => before ?? []);
  const ordered = orderRenames(changes, roles);
  const { steps, late } = waitForDeletes(ordered, deleted, ({ role }) => `~${role.id}`);
  return [steps.filter((step) => !late.has(step)), steps.filter((step) => late.has(step))];
}

describe('the renames after the deletes', () => {
  it.each<[string, NameChange[], string[], string[], string[]]>([
    ['are none, if nothing is deleted', [rename(7, 'A', 'B')], [], ['A>B'], []],
    [
      'give a role the name of a deleted one',
      [rename(7, 'A', 'B'), rename(8, 'C', 'D')],
      ['B'],
      ['C>D'],
      ['A>B'],
    ],
    ['give a role nearly that name', [rename(7, 'A', 'b ')], ['B'], [], ['A>b ']],
    [
      'are also those that wait for one, through a chain',
      [rename(7, 'A', 'B'), rename(8, 'C', 'A')],
      ['B'],
      [],
      ['A>B', 'C>A'],
    ],
    ['are none of a role that keeps its name', [newDescription(7, 'b')], ['B'], ['b>b'], []],
    [
      'come after a temporary name, if a new role gets the old name',
      [rename(7, 'A', 'B'), create('A')],
      ['B'],
      ['A>~7', '>A'],
      ['~7>B'],
    ],
    [
      'come after a temporary name, if a new role gets nearly the old name, for nearly the name of a deleted one',
      [rename(7, 'A', 'B'), create('a')],
      ['b'],
      ['A>~7', '>a'],
      ['~7>B'],
    ],
    [
      'come after a temporary name only where it is needed',
      [rename(7, 'A', 'B'), rename(8, 'C', 'A'), create('C')],
      ['B'],
      ['A>~7', 'C>A', '>C'],
      ['~7>B'],
    ],
    [
      'are a whole cycle with its temporary name, if it waits for a deleted role',
      [rename(7, 'A', 'C'), rename(8, 'C', 'A')],
      ['a'],
      [],
      ['A>~domo-roles 7', 'C>A', '~domo-roles 7>C'],
    ],
  ])('%s', (_, changes, deleted, early, late) => {
    expect(phasesOf(changes, deleted).map((steps) => steps.map(label))).toEqual([early, late]);
  });

  it('lists for each step the steps that must come first', () => {
    const [[away, made], [back]] = phasesOf([rename(7, 'A', 'B'), create('A')], ['B']);
    const aside = { role: '#7', temporary: true };
    expect([away, made, back].map((step) => step?.waitsFor)).toEqual([[], [aside], [aside]]);
  });

  it('are found without a change of the given steps', () => {
    const changes = [rename(7, 'A', 'B'), create('A')];
    const ordered = orderRenames(changes, [live(7, 'A')]);
    const copy = structuredClone(ordered);
    waitForDeletes(ordered, ['B'], () => '~7');
    expect(ordered).toEqual(copy);
  });

  it('leave each name free when it is set, and create every role before the deletes', () => {
    const pool = fc.shuffledSubarray(['A', 'a', 'A ', 'B', 'b', 'C', 'D', 'd'], { minLength: 3 });
    fc.assert(
      fc.property(pool, pool, fc.nat(3), fc.nat(3), (before, after, kept, gone) => {
        const ids = before.map((_, index) => 7 + index);
        const stay = before.slice(0, kept);
        const deleted = before.slice(kept, kept + gone);
        const changes = after.slice(0, kept + 3).map((name, index): NameChange => {
          const from = stay[index];
          return from === undefined ? create(name) : rename(7 + index, from, name);
        });
        // A role that has the name already is kept, not deleted.
        fc.pre(
          after.length >= stay.length &&
            !changes.some((one) => !one.before && deleted.includes(one.after.name)),
        );
        const roles = before.slice(0, kept + gone).map((name, index) => live(7 + index, name));
        const ordered = orderRenames(
          changes.filter(({ before: from, after: to }) => from?.name !== to.name),
          roles,
        );
        const { steps, late } = waitForDeletes(ordered, deleted, ({ role }) => `~${role.id}`);
        const now = new Map<unknown, string>(roles.map(({ id, name }) => [id, name]));
        const perform = (step: NameStep): void => {
          const own = step.before === null ? step.role.key : step.role.id;
          now.delete(own);
          expect([...now.values()]).not.toContain(step.after.name);
          now.set(own, step.after.name);
        };
        for (const step of steps) if (!late.has(step)) perform(step);
        expect([...late].filter(({ before: from }) => from === null)).toEqual([]);
        for (const id of ids.slice(kept)) now.delete(id);
        for (const step of steps) if (late.has(step)) perform(step);
        expect([...now.values()].sort()).toEqual(changes.map(({ after: to }) => to.name).sort());
      }),
      { numRuns: inputs(500) },
    );
  });
});
