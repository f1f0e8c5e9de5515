import { filteredView } from './fleet-filters.js';
import { printTables } from './fleet-print.js';
import { cellHtml, headHtml, pillHtml, WORDS } from './fleet-cells.js';
import { DATA } from './data.js';
import { debounced, escapeHtml, formatNumber } from './shared.js';

/** Rows drawn beyond each edge of what is in sight. */
const OVERSCAN = 10;

const control = (id) => document.getElementById(id);

/** The instances: filtered, and only the rows in sight are drawn. Gives the names in their order to the panel. */
export function setUpFleetMatrix() {
  const { fleet } = DATA;
  const table = control('f-table');
  const frame = table.parentElement;
  const rows = openRows(table, frame);
  let view = { rows: [], columns: [], cut: 0 };
  const draw = () => {
    view = filteredView(fleet);
    rows.reset(view);
    control('f-count').textContent = countText(fleet, view);
  };
  for (const field of document.querySelectorAll('#instances .controls input'))
    field.addEventListener('input', debounced(draw));
  for (const field of document.querySelectorAll('#instances .controls select'))
    field.addEventListener('change', draw);
  setUpReadout(table, fleet, () => view);
  setUpKeys(table, rows, () => view);
  setUpClicks(table);
  printTables(fleet, () => view);
  draw();
  return {
    names: () => view.rows.map((row) => fleet.rows[row][0]),
    focus: (name) => rows.focus(view.rows.findIndex((row) => fleet.rows[row][0] === name)),
  };
}

/** Draws the visible rows, and keeps those that stay visible, so that the focus is not lost. */
function openRows(table, frame) {
  const { fleet } = DATA;
  const drawn = new Map();
  let view = { rows: [], columns: [] };
  let height = 34;
  let active = 0;
  let body = null;
  let [before, after] = [];
  const inSight = () => {
    const first = Math.floor(frame.scrollTop / height) - OVERSCAN;
    const count = Math.ceil(frame.clientHeight / height) + 2 * OVERSCAN;
    return [Math.max(0, first), Math.min(view.rows.length, Math.max(0, first) + count)];
  };
  const draw = () => {
    const [first, end] = inSight();
    for (const [index, row] of drawn) {
      if (index >= first && index < end) continue;
      row.remove();
      drawn.delete(index);
    }
    let next = after;
    for (let index = end - 1; index >= first; index -= 1) {
      const row = drawn.get(index) ?? rowOf(fleet, view, index);
      if (!drawn.has(index)) {
        drawn.set(index, row);
        body.insertBefore(row, next);
      }
      next = row;
    }
    before.style.height = `${first * height}px`;
    after.style.height = `${(view.rows.length - end) * height}px`;
    mark();
  };
  const mark = () => {
    for (const [index, row] of drawn) row.querySelector('a').tabIndex = index === active ? 0 : -1;
    // One row is always reached with the Tab key.
    if (!drawn.has(active)) drawn.values().next().value?.querySelector('a').setAttribute('tabindex', '0');
  };
  const reset = (next) => {
    view = next;
    active = 0;
    drawn.clear();
    table.innerHTML = tableHtml(fleet, view);
    table.setAttribute('aria-rowcount', String(view.rows.length + 1));
    body = table.tBodies[0];
    [before, after] = body.rows;
    frame.scrollTop = 0;
    setWidth(table, fleet, view);
    draw();
    const sample = drawn.get(0);
    if (sample && sample.offsetHeight > 0 && Math.abs(sample.offsetHeight - height) > 0.5) {
      height = sample.getBoundingClientRect().height;
      draw();
    }
  };
  let asked = 0;
  frame.addEventListener('scroll', () => {
    asked ||= requestAnimationFrame(() => {
      asked = 0;
      draw();
    });
  });
  addEventListener('resize', () => draw());
  return {
    reset,
    focus: (index) => {
      if (index < 0 || index >= view.rows.length) return;
      active = index;
      const head = table.tHead.offsetHeight;
      const top = index * height;
      if (top < frame.scrollTop) frame.scrollTop = top;
      else if (top + height > frame.scrollTop + frame.clientHeight - head)
        frame.scrollTop = top + height - frame.clientHeight + head;
      draw();
      drawn.get(index)?.querySelector('a').focus({ preventScroll: true });
    },
    indexOf: (link) => [...drawn].find(([, row]) => row.contains(link))?.[0] ?? -1,
    page: () => Math.max(1, Math.floor(frame.clientHeight / height) - 1),
  };
}

function tableHtml(fleet, { columns }) {
  const heads = columns.map((column) => headHtml(fleet.roles[column])).join('');
  const labels = fleet.roles.length === 0 ? '<th scope="col">Labels</th>' : '';
  return `<caption>How each role stands on each instance</caption><colgroup><col>${'<col>'.repeat(columns.length)}</colgroup><thead><tr aria-rowindex="1"><th scope="col" class="corner">Instance</th>${heads}${labels}</tr></thead><tbody><tr class="space" aria-hidden="true"></tr><tr class="space" aria-hidden="true"></tr></tbody>`;
}

