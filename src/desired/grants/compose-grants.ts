import type { LoadedManifest, ManifestGrants, ManifestRole } from '../../manifest/manifest.js';
import { UNKNOWN_GRANT } from '../../manifest/rules/against-catalogue.js';
import type { Dependencies } from '../../model/closure.js';
import type { Grant } from '../../model/grant.js';
import { grantList } from '../../model/grant.js';
import { quotedName } from '../../model/quoted-name.js';
import type { ExistingRole, RoleKey } from '../../model/role.js';
import { suggestGrant } from '../../model/suggest.js';
import { problem } from '../../problem/problem.js';
import type { Where } from '../../problem/problem.js';
import { unknownRole } from '../findings.js';
import type { Findings, KnownNames } from '../findings.js';

/** The input of composing one list of grants. */
export interface ComposeContext {
  loaded: LoadedManifest;
  /** Live roles. */
  live: ReadonlyMap<RoleKey, ExistingRole>;
  /** End-state name → key, for all roles of the end state. */
  byName: ReadonlyMap<string, RoleKey>;
  gone: KnownNames['gone'];
  dependencies: Dependencies;
  /** Admin-level grants: never suggested instead of an unknown one. */
  adminLevel: ReadonlySet<Grant>;
  findings: Findings;
}

/** Composes the list of a role's grants: `from`, `add` and `optional` of each layer, without `remove`. */
export function composeGrants(
  { name, grants }: ManifestRole,
  context: ComposeContext,
  listOf: (key: RoleKey) => readonly Grant[],
): readonly Grant[] {
  if (!grants) return [];
  const { loaded, dependencies, byName, findings } = context;
  for (const source of grants.from)
    if (!byName.has(source))
      findings.problems.push(unknownRole(source, context, loaded.locate(fromEntryPath(name, source))));
  for (const grant of grants.add) reportUnknown(grant, { role: name, placeIn: grantPlace }, context);
  for (const grant of grants.remove) reportUnknown(grant, { role: name, placeIn: removePlace }, context);
  if (addsOnly(grants)) return grants.add;
  const all = new Set<Grant>();
  for (const layer of grants.layers ?? [grants]) {
    for (const source of layer.from) {
      const key = byName.get(source);
      if (key) for (const grant of listOf(key)) all.add(grant);
    }
    for (const grant of layer.add) all.add(grant);
    for (const grant of layer.optional) if (dependencies.has(grant)) all.add(grant);
    for (const grant of layer.remove) all.delete(grant);
  }
  return grantList(all);
}

/** Does a list have only `add`? */
export function addsOnly({ from, optional, remove }: ManifestGrants): boolean {
  return from.length + optional.length + remove.length === 0;
}

/** The place of the entry that gives a role a grant; of the key `grants` if no entry of this role does. */
export function grantPlace(loaded: LoadedManifest, role: string, grant: Grant): Where | null {
  return loaded.locateGrant(role, grant) ?? loaded.locate(['roles', role, 'grants']);
}

/** The place of the `remove` entry that names a grant. */
export function removePlace(loaded: LoadedManifest, role: string, grant: Grant): Where | null {
  return loaded.locate(['roles', role, 'grants', 'remove', grant]);
}

/** The path of an entry of `from`. */
export function fromEntryPath(role: string, source: string): readonly string[] {
  return ['roles', role, 'grants', 'from', source];
}

/** Reports a grant that is in no catalogue and no live role: the instance would reject it in the middle of a run. */
function reportUnknown(
  grant: Grant,
  { role, placeIn }: { role: string; placeIn: typeof grantPlace },
  { loaded, live, dependencies, adminLevel, findings }: ComposeContext,
): void {
  if (dependencies.has(grant)) return;
  for (const one of live.values()) if (one.grants.includes(grant)) return;
  const close = suggestGrant(grant, dependencies.listed, adminLevel);
  findings.problems.push(
    problem(
      'unknown-grant',
      `role ${quotedName(role)} names the grant ${quotedName(grant)}, which this instance does not have`,
      {
        where: placeIn(loaded, role, grant),
        hint: close ? `did you mean ${quotedName(close)}?` : UNKNOWN_GRANT,
      },
    ),
  );
}
