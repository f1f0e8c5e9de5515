import type { FleetDocument } from '../../fleet/document.js';
import { openOwnerSections, type OwnerSection } from '../../fleet/owner-sections.js';
import type { Grouping } from '../../render/facts/owners.js';

/** The changes of a fleet by owner, as the documents in its folder name them; undefined without `groupBy`. */
export async function changesByOwner(
  document: FleetDocument,
  { groupBy, folder }: { groupBy?: Grouping | undefined; folder: string },
): Promise<readonly OwnerSection[] | undefined> {
  if (groupBy === undefined) return undefined;
  // It loads the schemas of documents, which a run without grouping does not need.
  const { documentsOf } = await import('./fleet-page.js');
  const owned = openOwnerSections(document);
  for (const row of document.rows)
    owned.add(row.instance, (await documentsOf(row, document.command, folder)).document);
  return owned.sections();
}
