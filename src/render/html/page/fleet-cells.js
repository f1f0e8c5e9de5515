import { DATA } from './data.js';
import { escapeHtml } from './shared.js';

/** What each mark is called. */
export const WORDS = new Map((DATA.fleet?.marks ?? []).map(({ mark, text }) => [mark, text]));

/** A cell: its mark as a class, and in words for those who do not see it. */
export function cellHtml(mark) {
  return `<td class="${mark === '.' ? 'k' : mark}">${escapeHtml(WORDS.get(mark) ?? '')}</td>`;
}

/** The head of a role's column. */
export function headHtml(role) {
  const text = escapeHtml(role);
  return `<th scope="col" title="${text}"><span><bdi>${text}</bdi></span></th>`;
}

/** A short label in its tone. */
export function pillHtml({ text, tone }) {
  return `<span class="${tone === '' ? 'pill' : `pill ${tone}`}">${escapeHtml(text)}</span>`;
}
