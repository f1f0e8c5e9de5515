import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'yaml';
import { exportManifest } from '../../src/export/export-manifest.js';
import { fleetFiles } from '../../src/export/fleet/fleet-files.js';
import type { FleetSnapshot } from '../../src/export/fleet/fleet-files.js';
import { loadManifest } from '../../src/manifest/load/load.js';
import type { LoadedManifest } from '../../src/manifest/manifest.js';
import type { CatalogueEntry } from '../../src/model/grant.js';
import type { Person } from '../../src/model/person.js';
import type { LiveRole, Snapshot } from '../../src/model/snapshot.js';
import { liveRole, person, snapshotOf } from '../support/arbitraries.js';
import { inputs } from '../support/law.js';
import { anyInstances, similarInstances } from './estates.js';
import { company, planOf } from './support.js';

const GRANTS_OF_COMPANY = company().roles.flatMap(({ name, grants }) =>
  name === 'Data Analyst' ? grants : [],
);

/** Roles without people. */
const EMPTY = (...names: string[]): Record<string, unknown> =>
  Object.fromEntries(names.map((name) => [name, { members: { mode: 'exact', users: [] } }]));

function fleetSnapshotsOf(snapshots: readonly Snapshot[]): FleetSnapshot[] {
  return snapshots.map((snapshot, index) => {
    const name = `i${index}`;
    return { name, snapshot: { ...snapshot, instance: name }, labels: {} };
  });
}

/** Writes a fleet and loads the manifest of each instance as the command would. */
async function loadFleet(instances: readonly FleetSnapshot[]): Promise<LoadedManifest[]> {
  const cwd = await realpath(await mkdtemp(join(tmpdir(), 'domo-roles-init-')));
  try {
    for (const { path, text } of fleetFiles('fleet', instances)) {
      await mkdir(dirname(join(cwd, path)), { recursive: true });
      await writeFile(join(cwd, path), text, { flag: 'wx' });
    }
    return await Promise.all(instances.map(({ name }) => loadManifest([`instances/${name}.yaml`], { cwd })));
  } finally {
    await rm(cwd, { recursive: true });
  }
}

async function expectEmptyPlans(instances: readonly FleetSnapshot[]): Promise<void> {
  const loaded = await loadFleet(instances);
  loaded.forEach((manifest, index) => {
    const { snapshot } = instances[index] as FleetSnapshot;
    const plan = planOf(manifest, snapshot);
    expect(manifest.warnings).toEqual([]);
    expect(plan.changes).toEqual([]);
    expect(plan.refusals).toEqual([]);
  });
}

/** The text of a file. */
function textOf(instances: readonly FleetSnapshot[], path: string): string {
  return fleetFiles('fleet', instances).find((file) => file.path === path)?.text ?? '';
}

/** The roles of a file. */
function rolesOf(instances: readonly FleetSnapshot[], path: string): Record<string, unknown> {
  const document = parse(textOf(instances, path)) as { roles?: Record<string, unknown> };
  return document.roles ?? {};
}

describe('a fleet from snapshots', () => {
  it('plans no changes on every instance of any fleet', async () => {
    await fc.assert(
      fc.asyncProperty(anyInstances, async (snapshots) => expectEmptyPlans(fleetSnapshotsOf(snapshots))),
      { numRuns: inputs(40) },
    );
  });

  it('plans no changes on instances that differ little', async () => {
    await fc.assert(
      fc.asyncProperty(similarInstances(8), async (snapshots) =>
        expectEmptyPlans(fleetSnapshotsOf(snapshots)),
      ),
      { numRuns: inputs(4) },
    );
  });
});

