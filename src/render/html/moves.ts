import { moveViews } from '../facts/moves.js';
import { roleLabelText } from '../facts/role-labels.js';
import { oneLine } from '../format/one-line.js';
import { cut, formatNumber, plural } from '../format/phrases.js';
import { vocabularyOf, type PlanDocument } from '../vocabulary.js';
import { lineHtml, nameHtml } from './escape.js';
import { flowDrawing, flowsOf, type Flow } from './flow.js';
import { listFrame, type ListData } from './list.js';

/** The most ribbons in the drawing; the table below has the rest. */
const MOST_RIBBONS = 24;

/** The most rows of the table; the list of all people has the rest. */
const MOST_FLOWS = 60;

/** The moves: a drawing, a table of the same numbers, and a list of all people. */
export function peopleSection(document: PlanDocument): { html: string; list: ListData } | null {
  const { moves: title, moveSides } = vocabularyOf(document);
  const moves = moveViews(document);
  if (moves.length === 0) return null;
  const flows = flowsOf(moves);
  const list: ListData = {
    id: 'moves',
    noun: ['person', 'people'],
    columns: ['Person', ...moveSides, 'Why'].map((column) => ({ title: column, show: 'text' as const })),
    rows: moves.map(({ person, from, to, reason }) => [
      person,
      roleLabelText(from, oneLine),
      roleLabelText(to, oneLine),
      reason,
    ]),
  };
  const parts = [
    flowDrawing(cut(flows, MOST_RIBBONS).shown, title),
    ribbonNote(flows),
    flowTable(flows, moveSides),
    `\n<h3>All people</h3>${listFrame(list, 'address or role')}`,
  ];
  return { html: parts.join(''), list };
}

function ribbonNote(flows: readonly Flow[]): string {
  if (flows.length <= MOST_RIBBONS) return '';
  return `<p class="soft">The ${formatNumber(MOST_RIBBONS)} largest of ${formatNumber(flows.length)} groups are drawn.</p>`;
}

function flowTable(flows: readonly Flow[], sides: readonly [string, string]): string {
  const { shown, more } = cut(flows, MOST_FLOWS);
  const rows = shown.map(
    ({ from, to, people }) =>
      `<tr><td>${roleLabelText(from, nameHtml)}</td><td>${roleLabelText(to, nameHtml)}</td><td class="number">${formatNumber(people)}</td></tr>`,
  );
  const heads = sides.map((side) => `<th scope="col">${lineHtml(side)}</th>`).join('');
  const rest = more > 0 ? `<p class="soft">and ${plural(more, 'smaller group')}, in the list below</p>` : '';
  return `<details class="card"><summary><span class="grow">As a table</span><span class="pill">${plural(flows.length, 'group')}</span></summary><div class="inside"><table class="rows"><thead><tr>${heads}<th scope="col" class="number">People</th></tr></thead><tbody>${rows.join('')}</tbody></table>${rest}</div></details>`;
}
