import { exampleOf } from './example-of.js';
import { text, toggle } from './flag-kinds.js';
import { SUBJECTS } from './subjects.js';
import type { Subject } from './subjects.js';
import type { Argv } from 'yargs';
import {
  DOCUMENT_FLAGS,
  OWNERS_FLAG,
  MANIFEST_FLAGS,
  PROBE_FLAGS,
  SELECTION_FLAGS,
  TARGET_FLAGS,
  formatFlag,
} from './flags.js';
import { RESULT_FORMATS } from '../shell/formats.js';
import type { Commands, Run } from './run-command.js';

/** Commands that query or export live state. */
export const QUESTION_COMMANDS: Commands = {
  export: addExport,
  get: addGet,
  'who-can': addWhoCan,
  can: addCan,
  diff: addDiff,
  doctor: addDoctor,
};

function addExport(yargs: Argv, run: Run): Argv {
  return yargs.command(
    'export [manifest..]',
    'export live state as a manifest',
    (y) =>
      y
        .positional('manifest', {
          type: 'string',
          array: true,
          default: [] as string[],
          describe: 'with --format html, csv or matrix-csv: files or folders that name the owners of roles',
        })
        .options(TARGET_FLAGS)
        .options(formatFlag(['yaml', 'snapshot', 'html', 'csv', 'matrix-csv']))
        .option('out', text('file, or folder for several files', 'Output:'))
        .options(MANIFEST_FLAGS)
        .options(SELECTION_FLAGS)
        .options(OWNERS_FLAG)
        .option('force', toggle('overwrite existing files'))
        .example(exampleOf('$0 export --out domo-roles.yaml', 'export; a plan of it has no changes'))
        .example(
          exampleOf(
            '$0 export --format html --group-by owner > access.html',
            'write a page for an access review',
          ),
        )
        .example(
          exampleOf('$0 export --without members --out roles.yaml', 'export roles for another instance'),
        )
        .example(exampleOf('$0 export --format csv --out people.csv', 'list every person with their role'))
        .example(
          exampleOf('$0 export --format snapshot --out snapshot.json', 'export a snapshot to plan offline'),
        ),
    run(async () => (await import('./commands/export.js')).exportLive),
  );
}

function addGet(yargs: Argv, run: Run): Argv {
  return yargs.command(
    'get <subject> [name] [manifest..]',
    'show live state',
    (y) =>
      y
        .positional('subject', {
          choices: Object.keys(SUBJECTS) as Subject[],
          demandOption: true,
          describe: 'what to show',
        })
        .positional('name', { type: 'string', describe: "a role's name or id; a person's address or id" })
        .positional('manifest', {
          type: 'string',
          array: true,
          default: [] as string[],
          describe: 'for a person: files or folders that explain what they hold',
        })
        .options(TARGET_FLAGS)
        .options(formatFlag(['table', 'json', 'yaml', 'csv']))
        .example(exampleOf('$0 get roles', 'list all roles'))
        .example(exampleOf('$0 get grants "Data Analyst" --format json', 'list the grants of a role'))
        .example(
          exampleOf('$0 get person ana@acme.com domo-roles.yaml', 'show what a person holds, and why'),
        ),
    run(async () => (await import('./commands/get.js')).get),
  );
}

const USER = {
  type: 'string',
  demandOption: true,
  describe: 'an e-mail address or user id',
} as const;

const GRANT = {
  type: 'string',
  demandOption: true,
  describe: 'a grant by id or title: dataset.export, "Export DataSet"',
} as const;

/** The positional for manifests whose end state is queried. Default: live state. */
function endStatePositional<T>(yargs: Argv<T>): Argv<T & { manifest: string[] }> {
  return yargs.positional('manifest', {
    type: 'string',
    array: true,
    default: [] as string[],
    defaultDescription: 'live state',
    describe: 'files or folders whose end state to query',
  });
}

function addWhoCan(yargs: Argv, run: Run): Argv {
  return yargs.command(
    'who-can <grant> [manifest..]',
    'list who holds a grant',
    (y) =>
      endStatePositional(y.positional('grant', GRANT))
        .options(TARGET_FLAGS)
        .options(formatFlag(RESULT_FORMATS))
        .option('against', DOCUMENT_FLAGS.against)
        .example(exampleOf('$0 who-can authorization.roles', 'query live state'))
        .example(
          exampleOf('$0 who-can authorization.roles domo-roles.yaml', 'query the end state of a manifest'),
        ),
    run(async () => (await import('./commands/access.js')).whoCanCommand),
  );
}

function addCan(yargs: Argv, run: Run): Argv {
  return yargs.command(
    'can <user> <grant> [manifest..]',
    'check whether a person holds a grant (exits with 2 if not)',
    (y) =>
      endStatePositional(y.positional('user', USER).positional('grant', GRANT))
        .options(TARGET_FLAGS)
        .options(formatFlag(RESULT_FORMATS))
        .option('against', DOCUMENT_FLAGS.against)
        .example(exampleOf('$0 can ana@acme.com dataset.export', 'answer yes or no, and through which role')),
    run(async () => (await import('./commands/access.js')).canCommand),
  );
}

function addDiff(yargs: Argv, run: Run): Argv {
  return yargs.command(
    'diff <a> <b>',
    'compare live state, a manifest or a snapshot file (exits with 2 if they differ)',
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
        .options(SELECTION_FLAGS)
        .options(formatFlag(RESULT_FORMATS))
        .example(exampleOf('$0 diff monday.json live', 'show what changed since a snapshot'))
        .example(
          exampleOf('$0 diff dev.json prod.json --without members', 'compare the roles of two instances'),
        ),
    run(async () => (await import('./commands/access.js')).diffCommand),
  );
}

function addDoctor(yargs: Argv, run: Run): Argv {
  return yargs.command(
    'doctor',
    'check the connection, what the token can do, and how the instance behaves',
    (y) =>
      y
        .options(TARGET_FLAGS)
        .options(formatFlag(RESULT_FORMATS))
        .options(PROBE_FLAGS)
        .option('out', DOCUMENT_FLAGS.out)
        .example(exampleOf('$0 doctor', 'list what is missing for plan, apply and drift'))
        .example(
          exampleOf('$0 doctor --probe --yes --out probe.json', 'save a report to send to the project'),
        ),
    run(async () => (await import('./commands/doctor.js')).doctor),
  );
}
