import type { CsvCell } from '../csv/csv.js';

/** The labels of rows. */
interface Labelled {
  labels: Readonly<Record<string, string>>;
}

/** The names of all labels that rows have, sorted: a column each. */
export function labelColumns(rows: readonly Labelled[]): string[] {
  return [...new Set(rows.flatMap(({ labels }) => Object.keys(labels)))].sort();
}

/** The cells of a row in these columns; empty for a label that it does not have, even if it is named like a key of all objects. */
export function labelCells(row: Labelled | undefined, columns: readonly string[]): CsvCell[] {
  const labels = new Map(Object.entries(row?.labels ?? {}));
  return columns.map((column) => labels.get(column) ?? null);
}
