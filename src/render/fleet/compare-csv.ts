import { NO_DIFFERENCE } from '../../fleet/compare-role.js';
import type { ComparisonDocument, ComparisonRow, RoleVariant } from '../../fleet/comparison.js';
import { csvText } from '../csv/csv.js';
import type { CsvCell } from '../csv/csv.js';
import { differenceText, settingTitle, settingValue } from './compare-facts.js';
import { labelCells, labelColumns } from './label-columns.js';

const HEAD = [
  ...['standing', 'present', 'added', 'removed', 'addedByOverlay', 'removedByOverlay'],
  ...['other', 'otherByOverlay', 'because'],
] as const;

/** A row per instance and role that it or the base has, per setting, and per instance that could not be compared. */
export function compareCsv({ rows, roles, settings }: ComparisonDocument): string {
  const labels = labelColumns(rows);
  const byName = new Map(rows.map((row) => [row.instance, row]));
  const place = (instance: string): CsvCell[] => placeOf(byName.get(instance), labels);
  const head = ['role', 'copy', 'instance', ...labels.map((label) => `label:${label}`), 'wave', ...HEAD];
  return csvText(head, [
    ...roles.flatMap(({ role, copy, inBase, variants }) =>
      variants
        .filter(({ present }) => present || inBase)
        .flatMap((variant) =>
          variant.instances.map((instance) => [
            ...[role, copy, instance],
            ...place(instance),
            ...roleCells(variant),
          ]),
        ),
    ),
    ...settings.flatMap((setting) =>
      setting.variants.flatMap(({ instances, standing, value }) => {
        const text = settingValue(value);
        const other = [standing === 'by-overlay' ? null : text, standing === 'by-overlay' ? text : null];
        return instances.map((instance) => [
          ...[settingTitle(setting), null, instance],
          ...[...place(instance), standing, null, null, null, null, null, ...other, null],
        ]);
      }),
    ),
    ...rows
      .filter(({ counts }) => counts === null)
      .map(({ instance, status, because }) => [
        ...[null, null, instance, ...place(instance), status],
        ...[null, null, null, null, null, null, null, because],
      ]),
  ]);
}

function roleCells({ standing, present, asked, unasked }: RoleVariant): CsvCell[] {
  const grants = [unasked.added, unasked.removed, asked.added, asked.removed].map((list) => list.join(' '));
  const other = [unasked, asked].map((found) => {
    const rest = { ...found, added: NO_DIFFERENCE.added, removed: NO_DIFFERENCE.removed };
    return found.presence === 'extra' ? 'not in the base' : differenceText(rest);
  });
  return [standing, present ? 'yes' : 'no', ...grants, ...other, null];
}

function placeOf(row: ComparisonRow | undefined, labels: readonly string[]): CsvCell[] {
  return [...labelCells(row, labels), row?.wave ?? null];
}
