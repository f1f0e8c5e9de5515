import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ROW_STATUSES } from '../../src/fleet/document.js';
import type { FleetDocument } from '../../src/fleet/document.js';
import { editedPart } from '../../src/fleet/verify-document.js';
import { creation } from '../support/changes.js';
import { documentOf, SUMMARY } from '../support/fleet-documents.js';
import { fleetRow } from '../support/fleet-rows.js';
import { inputs } from '../support/law.js';

const COMMANDS: readonly FleetDocument['command'][] = ['plan', 'apply', 'drift', 'rollback'];

function made(names: readonly [string, FleetDocument['rows'][number]['status']][]): FleetDocument {
  const rows = names.map(([name, status]) =>
    fleetRow(name, status, { summary: SUMMARY, document: `instances/${name}/plan.json` }),
  );
  const selection = { flags: {}, digest: 'sha256:0', names: rows.map((row) => row.instance), shard: null };
  const plans = Object.fromEntries(rows.map((row) => [row.instance, [creation('Viewer', ['a.b'])]]));
  return documentOf(rows, { selection, plans });
}

const WHOLE = made([
  ['a', 'changes'],
  ['b', 'changes'],
]);
const [A, B] = WHOLE.rows as [FleetDocument['rows'][number], FleetDocument['rows'][number]];

describe('an unmodified fleet document', () => {
  it('is consistent, whatever the results of its instances', () => {
    const name = fc.stringMatching(/^[a-z]{1,4}$/u);
    const rows = fc.uniqueArray(fc.tuple(name, fc.constantFrom(...ROW_STATUSES)), {
      selector: ([one]) => one,
    });
    fc.assert(
      fc.property(rows, (drawn) => {
        expect(editedPart(made(drawn))).toBeNull();
      }),
      { numRuns: inputs(20) },
    );
  });

  it.each(COMMANDS)('keeps its counts as JSON: %s', (command) => {
    const document = { ...WHOLE, command };
    expect(editedPart(JSON.parse(JSON.stringify(document)) as FleetDocument)).toBeNull();
  });
});

describe('a modified fleet document', () => {
  it.each<[string, Partial<FleetDocument>, string]>([
    ['a row was removed', { rows: [A] }, 'the rows are not those of the selection'],
    ['a row is duplicated', { rows: [A, A, B] }, 'an instance has two rows'],
    [
      'a row is for an instance that was not selected',
      { rows: [A, { ...B, instance: 'c' }] },
      'the rows are not those of the selection',
    ],
    [
      'a row names the document of another instance',
      { rows: [A, { ...B, document: A.document }] },
      'the document of b is not its own',
    ],
    [
      'a row names a file outside',
      { rows: [{ ...A, document: '../../secret.json' }, B] },
      'the document of a is not its own',
    ],
    [
      'a status was changed',
      { rows: [{ ...A, status: 'clean' }, B] },
      'the groups do not follow from the rows',
    ],
    [
      'a status without a group was changed',
      { rows: [{ ...A, status: 'clean' }, B], groups: [] },
      'the counts do not follow from the rows',
    ],
    [
      'a total was changed',
      { summary: { ...WHOLE.summary, created: 99 } },
      'the counts do not follow from the rows',
    ],
    [
      'the exit code was changed',
      { summary: { ...WHOLE.summary, exit: 5 } },
      'the counts do not follow from the rows',
    ],
  ])('is rejected when %s', (_what, edit, part) => {
    expect(editedPart({ ...WHOLE, ...edit })).toBe(part);
  });
});