describe('the layers of a fleet', () => {
  const GRANTS = ['a.view', 'b.view'];
  const at = (name: string, role: readonly LiveRole[], ...people: Person[]): FleetSnapshot => ({
    name,
    snapshot: snapshotOf({ instance: name, custom: role, persons: people }),
    labels: {},
  });
  const viewer = (...grants: string[]): LiveRole => liveRole(101, 'Viewer', grants);

  it('keep exactly shared parts in the base, and inherit the rest', () => {
    const instances = [
      at('acme', [viewer(...GRANTS, 'b.export'), liveRole(102, 'Same', ['c.use'])]),
      at('globex', [liveRole(205, 'Same', ['c.use']), viewer(...GRANTS)]),
      at('hooli', [viewer(...GRANTS), liveRole(102, 'Same', ['c.use']), liveRole(103, 'Own', ['b.edit'])]),
    ];
    expect(rolesOf(instances, 'base.yaml')).toEqual({
      Admin: { members: ['p1@acme.com'] },
      ...EMPTY('Privileged', 'Editor', 'Social'),
      Same: { grants: ['c.use'], members: { mode: 'exact', users: [] } },
      Viewer: { grants: GRANTS, members: { mode: 'exact', users: [] } },
    });
    expect(rolesOf(instances, 'instances/acme.yaml')).toEqual({
      Viewer: { grants: { inherit: true, add: ['b.export'] } },
    });
    expect(rolesOf(instances, 'instances/globex.yaml')).toEqual({});
    expect(rolesOf(instances, 'instances/hooli.yaml')).toEqual({
      Own: { grants: ['b.edit'], members: { mode: 'exact', users: [] } },
    });
  });

  it('leave out of the base parts that one instance lacks', () => {
    const instances = [
      at('acme', [viewer('a.view', 'b.view')]),
      at('globex', [viewer('a.view')]),
      at('hooli', [viewer('a.view', 'b.view'), liveRole(9, 'Other', ['c.use'])]),
      at('initech', [viewer('a.view', 'b.view'), liveRole(9, 'Other', ['c.use'])]),
    ];
    expect(rolesOf(instances, 'base.yaml')).toMatchObject({ Viewer: { grants: ['a.view'] } });
    expect(rolesOf(instances, 'base.yaml')).not.toHaveProperty('Other');
    expect(rolesOf(instances, 'instances/acme.yaml')).toEqual({
      Viewer: { grants: { inherit: true, add: ['b.view'] } },
    });
  });

  it('share people by address, and never an id', () => {
    const [first, second] = [
      { ...person(7, 101), email: null },
      { ...person(8, 101), email: 'ana@vendor.com' },
    ];
    const instances = [
      at('acme', [viewer('a.view')], first, second),
      at('globex', [viewer('a.view')], first, second, { ...person(9, 101), email: 'bo@globex.com' }),
    ];
    expect(rolesOf(instances, 'base.yaml')).toMatchObject({ Viewer: { members: ['ana@vendor.com'] } });
    expect(rolesOf(instances, 'instances/acme.yaml')).toEqual({
      Viewer: { members: { inherit: true, users: [{ id: 7 }] } },
    });
    expect(rolesOf(instances, 'instances/globex.yaml')).toEqual({
      Viewer: { members: { inherit: true, users: ['bo@globex.com', { id: 7 }] } },
    });
  });

  it('write a separate file for parts that many but not all share', () => {
    const big = liveRole(101, 'Viewer / "x"', GRANTS_OF_COMPANY);
    const { catalogue } = company();
    const instances = Array.from({ length: 12 }, (_, index) => {
      const one = at(`i${String(index).padStart(2, '0')}`, index === 3 ? [] : [big]);
      return { ...one, snapshot: { ...one.snapshot, catalogue } };
    });
    const paths = fleetFiles('fleet', instances).map(({ path }) => path);
    expect(paths.slice(0, 4)).toEqual([
      'fleet.yaml',
      'base.yaml',
      'shared/viewer-x.yaml',
      'instances/i00.yaml',
    ]);
    expect(textOf(instances, 'shared/viewer-x.yaml')).toContain(
      '\n#\n# What 11 of the 12 instances share.\n\napiVersion',
    );
    expect(textOf(instances, 'instances/i00.yaml')).toContain(
      'extends:\n  - ../base.yaml\n  - ../shared/viewer-x.yaml\n',
    );
    expect(textOf(instances, 'instances/i03.yaml')).toContain('extends: ../base.yaml\n');
  });

  it('write roles with near names, and their ids, only for their instance', () => {
    const pair = [liveRole(101, 'Viewer', ['a.view']), liveRole(102, 'viewer', ['b.view'])];
    const instances = [at('acme', pair), at('globex', [viewer('a.view')])];
    expect(rolesOf(instances, 'base.yaml')).not.toHaveProperty('Viewer');
    expect(rolesOf(instances, 'instances/acme.yaml')).toMatchObject({
      Viewer: { id: 101, grants: ['a.view'] },
      viewer: { id: 102, grants: ['b.view'] },
    });
  });

  it('leave out two roles with the same name, and report them', async () => {
    const twins = [liveRole(101, 'Viewer', ['a.view']), liveRole(102, 'Viewer', ['b.view'])];
    const instances = [at('acme', twins), at('globex', [viewer('a.view')])];
    expect(rolesOf(instances, 'base.yaml')).not.toHaveProperty('Viewer');
    expect(textOf(instances, 'instances/acme.yaml')).toContain(
      '# - role "Viewer" (id 101): another live role has the same name',
    );
    await expectEmptyPlans(instances);
  });

  it('keep a shared default role and allowlist in the base, and others in the file of their instance', () => {
    const [acme, globex] = [at('acme', []), at('globex', [])];
    const other = { ...globex, snapshot: { ...globex.snapshot, allowlist: [4, 5] } };
    expect(textOf([acme, other], 'base.yaml')).toContain('\ndefaultRole: Participant\n');
    expect(textOf([acme, other], 'base.yaml')).not.toContain('allowlist');
    expect(textOf([acme, other], 'instances/globex.yaml')).toContain(
      'allowlist:\n  - Participant\n  - Social\n',
    );
    expect(textOf([acme, globex], 'base.yaml')).toContain('\nallowlist: off\n');
  });

  it('are the same bytes for any order of the snapshots', () => {
    const instances = [at('acme', [viewer('a.view')]), at('globex', [viewer('b.view')]), at('hooli', [])];
    expect(fleetFiles('fleet', [...instances].reverse())).toEqual(fleetFiles('fleet', instances));
  });

  it('look like hand-written files', () => {
    const instances = [
      { ...at('acme', [viewer(...GRANTS, 'b.export')]), labels: { tier: 'production', region: 'eu' } },
      at('globex', [viewer(...GRANTS)]),
    ];
    expect(textOf(instances, 'fleet.yaml')).toBe(
      [
        '# yaml-language-server: $schema=https://domo-roles.dev/schemas/inventory.v1.schema.json',
        '#',
        '# The instances of this fleet. Give them labels to select them by, and waves to apply in.',
        '# A plan of it finds nothing to change now. Plan it again after every edit.',
        '',
        'apiVersion: domo-roles/v1',
        'kind: Fleet',
        'name: fleet',
        '',
        '# What each instance has in addition to base.yaml.',
        'manifest: instances/{name}.yaml',
        '',
        'instances:',
        '  acme:',
        '    labels: { tier: production, region: eu }',
        '  globex: {}',
        '',
      ].join('\n'),
    );
    expect(textOf(instances, 'instances/acme.yaml')).toBe(
      [
        '# yaml-language-server: $schema=https://domo-roles.dev/schemas/manifest.v1.schema.json',
        '',
        'apiVersion: domo-roles/v1',
        'kind: Roles',
        'instance: acme',
        'extends: ../base.yaml',
        '',
        'roles:',
        '  Viewer:',
        '    grants:',
        '      inherit: true',
        '      add: [b.export]',
        '',
      ].join('\n'),
    );
  });
});

