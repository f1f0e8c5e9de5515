import { needsGrantsRead } from '../live/completeness.js';
import { openReader } from '../live/open-reader.js';
import type { LiveReader } from '../live/reader.js';
import { MANAGE_ROLES } from '../model/grant.js';
import type { Grant } from '../model/grant.js';
import { quotedName, visibleText } from '../model/quoted-name.js';
import type { LiveRole, Snapshot } from '../model/snapshot.js';
import { hasCode, plainMessage, ProblemError } from '../problem/problem.js';
import { statusOf } from '../routes/fallback.js';
import { incompleteList } from '../routes/index.js';
import type { Routes } from '../routes/index.js';
import { accountFrom, meFrom, PERSON_ATTRIBUTES } from '../routes/parse-people.js';
import type { RoleId } from '../model/ids.js';

/** Version of the format of the doctor document. */
const DOCTOR_FORMAT = 1;

/** A command that a token can be used for. */
export type Purpose = 'plan' | 'apply' | 'drift';

/** Every purpose, in the order of reports. */
export const PURPOSES: readonly Purpose[] = ['plan', 'apply', 'drift'];

/** One check of a connection. */
export interface DoctorCheck {
  /** Stable: `reach`, `roles`, `grants`, `people`, `default-role`, `allowlist`, `manage-roles`, `audit`. */
  name: string;
  ok: boolean;
  /** The finding, without a full stop. */
  note: string;
  neededFor: readonly Purpose[];
  /** False if the purposes work without it, with restrictions. */
  required: boolean;
}

/** `limited`: the command works, with restrictions. */
export type Readiness = 'ready' | 'limited' | 'not-ready';

/** What a token can be used for on an instance. Plain JSON. */
export interface DoctorReport {
  formatVersion: typeof DOCTOR_FORMAT;
  kind: 'doctor';
  instance: string;
  /** The acting person; null if the instance did not answer. */
  me: Snapshot['me'];
  /** Name of the acting person's role; null if unknown. */
  role: string | null;
  checks: readonly DoctorCheck[];
  verdict: Readonly<Record<Purpose, Readiness>>;
}

/** Options of `examine`. */
interface ExamineOptions {
  instance: string;
  sandbox: boolean;
  /** Epoch milliseconds. The audit log is read for the hour before. */
  now: number;
}

const HOUR = 3_600_000;

/**
 * Checks with a few reads what `plan`, `apply` and `drift` need from a token and an instance. Writes nothing: the
 * grants of the token's role show what it may write. A failed read is a finding, never an error.
 */
export async function examine(
  routes: Routes,
  { instance, sandbox, now }: ExamineOptions,
): Promise<DoctorReport> {
  const reader = openReader(routes, { instance, sandbox });
  const connection = await attempt(() => connect(routes, reader, instance));
  const me = connection.value;
  const reads = isOutOfReach(connection) ? NOT_TRIED : await tryReads(routes, reader, now);
  const own = reads.roles.value?.find(({ id }) => id === me?.roleId) ?? null;
  const role = own?.name ?? null;
  const checks = checksOf(connection, reads, {
    role,
    grants: await ownGrants(reader, me?.roleId ?? null, { own, reads }),
  });
  return {
    formatVersion: DOCTOR_FORMAT,
    kind: 'doctor',
    instance,
    me: me && { id: me.id, email: me.email, name: me.name },
    role,
    checks,
    verdict: {
      plan: readiness('plan', checks),
      apply: readiness('apply', checks),
      drift: readiness('drift', checks),
    },
  };
}

/** The result of an attempt: a value, or null. `note` describes the value or the failure. */
interface Attempt<T> {
  value: T | null;
  note: string;
  /** The error of a failure. */
  error?: ProblemError;
}

/** Statuses that concern one request; others concern the token, the network or the load of the instance. */
const ABOUT_ONE_REQUEST: readonly (number | null)[] = [400, 403, 404, 405, 500];

/** Would other requests fail for the reason for which the acting person is not known? */
function isOutOfReach({ error }: Attempt<Me>): boolean {
  if (error === undefined || hasCode(error, 'bad-answer')) return false;
  return !ABOUT_ONE_REQUEST.includes(statusOf(error)) || hasCode(error, 'blocked-network');
}

type ListedRole = Pick<LiveRole, 'id' | 'name' | 'grantCount'>;

/** The reads after the instance has answered. */
interface Reads {
  roles: Attempt<readonly ListedRole[]>;
  matrix: Attempt<ReadonlyMap<RoleId, readonly Grant[]>>;
  people: Attempt<number>;
  settings: Attempt<Pick<Snapshot, 'allowlist'>>;
  audit: Attempt<true>;
}

/** The note of a check that was skipped after a failure. */
export const NOT_TRIED_NOTE = 'not tried';

const SKIPPED: Attempt<never> = { value: null, note: NOT_TRIED_NOTE };

const NOT_TRIED: Reads = {
  roles: SKIPPED,
  matrix: SKIPPED,
  people: SKIPPED,
  settings: SKIPPED,
  audit: SKIPPED,
};

