import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { exportManifest, type ExportOptions } from '../../src/export/export-manifest.js';
import type { ExportedFile } from '../../src/export/export-manifest.js';
import { loadManifest } from '../../src/manifest/load/load.js';
import type { LoadedManifest } from '../../src/manifest/manifest.js';
import { byCodeUnit } from '../../src/model/sort.js';
import { grantList } from '../../src/model/grant.js';
import type { LiveRole, Snapshot } from '../../src/model/snapshot.js';
import { makePlan } from '../../src/plan/make-plan.js';
import type { Plan } from '../../src/plan/plan.js';
import { makeState, seedState, type StateSize } from '../../src/sandbox/seed.js';
import type { SandboxState } from '../../src/sandbox/state.js';
import { checkAgainstCatalogue } from '../../src/manifest/load/loaded-manifest.js';

/** Every layout of an export. */
export const LAYOUTS: readonly ExportOptions[] = [
  {},
  { split: true },
  { membersFiles: true },
  { split: true, membersFiles: true },
  { compact: true },
  { split: true, membersFiles: true, compact: true },
];

/** Writes files into a new folder, loads them as a manifest as the command would, and cleans up. */
export async function loadFiles(files: readonly ExportedFile[]): Promise<LoadedManifest> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'domo-roles-export-')));
  try {
    for (const { path, text } of files) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text, { flag: 'wx' });
    }
    return await loadManifest([], { cwd: folder });
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The plan of a manifest for an instance. */
export function planOf(loaded: LoadedManifest, snapshot: Snapshot): Plan {
  return makePlan(loaded, snapshot, {
    now: '2026-01-01T00:00:00.000Z',
    version: '0',
    requestsFor: () => [],
  });
}

/** Exports, loads and plans: the plan, the warnings of `validate`, and the errors with a catalogue file. */
export async function roundTrip(
  snapshot: Snapshot,
  options: ExportOptions,
): Promise<{ plan: Plan; loaded: LoadedManifest; errors: string[] }> {
  const loaded = await loadFiles(exportManifest(snapshot, options));
  const errors = checkAgainstCatalogue(loaded, snapshot.catalogue).filter((one) => one.severity === 'error');
  return { loaded, plan: planOf(loaded, snapshot), errors: errors.map(({ message }) => message) };
}

/** The snapshot of a sandbox's state, of an instance called `acme`. */
function snapshotOfState(state: SandboxState): Snapshot {
  const exists = new Set(state.authorities.map(({ authority }) => authority));
  return {
    instance: 'acme',
    sandbox: false,
    me: { id: state.users[0]?.id ?? 1, email: state.users[0]?.email ?? null, name: 'me' },
    roles: state.roles
      .map(({ id, name, description, authorities }): LiveRole => ({
        id,
        name,
        description: description ?? '',
        grants: grantList(authorities.filter((grant) => exists.has(grant))),
        userCount: null,
        grantCount: null,
      }))
      .sort((a, b) => a.id - b.id),
    people: {
      scope: 'all',
      list: state.users
        .filter(({ deleted }) => !deleted)
        .map((user) => ({
          id: user.id,
          email: user.email,
          name: user.displayName,
          roleId: user.roleId,
          kind: user.isSystemUser
            ? ('system' as const)
            : user.isSupport
              ? ('support' as const)
              : user.isPending
                ? ('pending' as const)
                : ('active' as const),
        }))
        .sort((a, b) => a.id - b.id),
    },
    defaultRoleId: state.settings.defaultRoleId,
    allowlist: state.settings.allowlistRoleIds ?? 'off',
    catalogue: state.authorities
      .map((entry) => ({
        grant: entry.authority,
        title: entry.title,
        group: entry.authorityUIGroup,
        dependsOn: entry.dependsOnAuthorities ?? [],
        adminLevel: entry.adminLevel,
        features: entry.features,
      }))
      .sort((a, b) => byCodeUnit(a.grant, b.grant)),
  };
}

/** The company of a new sandbox. */
export function company(): Snapshot {
  return snapshotOfState(seedState());
}

/** An instance of any size. */
export function instanceOfSize(size: StateSize): Snapshot {
  return snapshotOfState(makeState(size));
}
