import type { LiveSubject } from '../reconcile/get-live.js';
import { SUBJECTS } from './subjects.js';
import type { Argv } from 'yargs';
import { DOCUMENT_FLAGS, TARGET_FLAGS, formatFlag, manifestPositional } from './flags.js';
import type { Run } from './run-command.js';

/** What `get` can show. */

/** Commands that ask what is live. */
export function addQuestionCommands(yargs: Argv, run: Run): Argv {
  return yargs
    .command(
      'export',
      'write what is live as a manifest',
      (y) =>
        y
          .options(TARGET_FLAGS)
          .options(formatFlag(['yaml', 'snapshot', 'html']))
          .option('out', {
            type: 'string',
            describe: 'file, or folder for several',
            group: 'Output:',
            requiresArg: true,
          })
          .option('split', { type: 'boolean', describe: 'one file a role', group: 'Output:' })
          .option('members-files', {
            type: 'boolean',
            describe: 'members in files of their own',
            group: 'Output:',
          })
          .option('force', { type: 'boolean', describe: 'overwrite what is there' })
          .example('$0 export --out domo-roles.yaml', 'then plan: no changes')
          .example('$0 export --format snapshot --out snapshot.json', 'to plan offline'),
      run(async () => (await import('./commands/export.js')).exportLive),
    )
    .command(
      'get <subject> [role]',
      'show what is live',
      (y) =>
        y
          .positional('subject', {
            choices: Object.keys(SUBJECTS) as LiveSubject[],
            demandOption: true,
            describe: 'what to show',
          })
          .positional('role', { type: 'string', describe: "a role's name or id" })
          .options(TARGET_FLAGS)
          .options(formatFlag(['table', 'json', 'yaml']))
          .example('$0 get roles', 'all roles')
          .example('$0 get grants "Data Analyst" --format json', 'what a role holds'),
      run(async () => (await import('./commands/get.js')).get),
    )
    .command(
      'who-can <grant> [manifest..]',
      'who holds a grant',
      (y) =>
        manifestPositional(y)
          .positional('grant', {
            type: 'string',
            demandOption: true,
            describe: 'a grant, like dataset.export',
          })
          .options(TARGET_FLAGS)
          .options(formatFlag(['text', 'json']))
          .option('against', DOCUMENT_FLAGS.against)
          .example('$0 who-can authorization.roles', 'live')
          .example('$0 who-can authorization.roles domo-roles.yaml', 'as the manifest will leave it'),
      run(async () => (await import('./commands/access.js')).whoCanCommand),
    )
    .command(
      'can <user> <grant> [manifest..]',
      'does a person hold a grant (exit 2 says no)',
      (y) =>
        manifestPositional(y)
          .positional('user', {
            type: 'string',
            demandOption: true,
            describe: 'an e-mail address or user id',
          })
          .positional('grant', {
            type: 'string',
            demandOption: true,
            describe: 'a grant, like dataset.export',
          })
          .options(TARGET_FLAGS)
          .options(formatFlag(['text', 'json']))
          .option('against', DOCUMENT_FLAGS.against)
          .example('$0 can ana@acme.com dataset.export', 'yes or no, and by which role'),
      run(async () => (await import('./commands/access.js')).canCommand),
    )
    .command(
      'diff <a> <b>',
      'compare two of: live, a manifest, a snapshot file (exit 2 where they differ)',
      (y) =>
        y
          .positional('a', {
            type: 'string',
            demandOption: true,
            describe: '`live`, a manifest or a snapshot file',
          })
          .positional('b', {
            type: 'string',
            demandOption: true,
            describe: '`live`, a manifest or a snapshot file',
          })
          .options(TARGET_FLAGS)
          .options(formatFlag(['text', 'json']))
          .example('$0 diff monday.json live', 'what changed since a snapshot'),
      run(async () => (await import('./commands/access.js')).diffCommand),
    )
    .command(
      'doctor',
      'is the instance reached, and what may this token do',
      (y) =>
        y
          .options(TARGET_FLAGS)
          .options(formatFlag(['text', 'json']))
          .example('$0 doctor', 'what is missing for plan, apply and drift'),
      run(async () => (await import('./commands/doctor.js')).doctor),
    );
}
