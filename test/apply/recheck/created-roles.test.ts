import { describe, expect, it } from '@jest/globals';
import { comparisonOf } from '../../../src/apply/recheck/comparison.js';
import { findCreated } from '../../../src/apply/recheck/created-roles.js';
import { checkNames } from '../../../src/apply/recheck/roles.js';
import { dependenciesOf } from '../../../src/model/closure.js';
import type { ChangeTrace } from '../../../src/journal/replay.js';
import { replay } from '../../../src/journal/replay.js';
import { asChangeId } from '../../support/change-ids.js';
import { applyWorld } from '../../support/apply-world.js';
import { changesOn, planOf } from '../../support/plans-for-apply.js';

const TRACE: ChangeTrace = {
  sent: true,
  status: null,
  roleId: null,
  create: null,
};
const CREATE = 'role.create:Copy';
const LIST = 'grants.set:Copy';

/** A live role of the plan, with its trace in the journal of an earlier run. */
async function found(given: {
  writesList: boolean;
  grants: string[] | null;
  traces: Readonly<Record<string, Partial<ChangeTrace>>>;
  name?: string;
}) {
  const world = applyWorld();
  const before = await world.snapshot();
  const on = changesOn(before);
  const list = given.writesList ? [on.grants('Copy', ['a.edit', 'a.view'])] : [];
  const plan = planOf(before, [on.create('Copy'), ...list]);
  if (given.grants)
    world.state.roles.push({ id: 900, name: given.name ?? 'Copy', description: '', grants: given.grants });
  const traces = Object.entries(given.traces);
  const resume = {
    ...replay([]),
    changes: new Map(traces.map(([id, trace]) => [asChangeId(id), { ...TRACE, ...trace }])),
  };
  const live = await world.snapshot();
  const comparison = comparisonOf(plan, live, resume);
  findCreated(comparison, dependenciesOf(live.catalogue));
  checkNames(comparison);
  const { stale, already, createdRoleIds } = comparison;
  return { id: createdRoleIds.get('new:Copy') ?? null, already: [...already].sort(), stale: stale.length };
}

const START = ['a.view'];
const END = ['a.edit', 'a.view'];
const OTHER = ['b.view'];

describe('a role that is live before the plan creates it', () => {
  it.each<
    [string, boolean, string[] | null, Record<string, Partial<ChangeTrace>>, number | null, string[], number]
  >([
    ['does not exist', true, null, {}, null, [], 0],
    ['of another person, incomplete', true, START, {}, null, [], 1],
    ['of another person, complete', true, END, {}, 900, [LIST, CREATE], 0],
    ['of another person, complete without its own list', false, START, {}, 900, [CREATE], 0],
    ['of an earlier run, with its start', true, START, { [CREATE]: {} }, 900, [CREATE], 0],
    ['of an earlier run, with any start', true, OTHER, { [CREATE]: {} }, 900, [CREATE], 0],
    ['of an earlier run, by its id', true, START, { [CREATE]: { roleId: 900 } }, 900, [CREATE], 0],
    ['of an earlier run, complete', true, END, { [CREATE]: {}, [LIST]: {} }, 900, [LIST, CREATE], 0],
    [
      'of an earlier run, changed after its list was written',
      true,
      OTHER,
      { [CREATE]: {}, [LIST]: { status: 'done' } },
      null,
      [],
      1,
    ],
    ['of an earlier run whose start is not set yet', false, OTHER, { [CREATE]: {} }, 900, [], 0],
    ['of an earlier run with its start set', false, START, { [CREATE]: {} }, 900, [CREATE], 0],
    [
      'of an earlier run, changed after its start was set',
      false,
      OTHER,
      { [CREATE]: { status: 'done' } },
      null,
      [],
      1,
    ],
  ])('%s', async (_, writesList, grants, traces, id, already, stale) => {
    expect(await found({ writesList, grants, traces })).toEqual({ id, already: [...already].sort(), stale });
  });

  it('is not matched if it was renamed since', async () => {
    const traces = { [CREATE]: { roleId: 900 } };
    expect(await found({ writesList: true, grants: START, traces, name: 'Mine' })).toMatchObject({
      id: null,
    });
  });
});
