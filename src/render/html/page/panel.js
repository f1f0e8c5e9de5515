import { pillHtml, WORDS } from './fleet-cells.js';
import { blockHtml } from './panel-blocks.js';
import { DATA, dataIn } from './data.js';
import { escapeHtml, formatNumber } from './shared.js';

const PREFIX = '#instance/';

/** Marks that are collapsed at first, because they need no attention. */
const CALM = 'bon.';

/** Cards of roles that are open at first. */
const MOST_OPEN = 4;

/** A panel per instance: opened by its link, so that its address can be passed on, and closed with Escape. */
export function setUpPanel(matrix) {
  const dialog = document.getElementById('panel');
  let panels = null;
  let shown = '';
  const show = (name) => {
    const row = DATA.fleet.rows.find((one) => one[0] === name);
    if (!row) return;
    // Parsed when the first panel is opened: the page itself needs none of it.
    panels ??= dataIn(document.getElementById('panels'));
    shown = name;
    dialog.innerHTML = panelHtml(row, panels, around(matrix.names(), name));
    if (!dialog.open) dialog.showModal();
    dialog.scrollTop = 0;
    dialog.querySelector('h2').focus();
  };
  const follow = () => {
    if (location.hash.startsWith(PREFIX)) show(nameIn(location.hash));
    else if (dialog.open) dialog.close();
  };
  dialog.addEventListener('close', () => {
    dialog.textContent = '';
    if (location.hash.startsWith(PREFIX))
      history.replaceState(null, '', `${location.pathname}${location.search}`);
    matrix.focus(shown);
  });
  dialog.addEventListener('click', (event) => {
    const isOutside = event.target === dialog;
    if (isOutside || event.target.closest('button.close')) dialog.close();
  });
  addEventListener('hashchange', follow);
  follow();
}

function nameIn(hash) {
  try {
    return decodeURIComponent(hash.slice(PREFIX.length));
  } catch {
    return '';
  }
}

/** The instances before and after this one, as the filters leave them. */
function around(names, name) {
  const at = names.indexOf(name);
  return at < 0 ? {} : { previous: names[at - 1], next: names[at + 1] };
}

function panelHtml(row, { texts, blocks }, { previous, next }) {
  const [name, status, wave, labels, marks, parts] = row;
  const { fleet } = DATA;
  const found = parts.map((index) => blocks[index]);
  const isOpen = found.filter(([kind]) => kind === 'role').length <= MOST_OPEN;
  const facts = labels.flatMap((value, at) =>
    value < 0 ? [] : [`${fleet.labels[at].key}=${fleet.labels[at].values[value]}`],
  );
  const body = found.map((block) => blockHtml(block, texts, isOpen)).join('');
  return `<div class="head"><div><p class="eyebrow">${[`wave ${fleet.waves[wave]}`, ...facts].map(escapeHtml).join(' · ')}</p>
<h2 id="panel-title" tabindex="-1">${escapeHtml(name)} ${pillHtml(fleet.statuses[status])}</h2></div>
<nav aria-label="Instances">${stepHtml('Previous', previous)}${stepHtml('Next', next)}<button type="button" class="close">Close</button></nav></div>
<div class="body">${body === '' ? '<p class="soft">The run left nothing else about this instance.</p>' : body}${marksHtml(marks)}</div>`;
}

function stepHtml(text, name) {
  if (name === undefined) return '';
  return `<a class="step" href="${PREFIX}${encodeURIComponent(name)}" title="${escapeHtml(name)}">${text}</a>`;
}

/** Every role of the instance, by its state. */
function marksHtml(marks) {
  const { roles, marks: legend } = DATA.fleet;
  if (roles.length === 0) return '';
  const lists = legend.flatMap(({ mark, hint }) => {
    const names = roles.filter((_, at) => marks[at] === mark);
    if (names.length === 0) return [];
    const items = names.map((role) => `<li><bdi>${escapeHtml(role)}</bdi></li>`).join('');
    const count = `${formatNumber(names.length)} ${names.length === 1 ? 'role' : 'roles'}`;
    return [
      `<details class="card"${CALM.includes(mark) ? '' : ' open'}><summary><i class="key ${mark === '.' ? 'k' : mark}"></i><span class="grow">${escapeHtml(WORDS.get(mark))}: ${count} <span class="was">${escapeHtml(hint)}</span></span></summary><div class="inside"><ul class="people">${items}</ul></div></details>`,
    ];
  });
  return `<h3>All roles of the fleet on this instance</h3>${lists.join('')}`;
}
