import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { exportManifest } from '../../src/export/export-manifest.js';
import type { Snapshot } from '../../src/model/snapshot.js';
import { anySnapshot, liveRole, snapshotOf } from '../support/arbitraries.js';
import { hostileSnapshot } from './hostile.js';
import { company, LAYOUTS, roundTrip } from './support.js';
import { inputs } from '../support/law.js';

const layout = fc.constantFrom(...LAYOUTS);

/** The same snapshot with every list in a different order. */
function shuffled(snapshot: Snapshot): Snapshot {
  return {
    ...snapshot,
    roles: snapshot.roles.map((role) => ({ ...role, grants: [...role.grants].reverse() })).reverse(),
    people: { ...snapshot.people, list: [...snapshot.people.list].reverse() },
    allowlist:
      typeof snapshot.allowlist === 'string' ? snapshot.allowlist : [...snapshot.allowlist].reverse(),
    catalogue: [...snapshot.catalogue].reverse(),
  };
}

describe('export, then plan', () => {
  it.each(LAYOUTS)('changes nothing of a realistic company, with the layout %j', async (options) => {
    const { plan, loaded, errors } = await roundTrip(company(), options);
    expect(plan.changes).toEqual([]);
    expect(plan.refusals).toEqual([]);
    expect(loaded.warnings).toEqual([]);
    expect(errors).toEqual([]);
    expect(loaded.manifest.roles.map(({ name }) => name)).toContain('Data Analyst');
  });

  it('changes nothing of any instance', async () => {
    await fc.assert(
      fc.asyncProperty(anySnapshot, layout, async (snapshot, options) => {
        const { plan, errors } = await roundTrip(snapshot, options);
        expect(plan.changes).toEqual([]);
        expect(plan.refusals).toEqual([]);
        expect(plan.unmanaged.roles).toEqual([]);
        expect(errors).toEqual([]);
      }),
      { numRuns: inputs(30) },
    );
  });

  it('changes nothing on an instance with only hostile texts', async () => {
    await fc.assert(
      fc.asyncProperty(hostileSnapshot, layout, async (snapshot, options) => {
        const { plan, errors } = await roundTrip(snapshot, options);
        expect(plan.changes).toEqual([]);
        expect(plan.refusals).toEqual([]);
        expect(errors).toEqual([]);
      }),
      { numRuns: inputs(40) },
    );
  });

  it('keeps descriptions with any blanks and line ends', async () => {
    const description = fc
      .string({ unit: fc.constantFrom(...'a:# -"\'\t\n\v\f\r\u0085\u00a0\u2028\ufeff'), maxLength: 10 })
      .map((text) => text.trim());
    await fc.assert(
      fc.asyncProperty(
        fc.array(description, { minLength: 8, maxLength: 8 }),
        layout,
        async (texts, options) => {
          const custom = texts.map((text, at) => ({ ...liveRole(100 + at, `R${at}`), description: text }));
          const { loaded, plan, errors } = await roundTrip(snapshotOf({ custom }), options);
          expect([plan.changes, plan.refusals, errors]).toEqual([[], [], []]);
          const wanted = new Map(loaded.manifest.roles.map((role) => [role.name, role.description]));
          for (const one of custom) expect(wanted.get(one.name) ?? '').toBe(one.description);
        },
      ),
      { numRuns: inputs(20) },
    );
  });

  it('manages everything that a manifest can express', async () => {
    const { loaded } = await roundTrip(company(), {});
    const listed = loaded.manifest.roles.flatMap(({ members }) => members?.users ?? []);
    const ordinary = company().people.list.filter(({ kind }) => kind === 'active' || kind === 'pending');
    expect(listed).toHaveLength(ordinary.length);
    const custom = loaded.manifest.roles.filter(({ grants }) => grants !== null);
    expect(custom.map(({ grants }) => grants?.mode)).toEqual(custom.map(() => 'exact'));
    expect(custom).toHaveLength(5);
  });
});

describe('two exports', () => {
  it('are the same bytes, regardless of the order of the lists', () => {
    fc.assert(
      fc.property(hostileSnapshot, layout, (snapshot, options) => {
        expect(exportManifest(shuffled(snapshot), options)).toEqual(exportManifest(snapshot, options));
      }),
    );
  });

  it('have files with different names within their folder, on every file system', () => {
    fc.assert(
      fc.property(hostileSnapshot, (snapshot) => {
        const paths = exportManifest(snapshot, { split: true, membersFiles: true }).map(({ path }) => path);
        expect(new Set(paths).size).toBe(paths.length);
        for (const path of paths) {
          expect(path).toMatch(/^domo-roles\/(?:members\/[a-z0-9-]+\.txt|[a-z0-9-]+\.yaml)$/u);
          expect(path).not.toMatch(/\/(?:con|prn|aux|nul|com\d|lpt\d)\./u);
          expect(path.length).toBeLessThan(120);
        }
      }),
    );
  });
});
