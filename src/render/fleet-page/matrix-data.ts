import { ROW_STATUSES } from '../../fleet/document.js';
import type { FleetRow, RowStatus } from '../../fleet/document.js';
import { byCodeUnit } from '../../model/sort.js';
import { oneLine } from '../format/one-line.js';
import { lineHtml } from '../html/escape.js';
import type { Tone } from '../vocabulary.js';
import { STATUS_TEXT } from '../fleet/fleet-facts.js';
import { MARK_TEXT, type InstanceMarks, type RoleMark } from './marks.js';
import { STATUS_TONES } from './sections.js';

/** An instance as the page's script takes it: name, status, wave, a value per label key or -1, marks, blocks. */
type RowData = readonly [string, number, number, readonly number[], string, readonly number[]];

/** Instances by roles, as the page's script takes them. Texts are one line each, and data, not HTML. */
interface FleetMatrixData {
  /** In the order of reports: statuses that need attention first. */
  statuses: readonly { text: string; tone: Tone }[];
  waves: readonly string[];
  /** Keys with their values. Sorted. */
  labels: readonly { key: string; values: readonly string[] }[];
  /** Sorted. */
  roles: readonly string[];
  /** The marks that occur, in the order of the legend. */
  marks: readonly { mark: RoleMark; text: string; hint: string }[];
  rows: readonly RowData[];
}

/** An instance, as it is collected. */
export interface MatrixEntry {
  row: Pick<FleetRow, 'instance' | 'status' | 'wave' | 'labels'>;
  marks: InstanceMarks;
  /** Indexes of the blocks of its panel. */
  blocks: readonly number[];
}

/** The matrix of these instances; `words` are labels that replace the names of statuses. */
export function fleetMatrix(
  entries: readonly MatrixEntry[],
  words: Partial<Record<RowStatus, string>> = {},
): FleetMatrixData {
  // An unmanaged role has a column only if another instance's manifest names it.
  const roles = [...new Set(entries.flatMap(({ marks }) => [...marks.roles].flatMap(namedRole)))].sort(
    byCodeUnit,
  );
  const statuses = ROW_STATUSES.filter((status) => entries.some(({ row }) => row.status === status));
  const waves = [...new Set(entries.map(({ row }) => row.wave))];
  const labels = labelsOf(entries);
  const cells = entries.map(({ marks }) =>
    roles.map((role) => marks.roles.get(role) ?? marks.other).join(''),
  );
  return {
    statuses: statuses.map((status) => ({
      text: words[status] ?? STATUS_TEXT[status],
      tone: STATUS_TONES[status],
    })),
    waves: waves.map(oneLine),
    labels: labels.map(({ key, values }) => ({ key: oneLine(key), values: values.map(oneLine) })),
    roles: roles.map(oneLine),
    marks: marksIn(cells),
    rows: entries.map(({ row, blocks }, index) => [
      oneLine(row.instance),
      statuses.indexOf(row.status),
      waves.indexOf(row.wave),
      labels.map(({ key, values }) => values.indexOf(valueOf(row.labels, key) ?? '')),
      cells[index] ?? '',
      blocks,
    ]),
  };
}

function namedRole([role, mark]: readonly [string, RoleMark]): string[] {
  return mark === 'm' ? [] : [role];
}

function marksIn(cells: readonly string[]): FleetMatrixData['marks'] {
  const seen = new Set(cells.flatMap((row) => [...new Set(row)]));
  return (Object.keys(MARK_TEXT) as RoleMark[])
    .filter((mark) => seen.has(mark))
    .map((mark) => ({ mark, ...MARK_TEXT[mark] }));
}

function labelsOf(entries: readonly MatrixEntry[]): { key: string; values: string[] }[] {
  const found = new Map<string, Set<string>>();
  for (const { row } of entries) {
    for (const [key, value] of Object.entries(row.labels)) {
      const values = found.get(key) ?? new Set();
      found.set(key, values.add(value));
    }
  }
  return [...found]
    .sort(([a], [b]) => byCodeUnit(a, b))
    .map(([key, values]) => ({ key, values: [...values].sort(byCodeUnit) }));
}

function valueOf(labels: FleetRow['labels'], key: string): string | null {
  return Object.hasOwn(labels, key) ? (labels[key] ?? null) : null;
}

/** The most label keys with a visible filter; further ones are folded. */
const LABELS_IN_SIGHT = 4;

/** The controls, the legend and the frame that the script fills. */
export function fleetMatrixFrame(data: FleetMatrixData): string {
  const labels = data.labels.map(({ key, values }, index) =>
    select({ id: `f-label-${index}`, text: key, options: [...values, NO_LABEL], first: 'Any' }),
  );
  const rest = labels.slice(LABELS_IN_SIGHT).join('');
  const filters = [
    search('f-name', 'Instance'),
    data.roles.length > 0 ? search('f-role', 'Role') : '',
    select({ id: 'f-status', text: 'Status', options: data.statuses.map(({ text }) => text), first: 'Any' }),
    data.waves.length > 1 ? select({ id: 'f-wave', text: 'Wave', options: data.waves, first: 'Any' }) : '',
    ...labels.slice(0, LABELS_IN_SIGHT),
    stateFilter(data),
    select({ id: 'f-order', text: 'Order', options: ['Name'], first: 'Needs attention first' }),
    rest === '' ? '' : `<details class="more-filters"><summary>More labels</summary>${rest}</details>`,
  ];
  const legend = data.marks.map(
    ({ mark, text, hint }) =>
      `<li title="${lineHtml(hint)}"><i class="key ${markClass(mark)}"></i>${lineHtml(text)}</li>`,
  );
  return `<div class="controls" role="search" aria-label="Filter the instances">
${filters.join('\n')}<output id="f-count" aria-live="polite"></output></div>
<div class="under"><ul class="legend">${legend.join('')}</ul><p class="readout" id="f-read" aria-hidden="true">${data.roles.length > 0 ? 'Hover over a cell to see its details.' : ''}</p></div>
<div class="scroll fleet" tabindex="0" role="region" aria-label="Instances by roles"><table id="f-table" class="marks instances"></table></div>
<div id="f-print"></div>`;
}

const NO_LABEL = 'without it';

function search(id: string, text: string): string {
  return `<label class="search"><span>${text}</span><input type="search" id="${id}" autocomplete="off" spellcheck="false" placeholder="part of a name"></label>`;
}

interface Select {
  id: string;
  text: string;
  options: readonly string[];
  first: string;
}

/** A choice among texts; the value of each is its index. */
function select({ id, text, options, first }: Select): string {
  const items = options.map((option, index) => `<option value="${index}">${lineHtml(option)}</option>`);
  return `<label><span>${lineHtml(text)}</span><select id="${id}"><option value="">${first}</option>${items.join('')}</select></label>`;
}

/** Marks without a difference. */
const CALM = new Set<RoleMark>(['b', 'o', 'n', '.']);

function stateFilter({ marks }: FleetMatrixData): string {
  if (marks.length < 2) return '';
  const differing = marks.filter(({ mark }) => !CALM.has(mark)).map(({ mark }) => mark);
  const all = differing.length > 0 ? `<option value="${differing.join('')}">What differs</option>` : '';
  const each = marks.map(({ mark, text }) => `<option value="${mark}">${lineHtml(text)}</option>`);
  return `<label><span>Cells</span><select id="f-state"><option value="">All</option>${all}${each.join('')}</select></label>`;
}

/** The class of a mark in the style sheet. */
function markClass(mark: RoleMark): string {
  return mark === '.' ? 'k' : mark;
}
