import { dataIn, isCompressed } from './data.js';
import { debounced, escapeHtml, formatNumber, onceNear, queryOf } from './shared.js';

/** Rows shown at a time. */
const PAGE_SIZE = 100;

/** Longer values are folded, to their first characters. */
const FOLD_LENGTH = 60;
const FOLDED_LENGTH = 56;

const CELLS = {
  text: (value) => `<td><bdi>${escapeHtml(value)}</bdi></td>`,
  code: (value) => `<td><code>${escapeHtml(value)}</code></td>`,
  number: (value) => `<td class="number">${formatNumber(value)}</td>`,
  fold: (value) => {
    if (value === '') return '<td></td>';
    if (value.length <= FOLD_LENGTH) return CELLS.code(value);
    const start = escapeHtml(value.slice(0, FOLDED_LENGTH));
    return `<td><details class="body"><summary><code>${start}…</code></summary><pre>${escapeHtml(value)}</pre></details></td>`;
  },
};

/**
 * Long lists: a search over all rows, shown a hundred at a time. The longest are filled when they come near. `more` are
 * kinds of cells that one page has.
 */
export function setUpLists(more = {}) {
  Object.assign(CELLS, more);
  for (const box of document.querySelectorAll('[data-list]')) {
    const data = document.getElementById(`list-${box.dataset.list}`);
    const setUp = () => setUpList(dataIn(data), box);
    if (isCompressed(data)) onceNear(box, setUp);
    else setUp();
  }
}

/** The cells of a row. The page holds each text once; a cell is its index, or a number. */
function cellsOf({ columns, texts, rows }, index) {
  return rows[index].map((cell, at) => (columns[at].show === 'number' ? cell : texts[cell]));
}

function setUpList(list, box) {
  const field = box.querySelector('input');
  const count = box.querySelector('output');
  const body = box.querySelector('tbody');
  const more = box.querySelector('.more');
  // Most readers never search the longest lists.
  let texts = null;
  const textOf = (index) => {
    texts ??= list.rows.map((_, at) => [...cellsOf(list, at), groupTitle(list, at)].join('  ').toLowerCase());
    return texts[index];
  };
  let found = [];
  let shown = 0;
  const showMore = () => {
    const end = Math.min(shown + PAGE_SIZE, found.length);
    let html = '';
    for (let at = shown; at < end; at += 1)
      html += groupHtml(list, found, at) + rowHtml(list, cellsOf(list, found[at]));
    body.insertAdjacentHTML('beforeend', html);
    shown = end;
    more.hidden = shown >= found.length;
    more.textContent = `Show ${formatNumber(Math.min(PAGE_SIZE, found.length - shown))} more`;
    count.textContent = countText(list, found.length, shown);
  };
  const search = () => {
    const query = queryOf(field);
    found = [...list.rows.keys()].filter((index) => query === '' || textOf(index).includes(query));
    shown = 0;
    body.textContent = '';
    showMore();
  };
  field.addEventListener('input', debounced(search));
  more.addEventListener('click', () => {
    const next = body.rows.length;
    showMore();
    focusRow(body.rows[next]);
  });
  search();
}

/** The heading above a row whose group is not that of the row before it. */
function groupHtml(list, found, at) {
  if (!list.groups) return '';
  const { of } = list.groups;
  const group = of[found[at]];
  if (at > 0 && of[found[at - 1]] === group) return '';
  const total = found.filter((index) => of[index] === group).length;
  const count = `${formatNumber(total)} ${list.noun[total === 1 ? 0 : 1]}`;
  const title = `${escapeHtml(groupTitle(list, found[at]))}: ${count}`;
  return `<tr class="group"><th colspan="${list.columns.length}" scope="rowgroup"><bdi>${title}</bdi></th></tr>`;
}

function groupTitle({ groups }, index) {
  return groups ? groups.titles[groups.of[index]] : '';
}

function rowHtml(list, cells) {
  return `<tr>${cells.map((value, column) => CELLS[list.columns[column].show](value)).join('')}</tr>`;
}

function countText(list, found, shown) {
  const total = list.rows.length;
  const noun = list.noun[total === 1 ? 0 : 1];
  const matching = found === total ? '' : `${formatNumber(found)} of `;
  const part = shown < found ? `, ${formatNumber(shown)} shown` : '';
  return `${matching}${formatNumber(total)} ${noun}${part}`;
}

function focusRow(row) {
  if (!row) return;
  row.tabIndex = -1;
  row.focus();
}
