import { DATA } from './data.js';
import { debounced, escapeHtml, formatNumber, onceNear, queryOf } from './shared.js';

const control = (id) => document.getElementById(id);
const isChecked = (id) => Boolean(control(id) && control(id).checked);
const isChange = (mark) => mark === 'a' || mark === 'r';

/** Cells drawn at a time: of larger matrices the filters choose the roles. */
const MOST_CELLS = 45_000;

/** Cells drawn while the page is opened: the other rows of a larger table are drawn when the matrix comes near. */
const CELLS_ON_OPENING = 6_000;

/** The matrix: drawn from strings of marks, only what the filters leave. */
export function setUpMatrix() {
  const matrix = DATA.matrix;
  const table = control('m-table');
  if (!matrix || !table) return;
  const texts = {
    roles: matrix.roles.map((role) => `${role.name} ${role.tag}`.toLowerCase()),
    grants: matrix.grants.map((entry) => `${entry.grant} ${entry.title}`.toLowerCase()),
  };
  let visible = { rows: [], columns: [] };
  const drawUpTo = (mostCells) => {
    visible = applyFilters(matrix, texts);
    const rows = visible.rows.slice(0, Math.ceil(mostCells / Math.max(1, visible.columns.length)));
    drawTable(table, matrix, { ...visible, rows });
    control('m-count').textContent = countText(matrix, visible);
  };
  const draw = () => drawUpTo(MOST_CELLS);
  setUpReadout(table, matrix, () => visible.columns);
  const redraw = debounced(draw);
  for (const id of ['m-role', 'm-grant']) control(id).addEventListener('input', redraw);
  for (const id of ['m-group', 'm-changed', 'm-protected']) {
    if (control(id)) control(id).addEventListener('change', draw);
  }
  drawUpTo(CELLS_ON_OPENING);
  if (visible.rows.length * visible.columns.length > CELLS_ON_OPENING) onceNear(table, draw);
}

/** Indices of the grants (rows) and roles (columns) that the filters leave. */
function applyFilters(matrix, texts) {
  const roleQuery = queryOf(control('m-role'));
  const grantQuery = queryOf(control('m-grant'));
  const group = control('m-group') ? control('m-group').value : '';
  const onlyProtected = isChecked('m-protected');
  const columns = [...texts.roles.keys()].filter((index) => texts.roles[index].includes(roleQuery));
  const rows = [...texts.grants.keys()].filter((index) => {
    const entry = matrix.grants[index];
    const fits = (group === '' || entry.group === group) && (!onlyProtected || entry.protected);
    return fits && texts.grants[index].includes(grantQuery);
  });
  const view = isChecked('m-changed') ? onlyChanges(matrix, rows, columns) : { rows, columns };
  const most = Math.max(1, Math.floor(MOST_CELLS / Math.max(1, view.rows.length)));
  return {
    rows: view.rows,
    columns: view.columns.slice(0, most),
    cut: Math.max(0, view.columns.length - most),
  };
}

function onlyChanges(matrix, allRows, allColumns) {
  const columns = allColumns.filter((column) => allRows.some((row) => isChange(matrix.cells[row][column])));
  const rows = allRows.filter((row) => columns.some((column) => isChange(matrix.cells[row][column])));
  return { rows, columns };
}

function drawTable(table, matrix, { rows, columns }) {
  const heads = columns.map((column) => headHtml(matrix.roles[column])).join('');
  const parts = [
    `<caption>Which role holds which grant</caption><colgroup><col>${'<col>'.repeat(columns.length)}</colgroup>`,
    `<thead><tr><th scope="col" class="corner">Grant</th>${heads}</tr></thead>`,
  ];
  let group = null;
  for (const row of rows) {
    const name = matrix.grants[row].group;
    if (name !== group) {
      if (group !== null) parts.push('</tbody>');
      parts.push('<tbody>');
      if (name !== '') parts.push(groupHtml(name, columns.length));
      group = name;
    }
    parts.push(rowHtml(matrix, row, columns));
  }
  table.innerHTML = parts.join('');
  const firstColumn = matchMedia('(max-width:44rem)').matches ? 11 : 21;
  table.style.width = `calc(${firstColumn}rem + ${2 * columns.length}rem)`;
}

function headHtml({ name, tag }) {
  const label = tag === '' ? '' : ` <small>${escapeHtml(tag)}</small>`;
  const text = escapeHtml(name);
  return `<th scope="col" title="${text}"><span><bdi>${text}</bdi>${label}</span></th>`;
}

function groupHtml(name, width) {
  const rest = width > 0 ? `<td colspan="${width}"></td>` : '';
  return `<tr class="group"><th scope="rowgroup"><span>${escapeHtml(name)}</span></th>${rest}</tr>`;
}

function rowHtml(matrix, row, columns) {
  const entry = matrix.grants[row];
  const badge = entry.protected ? '<em>protected</em>' : '';
  const title = entry.title === '' ? '' : `<small>${escapeHtml(entry.title)}</small>`;
  const cells = columns.map((column) => cellHtml(matrix, matrix.cells[row][column])).join('');
  return `<tr><th scope="row"><code>${escapeHtml(entry.grant)}</code>${badge}${title}</th>${cells}</tr>`;
}

function cellHtml(matrix, mark) {
  return mark === '.' ? '<td></td>' : `<td class="${mark}">${escapeHtml(matrix.words[mark])}</td>`;
}

function countText(matrix, { rows, columns, cut }) {
  if (rows.length === 0 || columns.length === 0) return 'Nothing matches these filters';
  const part = (some, all) =>
    some === all ? formatNumber(all) : `${formatNumber(some)} of ${formatNumber(all)}`;
  const isWhole = columns.length === matrix.roles.length && rows.length === matrix.grants.length;
  const roles = part(columns.length, matrix.roles.length);
  const grants = part(rows.length, matrix.grants.length);
  const rest = cut > 0 ? `; ${formatNumber(cut)} more roles match, filter them by name` : '';
  return `${isWhole ? 'All ' : ''}${roles} roles and ${grants} grants${rest}`;
}

/** Shows in words the cell under the pointer, and lights up its column. */
function setUpReadout(table, matrix, visibleColumns) {
  const readout = control('m-read');
  let lit = null;
  table.addEventListener('pointerover', (event) => {
    const cell = event.target instanceof Element ? event.target.closest('td, th') : null;
    if (lit) lit.classList.remove('lit');
    lit = null;
    const row = cell && cell.parentElement;
    if (!row || cell.cellIndex < 1 || row.className === 'group') return;
    lit = table.querySelectorAll('col')[cell.cellIndex];
    if (lit) lit.classList.add('lit');
    const role = matrix.roles[visibleColumns()[cell.cellIndex - 1]];
    if (!role) return;
    const head = row.querySelector('code');
    const state = cell.tagName === 'TD' ? `: ${cell.textContent || 'not held'}` : '';
    readout.textContent = `${head ? `${head.textContent} · ` : ''}${role.name}${state}`;
  });
}
