import { describe, expect, it } from '@jest/globals';
import type { ChangeStatus } from '../../src/journal/entry.js';
import { endedIncomplete, settle, stopReason } from '../../src/apply/run.js';
import { ONE_OF_EACH, runOf } from '../support/apply-steps.js';
import { applyWorld } from '../support/apply-world.js';
import { asChangeId } from '../support/change-ids.js';

describe('the result of a change', () => {
  it.each<[ChangeStatus, boolean]>([
    ['done', true],
    ['already', true],
    ['failed', false],
    ['skipped', false],
    ['unknown', false],
  ])('%s: completed %s', async (status, completed) => {
    const { run, changes, entries } = await runOf(applyWorld(), [ONE_OF_EACH[1]![1]]);
    await settle(run, changes[0]!, { status, reason: 'why' });
    expect(endedIncomplete(run, changes[0]!.id)).toBe(!completed);
    expect(run.firstFailure).toBe(completed ? null : changes[0]!.id);
    expect(entries()).toMatchObject([
      { kind: 'confirmed', status, reason: 'why', because: null, roleId: null },
    ]);
  });

  it('of an id that is not in the plan is not incomplete', async () => {
    const { run } = await runOf(applyWorld(), []);
    expect(endedIncomplete(run, asChangeId('role.create:Other'))).toBe(false);
    expect(stopReason(run)).toBeNull();
  });

  it('that the journal cannot record stops the run', async () => {
    const { run, changes } = await runOf(applyWorld(), [ONE_OF_EACH[1]![1]], {
      journal: { append: () => Promise.reject(new Error('token=secret')) },
    });
    await settle(run, changes[0]!, { status: 'done' });
    expect(stopReason(run)).toBe('the journal cannot be written: an error inside domo-roles');
  });
});