describe('the files of sixty instances', () => {
  const lengths = (snapshots: readonly Snapshot[]): { ratio: number } => {
    const instances = fleetSnapshotsOf(snapshots);
    const files = fleetFiles('fleet', instances);
    const own = files.slice(1).reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
    const exported = instances
      .flatMap(({ snapshot }) => exportManifest(snapshot))
      .reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
    return { ratio: own / exported };
  };

  it('are shorter than their exports if they differ from one in at most a fifth of their roles', () => {
    fc.assert(
      fc.property(similarInstances(60), (snapshots) => {
        const { ratio } = lengths(snapshots);
        expect(ratio).toBeLessThan(1);
      }),
      { numRuns: inputs(2) },
    );
  });

  it('are at most 1.1 times as long if roles share one grant and have long lists', () => {
    const names = Array.from({ length: 80 }, (_, index) => `g${index}`);
    const catalogue = names.map((grant) => ({
      ...(company().catalogue[0] as CatalogueEntry),
      grant,
      group: '',
    }));
    const instances = Array.from({ length: 12 }, (_, one) => {
      const own = (at: number): string[] => names.filter((__, index) => (index * 7 + one + at) % 8 === 1);
      const custom = Array.from({ length: 80 }, (__, at) => liveRole(100 + at, `R${at}`, ['g0', ...own(at)]));
      const persons = custom.map(({ id }) => ({ ...person(id, id), email: `p${id}@i${one}.com` }));
      return snapshotOf({ custom, persons, catalogue });
    });
    expect(lengths(instances).ratio).toBeLessThanOrEqual(1.1);
  });

  it('are at most 1.1 times as long for any instances', () => {
    fc.assert(
      fc.property(fc.array(anyInstances, { minLength: 15, maxLength: 20 }), (estates) => {
        const { ratio } = lengths(estates.flat());
        expect(ratio).toBeLessThanOrEqual(1.1);
      }),
      { numRuns: inputs(3) },
    );
  });
});