async function tryReads(routes: Routes, reader: LiveReader, now: number): Promise<Reads> {
  const [roles, matrix, people, settings, audit] = await Promise.all([
    attempt(async () => {
      const value = await reader.readRoles();
      return { value, note: `${value.length} roles are readable` };
    }),
    attempt(async () => {
      const value = await reader.readMatrix();
      return { value, note: 'the catalogue of grants is readable, with the roles that hold them' };
    }),
    attempt(async () => {
      const query = { offset: 0, limit: 1, includeDeleted: false, includeSupport: false };
      const { count, users } = (await routes.searchUsers({ ...query, attributes: PERSON_ATTRIBUTES }))
        .response;
      // The acting person at least is found.
      if (users.length === 0) throw incompleteList({ what: 'people' }, 'it is empty');
      if (count < users.length)
        throw incompleteList({ what: 'people' }, `its total is ${count}, and ${users.length} are shown`);
      for (const user of users) accountFrom(user, 'active');
      return { value: count, note: count === 1 ? '1 person is readable' : `${count} people are readable` };
    }),
    attempt(async () => ({ value: await reader.readSettings(), note: 'the default role is readable' })),
    attempt(async () => {
      await routes.getAuditLog({ start: now - HOUR, end: now, pageSize: 1, most: 1 });
      return { value: true as const, note: 'the audit log is readable: drift names who made a change' };
    }),
  ]);
  return { roles, matrix, people, settings, audit };
}

/**
 * The grants of the acting person's role; null if they are not known. The catalogue may leave them out, so the role's own list is
 * read if the catalogue has none for it, or another number than the role reports.
 */
async function ownGrants(
  reader: LiveReader,
  roleId: RoleId | null,
  { own, reads: { matrix } }: { own: ListedRole | null; reads: Reads },
): Promise<readonly Grant[] | null> {
  if (roleId === null || matrix.value === null) return null;
  const held = matrix.value.get(roleId);
  if (held && !(own && needsGrantsRead(own, held))) return held;
  return (await attempt(async () => ({ value: await reader.readRoleGrants(roleId), note: '' }))).value;
}

function checksOf(
  connection: Attempt<Me>,
  reads: Reads,
  { role, grants }: { role: string | null; grants: readonly Grant[] | null },
): DoctorCheck[] {
  return [
    check('reach', connection, PURPOSES),
    check('roles', reads.roles, PURPOSES),
    check('grants', reads.matrix, PURPOSES),
    check('people', reads.people, PURPOSES),
    check('default-role', reads.settings, PURPOSES),
    { ...check('allowlist', allowlistAttempt(reads.settings), PURPOSES), required: false },
    check('manage-roles', manageRolesAttempt(role, grants), ['apply']),
    { ...check('audit', reads.audit, ['drift']), required: false },
  ];
}

async function attempt<T>(work: () => Promise<Attempt<T>>): Promise<Attempt<T>> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return { value: null, note: plainMessage(error), error };
  }
}

function check<T>(name: string, { value, note }: Attempt<T>, neededFor: readonly Purpose[]): DoctorCheck {
  return { name, ok: value !== null, note: visibleText(note), neededFor, required: true };
}

type Me = NonNullable<Snapshot['me']> & { roleId: RoleId | null };

async function connect(routes: Routes, reader: LiveReader, instance: string): Promise<Attempt<Me>> {
  const { id, email, name } = meFrom((await routes.whoAmI()).response);
  // Not every instance includes the role in its answer to `whoAmI`; user search does.
  const { value: roleId } = await attempt(async () => {
    const [person] = await reader.readPeopleByIds([id]);
    return { value: person?.roleId ?? null, note: '' };
  });
  const note = `${instance} answers, and the token belongs to ${email ?? `person ${id}`}`;
  return { value: { id, email, name, roleId }, note };
}

function allowlistAttempt(settings: Attempt<Pick<Snapshot, 'allowlist'>>): Attempt<true> {
  if (settings.value === null) return { value: null, note: settings.note };
  const { allowlist } = settings.value;
  if (allowlist === 'unreadable') {
    return {
      value: null,
      note: 'the roles allowlist is not readable: a manifest with an allowlist is refused',
    };
  }
  if (allowlist === 'off') return { value: true, note: 'the roles allowlist is off' };
  const roles = allowlist.length === 1 ? '1 role' : `${allowlist.length} roles`;
  return { value: true, note: `the roles allowlist is on, with ${roles}` };
}

function manageRolesAttempt(role: string | null, grants: readonly Grant[] | null): Attempt<true> {
  if (grants === null) return { value: null, note: `whether this token holds ${MANAGE_ROLES} is not known` };
  const label = role === null ? 'of this token' : quotedName(role);
  if (grants.includes(MANAGE_ROLES)) return { value: true, note: `the role ${label} holds ${MANAGE_ROLES}` };
  const note = `the role ${label} does not hold ${MANAGE_ROLES}, without which nothing can be written`;
  return { value: null, note };
}

function readiness(purpose: Purpose, checks: readonly DoctorCheck[]): Readiness {
  const failed = checks.filter(({ ok, neededFor }) => !ok && neededFor.includes(purpose));
  if (failed.some(({ required }) => required)) return 'not-ready';
  return failed.length > 0 ? 'limited' : 'ready';
}
