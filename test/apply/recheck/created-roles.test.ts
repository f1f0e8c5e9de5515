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
  description?: string;
  /** Ids of the roles that were live before the earlier run. */
  knownIds?: readonly number[];
  lists?: readonly (readonly [id: string, grants: string[]])[];
}) {
  const world = applyWorld();
  const before = await world.snapshot();
  const on = changesOn(before);
  const lists = given.lists ?? (given.writesList ? [[LIST, END] as const] : []);
  const list = lists.map(([id, grants]) => on.grants('Copy', grants, { id }));
  const plan = planOf(before, [on.create('Copy'), ...list]);
  if (given.grants)
    world.state.roles.push({
      ...{ id: 900, name: given.name ?? 'Copy', description: given.description ?? '' },
      grants: given.grants,
    });
  const traces = Object.entries(given.traces);
  const resume = {
    ...replay([]),
    roleIds: new Set(given.knownIds),
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
    [
      'of an earlier run, set back to its start after its list was written',
      true,
      START,
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

  it('is not matched by its name if it is not the one that the earlier run created', async () => {
    const traces = { [CREATE]: { roleId: 800 } };
    expect(await found({ writesList: true, grants: START, traces })).toEqual({
      id: null,
      already: [],
      stale: 1,
    });
  });

  it('is not matched if another person created it with another description', async () => {
    const role = { writesList: true, grants: END, traces: {}, description: 'of another person' };
    expect(await found(role)).toEqual({ id: null, already: [], stale: 1 });
  });

  it('is not matched if it is older than the earlier run, and was renamed since', async () => {
    const role = { writesList: true, grants: START, traces: { [CREATE]: {} } };
    expect(await found({ ...role, knownIds: [900] })).toEqual({ id: null, already: [], stale: 1 });
  });

  it('is not matched if it was changed after the first of its lists was written', async () => {
    const lists = [[LIST, START] as const, ['second', END] as const];
    const traces = { [CREATE]: {}, [LIST]: { status: 'done' } } as const;
    expect(await found({ writesList: true, grants: OTHER, traces, lists })).toEqual({
      id: null,
      already: [],
      stale: 1,
    });
  });

  it('is not matched if it had the name before, which this plan gives to a new role', async () => {
    const world = applyWorld();
    const before = await world.snapshot();
    const on = changesOn(before);
    const { description, grants } = before.roles.find(({ name }) => name === 'Analyst')!;
    const create = { ...on.create('Copy', { description }), roleId: 'new:Analyst' } as const;
    const after = { ...create.after, name: 'Analyst', grants };
    const plan = planOf(before, [on.update('Analyst', 'Reader'), { ...create, after }]);
    const comparison = comparisonOf(plan, before, null);
    findCreated(comparison, dependenciesOf(before.catalogue));
    expect([comparison.createdRoleIds.size, comparison.already.size]).toEqual([0, 0]);
  });
});
