import { dataText } from '../../export/yaml-document.js';
import { usageError, type ProblemError } from '../../problem/problem.js';
import { askPerson } from '../../reconcile/answer-questions.js';
import { getLive } from '../../reconcile/get-live.js';
import { plural } from '../../render/format/phrases.js';
import { styleOf } from '../../render/text/style.js';
import { table } from '../../render/text/tables.js';
import { withConnection } from '../../shell/connect.js';
import type { ConnectFlags } from '../../shell/connect.js';
import { note, print } from '../../shell/deliver.js';
import { EXIT } from '../../shell/exit.js';
import type { Exit } from '../../shell/exit.js';
import { readManifest } from '../../shell/input.js';
import { jsonText } from '../../model/json-text.js';
import { csvTableOf, tablesOf } from '../get-tables.js';
import type { GetAnswer } from '../get-tables.js';
import { SUBJECTS } from '../subjects.js';
import type { Subject } from '../subjects.js';
import { mayColour } from '../../shell/environment.js';
import type { Environment } from '../../shell/environment.js';

interface GetFlags extends ConnectFlags {
  subject: Subject;
  /** A role's name or id, for `role`, `grants` and `members`; an address or user id for `person`. */
  name?: string | undefined;
  /** Manifests that may explain what a person holds. */
  manifest: readonly string[];
  format: 'table' | 'json' | 'yaml' | 'csv';
}

/** `get …`: live data, read as for a plan. */
export async function get(flags: GetFlags, environment: Environment): Promise<Exit> {
  checkArguments(flags);
  const answer = await answerTo(flags, environment);
  await print(environment, await textOf(answer, flags.format, environment));
  if (answer.subject === 'members' && (answer.counted ?? 0) > answer.data.length)
    await note(environment, countNote(answer.counted ?? 0));
  return EXIT.done;
}

/** Explains why a list of members is shorter than the count in a list of roles. */
function countNote(counted: number): string {
  return `note: the instance counts ${plural(counted, 'account')} in this role; support and system accounts are not listed`;
}

function checkArguments({ subject, name, manifest }: GetFlags): void {
  const { needs, example } = SUBJECTS[subject];
  const usage = (message: string): ProblemError => usageError(message, { hint: `domo-roles ${example}` });
  if (needs !== null && name === undefined) throw usage(`get ${subject} requires ${needs}`);
  const given = (needs === null && name !== undefined) || (subject !== 'person' && manifest.length > 0);
  if (given) throw usage(`get ${subject} takes no further argument`);
}

async function answerTo(
  { subject, name = '', manifest, ...flags }: GetFlags,
  environment: Environment,
): Promise<GetAnswer> {
  const live = { flags, environment, purpose: 'read' } as const;
  if (subject !== 'person') return withConnection(live, (source) => getLive(subject, source, name));
  const given = manifest.length > 0 ? { manifest: await readManifest(manifest, environment) } : {};
  const data = await withConnection(live, (source) => askPerson(name, { source, ...given }, environment));
  return { subject, data };
}

async function textOf(
  answer: GetAnswer,
  format: GetFlags['format'],
  environment: Environment,
): Promise<string> {
  const { subject, data } = answer;
  switch (format) {
    case 'json':
      return jsonText({ formatVersion: 1, kind: 'answer', question: `get ${subject}`, answer: data });
    case 'yaml':
      return dataText(data);
    case 'csv': {
      const { csvText } = await import('../../render/csv/csv.js');
      const { head, rows } = csvTableOf(answer);
      return csvText(head, rows);
    }
    case 'table': {
      const style = styleOf(mayColour(environment.stdout, environment.env));
      return tablesOf(answer)
        .map(({ head, rows }) => `${table(head, rows, style)}\n`.replace(/\n\n$/u, '\n'))
        .join('\n');
    }
  }
}
