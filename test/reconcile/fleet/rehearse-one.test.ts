import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FleetDocument } from '../../../src/fleet/document.js';
import { readManifest } from '../../../src/reconcile/load-manifest.js';
import { applyFleet } from '../../../src/reconcile/fleet/apply-fleet.js';
import { openFleetRun } from '../../../src/reconcile/fleet/open-fleet-run.js';
import { reasonAgainst } from '../../../src/reconcile/fleet/rehearse-one.js';
import { openRuntime } from '../../../src/reconcile/runtime.js';
import { BASE, inventoryOf, statuses } from '../../support/fleet-stage.js';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'domo-roles-rehearse-'));
  await writeFile(join(cwd, 'base.yaml'), BASE);
  await writeFile(join(cwd, 'other.yaml'), BASE.replace(', content.export', ''));
  await writeFile(join(cwd, 'fleet.yaml'), inventoryOf({ acme: '{}' }));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

/** A dry run whose rehearsals plan this manifest again. */
async function dryRunThen(again: string): Promise<FleetDocument> {
  const run = await openFleetRun({
    ...{ command: 'dry-run' as const, inventory: 'fleet.yaml', cwd, folder: join(cwd, 'dry') },
    runtime: openRuntime(),
    access: ({ name }) => ({ target: { kind: 'sandbox', instance: name, folder: join(cwd, 'box', name) } }),
  });
  let reads = 0;
  const manifestOf: typeof run.manifestOf = (entry) =>
    (reads += 1) === 1 ? run.manifestOf(entry) : readManifest([again], cwd);
  const document = await applyFleet({ ...run, manifestOf, allOrNothing: false, dryRun: true });
  await run.close();
  return document;
}

describe('an instance of a dry run', () => {
  it('fails when a fresh plan after the rehearsal has changes', async () => {
    const document = await dryRunThen('other.yaml');
    expect(statuses(document)).toEqual(['acme failed']);
    expect(document.rows[0]).toMatchObject({
      ...{ exit: 1, sent: false, document: 'instances/acme/plan.json' },
      because: 'the rehearsal does not hold: a fresh plan has 1 change',
    });
    expect(document.summary.exit).toBe(1);
  });

  it('has changes when its rehearsal holds', async () => {
    expect(statuses(await dryRunThen('base.yaml'))).toEqual(['acme changes']);
  });
});

describe('the reason against a rehearsal', () => {
  type Facts = Parameters<typeof reasonAgainst>[0];
  const held = {
    ...{ holds: false, asPlanned: true, outcome: { changes: [] } },
    ...{ p1: { writes: 1, violations: [] }, again: { changes: [] } },
  };
  it.each([
    [{ holds: true }, null],
    [{ outcome: { changes: [{ status: 'failed', reason: 'it was refused' }] } }, 'it was refused'],
    [{ p1: { writes: 1, violations: [{}] } }, 'between two writes, people hold more than before or after'],
    [{ asPlanned: false }, 'the requests are not the ones of the plan'],
    [{ again: { changes: [{}, {}] } }, 'a fresh plan has 2 changes'],
    [{}, 'not every change is in place'],
  ])('%j', (facts, reason) => {
    expect(reasonAgainst({ ...held, ...facts } as unknown as Facts)).toBe(reason);
  });
});
