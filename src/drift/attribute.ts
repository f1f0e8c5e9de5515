import type { AuditEvent, AuditLog, AuditMention, AuditSubject } from '../model/audit.js';
import type { Move } from '../plan/change.js';
import type { Attributed, Drift, DriftChange } from './drift.js';
import { assertNever } from '../model/exhaustive.js';
import { addTo } from '../model/group.js';
import { endsIn } from './ends-in.js';
import type { RoleId } from '../model/ids.js';

/** Names that `by` holds at most; more are counted. */
const NAMES = 3;

/**
 * Names who made each difference and when, by the newest event of the audit log that says so. Where it is not sure
 * who it was, no one is named: no name is better than a wrong one. Where several people made a difference (they moved
 * people one by one) all are named, with the newest time.
 */
export function attribute(drift: Drift, { events, available, note }: AuditLog): Drift {
  const log = indexed(events);
  const changes = drift.changes.map((change): DriftChange => ({ ...change, ...whoMade(change, log) }));
  return { ...drift, changes, attribution: { available, note } };
}

/** Events by object, newest first. */
interface Log {
  /** Events about this object, by subject and id. */
  about: (subject: AuditSubject, id: number) => readonly AuditEvent[];
  all: (subject: AuditSubject) => readonly AuditEvent[];
}

function indexed(events: readonly AuditEvent[]): Log {
  const newest = [...events].sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));
  const bySubject = new Map<string, AuditEvent[]>();
  const byObject = new Map<string, AuditEvent[]>();
  for (const event of newest) {
    if (event.subject === null) continue;
    addTo(bySubject, event.subject, event);
    addTo(byObject, `${event.subject} ${event.objectId}`, event);
  }
  return {
    about: (subject, id) => byObject.get(`${subject} ${id}`) ?? [],
    all: (subject) => bySubject.get(subject) ?? [],
  };
}

function whoMade(change: DriftChange, log: Log): Attributed {
  switch (change.kind) {
    case 'role.create':
      return asAttributed(whoDeleted(change.after.name, log));
    case 'role.update':
      return asAttributed(whoRewrote(change.roleId, log));
    case 'grants.set':
      return asAttributed(typeof change.roleId === 'number' ? whoSetGrants(change.roleId, log) : undefined);
    case 'members.move':
      return whoMoved(change.people, log);
    case 'defaultRole.set':
      return asAttributed(log.all('settings').find((event) => isUpdateOf(event, 'defaultRole')));
    case 'allowlist.set':
      return asAttributed(log.all('settings').find((event) => isUpdateOf(event, 'allowlist')));
    case 'role.delete':
      return asAttributed(whoMadeRole(change.roleId, log));
    default:
      return assertNever(change);
  }
}

/**
 * The role is missing, so its id is not known: only its name is. Where the last event about that name is not a delete,
 * a later role had it and was renamed or kept: then it is not sure who took the name away.
 */
function whoDeleted(name: string, log: Log): AuditEvent | undefined {
  const last = log.all('role').find(({ objectName }) => objectName === name);
  return last && last.action === 'delete' ? last : undefined;
}

/**
 * A log that has events of its own for grants keeps name and description apart from them. In any other, an event
 * about a role may be about its grants unless its text says what it is about.
 */
function whoRewrote(roleId: RoleId, log: Log): AuditEvent | undefined {
  const last = log
    .about('role', roleId)
    .find((event) => event.action === 'update' && !event.mentions.includes('grants'));
  if (!last) return undefined;
  return knowsGrants(log) || last.mentions.includes('text') ? last : undefined;
}

/** As `whoRewrote`, for grants. */
function whoSetGrants(roleId: RoleId, log: Log): AuditEvent | undefined {
  if (knowsGrants(log)) return log.about('grants', roleId).find(({ action }) => action === 'update');
  const [last] = log
    .about('role', roleId)
    .filter((event) => event.action === 'update' && !event.mentions.includes('text'));
  return last && last.mentions.includes('grants') ? last : undefined;
}

function knowsGrants(log: Log): boolean {
  return log.all('grants').length > 0;
}

/** Who made a role that should not exist; not certain where another person changed it since, perhaps into this one. */
function whoMadeRole(roleId: RoleId, log: Log): AuditEvent | undefined {
  const events = log.about('role', roleId).filter(({ action }) => action === 'update' || action === 'create');
  const made = events.find(({ action }) => action === 'create');
  return made && events.every(({ by }) => by === made.by) ? made : undefined;
}

/** All who moved one of these people; no one where that is not sure of each of them. */
function whoMoved(people: readonly Move[], log: Log): Attributed {
  const found = people.flatMap((move) => whoMovedPerson(move, log) ?? []);
  if (found.length < people.length) return asAttributed(undefined);
  const [newest] = found.map(({ at }) => at).sort((a, b) => (a < b ? 1 : -1));
  const names = [...new Set(found.map(({ by }) => by))];
  const shown = names.slice(0, NAMES).join(', ');
  const by = names.length > NAMES ? `${shown} and ${names.length - NAMES} more` : shown;
  return { by: by === '' ? null : by, at: newest ?? null };
}

/** The last move of a person, if it leads to where they are; else who made the account, if nothing came after that. */
function whoMovedPerson({ id, from }: Move, log: Log): AuditEvent | undefined {
  const events = log.about('person', id).filter(({ action }) => action !== 'other');
  const [last] = events;
  if (last?.action === 'create') return last;
  const move = events.find((event) => isUpdateOf(event, 'role'));
  return move && endsIn(move, from) ? move : undefined;
}

function isUpdateOf({ action, mentions }: AuditEvent, mention: AuditMention): boolean {
  return action === 'update' && mentions.includes(mention);
}

function asAttributed(event: AuditEvent | undefined): Attributed {
  return event ? { by: event.by, at: event.at } : { by: null, at: null };
}
