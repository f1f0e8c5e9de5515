import type { Argv } from 'yargs';
import { LOCK_FLAGS, PLAN_FLAGS, STATE_FLAG, TARGET_FLAGS, formatFlag } from './flags.js';
import type { Run } from './run-command.js';

/** Runs, the sandbox, and what a terminal needs. */
export function addOtherCommands(yargs: Argv, run: Run): Argv {
  return yargs
    .command(
      'runs',
      'list the runs kept on this machine',
      (y) =>
        y
          .options(STATE_FLAG)
          .options(formatFlag(['text', 'json']))
          .example('$0 runs', 'newest first'),
      run(async () => (await import('./commands/runs.js')).runs),
    )
    .command(
      'rollback <run>',
      'plan the way back of what a run changed; with --yes apply it',
      (y) =>
        y
          .positional('run', { type: 'string', demandOption: true, describe: 'as runs lists it' })
          .options(TARGET_FLAGS)
          .options(PLAN_FLAGS)
          .options(STATE_FLAG)
          .options(LOCK_FLAGS)
          .options(formatFlag(['text', 'json']))
          .option('out', {
            type: 'string',
            describe: 'save the plan to this file',
            group: 'Output:',
            requiresArg: true,
          })
          .option('yes', { type: 'boolean', alias: 'y', describe: 'apply it' })
          .example('$0 rollback 20270131T120000000Z-a1b2c3', 'what would go back'),
      run(async () => (await import('./commands/rollback.js')).rollback),
    )
    .command(
      'sandbox',
      'the embedded instance',
      (y) => addSandbox(y, run),
      () => undefined,
    )
    .command(
      'schema [name]',
      'print a JSON Schema',
      (y) =>
        y
          .positional('name', { type: 'string', default: 'manifest', describe: 'which one' })
          .example('$0 schema plan', 'of the plan file'),
      run(async () => (await import('./commands/schema.js')).schema),
    )
    .command(
      'completion [shell]',
      'print a completion script',
      (y) =>
        y
          .positional('shell', { choices: ['bash', 'zsh', 'fish'] as const, describe: 'your shell' })
          .example('$0 completion zsh', 'to be sourced'),
      run(async () => (await import('./commands/completion.js')).completion),
    );
}

function addSandbox(yargs: Argv, run: Run): Argv {
  const folder = {
    type: 'string',
    describe: 'where its state is kept',
    defaultDescription: '.domo-roles/sandbox',
    requiresArg: true,
  } as const;
  return yargs
    .demandCommand(1, 'say what to do with the sandbox')
    .example('$0 sandbox serve --port 8080', 'for other clients')
    .command(
      'serve',
      'serve it on a port of this machine',
      (y) =>
        y
          .option('folder', folder)
          .option('memory', { type: 'boolean', describe: 'keep nothing' })
          .option('port', { type: 'number', default: 0, describe: '0: any free one', requiresArg: true })
          .option('quirks', {
            type: 'string',
            describe: 'oddities of real instances: a,b=VALUE',
            requiresArg: true,
          })
          .option('faults', {
            type: 'string',
            describe: 'trouble to make: see the documentation',
            requiresArg: true,
          })
          .option('seed', { type: 'number', describe: 'decides random faults', requiresArg: true })
          .options(formatFlag(['text', 'json']))
          .example('$0 sandbox serve --port 8080 --quirks slow-answers=50', 'a slow instance'),
      run(async () => (await import('./commands/sandbox.js')).serve),
    )
    .command(
      'reset',
      'make it as new',
      (y) => y.option('folder', folder).example('$0 sandbox reset', 'the small company it starts as'),
      run(async () => (await import('./commands/sandbox.js')).reset),
    )
    .command(
      'show',
      'show what it holds',
      (y) =>
        y
          .option('folder', folder)
          .options(formatFlag(['yaml', 'json']))
          .example('$0 sandbox show', 'roles, people, settings'),
      run(async () => (await import('./commands/sandbox.js')).show),
    );
}
