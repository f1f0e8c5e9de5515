import { exampleOf } from './example-of.js';
import { number, text, toggle, yes } from './flag-kinds.js';
import type { Argv } from 'yargs';
import { LOCK_FLAGS, PLAN_FLAGS, POLICY_FLAG, STATE_FLAG, TARGET_FLAGS, formatFlag } from './flags.js';
import { SCHEMA_NAMES } from '../schema/generated/names.js';
import { RESULT_FORMATS } from '../shell/formats.js';
import { addNamed } from './run-command.js';
import type { AddCommand, Commands, Run } from './run-command.js';

/** Commands for runs, the sandbox, schemas and completion. `nameBelow` is that of the given command of `sandbox`. */
export function otherCommands(nameBelow: string | undefined): Commands {
  return {
    runs: addRuns,
    rollback: addRollback,
    sandbox: addSandbox(nameBelow),
    schema: addSchema,
    completion: addCompletion,
  };
}

function addRuns(yargs: Argv, run: Run): Argv {
  return yargs.command(
    'runs',
    'list the runs kept on this machine',
    (y) =>
      y
        .options(STATE_FLAG)
        .options(formatFlag(RESULT_FORMATS))
        .example(exampleOf('$0 runs', 'list runs, newest first')),
    run(async () => (await import('./commands/runs.js')).runs),
  );
}

function addRollback(yargs: Argv, run: Run): Argv {
  return yargs.command(
    'rollback <run>',
    'plan how to undo a run; with --yes, undo it',
    (y) =>
      y
        .positional('run', {
          type: 'string',
          demandOption: true,
          describe: 'id of the run; `runs` lists them',
        })
        .options(TARGET_FLAGS)
        .options(PLAN_FLAGS)
        .options(POLICY_FLAG)
        .options(STATE_FLAG)
        .options(LOCK_FLAGS)
        .options(formatFlag(RESULT_FORMATS))
        .option('out', text('save the plan to this file', 'Output:'))
        .option('yes', yes('undo the run without asking for confirmation'))
        .example(exampleOf('$0 rollback 20270131T120000000Z-a1b2c3', 'show what would be undone')),
    run(async () => (await import('./commands/rollback.js')).rollback),
  );
}

function addSchema(yargs: Argv, run: Run): Argv {
  return yargs.command(
    'schema [name]',
    'print a JSON Schema',
    (y) =>
      y
        .positional('name', {
          choices: SCHEMA_NAMES,
          default: 'manifest' as const,
          describe: 'name of the schema',
        })
        .example(exampleOf('$0 schema plan', 'print the schema of a plan file')),
    run(async () => (await import('./commands/schema.js')).schema),
  );
}

function addCompletion(yargs: Argv, run: Run): Argv {
  return yargs.command(
    'completion [shell]',
    'print a completion script',
    (y) =>
      y
        .positional('shell', { choices: ['bash', 'zsh', 'fish'] as const, describe: 'the shell' })
        .example(exampleOf('$0 completion zsh', 'print a script to source')),
    run(async () => (await import('./commands/completion.js')).completion),
  );
}

/** The state folder of the sandbox. */
const FOLDER = { ...text('where its state is kept'), defaultDescription: '.domo-roles/sandbox' } as const;

/** Commands of `sandbox`. */
export const SANDBOX_COMMANDS: Commands = { serve: addServe, reset: addReset, show: addShow };

function addSandbox(name: string | undefined): AddCommand {
  return (yargs, run) =>
    yargs.command('sandbox', 'work with the embedded instance', (y) =>
      addNamed(SANDBOX_COMMANDS, name)(y, run)
        .demandCommand(1, 'specify a sandbox command')
        .example(exampleOf('$0 sandbox serve --port 8080', 'for other clients')),
    );
}

function addServe(yargs: Argv, run: Run): Argv {
  return yargs.command(
    'serve',
    'serve the embedded instance on a local port',
    (y) =>
      y
        .option('folder', FOLDER)
        .option('memory', toggle('keep the state in memory only'))
        .option('port', { ...number('port; 0 for any free port'), default: 0 })
        .option('quirks', text('behaviour of real instances to imitate: a,b=VALUE'))
        .option('like', text('imitate the instance of this doctor --probe report'))
        .option('faults', text('faults to inject: see docs/reference/sandbox.md'))
        .option('seed', number('seed for random faults'))
        .option('fleet', text('serve one instance per entry of this inventory, each at /NAME'))
        .options(formatFlag(RESULT_FORMATS))
        .example(exampleOf('$0 sandbox serve --port 8080 --quirks slow-answers=50', 'serve a slow instance')),
    run(async () => (await import('./commands/sandbox.js')).serve),
  );
}

function addReset(yargs: Argv, run: Run): Argv {
  return yargs.command(
    'reset',
    'reset the embedded instance to its initial state',
    (y) => y.option('folder', FOLDER).example(exampleOf('$0 sandbox reset', 'restore the initial state')),
    run(async () => (await import('./commands/sandbox.js')).reset),
  );
}

function addShow(yargs: Argv, run: Run): Argv {
  return yargs.command(
    'show',
    'show the state of the embedded instance',
    (y) =>
      y
        .option('folder', FOLDER)
        .options(formatFlag(['yaml', 'json']))
        .example(exampleOf('$0 sandbox show', 'show roles, people and settings')),
    run(async () => (await import('./commands/sandbox.js')).show),
  );
}
