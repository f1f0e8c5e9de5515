import type { FleetDocument } from '../../fleet/document.js';
import { openOwnerSections, type OwnerSection } from '../../fleet/owner-sections.js';
import type { Grouping } from '../../render/facts/owners.js';
import { documentsOf } from './fleet-page.js';

/** The changes of a fleet by owner, as the documents in its folder name them; undefined without `groupBy`. */
export async function changesByOwner(
  document: FleetDocument,
  { groupBy, folder }: { groupBy?: Grouping | undefined; folder: string },
): Promise<readonly OwnerSection[] | undefined> {
  if (groupBy === undefined) return undefined;
  const owned = openOwnerSections(document);
  for (const row of document.rows)
    owned.add(row.instance, (await documentsOf(row, document.command, folder)).document);
  return owned.sections();
}
