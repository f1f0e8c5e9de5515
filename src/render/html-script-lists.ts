/** Long lists: a search over all rows, shown a hundred at a time. Text of a page, as in `html-script.ts`. */
export const LIST_SCRIPT = String.raw`
const PIECE = 100;
const CELLS = {
  text: (value) => '<td><bdi>' + safe(value) + '</bdi></td>',
  code: (value) => '<td><code>' + safe(value) + '</code></td>',
  number: (value) => '<td class="number">' + number(value) + '</td>',
  fold: (value) =>
    value === '' ? '<td></td>'
      : value.length <= 60 ? '<td><code>' + safe(value) + '</code></td>'
      : '<td><details class="body"><summary><code>' + safe(value.slice(0, 56)) + '…</code></summary><pre>' + safe(value) + '</pre></details></td>',
};

for (const list of DATA.lists) {
  const box = [...document.querySelectorAll('[data-list]')].find((frame) => frame.dataset.list === list.id);
  if (!box) continue;
  const field = box.querySelector('input');
  const count = box.querySelector('output');
  const body = box.querySelector('tbody');
  const more = box.querySelector('.more');
  const texts = list.rows.map((row) => row.join('  ').toLowerCase());
  let found = [];
  let shown = 0;
  const piece = () => {
    const rows = found.slice(shown, shown + PIECE);
    body.insertAdjacentHTML('beforeend', rows.map((index) => {
      const cells = list.rows[index].map((value, column) => CELLS[list.columns[column].show](value));
      return '<tr>' + cells.join('') + '</tr>';
    }).join(''));
    shown += rows.length;
    more.hidden = shown >= found.length;
    more.textContent = 'Show ' + number(Math.min(PIECE, found.length - shown)) + ' more';
    const noun = list.noun[list.rows.length === 1 ? 0 : 1];
    const all = found.length === list.rows.length;
    const part = shown < found.length ? ', ' + number(shown) + ' shown' : '';
    count.textContent = (all ? '' : number(found.length) + ' of ') + number(list.rows.length) + ' ' + noun + part;
  };
  const search = () => {
    const wanted = sought(field);
    found = [];
    texts.forEach((text, index) => {
      if (text.includes(wanted)) found.push(index);
    });
    shown = 0;
    body.textContent = '';
    piece();
  };
  field.addEventListener('input', later(search));
  more.addEventListener('click', () => {
    const next = body.rows.length;
    piece();
    const row = body.rows[next];
    if (row) {
      row.tabIndex = -1;
      row.focus();
    }
  });
  search();
}
`;
