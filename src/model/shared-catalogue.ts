import equal from 'fast-deep-equal';
import type { Catalogue } from './grant.js';

/** Catalogues that are remembered: instances of one release mostly have the same. */
const MOST_KEPT = 8;

/**
 * Gives equal catalogues as one object, so that what follows from a catalogue is worked out once for the instances
 * that share it. The catalogues that were read last are kept.
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

/** Shared by all instances that are read. */
export const sharedCatalogue = openSharedCatalogues();
