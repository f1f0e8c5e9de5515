import { isFailure, ROW_STATUSES } from '../../fleet/document.js';
import type { FleetCommand, FleetDocument } from '../../fleet/document.js';
import { formatNumber, plural, nameText, timeText } from '../format/phrases.js';
import { countsText, protectedGains, runTitle, selectedText, STATUS_TEXT } from '../fleet/fleet-facts.js';
import { runNote } from '../fleet/run-note.js';
import { isProbed, workText } from '../fleet/fleet-totals.js';
import type { Hero } from '../html/hero.js';
import { vocabularyOf } from '../vocabulary.js';

const CLEAN: Readonly<Record<FleetCommand, string>> = {
  plan: 'Nothing to change',
  apply: 'Everything is in place',
  drift: 'No drift',
  doctor: 'Every connection and token is in order',
  export: 'Everything is exported',
  'dry-run': 'Nothing to change',
  rollback: 'Nothing to undo',
};

/** The most names in the sentence about a dry run. */
const NAMES_SHOWN = 12;

/** The top of the page: the command, the selection and the verdict. */
export function fleetHero(document: FleetDocument): Hero {
  const { fleet, madeAt, inventory, summary, selection } = document;
  const { shard } = selection;
  const chosen = Object.entries(selection.flags)
    .filter(([, value]) => typeof value === 'string' || value.length > 0)
    .map(([flag, value]) => `${flag} ${typeof value === 'string' ? value : value.join(' ')}`);
  return {
    facts: [
      timeText(madeAt),
      nameText(inventory.file),
      selectedText(document),
      ...chosen,
      ...(shard ? [`shard ${shard.index} of ${shard.count}`] : []),
    ],
    heading: `Fleet ${runTitle(document)}: ${fleet}`,
    verdict: verdictOf(document),
    tiles: [
      { label: 'instances', value: summary.instances },
      ...ROW_STATUSES.filter((status) => summary[status] > 0).map((status) => ({
        label: STATUS_TEXT[status],
        value: summary[status],
      })),
      ...workTiles(document),
    ],
  };
}

/** The label of the work after an apply. */
const WRITTEN = {
  rolesCreated: 'roles created',
  rolesDeleted: 'roles deleted',
  grantsAdded: 'grants added',
  grantsRemoved: 'grants removed',
  peopleMoved: 'people moved',
};

function workTiles({ summary, command }: FleetDocument): Hero['tiles'] {
  if (command === 'doctor' || command === 'export') return [];
  const { created, deleted, moved, grantsAdded, grantsRemoved } = summary;
  // A rollback without --yes has only planned its changes.
  const isPlan = command === 'dry-run' || (command === 'rollback' && summary.changes > 0);
  const kind = isPlan ? 'plan' : command;
  const isPlanned = kind === 'plan' || kind === 'drift';
  const counts = isPlanned ? vocabularyOf({ kind }).counts : WRITTEN;
  return [
    { label: counts.rolesCreated, value: created },
    { label: counts.rolesDeleted, value: deleted },
    { label: counts.grantsAdded, value: grantsAdded },
    { label: counts.grantsRemoved, value: grantsRemoved },
    { label: counts.peopleMoved, value: moved },
  ].filter(({ value }) => value > 0);
}

function verdictOf(document: FleetDocument): Hero['verdict'] {
  const { rows, refusals, command, summary } = document;
  const total = plural(summary.instances, 'instance');
  const counts = [`${countsText(document)}.`, workText(document) ?? '', runNote(document, NAMES_SHOWN) ?? '']
    .join(' ')
    .trim()
    .replace(/^./u, (first) => first.toUpperCase());
  const bad = rows.filter((row) => isFailure(row)).length;
  if (refusals.length > 0) {
    const title = `The fleet is refused for ${plural(refusals.length, 'reason')}`;
    return { look: 'refused', title, sentence: counts };
  }
  if (bad > 0) {
    const verb = bad === 1 ? 'needs' : 'need';
    return { look: 'refused', title: `${formatNumber(bad)} of ${total} ${verb} attention`, sentence: counts };
  }
  const waiting = summary['not-started'];
  if (waiting > 0)
    return { look: 'risky', title: `${formatNumber(waiting)} of ${total} not started`, sentence: counts };
  const left = summary.changes + summary.drift;
  const clean = rows.some(isProbed) ? 'Every instance was probed' : CLEAN[command];
  if (left === 0) return { look: 'clean', title: clean, sentence: counts };
  const what = command === 'drift' ? 'drift' : 'changes';
  const title = `${formatNumber(left)} of ${total} with ${what}`;
  const isRisky = command === 'drift' || protectedGains(document).length > 0;
  return { look: isRisky ? 'risky' : 'changes', title, sentence: counts };
}
