import type { StaleField } from '../apply/recheck/stale-plan.js';
import type { AuditEvent } from '../model/audit.js';
import { visibleText } from '../model/quoted-name.js';
import { objectText } from '../plan/object-ref.js';
import type { ObjectRef } from '../plan/object-ref.js';
import type { Routes } from '../routes/open-routes.js';

const WEEK = 7 * 86_400_000;

/** Finds who last changed the objects of a stale plan, from the audit log of the last week. */
export async function lastChanges(
  moved: readonly StaleField[],
  routes: Pick<Routes, 'getAuditLog'>,
  now: number,
): Promise<string[]> {
  const { readAudit } = await import('../live/audit.js');
  const { events } = await readAudit(routes, { since: now - WEEK, now });
  const objects = new Map(moved.map((one) => [objectText(one.of), one]));
  return [...objects.values()].flatMap(({ of, label }) => {
    const last = events.find(isAbout(of));
    return last ? [visibleText(`${label} was last changed by ${last.by} at ${last.at}`)] : [];
  });
}

/** Selects the events that changed an object. No event changes members or the holder of a name. */
function isAbout(of: ObjectRef): (event: AuditEvent) => boolean {
  switch (of.kind) {
    case 'role':
      return ({ subject, action, objectId }) =>
        (subject === 'role' || subject === 'grants') &&
        objectId === String(of.roleId) &&
        (action === 'update' || action === 'delete');
    case 'person':
      return ({ subject, action, objectId, mentions }) =>
        subject === 'person' &&
        objectId === String(of.personId) &&
        (action === 'delete' || (action === 'update' && mentions.includes('role')));
    case 'defaultRole':
    case 'allowlist':
      return ({ subject, action, mentions }) =>
        subject === 'settings' && action === 'update' && mentions.includes(of.kind);
    case 'members':
    case 'name':
      return () => false;
  }
}
