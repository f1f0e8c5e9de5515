import type { Catalogue, Grant } from './grant.js';
import { grantList } from './grant.js';
import { oncePer } from './once.js';

/** What grants depend on by the catalogue, directly and through others. */
export interface Dependencies {
  /** The grants and all that they depend on, as far as the catalogue lists it. */
  closure(grants: Iterable<Grant>): ReadonlySet<Grant>;
  /** What one grant depends on directly, listed in the catalogue or not. */
  direct(grant: Grant): readonly Grant[];
  /** Of these, what the instance has. */
  needs(grant: Grant): readonly Grant[];
  /** Does the instance have this grant? */
  has(grant: Grant): boolean;
  /** All grants that the catalogue lists. */
  listed: readonly Grant[];
}

/** Dependencies of one catalogue. Circles are allowed. */
export const dependenciesOf = oncePer((catalogue: Catalogue): Dependencies => {
  const direct = new Map(catalogue.map((entry) => [entry.grant, entry.dependsOn]));
  const needs = new Map(
    [...direct].map(([grant, dependsOn]) => [grant, dependsOn.filter((need) => direct.has(need))]),
  );
  const whole = new Map<Grant, ReadonlySet<Grant>>();
  const of = (grant: Grant): ReadonlySet<Grant> => {
    const known = whole.get(grant);
    if (known) return known;
    const found = new Set<Grant>([grant]);
    // The loop also visits what is added to the set during it, each dependency once.
    for (const next of found) {
      for (const need of direct.get(next) ?? []) if (direct.has(need)) found.add(need);
    }
    whole.set(grant, found);
    return found;
  };
  return {
    closure: (grants) => {
      const all = new Set<Grant>();
      for (const grant of grants) for (const need of of(grant)) all.add(need);
      return all;
    },
    direct: (grant) => direct.get(grant) ?? [],
    needs: (grant) => needs.get(grant) ?? [],
    has: (grant) => direct.has(grant),
    listed: [...direct.keys()],
  };
});

/** The members of the first list that the second lacks; sorted. */
export function without(grants: Iterable<Grant>, taken: Iterable<Grant>): Grant[] {
  const set = taken instanceof Set ? (taken as ReadonlySet<Grant>) : new Set(taken);
  return grantList([...grants].filter((grant) => !set.has(grant)));
}

/** What both have; sorted. */
export function intersection(one: Iterable<Grant>, other: Iterable<Grant>): Grant[] {
  const set = other instanceof Set ? (other as ReadonlySet<Grant>) : new Set(other);
  return grantList([...one].filter((grant) => set.has(grant)));
}
