import type { Argv } from 'yargs';
import type { Exit } from './exit.js';
import { PLAN_FLAGS, STATE_FLAG, TARGET_FLAGS, formatFlag, manifestPositional } from './flags.js';
import { PLAN_FORMATS } from './output.js';
import type { World } from './world.js';

/** Forms that `validate` knows. */
const VALIDATE_FORMATS = ['text', 'json', 'github', 'sarif'] as const;
const SUBJECTS = ['roles', 'role', 'grants', 'members', 'default-role', 'authorities', 'me'] as const;

/**
 * All commands with their flags and examples. Each is loaded when it is called, so that `--help` is quick.
 */
export function addCommands(yargs: Argv, world: World, done: (exit: Exit) => void): Argv {
  const run =
    <F>(command: () => Promise<(flags: F, world: World) => Promise<Exit>>) =>
    async (flags: F): Promise<void> => {
      done(await (await command())(flags, world));
    };

  return yargs
    .command(
      'init',
      'write a first manifest, a CI workflow and an ignore file',
      (y) =>
        y
          .options(TARGET_FLAGS)
          .option('folder', { type: 'string', default: '.', describe: 'where to write', requiresArg: true })
          .option('force', { type: 'boolean', describe: 'overwrite what is there' })
          .example('$0 init', 'an example to edit')
          .example('$0 init --instance acme', 'what is live, as a manifest'),
      run(async () => (await import('./commands/init.js')).init),
    )
    .command(
      'validate [manifest..]',
      'check a manifest without a network',
      (y) =>
        manifestPositional(y)
          .option('catalogue', {
            type: 'string',
            describe: 'a catalogue or snapshot: checks grants too',
            requiresArg: true,
          })
          .options(formatFlag(VALIDATE_FORMATS))
          .example('$0 validate', 'every problem at once, with its place')
          .example('$0 validate --format sarif > problems.sarif', 'for code scanning'),
      run(async () => (await import('./commands/validate.js')).validate),
    )
    .command(
      'plan [manifest..]',
      'show what an apply would do, and who would gain and lose what',
      (y) =>
        manifestPositional(y)
          .options(TARGET_FLAGS)
          .options(PLAN_FLAGS)
          .options(formatFlag(PLAN_FORMATS))
          .option('out', {
            type: 'string',
            describe: 'save the plan to this file',
            group: 'Output:',
            requiresArg: true,
          })
          .option('report', {
            type: 'string',
            array: true,
            describe: 'another form beside: FORMAT=FILE',
            group: 'Output:',
            requiresArg: true,
          })
          .option('against', {
            type: 'string',
            describe: 'plan against a snapshot file, offline',
            group: 'Target:',
            requiresArg: true,
          })
          .option('detailed-exitcode', { type: 'boolean', describe: 'exit 2 where there are changes' })
          .example('$0 plan --sandbox', 'against the embedded instance')
          .example('$0 plan --out plan.json --report markdown=plan.md', 'for a pull request'),
      run(async () => (await import('./commands/plan.js')).plan),
    )
    .command(
      'apply [manifest..]',
      'apply a manifest or a saved plan',
      (y) =>
        manifestPositional(y)
          .options(TARGET_FLAGS)
          .options(PLAN_FLAGS)
          .options(STATE_FLAG)
          .options(formatFlag(['text', 'json']))
          .option('yes', { type: 'boolean', alias: 'y', describe: 'do not ask' })
          .option('dry-run', {
            type: 'boolean',
            describe: 'rehearse on an embedded copy; the instance sees only reads',
          })
          .example('$0 apply --dry-run', 'every request, in order')
          .example('$0 apply plan.json --yes', 'exactly what was reviewed'),
      run(async () => (await import('./commands/apply.js')).apply),
    )
    .command(
      'drift [manifest..]',
      'show what changed on the instance, by whom and when',
      (y) =>
        manifestPositional(y)
          .options(TARGET_FLAGS)
          .options(formatFlag(PLAN_FORMATS))
          .option('impact-limit', PLAN_FLAGS['impact-limit'])
          .option('out', {
            type: 'string',
            describe: 'save the drift document to this file',
            group: 'Output:',
            requiresArg: true,
          })
          .option('report', {
            type: 'string',
            array: true,
            describe: 'another form beside: FORMAT=FILE',
            group: 'Output:',
            requiresArg: true,
          })
          .option('against', {
            type: 'string',
            describe: 'compare with a snapshot file, offline',
            group: 'Target:',
            requiresArg: true,
          })
          .option('since', {
            type: 'number',
            default: 30,
            describe: 'days of the audit log to look back',
            requiresArg: true,
          })
          .option('webhook', {
            type: 'string',
            describe: 'post a summary to this URL where there is drift',
            requiresArg: true,
          })
          .option('webhook-format', {
            choices: ['json', 'chat'] as const,
            default: 'json' as const,
            describe: 'what is posted',
            requiresArg: true,
          })
          .example('$0 drift', 'exit 2 where something is not accepted'),
      run(async () => (await import('./commands/drift.js')).drift),
    )
    .command(
      'report <file>',
      'tell a saved plan or drift document in another form',
      (y) =>
        y
          .positional('file', {
            type: 'string',
            demandOption: true,
            describe: 'what plan --out or drift --out wrote',
          })
          .options(formatFlag(PLAN_FORMATS))
          .option('report', {
            type: 'string',
            array: true,
            describe: 'another form beside: FORMAT=FILE',
            group: 'Output:',
            requiresArg: true,
          })
          .option('impact-limit', PLAN_FLAGS['impact-limit'])
          .option('verbose', TARGET_FLAGS.verbose)
          .example('$0 report plan.json --format html > plan.html', 'a page to look at'),
      run(async () => (await import('./commands/report.js')).report),
    )
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
          .positional('subject', { choices: SUBJECTS, demandOption: true, describe: 'what to show' })
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
          .option('against', {
            type: 'string',
            describe: 'a snapshot file instead of the instance',
            group: 'Target:',
            requiresArg: true,
          })
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
          .option('against', {
            type: 'string',
            describe: 'a snapshot file instead of the instance',
            group: 'Target:',
            requiresArg: true,
          })
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
    )
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
    )
    .completion('get-yargs-completions', false as never);
}

type Run = <F>(
  command: () => Promise<(flags: F, world: World) => Promise<Exit>>,
) => (flags: F) => Promise<void>;

function addSandbox(yargs: Argv, run: Run): Argv {
  const folder = {
    type: 'string',
    describe: 'where its state is kept',
    defaultDescription: '.domo-roles/sandbox',
    requiresArg: true,
  } as const;
  return yargs
    .demandCommand(1, 'say what to do with the sandbox')
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
          .example('$0 sandbox serve --port 8080 --quirks late-answers=50', 'a slow instance'),
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
