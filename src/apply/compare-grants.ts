import { grantsWithout } from '../model/closure.js';
import type { Dependencies } from '../model/closure.js';
import type { Grant } from '../model/grant.js';
import { shortenedList } from '../model/shortened-list.js';

/** The difference between live and wanted grants. Both lists are sorted, and empty if there is no difference. */
interface GrantsDifference {
  missing: readonly Grant[];
  /** Held, not wanted, and not a dependency of a wanted grant. */
  extra: readonly Grant[];
}

/**
 * Compares the grants of a role with the grants that were set. Dependencies of wanted grants are not extra, because
 * Domo may add them.
 */
export function grantsDifference(
  held: readonly Grant[],
  wanted: readonly Grant[],
  deps: Dependencies,
): GrantsDifference {
  return { missing: grantsWithout(wanted, held), extra: grantsWithout(held, deps.closure(wanted)) };
}

/** Does the role hold the wanted grants? */
export function holds(held: readonly Grant[], wanted: readonly Grant[], deps: Dependencies): boolean {
  const { missing, extra } = grantsDifference(held, wanted, deps);
  return missing.length === 0 && extra.length === 0;
}

/** Are these lists equal? Both must be sorted. */
export function sameGrants(one: readonly Grant[], other: readonly Grant[]): boolean {
  return one.length === other.length && one.every((grant, index) => grant === other[index]);
}

/**
 * Can two readings come from the same list? A role's own list and the catalogue's matrix may differ in dependencies,
 * because Domo may add these to only one of them.
 */
export function sameReading(one: readonly Grant[], other: readonly Grant[], deps: Dependencies): boolean {
  return (
    grantsWithout(one, deps.closure(other)).length === 0 &&
    grantsWithout(other, deps.closure(one)).length === 0
  );
}

/** The most grants that a message names. */
const MOST_NAMED = 8;

/** Formats grants for a message: the first names, and the count of the others. */
export function grantsText(grants: readonly Grant[]): string {
  return shortenedList(grants, MOST_NAMED);
}

/** Formats a difference: `a.b is still missing`, `its grants differ (missing: a.b; extra: c.d)`. */
export function grantsDifferenceText({ missing, extra }: GrantsDifference): string {
  const [first] = missing;
  if (missing.length === 1 && extra.length === 0) return `${first} is still missing`;
  const parts = [
    ...(missing.length ? [`missing: ${grantsText(missing)}`] : []),
    ...(extra.length ? [`extra: ${grantsText(extra)}`] : []),
  ];
  return `its grants differ (${parts.join('; ')})`;
}
