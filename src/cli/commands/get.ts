import { stringify } from 'yaml';
import { ProblemError, problem } from '../../problem/problem.js';
import { getLive } from '../../reconcile/get-live.js';
import type { LiveAnswer, LiveSubject } from '../../reconcile/get-live.js';
import { styleOf } from '../../render/text/style.js';
import { table } from '../../render/text/tables.js';
import type { Cell } from '../../render/text/tables.js';
import { withConnection } from '../../shell/connect.js';
import type { ConnectFlags } from '../../shell/connect.js';
import { print } from '../../shell/deliver.js';
import { EXIT } from '../../shell/exit.js';
import type { Exit } from '../../shell/exit.js';
import { json } from '../../shell/output.js';
import { SUBJECTS } from '../subjects.js';
import { mayColour } from '../../shell/environment.js';
import type { Environment } from '../../shell/environment.js';

export interface GetFlags extends ConnectFlags {
  subject: LiveSubject;
  /** A role's name or id, for `role`, `grants` and `members`. */
  role?: string | undefined;
  format: 'table' | 'json' | 'yaml';
}

/** `get …`: what is live, as it is read for a plan. */
export async function get({ subject, role, format, ...flags }: GetFlags, world: Environment): Promise<Exit> {
  if (SUBJECTS[subject] && role === undefined)
    throw usage(`get ${subject} needs a role`, `domo-roles get ${subject} "Data Analyst"`);
  if (!SUBJECTS[subject] && role !== undefined)
    throw usage(`get ${subject} takes no further argument`, `domo-roles get ${subject}`);
  const answer = await withConnection({ flags, world, purpose: 'read' }, (connection) =>
    getLive(subject, connection, role),
  );
  await print(world, textOf(answer, format, world));
  return EXIT.done;
}

function textOf(answer: LiveAnswer, format: GetFlags['format'], world: Environment): string {
  const { subject, data } = answer;
  if (format === 'json')
    return json({ formatVersion: 1, kind: 'answer', question: `get ${subject}`, answer: data });
  if (format === 'yaml') return stringify(data, { lineWidth: 0 });
  const { head, rows } = tableOf(answer);
  return `${table(head, rows, styleOf(mayColour(world.stdout, world.env)))}\n`.replace(/\n\n$/u, '\n');
}

interface Table {
  head: readonly string[];
  rows: readonly (readonly Cell[])[];
}

function tableOf(answer: LiveAnswer): Table {
  switch (answer.subject) {
    case 'roles':
      return {
        head: ['id', 'name', 'grants', 'members', 'default', 'description'],
        rows: answer.data.map((one) => [
          one.id,
          one.name,
          one.grants,
          one.members,
          one.default ? 'default' : '',
          one.description,
        ]),
      };
    case 'role': {
      const { grants, ...rest } = answer.data;
      const rows = (['id', 'name', 'description', 'members', 'default'] as const).map((key) => [
        key,
        rest[key],
      ]);
      return { head: ['', ''], rows: [...rows, ['grants', grants.length]] };
    }
    case 'grants': {
      const { data, titles } = answer;
      return {
        head: ['grant', 'title'],
        rows: data.map((grant) => [grant, titles.get(grant) ?? 'not in the catalogue']),
      };
    }
    case 'members':
      return {
        head: ['id', 'e-mail', 'name', ''],
        rows: answer.data.map(({ id, email, name, pending }) => [id, email, name, pending ? 'pending' : '']),
      };
    case 'default-role':
      return { head: ['id', 'name'], rows: [[answer.data.id, answer.data.name]] };
    case 'authorities':
      return {
        head: ['grant', 'group', 'title', 'admin level', 'depends on'],
        rows: answer.data.map(({ grant, group, title, adminLevel, dependsOn }) => [
          grant,
          group,
          title,
          adminLevel === true ? 'yes' : '',
          dependsOn.join(' '),
        ]),
      };
    case 'me': {
      const { id, email, name, role } = answer.data;
      return { head: ['id', 'e-mail', 'name', 'role'], rows: [[id, email, name, role]] };
    }
  }
}

function usage(message: string, hint: string): ProblemError {
  return new ProblemError(problem('usage', message, { hint }));
}
