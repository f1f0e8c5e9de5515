import type { Catalogue, Grant } from './grant.js';
import { grantSet } from './grant.js';
import { memoize } from './memoize.js';
import { inOrder } from './sort.js';

/** The dependencies between the grants of a catalogue, direct and transitive. */
export interface Dependencies {
  /**
   * The grants and everything that they depend on, transitively, as far as the catalogue lists it. Computed once per list,
   * which must not change afterwards.
   */
  closure(grants: readonly Grant[]): ReadonlySet<Grant>;
  /** The direct dependencies of one grant, whether the catalogue lists them or not. */
  direct(grant: Grant): readonly Grant[];
  /** The direct dependencies of one grant that the instance has. */
  needs(grant: Grant): readonly Grant[];
  /** Does the instance have this grant? */
  has(grant: Grant): boolean;
  /** All grants that the catalogue lists. */
  listed: readonly Grant[];
}

/** Dependencies of one catalogue. Circles are allowed. */
export const dependenciesOf = memoize((catalogue: Catalogue): Dependencies => {
  const direct = new Map(catalogue.map((entry) => [entry.grant, entry.dependsOn]));
  const needs = new Map(
    [...direct].map(([grant, dependsOn]) => [grant, dependsOn.filter((need) => direct.has(need))]),
  );
  const closures = new Map<Grant, ReadonlySet<Grant>>();
  const dependenciesOfGrant = (grant: Grant): ReadonlySet<Grant> => {
    const known = closures.get(grant);
    if (known) return known;
    const found = new Set<Grant>([grant]);
    // Iterating a set also visits members added meanwhile, so this reaches each dependency once.
    for (const next of found) {
      for (const need of direct.get(next) ?? []) if (direct.has(need)) found.add(need);
    }
    closures.set(grant, found);
    return found;
  };
  const closureOfList = memoize((grants: readonly Grant[]): ReadonlySet<Grant> => {
    const all = new Set<Grant>();
    for (const grant of grants) for (const need of dependenciesOfGrant(grant)) all.add(need);
    return all;
  });
  return {
    closure: (grants) =>
      grants.length === 1 ? dependenciesOfGrant(grants[0] as Grant) : closureOfList(grants),
    direct: (grant) => direct.get(grant) ?? [],
    needs: (grant) => needs.get(grant) ?? [],
    has: (grant) => direct.has(grant),
    listed: [...direct.keys()],
  };
});

/** The grants of the first list that the second lacks; sorted. */
export function grantsWithout(grants: Iterable<Grant>, taken: Members): Grant[] {
  const set = membersOf(taken);
  return inOrder([...grants].filter((grant) => !set.has(grant)));
}

/** The grants that are in both lists; sorted. */
export function intersection(one: Iterable<Grant>, other: Members): Grant[] {
  const set = membersOf(other);
  return inOrder([...one].filter((grant) => set.has(grant)));
}

/** Do two lists hold the same grants? Each must name a grant once; their order does not matter. */
export function isSameList(one: readonly Grant[], other: readonly Grant[]): boolean {
  return one.length === other.length && grantsWithout(one, other).length === 0;
}

/** A list or a set of grants. A list must not change afterwards, because its set is kept; see `grantSet`. */
type Members = readonly Grant[] | ReadonlySet<Grant>;

function membersOf(grants: Members): ReadonlySet<Grant> {
  return grants instanceof Set ? (grants as ReadonlySet<Grant>) : grantSet(grants as readonly Grant[]);
}
