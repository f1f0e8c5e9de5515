import { without } from '../model/closure.js';
import type { Dependencies } from '../model/closure.js';
import type { Grant } from '../model/grant.js';

/** How a list that was read differs from the wanted one. Both sorted; both empty: no difference. */
export interface GrantsDifference {
  missing: readonly Grant[];
  /** Held, not wanted, and not explained by what the wanted ones depend on. */
  extra: readonly Grant[];
}

/**
 * Compares what a role holds with what was set. Domo may add by itself what a grant depends on, so such
 * extras are no difference; nothing that was set may be missing.
 */
export function grantsDifference(
  held: readonly Grant[],
  wanted: readonly Grant[],
  deps: Dependencies,
): GrantsDifference {
  return { missing: without(wanted, held), extra: without(held, deps.closure(wanted)) };
}

/** Does the role hold what was set? */
export function holds(held: readonly Grant[], wanted: readonly Grant[], deps: Dependencies): boolean {
  const { missing, extra } = grantsDifference(held, wanted, deps);
  return missing.length === 0 && extra.length === 0;
}

/** The same list, grant by grant. Both sorted. */
export function sameGrants(one: readonly Grant[], other: readonly Grant[]): boolean {
  return one.length === other.length && one.every((grant, index) => grant === other[index]);
}

/**
 * May two readings be of the same list? A role's own list and the catalogue's matrix may differ in what
 * the grants depend on, since only one of them may show what Domo adds by itself.
 */
export function sameReading(one: readonly Grant[], other: readonly Grant[], deps: Dependencies): boolean {
  return without(one, deps.closure(other)).length === 0 && without(other, deps.closure(one)).length === 0;
}

/** A list of grants in a sentence: the first ones by name, the rest as a number. */
export function grantsText(grants: readonly Grant[], most = 8): string {
  const named = grants.slice(0, most).join(', ');
  return grants.length > most ? `${named} and ${grants.length - most} more` : named;
}

/** `a.b is still missing`, `its grants differ (missing: a.b; extra: c.d)`: the difference in words. */
export function grantsDifferenceText({ missing, extra }: GrantsDifference): string {
  const [first] = missing;
  if (missing.length === 1 && extra.length === 0) return `${first} is still missing`;
  const parts = [
    ...(missing.length ? [`missing: ${grantsText(missing)}`] : []),
    ...(extra.length ? [`extra: ${grantsText(extra)}`] : []),
  ];
  return `its grants differ (${parts.join('; ')})`;
}
