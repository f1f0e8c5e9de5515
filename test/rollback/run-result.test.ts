import { describe, expect, it } from '@jest/globals';
import type { Snapshot } from '../../src/model/snapshot.js';
import { runResult } from '../../src/rollback/run-result.js';
import type { RunResult } from '../../src/rollback/run-result.js';
import { liveRole, person, snapshotOf } from '../support/arbitraries.js';
import { allowlistSet, creation, defaultRoleSet, deletion } from '../support/changes.js';
import { grantsSet, move, rename } from '../support/changes.js';
import { runRecord } from '../support/run-record.js';
import type { Trace } from '../support/run-record.js';

const A = liveRole(100, 'A', ['a.view']);
const before = snapshotOf({ custom: [A], persons: [person(10, 100), person(11, 4)], allowlist: [4, 5] });
type Steps = Parameters<typeof runRecord>[1];
const resultOf = (steps: Steps, live: Snapshot = before): RunResult =>
  runResult(runRecord(before, steps), live);
const withNew = snapshotOf({ custom: [A, liveRole(900, 'New', ['c.use'])] });
const text = (name: string): { name: string; description: string } => ({ name, description: '' });

describe('the result of a run', () => {
  it.each<[string, Trace, unknown]>([
    ['was never sent', 'none', undefined],
    ['was sent, with an unknown result', 'sent', [['a.view'], ['b.view']]],
    ['failed after it was sent', 'failed', [['a.view'], ['b.view']]],
    ['is confirmed', 'done', [['b.view']]],
    ['was found done after it was sent', 'already', [['b.view']]],
  ])('for grants whose write %s', (_, trace, lists) => {
    const { grants } = resultOf([[grantsSet(100, ['a.view'], ['b.view']), trace]]);
    expect(grants.get(100)).toEqual(lists);
  });

  it('is empty for a change that was already live', () => {
    const run = runRecord(before, [[grantsSet(100, ['a.view'], ['b.view']), 'already']]);
    for (const trace of run.replay.changes.values()) trace.sent = false;
    expect(runResult(run, before).grants.size).toBe(0);
  });

  it.each<[string, Steps, (result: RunResult) => unknown, unknown]>([
    ['a text, done', [[rename(100, ['A', 'B']), 'done']], ({ texts }) => texts.get(100), [text('B')]],
    [
      'a text, unknown',
      [[rename(100, ['A', 'B']), 'sent']],
      ({ texts }) => texts.get(100),
      [text('A'), text('B')],
    ],
    [
      'two steps of a text, the second unknown',
      [
        [rename(100, ['A', '~'], 'temporary'), 'done'],
        [rename(100, ['~', 'B']), 'sent'],
      ],
      ({ texts }) => texts.get(100),
      [text('~'), text('B')],
    ],
    [
      'the text of a role that did not exist',
      [[rename(999, ['A', 'B']), 'done']],
      ({ texts }) => texts.size,
      0,
    ],
    [
      'two writes of grants, the second unknown',
      [
        [grantsSet(100, ['a.view'], [], 'before-moves'), 'done'],
        [grantsSet(100, [], ['b.view'], 'after-moves'), 'sent'],
      ],
      ({ grants }) => grants.get(100),
      [[], ['b.view']],
    ],
    ['a move, done', [[move(3, [10]), 'done']], ({ placements }) => [...placements], [[10, [3]]]],
    ['a move, unknown', [[move(3, [10]), 'sent']], ({ placements }) => [...placements], [[10, [100, 3]]]],
    [
      'a move to the previous role of a person',
      [[move(100, [10]), 'done']],
      ({ placements }) => placements.size,
      0,
    ],
    [
      'a move of a person who was not read',
      [[move(3, [77]), 'sent']],
      ({ placements }) => [...placements],
      [[77, [4, 3]]],
    ],
    ['a deletion, done', [[deletion(100, 'A'), 'done']], ({ deleted }) => [...deleted], [100]],
    ['a deletion, unknown', [[deletion(100, 'A'), 'sent']], ({ deleted }) => [...deleted], [100]],
    ['a deletion, never sent', [[deletion(100, 'A'), 'none']], ({ deleted }) => [...deleted], []],
    ['no settings', [], ({ settings }) => settings, [{ defaultRoleId: 4, allowlist: [4, 5] }]],
    [
      'a default role, done: it is on the allowlist too',
      [[defaultRoleSet(100), 'done']],
      ({ settings }) => settings,
      [{ defaultRoleId: 100, allowlist: [4, 5, 100] }],
    ],
    [
      'a default role, unknown',
      [[defaultRoleSet(100), 'sent']],
      ({ settings }) => settings,
      [
        { defaultRoleId: 4, allowlist: [4, 5] },
        { defaultRoleId: 100, allowlist: [4, 5, 100] },
      ],
    ],
    [
      'an allowlist, with Social and the default role',
      [[allowlistSet([100]), 'done']],
      ({ settings }) => settings,
      [{ defaultRoleId: 4, allowlist: [4, 5, 100] }],
    ],
    [
      'an allowlist that was turned off',
      [[allowlistSet(null), 'done']],
      ({ settings }) => settings,
      [{ defaultRoleId: 4, allowlist: 'off' }],
    ],
    [
      'both settings, each unknown: every combination',
      [
        [defaultRoleSet(100), 'sent'],
        [allowlistSet(null), 'sent'],
      ],
      ({ settings }) => settings,
      [
        { defaultRoleId: 4, allowlist: [4, 5] },
        { defaultRoleId: 4, allowlist: 'off' },
        { defaultRoleId: 100, allowlist: [4, 5, 100] },
        { defaultRoleId: 100, allowlist: 'off' },
      ],
    ],
  ])('for %s', (_, steps, look, expected) => expect(look(resultOf(steps))).toEqual(expected));
});

