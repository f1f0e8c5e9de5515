import { meFrom } from '../live/normalise.js';
import { openReader } from '../live/open-reader.js';
import type { LiveReader } from '../live/reader.js';
import { MANAGE_ROLES } from '../model/grant.js';
import type { Grant } from '../model/grant.js';
import type { Snapshot } from '../model/snapshot.js';
import { plainMessage, ProblemError } from '../problem/problem.js';
import type { Routes } from '../routes/index.js';

/** Version of the doctor document's form. */
export const DOCTOR_FORMAT = 1;

/** What a token may be wanted for. */
export type Purpose = 'plan' | 'apply' | 'drift';

/** Every purpose, in the order of reports. */
export const PURPOSES: readonly Purpose[] = ['plan', 'apply', 'drift'];

/** One thing that was tried. */
export interface DoctorCheck {
  /** Stable: `reach`, `roles`, `grants`, `people`, `default-role`, `allowlist`, `manage-roles`, `audit`. */
  name: string;
  ok: boolean;
  /** What was found, in a sentence without a full stop. */
  note: string;
  neededFor: readonly Purpose[];
  /** False: without it these do less, but they work. */
  required: boolean;
}

/** `ready`; `limited`: it works, and something is left out; `not-ready`. */
export type Readiness = 'ready' | 'limited' | 'not-ready';

/** What a token can be used for on an instance. Plain JSON. */
export interface DoctorReport {
  formatVersion: typeof DOCTOR_FORMAT;
  kind: 'doctor';
  instance: string;
  /** Null where the instance does not say. */
  me: Snapshot['me'];
  /** Name of the role that the acting person is in; null where it cannot be told. */
  role: string | null;
  checks: readonly DoctorCheck[];
  verdict: Readonly<Record<Purpose, Readiness>>;
}

/** What is examined. */
export interface ExamineOptions {
  instance: string;
  sandbox: boolean;
  /** Epoch milliseconds: the audit log is asked for the hour before. */
  now: number;
}

const HOUR = 3_600_000;

/**
 * Tries, with a handful of reads, what `plan`, `apply` and `drift` need of a token and an instance. Writes
 * nothing: what it may write is told from the grants of its role. A failure is a finding, never an error.
 */
export async function examine(
  routes: Routes,
  { instance, sandbox, now }: ExamineOptions,
): Promise<DoctorReport> {
  const reader = openReader(routes, { instance, sandbox });
  const reach = await attempt(async () => {
    const me = await meOf(routes, reader);
    return {
      value: me,
      note: `${instance} answers, and knows this token as ${me.email ?? `person ${me.id}`}`,
    };
  });
  const me = reach.value;
  const [roles, matrix, people, settings, audit] = await Promise.all([
    attempt(async () => {
      if (!me) return null;
      const value = await reader.readRoles();
      return { value, note: `${value.length} roles are readable` };
    }),
    attempt(async () => {
      if (!me) return null;
      const value = await reader.readMatrix();
      return { value, note: 'the catalogue of grants is readable, with who holds them' };
    }),
    attempt(async () => {
      if (!me) return null;
      const query = { offset: 0, limit: 1, includeDeleted: false, includeSupport: false };
      const { count } = (await routes.searchUsers(query)).response;
      return { value: count, note: `${count} people are readable` };
    }),
    attempt(async () => {
      if (!me) return null;
      return { value: await reader.readSettings(), note: 'the default role is readable' };
    }),
    attempt(async () => {
      if (!me) return null;
      await routes.getAuditLog({ start: now - HOUR, end: now, pageSize: 1, most: 1 });
      return { value: true, note: 'the audit log is readable: drift names who did it' };
    }),
  ]);
  const roleId = me?.roleId ?? null;
  const role = roles.value?.find(({ id }) => id === roleId)?.name ?? null;
  const checks: DoctorCheck[] = [
    check('reach', reach, PURPOSES),
    check('roles', roles, PURPOSES),
    check('grants', matrix, PURPOSES),
    check('people', people, PURPOSES),
    check('default-role', settings, PURPOSES),
    { ...check('allowlist', allowlistOf(settings), PURPOSES), required: false },
    check('manage-roles', powerOf(role, roleId === null ? null : (matrix.value?.get(roleId) ?? null)), [
      'apply',
    ]),
    { ...check('audit', audit, ['drift']), required: false },
  ];
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

/** What came of a try. */
interface Attempt<T> {
  value: T | null;
  note: string;
}

/** Null from `work`: it was not tried, since nothing answers. */
async function attempt<T>(work: () => Promise<Attempt<T> | null>): Promise<Attempt<T>> {
  try {
    return (await work()) ?? { value: null, note: 'not tried' };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return { value: null, note: plainMessage(error) };
  }
}

function check<T>(name: string, { value, note }: Attempt<T>, neededFor: readonly Purpose[]): DoctorCheck {
  return { name, ok: value !== null, note, neededFor, required: true };
}

type Me = NonNullable<Snapshot['me']> & { roleId: number | null };

async function meOf(routes: Routes, reader: LiveReader): Promise<Me> {
  const { id, email, name } = meFrom((await routes.whoAmI()).response);
  // Who am I does not say on every instance which role one is in; user search does.
  const found = await attempt(async () => {
    const [person] = await reader.readPeopleByIds([id]);
    return person ? { value: person.roleId, note: '' } : null;
  });
  return { id, email, name, roleId: found.value };
}

function allowlistOf(settings: Attempt<Pick<Snapshot, 'allowlist'>>): Attempt<true> {
  if (settings.value === null) return { value: null, note: settings.note };
  const { allowlist } = settings.value;
  if (allowlist === 'unreadable') {
    return { value: null, note: 'the roles allowlist cannot be read: a manifest that gives one is refused' };
  }
  const how = allowlist === 'off' ? 'is off' : `is on, with ${allowlist.length} roles`;
  return { value: true, note: `the roles allowlist ${how}` };
}

function powerOf(role: string | null, grants: readonly Grant[] | null): Attempt<true> {
  if (grants === null)
    return { value: null, note: `it cannot be told whether this token holds ${MANAGE_ROLES}` };
  const name = JSON.stringify(role);
  return grants.includes(MANAGE_ROLES)
    ? { value: true, note: `the role ${name} holds ${MANAGE_ROLES}` }
    : {
        value: null,
        note: `the role ${name} does not hold ${MANAGE_ROLES}, without which nothing can be written`,
      };
}

function readiness(purpose: Purpose, checks: readonly DoctorCheck[]): Readiness {
  const failed = checks.filter(({ ok, neededFor }) => !ok && neededFor.includes(purpose));
  if (failed.some(({ required }) => required)) return 'not-ready';
  return failed.length > 0 ? 'limited' : 'ready';
}
