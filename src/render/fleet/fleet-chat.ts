import type { FleetDocument } from '../../fleet/document.js';
import { chatLine } from '../format/chat-line.js';
import { AS_WRITTEN, changeLine, countsText, groupsToShow, namesText, rowsByCause } from './fleet-facts.js';
import type { Reword } from './fleet-facts.js';

/** Maximum number of lines after the first one. */
const MAX_LINES = 10;

/** Maximum number of instances in a line. */
const MAX_INSTANCES = 5;

/** A flag after a cause, such as ` (--max-failures)`: the readers of a chat did not run the command. */
const FLAG = / \(--[a-z-]+\)/gu;

/** A short chat message about the drift of a fleet: the counts, what needs attention, and the largest groups. */
export function fleetChat(document: FleetDocument, reword: Reword = AS_WRITTEN): string {
  const items = [
    ...rowsByCause(document).map(
      ({ cause, instances }) =>
        `${namesText(instances, MAX_INSTANCES)}: ${reword(cause.replaceAll(FLAG, ''))}`,
    ),
    ...groupsToShow(document).flatMap(({ changes, instances }) =>
      changes.map((change) => `${namesText(instances, MAX_INSTANCES)}, to undo: ${changeLine(change)}`),
    ),
  ];
  const lines = items.slice(0, MAX_LINES).map((text) => `• ${chatLine(text)}`);
  const more = items.length > lines.length ? [`… and ${items.length - lines.length} more`] : [];
  return [`Drift in the fleet ${chatLine(document.fleet)}: ${countsText(document)}.`, ...lines, ...more].join(
    '\n',
  );
}
