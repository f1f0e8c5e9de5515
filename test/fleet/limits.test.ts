import { describe, expect, it } from '@jest/globals';
import type { RowStatus } from '../../src/fleet/document.js';
import { fleetRefusals, limitsOf } from '../../src/fleet/limits.js';
import type { LimitedFleet } from '../../src/fleet/limits.js';
import type { Shard } from '../../src/fleet/shard.js';
import { fleetRow } from '../support/fleet-rows.js';

interface Inputs {
  entries: number;
  suspended?: number;
  rows?: string;
  shard?: Shard | null;
}

function refused(
  policy: Partial<LimitedFleet['policy']>,
  { entries, suspended = 0, rows = 'clean', shard = null }: Inputs,
) {
  const fleet: LimitedFleet = {
    entries: Array.from({ length: entries }, (_, index) => ({ suspended: index < suspended ? {} : null })),
    policy: { minInstances: null, maxInstances: null, ...policy },
  };
  const made = rows
    .split(' ')
    .filter((word) => word !== '')
    .map((status, index) => fleetRow(`i${index}`, status as RowStatus));
  return fleetRefusals(limitsOf(fleet), made, shard).map(
    ({ code, figure, limit }) => `${code} ${figure}/${limit}`,
  );
}

describe('a refusal of too many changes', () => {
  it.each([
    [1, '1 instance would be changed, at most 0 may be'],
    [2, '2 instances would be changed, at most 0 may be'],
  ])('states the number %i correctly', (count, message) => {
    const rows = Array.from({ length: count }, (_, index) => fleetRow(`i${index}`, 'changes'));
    const limits = limitsOf({ entries: [], policy: { minInstances: null, maxInstances: { count: 0 } } });
    expect(fleetRefusals(limits, rows, null).map((one) => one.message)).toEqual([message]);
  });
});

describe('minInstances', () => {
  it.each([
    [3, 3, []],
    [3, 4, []],
    [3, 2, ['min-instances 2/3']],
    [1, 1, []],
  ])('%i of an inventory of %i: %j', (minInstances, entries, found) => {
    expect(refused({ minInstances }, { entries })).toEqual(found);
  });

  it('counts the whole inventory, including suspended entries', () => {
    expect(refused({ minInstances: 3 }, { entries: 3, suspended: 2 })).toEqual([]);
  });
});

describe('an empty selection', () => {
  it('is not refused, since there is nothing to do', () => {
    expect(refused({ minInstances: 3, maxInstances: { count: 0 } }, { entries: 1, rows: '' })).toEqual([]);
  });
});

describe('the limits of a shard', () => {
  const rows = 'changes changes changes';

  it.each([
    [9, 3, []],
    [7, 3, []],
    [6, 3, ['max-instances 3/2']],
    [1, 3, ['max-instances 3/1']],
    [1, 1000, ['max-instances 3/1']],
    [3, 1, []],
    [0, 3, ['max-instances 3/0']],
  ])('round up a share of maxInstances %i in one of %i shards', (count, shards, found) => {
    const shard = { index: 1, count: shards };
    expect(refused({ maxInstances: { count } }, { entries: 20, rows, shard })).toEqual(found);
  });

  it('use, for a percentage, a share of the limit of the whole inventory', () => {
    const shard = { index: 2, count: 2 };
    const half = { percent: 50, floor: 1 };
    // Half of ten is five, and half of that is three, rounded up.
    expect(refused({ maxInstances: half }, { entries: 12, suspended: 2, rows, shard })).toEqual([]);
    expect(refused({ maxInstances: half }, { entries: 8, rows, shard })).toEqual(['max-instances 3/2']);
  });

  it('keep minInstances unchanged', () => {
    const shard = { index: 2, count: 2 };
    expect(refused({ minInstances: 4 }, { entries: 4, shard })).toEqual([]);
    expect(refused({ minInstances: 5 }, { entries: 4, shard })).toEqual(['min-instances 4/5']);
  });
});

describe('maxInstances', () => {
  const quarter = { percent: 25, floor: 1 };
  const rows = (count: number) => Array.from({ length: count }, () => 'changes').join(' ');

  it.each([
    // In floating point, 0.29 * 100 is less than 29.
    ['a share', { percent: 29, floor: 1 }, { entries: 100, rows: rows(29) }, []],
    ['a share', { percent: 29, floor: 1 }, { entries: 100, rows: rows(30) }, ['max-instances 30/29']],
    ['a number', { count: 2 }, { entries: 9, rows: 'changes changes' }, []],
    ['a number', { count: 2 }, { entries: 9, rows: 'changes changes changes' }, ['max-instances 3/2']],
    ['zero', { count: 0 }, { entries: 9, rows: 'changes' }, ['max-instances 1/0']],
    ['a share, rounded down', quarter, { entries: 11, rows: 'changes changes' }, []],
    [
      'a share, rounded down',
      quarter,
      { entries: 11, rows: 'changes changes changes' },
      ['max-instances 3/2'],
    ],
    ['a share, at least one', quarter, { entries: 2, rows: 'changes' }, []],
    [
      'a share of the active instances',
      quarter,
      { entries: 8, suspended: 4, rows: 'changes changes' },
      ['max-instances 2/1'],
    ],
    [
      'instances without changes',
      { count: 1 },
      { entries: 9, rows: 'changes clean refused failed suspended invalid' },
      [],
    ],
    // A resumed run counts the instances that it has already changed.
    ['finished instances', { count: 1 }, { entries: 9, rows: 'done changes' }, ['max-instances 2/1']],
  ])('%s: %j with %j', (_what, maxInstances, fleet, found) => {
    expect(refused({ maxInstances }, fleet)).toEqual(found);
  });

  it('has no default', () => {
    expect(refused({}, { entries: 1, rows: 'changes changes changes' })).toEqual([]);
  });

  it('applies independently of minInstances', () => {
    expect(refused({ minInstances: 5, maxInstances: { count: 0 } }, { entries: 1, rows: 'changes' })).toEqual(
      ['max-instances 1/0', 'min-instances 1/5'],
    );
  });
});
