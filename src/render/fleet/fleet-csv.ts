import type { FleetDocument } from '../../fleet/document.js';
import { csvText } from '../csv/csv.js';
import { labelCells, labelColumns } from './label-columns.js';

const ROW_HEAD = [
  ...['instance', 'wave', 'status', 'exit', 'created', 'deleted', 'moved', 'grantsAdded', 'grantsRemoved'],
  ...['refusals', 'problems', 'protectedGains', 'because', 'runId', 'ms', 'requests'],
] as const;

/** One row per instance. Each label has a column, before the counts. */
export function fleetCsv({ rows }: FleetDocument): string {
  const labels = labelColumns(rows);
  const head = ['instance', ...labels.map((label) => `label:${label}`), ...ROW_HEAD.slice(1)];
  return csvText(
    head,
    rows.map((row) => [
      row.instance,
      ...labelCells(row, labels),
      ...[row.wave, row.status, row.exit],
      ...(row.summary ? [row.summary.created, row.summary.deleted, row.summary.moved] : [null, null, null]),
      ...(row.summary ? [row.summary.grantsAdded, row.summary.grantsRemoved] : [null, null]),
      codes(row.refusals),
      codes(row.problems),
      row.protected.reduce((sum, { people }) => sum + people.length, 0),
      ...[row.because, row.runId, row.ms, row.requests],
    ]),
  );
}

/** One row per change and instance. */
export function fleetChangesCsv({ groups }: FleetDocument): string {
  const head = ['instance', 'status', 'kind', 'role', 'people', 'added', 'removed', 'detail'];
  const lines = groups.flatMap(({ instances, status, changes }) =>
    instances.flatMap((instance) =>
      changes.map(({ kind, role, people, added, removed, detail }) => [
        ...[instance, status, kind, role, people],
        ...[added.join(' '), removed.join(' '), detail.join(' | ')],
      ]),
    ),
  );
  return csvText(head, lines);
}

function codes(found: readonly { code: string }[]): string {
  return [...new Set(found.map(({ code }) => code))].join(' ');
}
