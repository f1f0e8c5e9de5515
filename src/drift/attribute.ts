import type { AuditEvent, AuditLog, AuditMention, AuditSubject } from '../model/audit.js';
import type { Move } from '../plan/change.js';
import type { Attributed, Drift, DriftChange } from './drift.js';
import { assertNever } from '../model/exhaustive.js';
import { addTo } from '../model/group.js';
import { movesIntoRole } from './moves-into-role.js';
import type { RoleId } from '../model/ids.js';
import { shortenedList } from '../model/shortened-list.js';

/** Maximum number of names in `by`; the others are counted. */
const MAX_NAMES = 3;

/**
 * Adds to each difference who made it and when, from the newest matching event of the audit log. Uncertain differences
 * have no name, because a wrong name is worse than none. A difference that several people made has all names and the
 * newest time.
 */
export function attribute(drift: Drift, { events, available, note }: AuditLog): Drift {
  const log = indexEvents(events);
  const changes = drift.changes.map((change): DriftChange => ({ ...change, ...findAuthors(change, log) }));
  return { ...drift, changes, attribution: { available, note } };
}

/** Events by object, newest first. */
interface Log {
  /** Events of one object, newest first. */
  about: (subject: AuditSubject, id: number) => readonly AuditEvent[];
  all: (subject: AuditSubject) => readonly AuditEvent[];
}

function indexEvents(events: readonly AuditEvent[]): Log {
  const bySubject = new Map<string, AuditEvent[]>();
  const byObject = new Map<string, AuditEvent[]>();
  for (const event of events) {
    if (event.subject === null) continue;
    addTo(bySubject, event.subject, event);
    addTo(byObject, `${event.subject} ${event.objectId}`, event);
  }
  return {
    about: (subject, id) => byObject.get(`${subject} ${id}`) ?? [],
    all: (subject) => bySubject.get(subject) ?? [],
  };
}

function findAuthors(change: DriftChange, log: Log): Attributed {
  switch (change.kind) {
    case 'role.create':
      return toAttributed(findDelete(change.after.name, log));
    case 'role.update':
      return toAttributed(findTextUpdate(change.roleId, log));
    case 'grants.set':
      return toAttributed(
        typeof change.roleId === 'number' ? findGrantsUpdate(change.roleId, log) : undefined,
      );
    case 'members.move':
      return findMovers(change.people, log);
    case 'defaultRole.set':
      return toAttributed(log.all('settings').find((event) => isUpdateOf(event, 'defaultRole')));
    case 'allowlist.set':
      return toAttributed(log.all('settings').find((event) => isUpdateOf(event, 'allowlist')));
    case 'role.delete':
      return toAttributed(findCreate(change.roleId, log));
    default:
      return assertNever(change);
  }
}

/**
 * Finds the delete of a missing role by its name, because its id is unknown. If the last event for the name is not a
 * delete, another role used the name later, and the cause is uncertain.
 */
function findDelete(name: string, log: Log): AuditEvent | undefined {
  const last = log.all('role').find(({ objectName }) => objectName === name);
  return last && last.action === 'delete' ? last : undefined;
}

/**
 * Finds the last update of a name or description. A log with separate events for grants distinguishes them. In other
 * logs, the text of the event must mention the change.
 */
function findTextUpdate(roleId: RoleId, log: Log): AuditEvent | undefined {
  const last = log
    .about('role', roleId)
    .find((event) => event.action === 'update' && !event.mentions.includes('grants'));
  if (!last) return undefined;
  return hasGrantEvents(log) || last.mentions.includes('text') ? last : undefined;
}

/** Finds the last update of grants, like `findTextUpdate`. */
function findGrantsUpdate(roleId: RoleId, log: Log): AuditEvent | undefined {
  if (hasGrantEvents(log)) return log.about('grants', roleId).find(({ action }) => action === 'update');
  const [last] = log
    .about('role', roleId)
    .filter((event) => event.action === 'update' && !event.mentions.includes('text'));
  return last && last.mentions.includes('grants') ? last : undefined;
}

function hasGrantEvents(log: Log): boolean {
  return log.all('grants').length > 0;
}

/**
 * Finds the create of an unwanted role. Uncertain if another person updated the role later, perhaps to its current
 * name.
 */
function findCreate(roleId: RoleId, log: Log): AuditEvent | undefined {
  const events = log.about('role', roleId).filter(({ action }) => action === 'update' || action === 'create');
  const made = events.find(({ action }) => action === 'create');
  return made && events.every(({ by }) => by === made.by) ? made : undefined;
}

/** Everyone who moved one of these people; no one if any of the moves is uncertain. */
function findMovers(people: readonly Move[], log: Log): Attributed {
  const found = people.flatMap((move) => findMove(move, log) ?? []);
  if (found.length < people.length) return toAttributed(undefined);
  const [newest] = found.map(({ at }) => at).sort((a, b) => (a < b ? 1 : -1));
  const names = [...new Set(found.map(({ by }) => by))];
  const by = shortenedList(names, MAX_NAMES);
  return { by: by === '' ? null : by, at: newest ?? null };
}

/**
 * The last move of a person, if it leads to their current role; or the create of the account, if it is the last event.
 */
function findMove({ id, from }: Move, log: Log): AuditEvent | undefined {
  const events = log.about('person', id).filter(({ action }) => action !== 'other');
  const [last] = events;
  if (last?.action === 'create') return last;
  const move = events.find((event) => isUpdateOf(event, 'role'));
  return move && movesIntoRole(move, from) ? move : undefined;
}

function isUpdateOf({ action, mentions }: AuditEvent, mention: AuditMention): boolean {
  return action === 'update' && mentions.includes(mention);
}

function toAttributed(event: AuditEvent | undefined): Attributed {
  return event ? { by: event.by, at: event.at } : { by: null, at: null };
}
