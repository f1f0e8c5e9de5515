import { describe, expect, it } from '@jest/globals';
import type { Snapshot } from '../../src/model/snapshot.js';
import { earlierStates } from '../../src/rollback/earlier-states.js';
import { rollbackTarget } from '../../src/rollback/rollback-target.js';
import { runResult } from '../../src/rollback/run-result.js';
import { allowlistSet, defaultRoleSet, grantsSet, move, rename } from '../support/changes.js';
import { runRecord } from '../support/run-record.js';
import { A, B, NEW, conflictsIn, world } from '../support/rollback-world.js';
import type { Steps } from '../support/rollback-world.js';

/** The state before the first of two runs, and a second run that starts with `between`. */
function targetOf(steps: Steps, { first, between, live }: Record<'first' | 'between' | 'live', Snapshot>) {
  const run = runRecord(between, steps);
  const target = rollbackTarget({ run, earlier: [first] }, runResult(run, live), live);
  const alone = rollbackTarget({ run }, runResult(run, live), live);
  return { target, alone };
}

const withA = (patch: object): Snapshot => world([{ ...A, ...patch }, B]);

describe('the undoing of a run whose earlier runs are undone', () => {
  it.each<[string, Steps, Record<'first' | 'between' | 'live', Snapshot>]>([
    [
      'leaves grants as before the earlier run',
      [[grantsSet(100, ['b.view'], ['c.use']), 'done']],
      { first: world(), between: withA({ grants: ['b.view'] }), live: world() },
    ],
    [
      'leaves a name as before the earlier run',
      [[rename(100, ['C', 'D']), 'done']],
      { first: world(), between: withA({ name: 'C' }), live: world() },
    ],
    [
      'expects no role that the earlier run created',
      [[grantsSet(900, ['c.use'], ['b.view']), 'done']],
      { first: world(), between: world([A, B, NEW]), live: world() },
    ],
    [
      'leaves a person where they were before the earlier run',
      [[move(900, [10]), 'done']],
      {
        first: world([A, B, NEW]),
        between: world([A, B, NEW], [[10, 101]]),
        live: world([A, B, NEW]),
      },
    ],
    [
      'leaves the default role as before the earlier run',
      [[defaultRoleSet(101, 'B'), 'done']],
      {
        first: world([A, B], [], { defaultRoleId: 2 }),
        between: world([A, B], [], { defaultRoleId: 100 }),
        live: world([A, B], [], { defaultRoleId: 2 }),
      },
    ],
    [
      'leaves the allowlist as before the earlier run',
      [[allowlistSet([101]), 'done']],
      {
        first: world([A, B], [], { allowlist: 'off' }),
        between: world([A, B], [], { allowlist: [100] }),
        live: world([A, B], [], { allowlist: 'off' }),
      },
    ],
  ])('%s', (_what, steps, states) => {
    const { target, alone } = targetOf(steps, states);
    expect(conflictsIn(target)).toEqual([]);
    expect(conflictsIn(alone)).not.toEqual([]);
  });

  it('still conflicts with a value of no run', () => {
    const steps: Steps = [[grantsSet(100, ['b.view'], ['c.use']), 'done']];
    const states = {
      first: world(),
      between: withA({ grants: ['b.view'] }),
      live: withA({ grants: ['a.edit'] }),
    };
    expect(conflictsIn(targetOf(steps, states).target)).toHaveLength(1);
  });

  it('compares each field of a role with each state', () => {
    const earlier = earlierStates([withA({ name: 'X' }), withA({ grants: ['x.y'] })], world());
    const fields = ['name', 'grants', 'description'] as const;
    expect(fields.map((field) => earlier.hasField(100, field))).toEqual([true, true, true]);
    expect(earlierStates([withA({ name: 'X' })], world()).hasField(100, 'name')).toBe(false);
    expect(earlier.hasField(900, 'name')).toBe(true);
  });
});
