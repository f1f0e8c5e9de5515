import equal from 'fast-deep-equal';
import type { Catalogue } from './grant.js';

/** How many catalogues are cached: most instances of one Domo release have the same one. */
const MOST_KEPT = 8;

/**
 * Returns the same object for equal catalogues, so that everything computed from a catalogue (see `memoize`) is
 * computed once for all instances that share it. Keeps the catalogues that were used most recently.
 */
export function openSharedCatalogues(): (catalogue: Catalogue) => Catalogue {
  const kept: Catalogue[] = [];
  return (catalogue) => {
    const at = kept.findIndex((one) => equal(one, catalogue));
    const [shared = catalogue] = at < 0 ? [] : kept.splice(at, 1);
    kept.unshift(shared);
    kept.splice(MOST_KEPT);
    return shared;
  };
}

/** The cache for all instances of one run. */
export const sharedCatalogue = openSharedCatalogues();
