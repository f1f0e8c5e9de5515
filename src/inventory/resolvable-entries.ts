import type { Place } from '../manifest/yaml/yaml-values.js';
import type { Problem } from '../problem/problem.js';
import type { DraftEntry, InventoryDraft } from './draft.js';
import type { FleetEntry } from './inventory.js';
import type { RowsInDoubt } from './table.js';

/** What an invalid inventory leaves open about its entries. */
interface OpenQuestions {
  draft: Pick<InventoryDraft, 'entries'>;
  /** The rows of its tables. */
  rows: readonly DraftEntry[];
  /** The problems of the file and its tables. */
  problems: readonly Problem[];
  /** Names of entries whose manifest or overlay is unclear. */
  unclear: ReadonlySet<string>;
  /** Paths of manifests that must not be read. */
  outside: ReadonlySet<string>;
  /** The rows of its tables that are in doubt. */
  inDoubt: RowsInDoubt;
}

/**
 * Returns the entries of an invalid inventory whose manifest and overlay are known in spite of its problems. A manifest
 * that the corrected inventory would not name must not add problems of its own.
 */
export function resolvableEntries(
  entries: readonly FleetEntry[],
  { draft, rows, problems, unclear, outside, inDoubt }: OpenQuestions,
): FleetEntry[] {
  const own = new Map(draft.entries.map((entry) => [entry.name.value, entry]));
  const lines = new Set(
    problems.flatMap(({ where }) => (where?.line === undefined ? [] : [lineKey(where.file, where.line)])),
  );
  const withRow = new Set(rows.map(({ name }) => name.value));
  const invalidRows = new Set(
    rows.flatMap(({ name: { value, at } }) => (lines.has(placeKey(at)) ? [value] : [])),
  );
  return entries.filter(({ name, manifest }) => {
    const isNamedHere = (own.get(name)?.manifest ?? null) !== null;
    return (
      !unclear.has(name) &&
      !outside.has(manifest.value) &&
      !invalidRows.has(name) &&
      (isNamedHere || inDoubt === 'none' || (inDoubt === 'missing' && withRow.has(name)))
    );
  });
}

const placeKey = ({ file, line }: Place): string => lineKey(file, line);

const lineKey = (file: string | undefined, line: number): string => `${line} ${file ?? ''}`;
