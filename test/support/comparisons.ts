import type { ComparisonDocument, ComparisonRow, RoleVariant } from '../../src/fleet/comparison.js';
import { NO_DIFFERENCE } from '../../src/fleet/compare-role.js';

/** A comparison of five instances with every kind of finding. `text` is part of every text that others may write. */
export function comparisonWith(text: string): ComparisonDocument {
  const name = `Viewer ${text}`.trim();
  const row = (
    instance: string,
    status: ComparisonRow['status'],
    rest: Partial<ComparisonRow> = {},
  ): ComparisonRow => ({
    ...{ instance, status, labels: { tier: text }, wave: 'rest', exit: 0, because: null, problems: [] },
    ...{ refusals: [], ms: 0, requests: 0, counts: null },
    ...rest,
  });
  const variant = (standing: RoleVariant['standing'], rest: Partial<RoleVariant>): RoleVariant => ({
    ...{ standing, present: true, asked: NO_DIFFERENCE, unasked: NO_DIFFERENCE, instances: [] },
    ...rest,
  });
  return {
    ...{ formatVersion: 1, kind: 'comparison', madeBy: '1.0.0', madeAt: '2026-01-31T08:15:00Z' },
    fleet: `customers ${text}`.trim(),
    inventory: {
      ...{ file: 'fleet.yaml', digest: `sha256:${'0a'.repeat(32)}`, instances: 6 },
      ...{ minInstances: null, maxInstances: null },
    },
    selection: { flags: {}, digest: `sha256:${'0b'.repeat(32)}`, names: [], shard: null },
    ...{ source: 'snapshots', base: `base ${text}.yaml` },
    summary: {
      ...{ instances: 6, asBase: 1, byOverlay: 1, differs: 2, unreadable: 1, notStarted: 0, suspended: 1 },
      ...{ roles: 2, rolesThatDiffer: 1, exit: 2 },
    },
    roles: [
      {
        ...{ role: name, copy: 1, inBase: true },
        variants: [
          variant('as-base', { instances: ['acme'] }),
          variant('by-overlay', { instances: ['globex'], asked: { ...NO_DIFFERENCE, added: ['b.export'] } }),
          variant('differs', {
            instances: ['hooli'],
            unasked: { ...NO_DIFFERENCE, added: ['a.admin'], description: text },
          }),
          variant('differs', {
            instances: ['wonka'],
            present: false,
            unasked: { ...NO_DIFFERENCE, presence: 'absent' },
          }),
        ],
      },
      {
        ...{ role: `Loose ${text}`.trim(), copy: 1, inBase: false },
        variants: [
          variant('unmanaged', { instances: ['acme'] }),
          variant('as-base', { instances: ['globex', 'hooli', 'wonka'], present: false }),
        ],
      },
    ],
    settings: [
      {
        ...{ setting: 'defaultRole', base: 'Participant' },
        variants: [
          { standing: 'as-base', value: 'Participant', instances: ['acme', 'globex', 'wonka'] },
          { standing: 'differs', value: name, instances: ['hooli'] },
        ],
      },
    ],
    rows: [
      ...[row('acme', 'clean'), row('globex', 'clean'), row('hooli', 'drift')],
      ...[
        row('initech', 'suspended', { because: text }),
        row('umbrella', 'failed', { because: `no answer ${text}` }),
      ],
      row('wonka', 'drift'),
    ],
  };
}
