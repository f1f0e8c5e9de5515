/** The matrix: drawn from strings of marks, only what the filters leave. Text of a page, as in `html-script.ts`. */
export const MATRIX_SCRIPT = String.raw`
const matrix = DATA.matrix;
const table = document.getElementById('m-table');
if (matrix && table) {
  const control = (id) => document.getElementById(id);
  const roleTexts = matrix.roles.map((role) => (role.name + ' ' + role.tag).toLowerCase());
  const grantTexts = matrix.grants.map((entry) => (entry.grant + ' ' + entry.title).toLowerCase());
  const isChange = (mark) => mark === 'a' || mark === 'r';
  let rows = [];
  let columns = [];

  const choose = () => {
    const wantedRoles = sought(control('m-role'));
    const wantedGrants = sought(control('m-grant'));
    const group = control('m-group') ? control('m-group').value : '';
    const onlyChanged = Boolean(control('m-changed') && control('m-changed').checked);
    const onlyProtected = Boolean(control('m-protected') && control('m-protected').checked);
    columns = [];
    rows = [];
    roleTexts.forEach((text, index) => {
      if (text.includes(wantedRoles)) columns.push(index);
    });
    matrix.grants.forEach((entry, index) => {
      if (group !== '' && entry.group !== group) return;
      if (onlyProtected && !entry.protected) return;
      if (grantTexts[index].includes(wantedGrants)) rows.push(index);
    });
    if (!onlyChanged) return;
    columns = columns.filter((column) => rows.some((row) => isChange(matrix.cells[row][column])));
    rows = rows.filter((row) => columns.some((column) => isChange(matrix.cells[row][column])));
  };

  const headCell = (index) => {
    const role = matrix.roles[index];
    const tag = role.tag === '' ? '' : ' <small>' + safe(role.tag) + '</small>';
    return '<th scope="col" title="' + safe(role.name) + '"><span><bdi>' + safe(role.name) + '</bdi>' + tag + '</span></th>';
  };

  const bodyRow = (index) => {
    const entry = matrix.grants[index];
    const marks = matrix.cells[index];
    const guard = entry.protected ? '<em>protected</em>' : '';
    const title = entry.title === '' ? '' : '<small>' + safe(entry.title) + '</small>';
    let html = '<tr><th scope="row"><code>' + safe(entry.grant) + '</code>' + guard + title + '</th>';
    for (const column of columns) {
      const mark = marks[column];
      html += mark === '.' ? '<td></td>' : '<td class="' + mark + '">' + safe(matrix.words[mark]) + '</td>';
    }
    return html + '</tr>';
  };

  const draw = () => {
    choose();
    const parts = ['<caption>Which role holds which grant</caption><colgroup><col>' + '<col>'.repeat(columns.length) + '</colgroup>'];
    parts.push('<thead><tr><th scope="col" class="corner">Grant</th>' + columns.map(headCell).join('') + '</tr></thead>');
    let group = null;
    for (const row of rows) {
      const name = matrix.grants[row].group;
      if (name !== group) {
        if (group !== null) parts.push('</tbody>');
        parts.push('<tbody>');
        if (name !== '') parts.push('<tr class="group"><th scope="rowgroup"><span>' + safe(name) + '</span></th>' + (columns.length > 0 ? '<td colspan="' + columns.length + '"></td>' : '') + '</tr>');
        group = name;
      }
      parts.push(bodyRow(row));
    }
    table.innerHTML = parts.join('');
    table.style.width = 'calc(' + (matchMedia('(max-width:44rem)').matches ? 11 : 21) + 'rem + ' + 2 * columns.length + 'rem)';
    const all = columns.length === matrix.roles.length && rows.length === matrix.grants.length;
    const of = (some, many) => (some === many ? number(many) : number(some) + ' of ' + number(many));
    control('m-count').textContent = columns.length === 0 || rows.length === 0
      ? 'Nothing fits these filters'
      : (all ? 'All ' : '') + of(columns.length, matrix.roles.length) + ' roles and ' + of(rows.length, matrix.grants.length) + ' grants';
  };

  const read = document.getElementById('m-read');
  let lit = null;
  table.addEventListener('pointerover', (event) => {
    const cell = event.target instanceof Element ? event.target.closest('td, th') : null;
    if (lit) lit.classList.remove('lit');
    lit = null;
    if (!cell || cell.cellIndex < 1 || !cell.parentElement || cell.parentElement.className === 'group') return;
    lit = table.querySelectorAll('col')[cell.cellIndex];
    if (lit) lit.classList.add('lit');
    const role = matrix.roles[columns[cell.cellIndex - 1]];
    const head = cell.parentElement.querySelector('code');
    if (!role) return;
    const what = cell.tagName === 'TD' ? cell.textContent || 'not held' : '';
    read.textContent = (head ? head.textContent + ' · ' : '') + role.name + (what === '' ? '' : ': ' + what);
  });

  const redraw = later(draw);
  for (const id of ['m-role', 'm-grant']) control(id).addEventListener('input', redraw);
  for (const id of ['m-group', 'm-changed', 'm-protected']) {
    if (control(id)) control(id).addEventListener('change', draw);
  }
  draw();
}
`;
