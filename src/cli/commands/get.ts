import { isOrdinary } from '../../model/person.js';
import type { Snapshot } from '../../model/snapshot.js';
import { stringify } from 'yaml';
import { suggest } from '../../manifest/suggest.js';
import { ProblemError, problem } from '../../problem/problem.js';
import { table } from '../../render/text/tables.js';
import type { Cell } from '../../render/text/tables.js';
import { styleOf } from '../../render/text/style.js';
import { connect } from '../connect.js';
import type { ConnectFlags, Connection } from '../connect.js';
import { EXIT } from '../exit.js';
import type { Exit } from '../exit.js';
import { json } from '../output.js';
import { print } from '../deliver.js';
import { mayColour } from '../world.js';
import type { Environment } from '../world.js';

export const GET_SUBJECTS = [
  'roles',
  'role',
  'grants',
  'members',
  'default-role',
  'authorities',
  'me',
] as const;

export interface GetFlags extends ConnectFlags {
  subject: (typeof GET_SUBJECTS)[number];
  /** A role's name or id, for `role`, `grants` and `members`. */
  role?: string | undefined;
  format: 'table' | 'json' | 'yaml';
}

/** What an answer is, as data and as rows. */
interface Answer {
  data: unknown;
  head: readonly string[];
  rows: readonly (readonly Cell[])[];
}

/** `get …`: what is live, as it is read for a plan. */
export async function get(flags: GetFlags, world: Environment): Promise<Exit> {
  const needsRole = flags.subject === 'role' || flags.subject === 'grants' || flags.subject === 'members';
  if (needsRole && flags.role === undefined)
    throw usage(`get ${flags.subject} needs a role`, `domo-roles get ${flags.subject} "Data Analyst"`);
  if (!needsRole && flags.role !== undefined)
    throw usage(`get ${flags.subject} takes nothing more`, `domo-roles get ${flags.subject}`);
  const connection = await connect(flags, world, 'read');
  try {
    const { data, head, rows } = await answerTo(flags, connection);
    const document = { formatVersion: 1, kind: 'answer', question: `get ${flags.subject}`, answer: data };
    const text =
      flags.format === 'json'
        ? json(document)
        : flags.format === 'yaml'
          ? stringify(data, { lineWidth: 0 })
          : `${table(head, rows, styleOf(mayColour(world.stdout, world.env)))}\n`.replace(/\n\n$/u, '\n');
    await print(world, text);
    return EXIT.done;
  } finally {
    await connection.close();
  }
}

async function answerTo({ subject, role: asked = '' }: GetFlags, { reader }: Connection): Promise<Answer> {
  switch (subject) {
    case 'roles': {
      const core = await reader.readCore();
      const data = core.roles.map(({ id, name, description, grants, userCount }) => ({
        id,
        name,
        description,
        grants: grants.length,
        members: userCount,
        default: id === core.defaultRoleId,
        allowlisted: typeof core.allowlist === 'string' ? null : core.allowlist.includes(id),
      }));
      return {
        data,
        head: ['id', 'name', 'grants', 'members', 'default', 'description'],
        rows: data.map((one) => [
          one.id,
          one.name,
          one.grants,
          one.members,
          one.default ? 'default' : '',
          one.description,
        ]),
      };
    }
    case 'role': {
      const core = await reader.readCore();
      const one = roleOf(core, asked);
      const grants = await reader.readRoleGrants(one.id);
      const data = {
        id: one.id,
        name: one.name,
        description: one.description,
        members: one.userCount,
        default: one.id === core.defaultRoleId,
        grants,
      };
      return {
        data,
        head: ['', ''],
        rows: [
          ['id', one.id],
          ['name', one.name],
          ['description', one.description],
          ['members', one.userCount],
          ['default', data.default],
          ['grants', grants.length],
        ],
      };
    }
    case 'grants': {
      const core = await reader.readCore();
      const grants = await reader.readRoleGrants(roleOf(core, asked).id);
      const titles = new Map(core.catalogue.map((entry) => [entry.grant, entry]));
      return {
        data: grants,
        head: ['grant', 'title'],
        rows: grants.map((grant) => [grant, titles.get(grant)?.title ?? 'not in the catalogue']),
      };
    }
    case 'members': {
      const core = await reader.readCore();
      const one = roleOf(core, asked);
      const people = (await reader.readPeople()).list.filter(
        (person) => person.roleId === one.id && isOrdinary(person),
      );
      const data = people.map(({ id, email, name, kind }) => ({
        id,
        email,
        name,
        pending: kind === 'pending',
      }));
      return {
        data,
        head: ['id', 'e-mail', 'name', ''],
        rows: data.map((person) => [person.id, person.email, person.name, person.pending ? 'pending' : '']),
      };
    }
    case 'default-role': {
      const core = await reader.readCore();
      const one = core.roles.find((role) => role.id === core.defaultRoleId);
      const data = { id: core.defaultRoleId, name: one?.name ?? null };
      return { data, head: ['id', 'name'], rows: [[data.id, data.name]] };
    }
    case 'authorities': {
      const { catalogue } = await reader.readCore();
      return {
        data: catalogue,
        head: ['grant', 'group', 'title', 'admin level', 'depends on'],
        rows: catalogue.map((entry) => [
          entry.grant,
          entry.group,
          entry.title,
          entry.adminLevel === true ? 'yes' : '',
          entry.dependsOn.join(' '),
        ]),
      };
    }
    case 'me': {
      const core = await reader.readCore();
      const people = core.me ? await reader.readPeopleByIds([core.me.id]) : [];
      const role = core.roles.find((one) => one.id === people[0]?.roleId) ?? null;
      const data = {
        id: core.me?.id ?? null,
        email: core.me?.email ?? null,
        name: core.me?.name ?? null,
        role: role?.name ?? null,
      };
      return {
        data,
        head: ['id', 'e-mail', 'name', 'role'],
        rows: [[data.id, data.email, data.name, data.role]],
      };
    }
  }
}

/** Finds a role by its name, else by its id. */
function roleOf(core: Pick<Snapshot, 'roles'>, asked: string): Snapshot['roles'][number] {
  const found =
    core.roles.find((role) => role.name === asked) ?? core.roles.find((role) => String(role.id) === asked);
  if (found) return found;
  const close = suggest(
    asked,
    core.roles.map((role) => role.name),
  );
  throw new ProblemError(
    problem('not-found', `there is no role ${JSON.stringify(asked)}`, {
      hint: close ? `did you mean "${close}"?` : 'domo-roles get roles lists them',
    }),
  );
}

function usage(message: string, hint: string): ProblemError {
  return new ProblemError(problem('usage', message, { hint }));
}
