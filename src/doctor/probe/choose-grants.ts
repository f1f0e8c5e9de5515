import { protectedGrants } from '../../model/admin-level.js';
import type { CatalogueEntry, Grant } from '../../model/grant.js';
import { knownDependencies } from '../../model/known-dependencies.js';
import type { Matrix } from './client.js';

/** Grants that a throwaway role may hold. Neither they nor their dependencies are protected or admin level. */
export interface HarmlessGrants {
  /** Depends on another harmless grant. */
  dependent: Grant;
  /** Neither depends on `dependent` nor is a dependency of it. */
  alone: Grant;
  /** All direct and indirect dependencies of a grant. */
  needs(grant: Grant): readonly Grant[];
  isHarmless(grant: Grant): boolean;
}

/** Chooses the harmless grants that most roles hold, as the least sensitive ones; null if there are none. */
export function chooseGrants(catalogue: readonly CatalogueEntry[], matrix: Matrix): HarmlessGrants | null {
  const forbidden = protectedGrants(catalogue, null);
  const known = new Set(catalogue.map(({ grant }) => grant));
  const isHarmless = (grant: Grant): boolean =>
    known.has(grant) && !forbidden.has(grant) && !grant.startsWith('authorization.');
  const needs = needsOf(catalogue);
  const harmless = byHolders(
    catalogue.map(({ grant }) => grant).filter((grant) => [grant, ...needs(grant)].every(isHarmless)),
    matrix,
  );
  const dependent = harmless.find((grant) => needs(grant).length > 0);
  if (dependent === undefined) return null;
  const alone = harmless.find(
    (grant) => needs(grant).length === 0 && grant !== dependent && !needs(dependent).includes(grant),
  );
  return alone === undefined ? null : { dependent, alone, needs, isHarmless };
}

/**
 * Looks up all direct and indirect dependencies of a grant. Unlike `dependenciesOf`, it keeps those that the catalogue does
 * not list, because a grant that needs one is not harmless.
 */
function needsOf(catalogue: readonly CatalogueEntry[]): (grant: Grant) => readonly Grant[] {
  const own = new Map(catalogue.map(({ grant, dependsOn }) => [grant, dependsOn]));
  const hasDependencies = catalogue.some(({ dependsOn }) => dependsOn.length > 0);
  return (grant) => {
    const all = new Set([grant]);
    // The iteration includes values that are added during it.
    for (const one of all) {
      const next = hasDependencies ? (own.get(one) ?? []) : knownDependencies(one);
      for (const needed of next) all.add(needed);
    }
    return [...all].slice(1);
  };
}

function byHolders(grants: readonly Grant[], matrix: Matrix): Grant[] {
  const holders = new Map<Grant, number>();
  for (const held of matrix.values())
    for (const grant of held) holders.set(grant, (holders.get(grant) ?? 0) + 1);
  return [...grants].sort((a, b) => (holders.get(b) ?? 0) - (holders.get(a) ?? 0));
}
