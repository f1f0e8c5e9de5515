import type { Catalogue, Grant } from '../../model/grant.js';
import { inFileOrder } from '../../model/in-file-order.js';
import type { PolicyFile } from '../../model/policy-overlay.js';
import { plainWhere, type Problem } from '../../problem/problem.js';
import { buildManifest } from '../build/build-manifest.js';
import type { ManifestDraft } from '../draft/draft.js';
import { ownGrants } from '../draft/role-grants.js';
import type { LoadedFiles } from '../files/loaded-files.js';
import type { LoadedManifest } from '../manifest.js';
import { checkDraftAgainst, checkPresence, type CatalogueUse } from '../rules/against-catalogue.js';
import { placeOf, type YamlMap } from '../yaml/yaml-values.js';
import { baseFiles, overlaidRoles } from './overlaid.js';

/** Drafts of loaded manifests and their base files, for later checks that need places. */
const drafts = new WeakMap<LoadedManifest, { draft: ManifestDraft; base: ReadonlySet<string> }>();

/** A manifest with its places, made from a valid draft. */
export function openLoaded(
  draft: ManifestDraft,
  root: YamlMap,
  rest: { collection: LoadedFiles; warnings: Problem[]; policyFile: PolicyFile | null },
): LoadedManifest {
  const { collection, warnings, policyFile } = rest;
  const manifest = buildManifest(draft, collection.files);
  const result: LoadedManifest = {
    manifest: policyFile ? { ...manifest, policyFile } : manifest,
    locate: (path) => (path.length === 0 ? draft.at : plainWhere(placeOf(root, path).at)),
    locateGrant: (role, grant) => {
      const grants = draft.roles.get(role)?.grants;
      const found = grants && ownGrants(draft, grants).find(({ value }) => value === grant);
      return found ? plainWhere(found.at) : null;
    },
    warnings,
  };
  drafts.set(result, { draft, base: baseFiles(collection.given) });
  return result;
}

/**
 * Compares a loaded manifest's grants with an instance: unknown grants are errors; missing dependencies and features that
 * may be off are warnings. In file order. `held` are grants of live roles: they count as known even if the catalogue
 * does not list them, and their features as on.
 */
export function checkAgainstCatalogue(
  loaded: LoadedManifest,
  catalogue: Catalogue,
  held?: ReadonlySet<Grant>,
): Problem[] {
  return compare(loaded, checkDraftAgainst, {
    catalogue,
    ...(held ? { isHeld: (grant) => held.has(grant) } : {}),
  });
}

/** The same without missing dependencies, which a plan reports itself: fast enough to run before every plan. */
export function checkGrantsPresent(
  loaded: LoadedManifest,
  catalogue: Catalogue,
  isHeld: (grant: Grant) => boolean,
): Problem[] {
  return compare(loaded, checkPresence, { catalogue, isHeld });
}

function compare(
  loaded: LoadedManifest,
  check: (draft: ManifestDraft, use: CatalogueUse) => Problem[],
  use: CatalogueUse,
): Problem[] {
  return inFileOrder(
    check(draftFrom(loaded).draft, use),
    loaded.manifest.files.map(({ path }) => path),
  );
}

/** The roles of a loaded manifest that a file or an overlay above the base changes. */
export function rolesAboveBase(loaded: LoadedManifest): ReadonlySet<string> {
  const { draft, base } = draftFrom(loaded);
  return overlaidRoles(draft, base);
}

function draftFrom(loaded: LoadedManifest): { draft: ManifestDraft; base: ReadonlySet<string> } {
  const found = drafts.get(loaded);
  if (!found) throw new TypeError('this manifest was not made by loadManifest');
  return found;
}
