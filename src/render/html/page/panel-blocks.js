import { pillHtml } from './fleet-cells.js';
import { escapeHtml, formatNumber } from './shared.js';

/** A part of a panel as HTML. Texts are looked up in the page's table. */
export function blockHtml(block, texts, isOpen) {
  const [kind, ...parts] = block;
  return kind === 'role' ? roleHtml(parts, texts, isOpen) : linesHtml(parts, texts);
}

function linesHtml([title, lines, more], texts) {
  return `<h3>${escapeHtml(texts[title])}</h3>${listHtml(lines, texts)}${moreHtml(more)}`;
}

function listHtml(lines, texts) {
  if (lines.length === 0) return '';
  const items = lines.map(([pill, text]) => {
    const label = pill === null ? '' : `${pillHtml({ text: texts[pill[0]], tone: pill[1] })} `;
    return `<li>${label}<bdi>${escapeHtml(texts[text])}</bdi></li>`;
  });
  return `<ul class="notes">${items.join('')}</ul>`;
}

function roleHtml([name, was, pills, notes, removed, added, groups], texts, isOpen) {
  const badges = pills.map(([text, tone]) => pillHtml({ text: texts[text], tone })).join('');
  const other = was === null ? '' : ` <span class="was"><bdi>${escapeHtml(texts[was])}</bdi></span>`;
  const inside = [
    listHtml(notes, texts),
    diffHtml(removed, added, texts),
    ...groups.map((group) => peopleHtml(group, texts)),
  ].join('');
  return `<details class="card"${isOpen ? ' open' : ''}><summary><span class="grow"><bdi>${escapeHtml(texts[name])}</bdi>${other}</span>${badges}</summary><div class="inside">${inside === '' ? '<p class="soft">No more details.</p>' : inside}</div></details>`;
}

function diffHtml(removed, added, texts) {
  const line = (text, sign, name) =>
    `<li class="${name}" data-sign="${sign}">${escapeHtml(texts[text])}</li>`;
  const lines = [
    ...removed.map((text) => line(text, '−', 'minus')),
    ...added.map((text) => line(text, '+', 'plus')),
  ];
  if (lines.length === 0) return '';
  return `<ul class="diff${lines.length > 12 ? ' columns' : ''}">${lines.join('')}</ul>`;
}

function peopleHtml([title, people, more], texts) {
  const items = people.map(
    ([who, what]) =>
      `<li><bdi>${escapeHtml(texts[who])}</bdi><span><bdi>${escapeHtml(texts[what])}</bdi></span></li>`,
  );
  const list = items.length === 0 ? '' : `<ul class="moves">${items.join('')}</ul>`;
  return `<h3>${escapeHtml(texts[title])}</h3>${list}${moreHtml(more)}`;
}

function moreHtml(more) {
  return more > 0
    ? `<p class="soft">and ${formatNumber(more)} more, in the document of the instance</p>`
    : '';
}
