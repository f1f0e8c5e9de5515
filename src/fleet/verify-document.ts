import { digestOf } from '../plan/digest.js';
import type { FleetDocument } from './document.js';
import { makeFleetDocument } from './make-document.js';

/**
 * What shows that a fleet document was edited: its parts no longer follow from each other. Null for one that is as a run
 * wrote it. Without this, a row that was taken out would leave its instance out of an apply, with exit code 0.
 */
export function editedPart(document: FleetDocument): string | null {
  const { rows, selection, groups } = document;
  const byName = new Map(rows.map((row) => [row.instance, row]));
  if (byName.size < rows.length) return 'an instance has two rows';
  if (selection.names.length !== byName.size || selection.names.some((name) => !byName.has(name)))
    return 'the rows are not those of the selection';
  const inconsistent = rows.find(
    (row) => row.document !== null && !row.document.startsWith(`instances/${row.instance}/`),
  );
  if (inconsistent) return `the document of ${inconsistent.instance} is not its own`;
  const isOther = groups.some(({ status, instances }) =>
    instances.some((name) => byName.get(name)?.status !== status),
  );
  if (isOther) return 'the groups do not follow from the rows';
  return digestsOf(document).includes(digestOf(document.summary))
    ? null
    : 'the counts do not follow from the rows';
}

/** The digests of the counts that the rows come to. A document does not say whether changes were to end the run with 2. */
function digestsOf(document: FleetDocument): string[] {
  return [true, false].map((changesAre2) =>
    digestOf(makeFleetDocument({ ...document, changesAre2 }).summary),
  );
}
