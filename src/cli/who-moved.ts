import type { Moved } from '../apply/stale.js';
import type { Connection } from './connect.js';
import type { World } from './world.js';

/** Kinds of audit events that tell of an object of a fingerprint. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  role: ['ROLE', 'AUTHORITY'],
  person: ['USER'],
  defaultRole: ['CUSTOMER_STATE'],
  allowlist: ['CUSTOMER_STATE'],
};

const WEEK = 7 * 86_400_000;

/** Says who last changed what a plan relied on, where the audit log of the last week may be read and tells. */
export async function whoMoved(
  moved: readonly Moved[],
  connection: Connection,
  world: World,
): Promise<string[]> {
  const { readAudit } = await import('../live/audit.js');
  const { events } = await readAudit(connection.routes, { since: world.now() - WEEK, now: world.now() });
  const labels = new Map(moved.map((one) => [one.object, one.label]));
  return [...labels].flatMap(([object, label]) => {
    const [what = '', id] = object.split(':');
    const kinds = KINDS[what] ?? [];
    const last = events.find(
      (event) => kinds.includes(event.type) && (id === undefined || event.objectId === id),
    );
    return last ? [`${label} was last changed by ${last.by} at ${last.at}`] : [];
  });
}
