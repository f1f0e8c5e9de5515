import { isDocument } from '../../fleet/document.js';
import type { FleetDocument, FleetGroup, FleetRow } from '../../fleet/document.js';
import { countsInTotals } from '../../fleet/make-document.js';
import type { ChangeKind } from '../../plan/change.js';
import { formatNumber, plural, series } from '../format/phrases.js';

/** The totals of all rows as text; null if nothing is known about any instance. */
export function workText(document: FleetDocument): string | null {
  const { summary, command } = document;
  const counted = countedGroups(document);
  const parts = Object.values(TOTALS)
    .flatMap((totals) => totals(summary, counted))
    .filter(([count]) => count > 0)
    .map(([count, one, many, done]) => `${plural(count, one, many)} ${done}`);
  const total = `${command === 'drift' ? 'To undo the drift: ' : 'In all: '}${series(parts)}.`;
  const sentences = [
    parts.length === 0 ? idleText(document) : total,
    summary.incomplete > 0
      ? `${plural(summary.incomplete, 'incomplete instance')} may have a part of the planned changes.`
      : null,
    earlierText(document),
  ].filter((text) => text !== null);
  return sentences.length === 0 ? null : sentences.join(' ');
}

/**
 * Where earlier attempts wrote, or may have: a new plan has only what they left, so the totals leave out their changes. A
 * saved plan has all changes, whoever made them.
 */
function earlierText({ command, rows, selection }: FleetDocument): string | null {
  const written = rows.filter(({ attempts }) => attempts.some(({ sent }) => sent));
  if (written.length === 0 || (command === 'apply' && selection.flags.plans !== undefined)) return null;
  return `Earlier attempts may have made changes on ${plural(written.length, 'instance')} that are not counted.`;
}

type Total = readonly [count: number, one: string, many: string, done: string];

/** The totals of each kind of change, in the order of the text. The summary does not count all kinds. */
const TOTALS: Readonly<
  Record<ChangeKind, (summary: FleetDocument['summary'], groups: readonly FleetGroup[]) => readonly Total[]>
> = {
  'role.create': ({ created }) => [[created, 'role', 'roles', 'created']],
  'role.update': (_, groups) => [[total(groups, 'role.update'), 'role', 'roles', 'updated']],
  'role.delete': ({ deleted }) => [[deleted, 'role', 'roles', 'deleted']],
  'grants.set': ({ grantsAdded, grantsRemoved }) => [
    [grantsAdded, 'grant', 'grants', 'added'],
    [grantsRemoved, 'grant', 'grants', 'removed'],
  ],
  'members.move': ({ moved }) => [[moved, 'person', 'people', 'moved']],
  'defaultRole.set': (_, groups) => [
    [total(groups, 'defaultRole.set'), 'default role', 'default roles', 'changed'],
  ],
  'allowlist.set': (_, groups) => [
    [total(groups, 'allowlist.set'), 'roles allowlist', 'roles allowlists', 'changed'],
  ],
};

/** The groups of the rows that the summary counts. */
function countedGroups({ command, groups }: FleetDocument): readonly FleetGroup[] {
  return groups.filter(({ status }) => countsInTotals(command, status));
}

/** Counts the objects with a change of this kind. A change in several steps counts once. */
function total(groups: readonly FleetGroup[], kind: ChangeKind): number {
  const inGroup = ({ changes, instances }: FleetGroup): number =>
    new Set(changes.filter((one) => one.kind === kind).map(({ role }) => role)).size * instances.length;
  return groups.reduce((sum, group) => sum + inGroup(group), 0);
}

/** The sentence for a run without changes: it never speaks for an instance that failed, differs or was left out. */
function idleText(document: FleetDocument): string | null {
  const { command, summary, rows } = document;
  const { instances, clean } = summary;
  // An instance that is clean now may have been changed by an earlier attempt of this run.
  const equal = rows.filter(
    ({ status, attempts }) => status === 'clean' && !attempts.some(({ sent }) => sent),
  ).length;
  if (equal === 0) return null;
  const where = equal === instances ? '' : ` on ${formatNumber(equal)} of ${plural(instances, 'instance')}`;
  switch (command) {
    case 'drift':
      return `No drift${where}.`;
    case 'doctor':
      if (rows.some(isProbed)) return probeText(document);
      return `The connection and the token of ${plural(clean, 'instance')} are in order.`;
    case 'export':
      return `${plural(clean, 'instance')} exported, each into its folder under instances/.`;
    case 'plan':
    case 'apply':
    case 'dry-run':
    case 'rollback':
      return `No changes${where}.`;
  }
}

/** Is a row about how its instance behaves? */
export const isProbed = (row: Pick<FleetRow, 'document'>): boolean => isDocument(row, 'probe.json');

function probeText({ rows }: FleetDocument): string {
  const probed = rows.filter(isProbed);
  const differing = probed.filter(({ status, because }) => status === 'clean' && because !== null);
  const verdict =
    differing.length === 0
      ? 'no known fact differs from what is documented'
      : `${formatNumber(differing.length)} ${differing.length === 1 ? 'differs' : 'differ'} from what is documented`;
  return `${plural(probed.length, 'instance')} probed, and ${verdict}. See instances/NAME/probe.json.`;
}
