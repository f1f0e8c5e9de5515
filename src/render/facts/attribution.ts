import type { DriftChange } from '../../drift/drift.js';
import type { Change } from '../../plan/change.js';
import { oneLine } from '../format/one-line.js';
import { timeText } from '../format/phrases.js';

/** Who made the changes of a drift and when, each text once. */
export function attributionOfAll(changes: readonly (Change | DriftChange)[]): string[] {
  return [...new Set(changes.flatMap((change) => attributionOf(change)))];
}

/** Who and when, as one text; empty if both are unknown. */
export function attributionOf(change: Change | DriftChange): string[] {
  if (!('by' in change)) return [];
  const by = change.by === null ? [] : [oneLine(change.by)];
  const parts = change.at === null ? by : [...by, timeText(change.at)];
  return parts.length > 0 ? [parts.join(', ')] : [];
}
