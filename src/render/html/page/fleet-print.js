import { cellHtml, headHtml } from './fleet-cells.js';
import { escapeHtml, formatNumber } from './shared.js';

/** Roles beside each other on paper, and cells in all. */
const COLUMNS = 30;
const MOST_CELLS = 150_000;

/** On paper the filtered matrix is printed as a whole, in tables as wide as a page. */
export function printTables(fleet, viewOf) {
  const place = document.getElementById('f-print');
  addEventListener('beforeprint', () => {
    // An open panel is printed alone.
    if (!document.getElementById('panel').open) place.innerHTML = tablesHtml(fleet, viewOf());
  });
  addEventListener('afterprint', () => (place.textContent = ''));
}

function tablesHtml(fleet, { rows, columns }) {
  const most = Math.max(1, Math.floor(MOST_CELLS / Math.max(1, columns.length)));
  const shown = rows.slice(0, most);
  const rest = rows.length > most ? `<p>and ${formatNumber(rows.length - most)} more instances</p>` : '';
  const tables = [];
  for (let at = 0; at === 0 || at < columns.length; at += COLUMNS)
    tables.push(tableHtml(fleet, shown, columns.slice(at, at + COLUMNS)));
  return tables.join('') + rest;
}

function tableHtml(fleet, rows, columns) {
  const heads = columns.map((column) => headHtml(fleet.roles[column])).join('');
  const lines = rows.map((at) => {
    const [name, status, , , marks] = fleet.rows[at];
    const cells = columns.map((column) => cellHtml(marks[column])).join('');
    return `<tr><th scope="row">${escapeHtml(name)} <small>${escapeHtml(fleet.statuses[status].text)}</small></th>${cells}</tr>`;
  });
  return `<table class="paper"><thead><tr><th scope="col" class="corner">Instance</th>${heads}</tr></thead><tbody>${lines.join('')}</tbody></table>`;
}
