/** One row of the results. */
export interface Row {
  group: 'requests' | 'time' | 'start-up' | 'memory' | 'size';
  name: string;
  /** The measured value, in `unit`. */
  value: number;
  unit: string;
  /** The value to compare with, and the ratio to it. */
  against: number | null;
  ratio: number | null;
  /** The goal for the ratio; null if there is none. */
  goal: { most?: number; least?: number } | null;
}

/** Returns a row that compares two values. */
export function compared(
  row: Pick<Row, 'group' | 'name' | 'unit'>,
  [value, against]: readonly [number, number],
  { goal, inverse = false }: { goal: Row['goal']; inverse?: boolean },
): Row {
  return { ...row, value, against, ratio: inverse ? against / value : value / against, goal };
}

/** Is the goal met? Null without a goal. */
export function isMet({ ratio, goal }: Row): boolean | null {
  if (!goal || ratio === null) return null;
  return ratio <= (goal.most ?? Infinity) && ratio >= (goal.least ?? 0);
}

/** Renders the rows as a table with their goals. */
export function tableText(rows: readonly Row[]): string {
  const cells = rows.map((row) => [
    row.group,
    row.name,
    valueText(row.value, row.unit),
    row.against === null ? '' : valueText(row.against, row.unit),
    row.ratio === null ? '' : `${row.ratio.toFixed(2)} x`,
    goalText(row.goal),
    { true: 'met', false: 'MISSED', null: '' }[String(isMet(row)) as 'true' | 'false' | 'null'],
  ]);
  const all = [['', 'what', 'found', 'against', 'ratio', 'goal', ''], ...cells];
  const widths =
    all[0]?.map((_, column) => Math.max(...all.map((line) => (line[column] ?? '').length))) ?? [];
  const right = new Set([2, 3, 4]);
  return all
    .map((line) =>
      line
        .map((cell, column) =>
          right.has(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function valueText(value: number, unit: string): string {
  return `${value >= 100 ? value.toFixed(0) : value.toFixed(1)} ${unit}`;
}

function goalText(goal: Row['goal']): string {
  if (goal?.most !== undefined) return `<= ${goal.most} x`;
  return goal?.least === undefined ? '' : `>= ${goal.least} x`;
}
