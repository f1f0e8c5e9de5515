import { queryOf } from './shared.js';

const [NAME, STATUS, WAVE, LABELS, MARKS] = [0, 1, 2, 3, 4];

/** Columns drawn at a time. */
const MOST_COLUMNS = 150;

const control = (id) => document.getElementById(id);
const chosen = (id) => (control(id) ? control(id).value : '');
const query = (id) => (control(id) ? queryOf(control(id)) : '');

/** Indices of the instances and roles that the filters leave, in the chosen order; and how many roles are cut off. */
export function filteredView(fleet) {
  const role = query('f-role');
  const columns = [...fleet.roles.keys()].filter((at) => fleet.roles[at].toLowerCase().includes(role));
  const rows = [...fleet.rows.keys()].filter(fits(fleet));
  const view = onlyMarked(fleet, rows, columns);
  if (chosen('f-order') === '') view.rows.sort(byStatus(fleet));
  return {
    rows: view.rows,
    columns: view.columns.slice(0, MOST_COLUMNS),
    cut: Math.max(0, view.columns.length - MOST_COLUMNS),
  };
}

function fits(fleet) {
  const name = query('f-name');
  const [status, wave] = [chosen('f-status'), chosen('f-wave')];
  const labels = fleet.labels.map((_, at) => chosen(`f-label-${at}`));
  return (at) => {
    const row = fleet.rows[at];
    if (!row[NAME].includes(name)) return false;
    if (status !== '' && row[STATUS] !== Number(status)) return false;
    if (wave !== '' && row[WAVE] !== Number(wave)) return false;
    return labels.every((value, key) => value === '' || labelOf(fleet, row, key) === Number(value));
  };
}

/** The last choice of a label selects the instances without it. */
function labelOf(fleet, row, key) {
  const value = row[LABELS][key];
  return value < 0 ? fleet.labels[key].values.length : value;
}

/** Instances and roles with one of the chosen marks in what the other filters leave. */
function onlyMarked(fleet, allRows, allColumns) {
  const marks = chosen('f-state');
  if (marks === '') return { rows: allRows, columns: allColumns };
  const isMarked = (row, column) => marks.includes(fleet.rows[row][MARKS][column]);
  const columns = allColumns.filter((column) => allRows.some((row) => isMarked(row, column)));
  const rows = allRows.filter((row) => columns.some((column) => isMarked(row, column)));
  return { rows, columns };
}

/** Statuses are in the order of what needs attention; rows come by name. */
function byStatus(fleet) {
  return (a, b) => fleet.rows[a][STATUS] - fleet.rows[b][STATUS] || a - b;
}