describe('a role that a run created', () => {
  const create = creation('New', ['c.use'], 'text');

  it('is found by the id in the journal', () => {
    const { created, texts, grants } = resultOf([[create, 'done', 900]]);
    expect([...created]).toEqual([[900, create]]);
    expect(texts.get(900)).toEqual([{ name: 'New', description: 'text' }]);
    expect(grants.get(900)).toEqual([['c.use']]);
  });

  it.each<[string, Trace, Snapshot, number[]]>([
    ['by its name, if the journal does not have the id', 'sent', withNew, [900]],
    ['not if no role has the name', 'sent', before, []],
    ['not if it is known that it was not created', 'failed', withNew, []],
    ['not if no request was sent', 'none', withNew, []],
  ])('is found %s', (_, trace, live, ids) => {
    expect([...resultOf([[create, trace]], live).created.keys()]).toEqual(ids);
  });

  it('is not an earlier role with the same name', () => {
    const run = runRecord(withNew, [[create, 'sent']]);
    expect(runResult(run, withNew).created.size).toBe(0);
    const moved = runRecord(withNew, [
      [create, 'sent'],
      [move('new:New', [10]), 'done'],
    ]);
    expect(runResult(moved, withNew).placements.size).toBe(0);
  });

  it('is found by its name among other new roles if the result of the create is unknown', () => {
    const live = snapshotOf({ custom: [A, liveRole(899, 'Else', []), liveRole(900, 'New', ['c.use'])] });
    expect([...resultOf([[create, 'sent']], live).created.keys()]).toEqual([900]);
  });

  it('does not belong to the run if it was already live and no create was sent', () => {
    const run = runRecord(before, [[create, 'already', 900]]);
    for (const trace of run.replay.changes.values()) trace.sent = false;
    expect(runResult(run, withNew).created.size).toBe(0);
  });

  it('starts with the grants of the plan, whatever is written to other roles', () => {
    const steps: Steps = [
      [create, 'done', 900],
      [grantsSet(100, ['a.view'], ['b.view']), 'done'],
    ];
    expect(resultOf(steps).grants.get(900)).toEqual([create.after.grants]);
  });

  it('is the target of later changes, even if it existed before', () => {
    const steps: Steps = [
      [create, 'done', 900],
      [grantsSet('new:New', ['c.use'], ['a.view']), 'done'],
      [move('new:New', [10]), 'done'],
      [defaultRoleSet('new:New'), 'done'],
    ];
    const { grants, placements, settings } = resultOf(steps);
    expect(grants.get(900)).toEqual([['a.view']]);
    expect(placements.get(10)).toEqual([900]);
    expect(settings).toEqual([{ defaultRoleId: 900, allowlist: [4, 5, 900] }]);
    const existing = runRecord(withNew, [
      [create, 'none'],
      [move('new:New', [10]), 'done'],
    ]);
    expect([...runResult(existing, withNew).placements]).toEqual([[10, [900]]]);
  });

  it.each<[string, Trace, Trace, unknown]>([
    ['any list, if the write of its own list was not done', 'done', 'none', 'any'],
    ['any list, if the write of its own list is unconfirmed', 'done', 'sent', 'any'],
    ['its own list, if its write was done', 'done', 'done', [['a.view']]],
  ])('holds %s', (_, created, written, expected) => {
    const steps: Steps = [
      [create, created, 900],
      [grantsSet('new:New', ['c.use'], ['a.view']), written],
    ];
    expect(resultOf(steps).grants.get(900)).toEqual(expected);
  });

  it('may have any grants if the result of the create is unknown', () => {
    expect(resultOf([[create, 'sent']], withNew).grants.get(900)).toBe('any');
  });

  it('makes later changes to it irrelevant if it cannot be found', () => {
    const steps: Steps = [
      [create, 'sent'],
      [grantsSet('new:New', ['c.use'], ['a.view']), 'done'],
      [move('new:New', [10]), 'done'],
      [defaultRoleSet('new:New'), 'done'],
      [allowlistSet(['new:New', 100]), 'done'],
    ];
    const { grants, placements, settings } = resultOf(steps);
    expect([grants.size, placements.size]).toEqual([0, 0]);
    expect(settings).toEqual([{ defaultRoleId: 4, allowlist: [4, 5, 100] }]);
  });
});
