import type { FleetDocument, FleetRow } from '../../src/fleet/document.js';
import { openGroups } from '../../src/fleet/groups.js';
import { makeFleetDocument } from '../../src/fleet/make-document.js';
import { refusal } from '../../src/model/refusal.js';
import type { Change } from '../../src/plan/change.js';
import { creation } from './changes.js';
import { fleetRow } from './fleet-rows.js';

/** The counts of a row with a small plan. */
export const SUMMARY = { created: 1, deleted: 0, moved: 0, grantsAdded: 2, grantsRemoved: 0 };

/** A fleet document of these rows, with a group per plan. */
export function documentOf(
  rows: readonly FleetRow[],
  { plans = {}, ...rest }: Partial<FleetDocument> & { plans?: Record<string, readonly Change[]> } = {},
): FleetDocument {
  const groups = openGroups();
  for (const [instance, changes] of Object.entries(plans)) groups.add({ instance }, changes);
  const made = makeFleetDocument({
    ...{ command: 'plan', madeBy: '1.0.0', madeAt: '2026-01-01T00:00:00Z', fleet: 'customers' },
    inventory: {
      file: 'fleet.yaml',
      digest: 'sha256:0',
      instances: rows.length,
      minInstances: null,
      maxInstances: null,
    },
    selection: { flags: {}, digest: 'sha256:0', names: [], shard: null },
    ...{ refusals: [], waves: [], groups: groups.groups(rows), changesAre2: false, rows },
  });
  return { ...made, ...rest };
}

/** A document with a text in every place that others may write. */
export function documentWith(text: string): FleetDocument {
  const rows = [
    fleetRow('acme', 'failed', {
      because: text,
      problems: [{ code: 'http-error', message: text, file: text, line: 1, column: 1, hint: text }],
      labels: { tier: text },
    }),
    fleetRow('globex', 'changes', {
      summary: SUMMARY,
      protected: [{ grant: 'authorization.roles', title: text, people: [text] }],
    }),
  ];
  return documentOf(rows, {
    fleet: text,
    plans: { globex: [creation(text, ['dataset.export'], text)] },
    refusals: [refusal('max-instances', text, { hint: text })],
    waves: [{ name: 'canary', instances: 1, failures: 1, mayFail: 0, limit: 0, state: 'failed' }],
  });
}
