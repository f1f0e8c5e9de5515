import { suggest } from '../model/suggest.js';
import type { Catalogue, Grant } from '../model/grant.js';
import type { RoleId } from '../model/ids.js';
import { quotedName } from '../model/quoted-name.js';
import { isOrdinary } from '../model/person.js';
import type { Person } from '../model/person.js';
import type { LiveRole, Snapshot } from '../model/snapshot.js';
import { ProblemError, problem, usageError } from '../problem/problem.js';
import type { Connection } from './connect.js';
import { withRolesOfPeople } from './read-live-state.js';

/** A role in a list. `allowlisted` is null if the allowlist is off or cannot be read. */
export interface RoleLine {
  id: number;
  name: string;
  description: string;
  /** The number of its grants. */
  grants: number;
  /** The instance's own count, which includes support and system accounts; null if it gives none. */
  members: number | null;
  default: boolean;
  allowlisted: boolean | null;
}

/** One role. */
export interface RoleDetails {
  id: number;
  name: string;
  description: string;
  /** The instance's own count, as in a list of roles. */
  members: number | null;
  default: boolean;
  grants: readonly Grant[];
}

/** A person in a role. */
export interface MemberLine {
  id: number;
  email: string | null;
  name: string;
  pending: boolean;
}

/** A person with their role. */
export interface PersonLine extends MemberLine {
  role: string;
}

/** Live data of one subject, read as for a plan. */
export type LiveAnswer =
  | { subject: 'roles'; data: readonly RoleLine[] }
  | { subject: 'role'; data: RoleDetails }
  | { subject: 'grants'; data: readonly Grant[]; titles: ReadonlyMap<Grant, string> }
  // `counted` is the instance's own count, which includes accounts that are not listed; null if it gives none.
  | { subject: 'members'; data: readonly MemberLine[]; counted: number | null }
  | { subject: 'people'; data: readonly PersonLine[] }
  | { subject: 'default-role'; data: { id: number; name: string | null } }
  | { subject: 'authorities'; data: Catalogue }
  | {
      subject: 'me';
      data: { id: number | null; email: string | null; name: string | null; role: string | null };
    };

export type LiveSubject = LiveAnswer['subject'];

/**
 * Reads one subject. `role` is a role's name or id, for `role`, `grants` and `members`. Raises `not-found`, and
 * `ambiguous-name` for a name that several live roles have.
 */
export async function getLive(
  subject: LiveSubject,
  { reader }: Pick<Connection, 'reader'>,
  role = '',
): Promise<LiveAnswer> {
  const core = await reader.readCore();
  switch (subject) {
    case 'roles':
      return { subject, data: core.roles.map((one) => roleLine(one, core)) };
    case 'role': {
      const one = roleOf(core, role);
      const grants = await reader.readRoleGrants(one.id);
      const { id, name, description, userCount } = one;
      return {
        subject,
        data: { id, name, description, members: userCount, default: id === core.defaultRoleId, grants },
      };
    }
    case 'grants': {
      const data = await reader.readRoleGrants(roleOf(core, role).id);
      return { subject, data, titles: new Map(core.catalogue.map(({ grant, title }) => [grant, title])) };
    }
    case 'members': {
      const { id, userCount } = roleOf(core, role);
      const { people } = await withRolesOfPeople(reader, { ...core, people: await reader.readPeople() });
      const inside = people.list.filter((person) => person.roleId === id && isOrdinary(person));
      return { subject, data: inside.map(memberLine), counted: userCount };
    }
    case 'people': {
      const live = await withRolesOfPeople(reader, { ...core, people: await reader.readPeople() });
      const names = new Map(live.roles.map(({ id, name }) => [id, name]));
      const roleName = (id: RoleId): string => names.get(id) ?? `role id ${id}`;
      const ordinary = live.people.list.filter(isOrdinary);
      return { subject, data: ordinary.map((one) => ({ ...memberLine(one), role: roleName(one.roleId) })) };
    }
    case 'default-role':
      return { subject, data: { id: core.defaultRoleId, name: nameOf(core, core.defaultRoleId) } };
    case 'authorities':
      return { subject, data: core.catalogue };
    case 'me': {
      const { me } = core;
      const [person] = me ? await reader.readPeopleByIds([me.id]) : [];
      const data = { id: me?.id ?? null, email: me?.email ?? null, name: me?.name ?? null };
      return { subject, data: { ...data, role: nameOf(core, person?.roleId ?? null) } };
    }
    default:
      // Only a caller in plain JavaScript gets here.
      throw usageError(`there is no subject ${JSON.stringify(subject satisfies never)}`, { what: 'subject' });
  }
}

function memberLine({ id, email, name, kind }: Person): MemberLine {
  return { id, email, name, pending: kind === 'pending' };
}

type Core = Pick<Snapshot, 'roles' | 'defaultRoleId' | 'allowlist'>;

function roleLine({ id, name, description, grants, userCount }: LiveRole, core: Core): RoleLine {
  return {
    id,
    name,
    description,
    grants: grants.length,
    members: userCount,
    default: id === core.defaultRoleId,
    allowlisted: typeof core.allowlist === 'string' ? null : core.allowlist.includes(id),
  };
}

function nameOf({ roles }: Core, id: number | null): string | null {
  return roles.find((role) => role.id === id)?.name ?? null;
}

/** Finds a role by its name, else by its id. */
function roleOf({ roles }: Core, asked: string): LiveRole {
  const [named, ...others] = roles.filter((one) => one.name === asked);
  if (named && others.length > 0) {
    const ids = [named, ...others].map(({ id }) => id).join(', ');
    throw new ProblemError(
      problem('ambiguous-name', `${quotedName(asked)} is the name of ${others.length + 1} roles`, {
        hint: `ask by id: ${ids}`,
      }),
    );
  }
  const found = named ?? roles.find((one) => String(one.id) === asked);
  if (found) return found;
  const close = suggest(
    asked,
    roles.map((one) => one.name),
  );
  throw new ProblemError(
    problem('not-found', `there is no role ${quotedName(asked)}`, {
      hint: close ? `did you mean "${close}"?` : 'domo-roles get roles lists them',
    }),
  );
}
