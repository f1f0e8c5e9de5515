import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ROW_STATUSES, isFailure } from '../../src/fleet/document.js';
import { makeFleetDocument, totalOf } from '../../src/fleet/make-document.js';
import type { FleetFacts } from '../../src/fleet/make-document.js';
import { blankRow } from '../../src/fleet/rows.js';
import { fleetRow } from '../support/fleet-rows.js';
import { inputs } from '../support/law.js';

const FACTS: FleetFacts = {
  command: 'plan',
  madeBy: '1.0.0',
  madeAt: '2026-01-01T00:00:00Z',
  fleet: 'customers',
  inventory: { file: 'fleet.yaml', digest: 'sha256:0', instances: 3, minInstances: null, maxInstances: null },
  selection: { flags: {}, digest: 'sha256:0', names: [], shard: null },
  refusals: [],
  waves: [],
  groups: [],
  changesAre2: false,
  rows: [],
};

describe('a fleet document', () => {
  it('has sorted rows, a count per status and their total', () => {
    const summary = { created: 1, deleted: 2, moved: 3, grantsAdded: 4, grantsRemoved: 5 };
    const rows = [
      fleetRow('b', 'changes', { summary }),
      fleetRow('a', 'changes', { summary }),
      fleetRow('c', 'failed'),
    ];
    const document = makeFleetDocument({ ...FACTS, rows });
    expect(document.rows.map(({ instance }) => instance)).toEqual(['a', 'b', 'c']);
    expect(document.summary).toMatchObject({ instances: 3, changes: 2, failed: 1, clean: 0, exit: 1 });
    expect(document.summary).toMatchObject({
      created: 2,
      deleted: 4,
      moved: 6,
      grantsAdded: 8,
      grantsRemoved: 10,
    });
  });

  it.each<[FleetFacts['command'], number]>([
    ['plan', 7],
    ['drift', 7],
    ['apply', 2],
    ['rollback', 2],
  ])(
    'of %s counts the changes of %i rows: when it writes, only those made or pending',
    (command, created) => {
      const summary = { created: 1, deleted: 0, moved: 0, grantsAdded: 0, grantsRemoved: 0 };
      const statuses = [
        'done',
        'changes',
        'incomplete',
        'refused',
        'failed',
        'not-started',
        'invalid',
      ] as const;
      const rows = statuses.map((status) => fleetRow(status, status, { summary }));
      expect(makeFleetDocument({ ...FACTS, command, rows }).summary.created).toBe(created);
    },
  );

  it('is the same for any order in which instances finish', () => {
    const rows = fc.uniqueArray(
      fc.record({ name: fc.stringMatching(/^[a-z]{1,4}$/u), status: fc.constantFrom(...ROW_STATUSES) }),
      { selector: ({ name }) => name },
    );
    fc.assert(
      fc.property(rows, (drawn) => {
        const made = drawn.map(({ name, status }) => fleetRow(name, status));
        expect(makeFleetDocument({ ...FACTS, rows: [...made].reverse() })).toEqual(
          makeFleetDocument({ ...FACTS, rows: made }),
        );
      }),
      { numRuns: inputs(30) },
    );
  });

  it.each(ROW_STATUSES)('counts %s as a failure if it is one', (status) => {
    const isSuccess = ['clean', 'changes', 'drift', 'done', 'suspended', 'not-started'].includes(status);
    expect(isFailure({ status })).toBe(!isSuccess);
  });

  it('adds nothing to the totals for rows without a plan', () => {
    expect(totalOf([{ summary: null }])).toEqual({
      created: 0,
      deleted: 0,
      moved: 0,
      grantsAdded: 0,
      grantsRemoved: 0,
    });
  });
});

describe('a row without any information', () => {
  it('has sorted labels, and null for unknown values', () => {
    const row = blankRow(
      {
        name: 'acme',
        labels: new Map([
          ['tier', 'test'],
          ['region', 'eu'],
        ]),
        wave: 'canary',
      },
      'suspended',
      'contract ended',
    );
    expect(Object.keys(row.labels)).toEqual(['region', 'tier']);
    expect(row).toMatchObject({
      instance: 'acme',
      wave: 'canary',
      because: 'contract ended',
      exit: null,
      summary: null,
      sent: false,
    });
  });
});
