import type { AuditEvent, AuditLog } from '../model/audit.js';
import type { Move } from '../plan/change.js';
import type { Attributed, Drift, DriftChange } from './drift.js';
import { assertNever } from '../model/exhaustive.js';

/** Names that `by` holds at most; more are counted. */
const NAMES = 3;

/**
 * Names who made each difference and when, by the newest event of the audit log that tells of it. Where no
 * event fits, nobody is named: it is better to say nothing than to blame the wrong person. A difference that
 * several people made (people moved one by one) names them all, with the newest time.
 */
export function attribute(drift: Drift, { events, available, note }: AuditLog): Drift {
  const log = indexed(events);
  const changes = drift.changes.map((change): DriftChange => ({ ...change, ...whoMade(change, log) }));
  return { ...drift, changes, attribution: { available, note } };
}

/** Events by object, newest first. */
interface Log {
  /** Events about this object, by kind and id. */
  about: (type: string, id: number) => readonly AuditEvent[];
  all: (type: string) => readonly AuditEvent[];
}

function indexed(events: readonly AuditEvent[]): Log {
  const newest = [...events].sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));
  const byType = new Map<string, AuditEvent[]>();
  const byObject = new Map<string, AuditEvent[]>();
  for (const event of newest) {
    push(byType, event.type, event);
    push(byObject, `${event.type} ${event.objectId}`, event);
  }
  return { about: (type, id) => byObject.get(`${type} ${id}`) ?? [], all: (type) => byType.get(type) ?? [] };
}

function push(map: Map<string, AuditEvent[]>, key: string, event: AuditEvent): void {
  const list = map.get(key);
  if (list) list.push(event);
  else map.set(key, [event]);
}

function whoMade(change: DriftChange, log: Log): Attributed {
  switch (change.kind) {
    case 'role.create': {
      // The role is missing: somebody deleted one of that name. Its id is not known any more.
      const { name } = change.after;
      return told(log.all('ROLE').find((event) => did(event, 'DELETE') && event.objectName === name));
    }
    case 'role.update':
      return told(log.about('ROLE', change.roleId).find((event) => !did(event, 'DELETE')));
    case 'grants.set':
      return typeof change.roleId === 'number' ? told(whoSetGrants(change.roleId, log)) : told(undefined);
    case 'members.move':
      return whoMoved(change.people, log);
    case 'defaultRole.set':
      return told(
        log.all('CUSTOMER_STATE').find((event) => mentions(event, /user\.roleid\.default|default role/iu)),
      );
    case 'allowlist.set':
      return told(log.all('CUSTOMER_STATE').find((event) => mentions(event, /allow-?list/iu)));
    case 'role.delete':
      return told(log.about('ROLE', change.roleId).find((event) => did(event, 'CREATE')));
    default:
      return assertNever(change);
  }
}

/** A list of grants is told as `AUTHORITY`; a log that knows no such kind tells it as a change of the role. */
function whoSetGrants(roleId: number, log: Log): AuditEvent | undefined {
  const own = log.about('AUTHORITY', roleId)[0];
  if (own || log.all('AUTHORITY').length > 0) return own;
  return log.about('ROLE', roleId).find((event) => !did(event, 'DELETE'));
}

function whoMoved(people: readonly Move[], log: Log): Attributed {
  const found = people.flatMap(
    (move) => log.about('USER', move.id).find((event) => isMove(event, move)) ?? [],
  );
  const newest = found.reduce<string | null>(
    (at, event) => (at === null || event.at > at ? event.at : at),
    null,
  );
  const names = [...new Set(found.map(({ by }) => by))];
  const shown = names.slice(0, NAMES).join(', ');
  const by = names.length > NAMES ? `${shown} and ${names.length - NAMES} more` : shown;
  return { by: by === '' ? null : by, at: newest };
}

/** Accounts change for many reasons: only one that names the role they are in now, or their coming, tells of a move. */
function isMove(event: AuditEvent, { from }: Move): boolean {
  return did(event, 'CREATE') || event.text.includes(from) || /\brole\b/iu.test(event.text);
}

function did(event: AuditEvent, what: string): boolean {
  return event.did.startsWith(what);
}

function mentions({ objectId, objectName, text }: AuditEvent, words: RegExp): boolean {
  return [objectId, objectName, text].some((one) => words.test(one));
}

function told(event: AuditEvent | undefined): Attributed {
  return event ? { by: event.by, at: event.at } : { by: null, at: null };
}
