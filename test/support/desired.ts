import { resolveNames } from '../../src/desired/roles/resolve-roles.js';
import { noFindings } from '../../src/desired/findings.js';
import type { Findings } from '../../src/desired/findings.js';
import { matchRoles } from '../../src/desired/roles/match-roles.js';
import type { LoadedManifest, Manifest, ManifestGrants } from '../../src/manifest/manifest.js';
import { protectedGrants } from '../../src/model/admin-level.js';
import { dependenciesOf } from '../../src/model/closure.js';
import type { Dependencies } from '../../src/model/closure.js';
import type { Grant } from '../../src/model/grant.js';
import type { AcceptedDifference } from '../../src/model/policy.js';
import type { RoleKey } from '../../src/model/role.js';
import type { Snapshot } from '../../src/model/snapshot.js';
import { stateOf } from '../../src/model/state.js';
import type { LiveState } from '../../src/model/state.js';
import { exactGrants, loadedOf, WIDE_POLICY } from './arbitraries.js';
import { withPlaces } from './places.js';

/** The input of the steps that resolve the desired state, for one manifest and one snapshot. */
export interface ResolveContext {
  loaded: LoadedManifest;
  snapshot: Snapshot;
  live: LiveState;
  keys: ReadonlyMap<string, RoleKey>;
  byName: ReadonlyMap<string, RoleKey>;
  names: ReadonlyMap<RoleKey, string>;
  gone: ReadonlyMap<string, string | null>;
  deleted: ReadonlySet<RoleKey>;
  dependencies: Dependencies;
  adminLevel: ReadonlySet<Grant>;
  findings: Findings;
  now: string;
}

/** The context of a manifest whose places are its paths, without the results of matching. */
export function contextOf(parts: Partial<Manifest>, snapshot: Snapshot): ResolveContext {
  const loaded = withPlaces(loadedOf({ policy: WIDE_POLICY, ...parts }));
  const live = stateOf(snapshot);
  const match = matchRoles(loaded, snapshot.roles, noFindings());
  const { byName, names, gone } = resolveNames(live.roles, match, match.removed);
  return {
    loaded,
    snapshot,
    live,
    keys: match.keys,
    byName,
    names,
    gone,
    deleted: match.removed,
    dependencies: dependenciesOf(snapshot.catalogue),
    adminLevel: protectedGrants(snapshot.catalogue, null),
    findings: noFindings(),
    now: '2026-07-01T00:00:00.000Z',
  };
}

/** Codes of all findings, in the order problems, refusals, warnings. */
export function codesOf({ problems, refusals, warnings }: Findings): string[] {
  return [...problems, ...refusals, ...warnings].map(({ code }) => code);
}

/** A map of grants: exact unless `mode` is given. */
export function grantsMap(parts: Partial<ManifestGrants>): ManifestGrants {
  return { ...exactGrants(), ...parts };
}

/** An entry of accepted drift that is in force for long. */
export function acceptedEntry(parts: Partial<AcceptedDifference>): AcceptedDifference {
  return { role: null, what: 'members', people: null, reason: 'r', until: '2099-12-31', ...parts };
}
