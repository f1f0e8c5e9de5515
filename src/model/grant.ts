import { memoize } from './memoize.js';
import { sortedUnique } from './sort.js';

/** A grant's wire id: dotted lower-case words, `dataset.export`. */
export type Grant = string;

/** The grant that lets its holder manage roles. Everyone who holds it counts as an administrator. */
export const MANAGE_ROLES: Grant = 'authorization.roles';

/** One grant as the instance's catalogue lists it. */
export interface CatalogueEntry {
  grant: Grant;
  title: string;
  /** The group that Domo's page shows it in, `DATA`. */
  group: string;
  /** The grants that it depends on; some names here (`ui.admin`) are in no catalogue. */
  dependsOn: readonly Grant[];
  /** Marked as sensitive by Domo; null if the instance does not report it. */
  adminLevel: boolean | null;
  /** The feature switches that it depends on, if any. */
  features: readonly string[];
}

/** All grants of an instance, sorted by name. */
export type Catalogue = readonly CatalogueEntry[];

/** Grants as a sorted list without repeats: the form that every list of grants has. */
export function grantList(grants: Iterable<Grant>): Grant[] {
  return sortedUnique(grants);
}

/** The feature switches of one text: names separated by spaces or commas. */
export function featureNames(text: string): string[] {
  return sortedUnique(text.split(/[\s,]+/).filter((name) => name !== ''));
}

/** The members of a list as a set, made once for each list, so that its sets can be compared by identity. */
export const grantSet = memoize((list: readonly Grant[]): ReadonlySet<Grant> => new Set(list));
