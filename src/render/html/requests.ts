import { bodyText, conditionText } from '../facts/request-texts.js';
import { oneLine } from '../format/one-line.js';
import type { PlanDocument } from '../vocabulary.js';
import { codeHtml } from './escape.js';
import { listFrame, type ListData } from './list.js';

/** The requests in order; those of a drift document would undo it. */
export function requestSection(document: PlanDocument): { html: string; list: ListData } | null {
  const rows = document.changes.flatMap((change) => change.requests.map((request) => ({ change, request })));
  if (rows.length === 0) return null;
  const hasConditions = rows.some(({ request }) => request.when !== undefined);
  const list: ListData = {
    id: 'requests',
    noun: ['request', 'requests'],
    columns: [
      { title: '#', show: 'number' },
      { title: 'Change', show: 'text' },
      { title: 'Method', show: 'code' },
      { title: 'Path', show: 'code' },
      { title: 'Body', show: 'fold' },
      ...(hasConditions ? [{ title: 'Sent', show: 'text' as const }] : []),
    ],
    rows: rows.map(({ change, request }, index) => {
      const row = [index + 1, oneLine(change.id), request.method, oneLine(request.path), bodyText(request)];
      return hasConditions ? [...row, conditionText(request) || 'in any case'] : row;
    }),
  };
  const intro = `<p class="soft">Sent in this order, with reads between them and nothing else. A request with a condition in the last column is sent only if it is met. A role that does not exist yet is written as ${codeHtml('{new:NAME}')}.</p>`;
  return { html: `${intro}${listFrame(list, 'change, path or body')}`, list };
}