function setWidth(table, fleet, { columns }) {
  const first = matchMedia('(max-width:44rem)').matches ? 12 : 20;
  table.style.width = fleet.roles.length === 0 ? '100%' : `calc(${first}rem + ${1.75 * columns.length}rem)`;
}

function rowOf(fleet, { rows, columns }, index) {
  const [name, status, , labels, marks] = fleet.rows[rows[index]];
  const row = document.createElement('tr');
  row.setAttribute('aria-rowindex', String(index + 2));
  const link = `<a href="#instance/${encodeURIComponent(name)}" tabindex="-1">${escapeHtml(name)}</a>`;
  const cells = columns.map((column) => cellHtml(marks[column])).join('');
  const text = fleet.roles.length === 0 ? `<td class="text">${labelsHtml(fleet, labels)}</td>` : '';
  row.innerHTML = `<th scope="row"><span>${link}${pillHtml(fleet.statuses[status])}</span></th>${cells}${text}`;
  return row;
}

function labelsHtml(fleet, labels) {
  return labels
    .flatMap((value, at) =>
      value < 0 ? [] : [escapeHtml(`${fleet.labels[at].key}=${fleet.labels[at].values[value]}`)],
    )
    .join(' ');
}

function countText(fleet, { rows, columns, cut }) {
  const part = (some, all) =>
    some === all ? formatNumber(all) : `${formatNumber(some)} of ${formatNumber(all)}`;
  if (rows.length === 0 || (fleet.roles.length > 0 && columns.length === 0))
    return 'Nothing matches these filters';
  const isWhole = rows.length === fleet.rows.length && columns.length === fleet.roles.length;
  const instances = `${isWhole ? 'All ' : ''}${part(rows.length, fleet.rows.length)} ${fleet.rows.length === 1 ? 'instance' : 'instances'}`;
  if (fleet.roles.length === 0) return instances;
  const rest = cut > 0 ? `; ${formatNumber(cut)} more roles match, filter them by name` : '';
  return `${instances} and ${part(columns.length, fleet.roles.length)} ${fleet.roles.length === 1 ? 'role' : 'roles'}${rest}`;
}

/** Shows in words the cell under the pointer, and lights up its column. */
function setUpReadout(table, fleet, viewOf) {
  const readout = control('f-read');
  let lit = null;
  table.addEventListener('pointerover', (event) => {
    const cell = event.target instanceof Element ? event.target.closest('td, th') : null;
    if (lit) lit.classList.remove('lit');
    lit = null;
    if (!cell || cell.cellIndex < 1 || cell.parentElement.className === 'space') return;
    lit = table.querySelectorAll('col')[cell.cellIndex];
    if (lit) lit.classList.add('lit');
    const view = viewOf();
    const column = view.columns[cell.cellIndex - 1];
    if (column === undefined) return;
    const name = cell.parentElement.querySelector('a');
    const text = name ? `: ${cell.textContent}` : `: ${columnText(fleet, view, column)}`;
    readout.textContent = `${name ? `${name.textContent} · ` : ''}${fleet.roles[column]}${text}`;
  });
}

/** `431 as base · 60 differs`, of the instances that the filters leave. */
function columnText(fleet, { rows }, column) {
  const counts = new Map();
  for (const row of rows) {
    const mark = fleet.rows[row][4][column];
    counts.set(mark, (counts.get(mark) ?? 0) + 1);
  }
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([mark, count]) => `${formatNumber(count)} ${WORDS.get(mark)}`)
    .join(' · ');
}

/** Arrow keys, Home, End and the page keys go from instance to instance. */
function setUpKeys(table, rows, viewOf) {
  table.addEventListener('keydown', (event) => {
    const index = event.target instanceof HTMLAnchorElement ? rows.indexOf(event.target) : -1;
    if (index < 0) return;
    const last = viewOf().rows.length - 1;
    const targets = {
      ArrowDown: index + 1,
      ArrowUp: index - 1,
      Home: 0,
      End: last,
      PageDown: Math.min(last, index + rows.page()),
      PageUp: Math.max(0, index - rows.page()),
    };
    if (!Object.hasOwn(targets, event.key)) return;
    event.preventDefault();
    rows.focus(targets[event.key]);
  });
}

/** A click anywhere in a row opens its instance. */
function setUpClicks(table) {
  table.addEventListener('click', (event) => {
    if (!(event.target instanceof Element) || event.target.closest('a')) return;
    const link = event.target.closest('tbody tr')?.querySelector('a');
    if (link) link.click();
  });
}
