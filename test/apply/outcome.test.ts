import { describe, expect, it } from '@jest/globals';
import { nothingToDo, summarise } from '../../src/apply/outcome.js';
import { CHANGE_STATUSES } from '../../src/journal/entry.js';
import { emptyPlan } from '../support/plan-builder.js';

describe('the summary of an outcome', () => {
  it.each(CHANGE_STATUSES)('counts %s', (status) => {
    const none = { done: 0, already: 0, failed: 0, skipped: 0, unknown: 0 };
    expect(summarise([{ status }, { status }])).toEqual({ ...none, changes: 2, [status]: 2 });
  });

  it('of a plan without changes is zero, without a run', () => {
    const outcome = nothingToDo(emptyPlan(), '2026-01-31T08:15:00.000Z');
    expect(outcome).toMatchObject({ runId: 'none', dryRun: false, changes: [], summary: summarise([]) });
    expect(Object.values(outcome.summary)).toEqual([0, 0, 0, 0, 0, 0]);
  });
});
