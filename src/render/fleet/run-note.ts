import type { FleetDocument, FleetRow } from '../../fleet/document.js';
import { AUDIT_INCOMPLETE } from '../../fleet/rows.js';
import { plural } from '../format/phrases.js';
import { namesText } from './fleet-facts.js';

/**
 * What the groups of a run do not show: that a dry run wrote nothing, what else a rollback undoes, on which instances drift may
 * lack its authors; null if there is nothing of the kind.
 */
export function runNote(
  { command, rows }: Pick<FleetDocument, 'command' | 'rows'>,
  limit: number,
): string | null {
  if (command === 'rollback') return furtherText(rows, limit);
  if (command === 'drift') return unreadAuditText(rows, limit);
  if (command !== 'dry-run') return null;
  const held = rows.flatMap(({ instance, status }) => (status === 'changes' ? [instance] : []));
  const where =
    held.length === 0
      ? ''
      : ` The rehearsal holds on ${plural(held.length, 'instance')}: ${namesText(held, limit)}.`;
  return `This is a dry run: nothing was written to any instance.${where}`;
}

/** Instances whose audit log could not be read, or only in part. */
function unreadAuditText(rows: readonly FleetRow[], limit: number): string | null {
  const names = rows.filter((row) => row.warnings.includes(AUDIT_INCOMPLETE)).map(({ instance }) => instance);
  if (names.length === 0) return null;
  const where = `${plural(names.length, 'instance')}: ${namesText(names, limit)}`;
  return `The audit log was not read, or only in part, on ${where}. Who made the changes there may be unknown.`;
}

/** Instances with several runs, of which the changes of a rollback show only the newest. */
function furtherText(rows: readonly FleetRow[], limit: number): string | null {
  const sentences = (['changes', 'done'] as const).flatMap((status) => {
    const found = rows.filter((row) => row.status === status && row.because !== null);
    const names = found.map(({ instance }) => instance);
    if (names.length === 0) return [];
    const verb = status === 'done' ? 'were' : 'are';
    const where = `${plural(names.length, 'instance')}: ${namesText(names, limit)}`;
    return [`After the changes shown, earlier runs of the apply ${verb} undone on ${where}.`];
  });
  return sentences.length === 0 ? null : sentences.join(' ');
}
