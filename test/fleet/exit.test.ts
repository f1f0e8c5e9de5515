import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ROW_STATUSES } from '../../src/fleet/document.js';
import type { FleetCommand, RowStatus } from '../../src/fleet/document.js';
import { exitOfFleet, isWriting } from '../../src/fleet/exit.js';
import { fleetRow } from '../support/fleet-rows.js';
import { inputs } from '../support/law.js';

/** `done!` is a row that sent a write, `changes^` a row whose earlier attempt sent one. */
function exit(command: FleetCommand, rows: string, more: { refused?: boolean; changesAre2?: boolean } = {}) {
  const made = rows
    .split(' ')
    .filter((word) => word !== '')
    .map((word, index) =>
      fleetRow(`i${index}`, word.replace(/[!^]$/u, '') as RowStatus, {
        sent: word.endsWith('!'),
        attempts: word.endsWith('^')
          ? [{ status: 'incomplete', runId: null, sent: true, because: null }]
          : [],
      }),
    );
  return exitOfFleet({ command, rows: made, refused: false, changesAre2: false, ...more });
}

describe('the exit code of a fleet command that only reads', () => {
  it.each<[FleetCommand, string, number]>([
    ['plan', '', 0],
    ['plan', 'clean clean', 0],
    ['plan', 'suspended', 0],
    ['plan', 'changes clean', 0],
    ['plan', 'changes refused', 4],
    ['plan', 'refused invalid', 3],
    ['plan', 'refused invalid failed', 1],
    ['plan', 'invalid not-started', 1],
    ['plan', 'refused missing', 1],
    ['plan', 'clean not-started', 1],
    ['drift', 'drift clean', 2],
    ['drift', 'drift refused', 4],
    ['drift', 'drift invalid', 3],
    ['drift', 'drift failed', 1],
    ['drift', 'drift suspended', 2],
    ['doctor', 'clean failed', 1],
    ['export', 'clean suspended', 0],
  ])('%s with rows "%s": %i', (command, rows, code) => {
    expect(exit(command, rows)).toBe(code);
  });

  it.each([
    ['changes clean', 2],
    ['changes refused', 4],
    ['changes failed', 1],
    ['clean', 0],
  ])('plan --detailed-exitcode with rows "%s": %i', (rows, code) => {
    expect(exit('plan', rows, { changesAre2: true })).toBe(code);
  });

  it('is 4 when the fleet as a whole is refused, unless a row requires 1 or 3', () => {
    expect(exit('plan', 'changes changes', { refused: true })).toBe(4);
    expect(exit('plan', 'changes invalid', { refused: true })).toBe(3);
    expect(exit('plan', 'changes failed', { refused: true })).toBe(1);
  });
});

describe('the exit code of a fleet command that writes', () => {
  it.each<[string, number]>([
    ['', 0],
    ['clean suspended', 0],
    ['done! clean', 0],
    ['done! done! suspended', 0],
    // A write was sent, and not all changes are done.
    ['done! failed', 5],
    ['done! refused', 5],
    ['done! invalid', 5],
    ['done! not-started', 5],
    ['done! incomplete!', 5],
    ['incomplete!', 5],
    ['failed^', 5],
    ['done! missing', 5],
    ['clean missing', 5],
    // An earlier attempt sent a write, and all changes are done now.
    ['done^ clean', 0],
    ['clean^ clean', 0],
    // Nothing was written anywhere.
    ['failed clean', 1],
    ['refused clean', 4],
    ['invalid clean', 3],
    ['refused invalid failed', 1],
    // A row that did not start because of another row does not count.
    ['refused not-started', 4],
    ['invalid not-started', 3],
    ['not-started not-started', 1],
  ])('apply with rows "%s": %i', (rows, code) => {
    expect(exit('apply', rows)).toBe(code);
    expect(exit('rollback', rows.replace('missing', 'missing!'))).toBe(code);
  });

  it('is 1 for a rollback that was planned in shards of which one is lost', () => {
    expect(exit('rollback', 'changes missing')).toBe(1);
  });

  it('is 4 when the fleet as a whole is refused and nothing was sent', () => {
    expect(exit('apply', 'not-started clean', { refused: true })).toBe(4);
    expect(exit('apply', 'not-started done^', { refused: true })).toBe(5);
  });

  it('is 1, 3 or 4 only if nothing was written, and 0 only if everything is in place', () => {
    const rows = fc.array(
      fc.record({ status: fc.constantFrom(...ROW_STATUSES), sent: fc.boolean(), before: fc.boolean() }),
    );
    fc.assert(
      fc.property(rows, fc.boolean(), (drawn, refused) => {
        const made = drawn.map(({ status, sent, before }, index) =>
          fleetRow(`i${index}`, status, {
            sent,
            attempts: before ? [{ status: 'failed', runId: null, sent: true, because: null }] : [],
          }),
        );
        const code = exitOfFleet({ command: 'apply', rows: made, refused, changesAre2: false });
        const counted = made.filter(({ status }) => status !== 'suspended');
        const wrote = counted.some((row) => row.sent || row.attempts.length > 0 || row.status === 'missing');
        const inPlace = counted.every(({ status }) => status === 'done' || status === 'clean');
        if ([1, 3, 4].includes(code)) expect(wrote).toBe(false);
        if (code === 5) expect(wrote && !inPlace).toBe(true);
        if (wrote) expect(code).toBe(inPlace ? 0 : 5);
      }),
      { numRuns: inputs(100) },
    );
  });
});

describe('commands that write', () => {
  it.each<[FleetCommand, boolean]>([
    ['plan', false],
    ['drift', false],
    ['doctor', false],
    ['export', false],
    ['apply', true],
    ['rollback', true],
  ])('%s: %j', (command, writes) => {
    expect(isWriting(command)).toBe(writes);
  });
});
