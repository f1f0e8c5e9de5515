import type { Argv, Options } from 'yargs';
import {
  LOCK_FLAGS,
  ONLY_EXPIRED_FLAG,
  PLAN_FLAGS,
  POLICY_FLAG,
  TARGET_FLAGS,
  formatFlag,
  SELECTION_FLAGS as ROLE_SELECTION,
} from '../flags.js';
import type { Run } from '../run-command.js';
import { FLEET_FORMATS, LIST_FORMATS } from '../../shell/fleet/formats.js';
import { VALIDATE_FORMATS } from '../../shell/formats.js';

const text = (describe: string, group: string) =>
  ({ type: 'string', describe, group, requiresArg: true }) as const satisfies Options;

const SELECTION = 'Selection:';

/** Flags that choose instances. */
const SELECTION_FLAGS = {
  only: { ...text('only these instances: a name or a pattern with * (repeatable)', SELECTION), array: true },
  except: { ...text('all but these instances (repeatable)', SELECTION), array: true },
  where: {
    ...text("only instances with these labels, such as 'tier=production,region!=us'", SELECTION),
    array: true,
  },
  wave: { ...text('only the instances of this wave (repeatable)', SELECTION), array: true },
  'changed-since': text(
    'only what changed since this git revision; REV... compares with the merge base',
    SELECTION,
  ),
  'failed-from': text('only what failed or was not started in this fleet document', SELECTION),
  shard: text('only part i of n, such as 2/10, or auto[/n] for what the engine says', SELECTION),
} as const satisfies Record<string, Options>;

const { timeout, budget, retries, concurrency, verbose } = TARGET_FLAGS;

/** Flags that say where the instances are. */
const FLEET_TARGET_FLAGS = {
  'base-url': text('address of the instances, with {name} in it (or DOMO_BASE_URL)', 'Target:'),
  'token-dir': text('folder with a file per instance that holds its access token', 'Target:'),
  tokens: text('JSON file with an object from names to access tokens', 'Target:'),
  sandbox: {
    type: 'string',
    describe: 'use embedded instances, each with its state in a folder of [FOLDER]',
    group: 'Target:',
  },
  ...{ timeout, budget, retries, concurrency, verbose },
  'page-size': TARGET_FLAGS['page-size'],
} as const satisfies Record<string, Options>;

const number = (describe: string) =>
  ({ type: 'number', describe, group: 'Run:', requiresArg: true }) as const satisfies Options;

/** Flags of every verb that goes over instances. */
const RUN_FLAGS = {
  'at-once': number('instances at once (8)'),
  'instance-budget': number('seconds that one instance may take'),
  'max-failures': number('begin nothing new after more failures than this'),
  resume: text('take up the unfinished run in this folder, with its selection', 'Run:'),
  out: text('folder for the documents of this run (.domo-roles/fleet/ID)', 'Run:'),
  csv: {
    choices: ['rows', 'changes'] as const,
    default: 'rows' as const,
    describe: 'what the rows of --format csv are',
    group: 'Output:',
    requiresArg: true,
  },
  report: { ...text('also write a report: FORMAT=FILE', 'Output:'), array: true },
} as const satisfies Record<string, Options>;

const SNAPSHOTS = {
  snapshots: text('work offline, against the snapshots that `fleet export --out DIR` wrote', 'Target:'),
} as const satisfies Record<string, Options>;

/** `fleet`: the same commands over the instances of an inventory. */
export function addFleetCommands(yargs: Argv, run: Run): Argv {
  return yargs.command('fleet', 'work on the instances of an inventory', (y) =>
    [addList, addValidate, addPlan, addApply, addDrift, addDoctor, addExport, addShow, addReport]
      .reduce((parser, add) => add(parser, run), y)
      .demandCommand(1, 'say what to do with the fleet'),
  );
}

function inventory<T>(yargs: Argv<T>): Argv<T & { inventory: string }> {
  return yargs.positional('inventory', {
    type: 'string',
    default: 'fleet.yaml',
    describe: 'the inventory',
  });
}

function addList(yargs: Argv, run: Run): Argv {
  return yargs.command(
    'list [inventory]',
    'list the selected instances with their waves and manifests',
    (y) =>
      inventory(y)
        .options(SELECTION_FLAGS)
        .options(POLICY_FLAG)
        .options(formatFlag(LIST_FORMATS))
        .example('$0 fleet list --where tier=production', 'what a selection chooses'),
    run(async () => (await import('./list.js')).list),
  );
}

function addValidate(yargs: Argv, run: Run): Argv {
  return yargs.command(
    'validate [inventory]',
    'check all manifests without a network',
    (y) => inventory(y).options(SELECTION_FLAGS).options(POLICY_FLAG).options(formatFlag(VALIDATE_FORMATS)),
    run(async () => (await import('./validate.js')).validate),
  );
}

function addPlan(yargs: Argv, run: Run): Argv {
  return yargs.command(
    'plan [inventory]',
    'plan all selected instances: one document, one plan file per instance',
    (y) =>
      inventory(y)
        .options(SELECTION_FLAGS)
        .options(FLEET_TARGET_FLAGS)
        .options(SNAPSHOTS)
        .options(PLAN_FLAGS)
        .options(ONLY_EXPIRED_FLAG)
        .options(POLICY_FLAG)
        .options(RUN_FLAGS)
        .options(formatFlag(FLEET_FORMATS))
        .option('detailed-exitcode', { type: 'boolean', describe: 'exit with 2 if there are changes' })
        .example('$0 fleet plan --token-dir tokens', 'plan every instance of fleet.yaml'),
    run(async () => (await import('./plan.js')).plan),
  );
}

function addApply(yargs: Argv, run: Run): Argv {
  return yargs.command(
    'apply [inventory]',
    'plan all selected instances, ask once, then apply wave by wave',
    (y) =>
      inventory(y)
        .options(SELECTION_FLAGS)
        .options(FLEET_TARGET_FLAGS)
        .options(PLAN_FLAGS)
        .options(ONLY_EXPIRED_FLAG)
        .options(POLICY_FLAG)
        .options(LOCK_FLAGS)
        .options(RUN_FLAGS)
        .options(formatFlag(FLEET_FORMATS))
        .option('fleet', text('the inventory of today, where a folder of plans is applied', 'Run:'))
        .option('all-or-nothing', {
          type: 'boolean',
          describe: 'write nothing when any selected instance cannot be applied',
          group: 'Guards:',
        })
        .option('yes', { type: 'boolean', alias: 'y', describe: 'apply without asking for confirmation' })
        .example('$0 fleet apply --wave canary --yes', 'apply one wave'),
    run(async () => (await import('./apply.js')).apply),
  );
}

function addDrift(yargs: Argv, run: Run): Argv {
  return yargs.command(
    'drift [inventory]',
    'show what differs from the manifests on all selected instances',
    (y) =>
      inventory(y)
        .options(SELECTION_FLAGS)
        .options(FLEET_TARGET_FLAGS)
        .options(SNAPSHOTS)
        .options(POLICY_FLAG)
        .options(RUN_FLAGS)
        .options(formatFlag(FLEET_FORMATS))
        .option('impact-limit', PLAN_FLAGS['impact-limit'])
        .option('since', {
          type: 'number',
          default: 30,
          describe: 'days of the audit log to read',
          requiresArg: true,
        }),
    run(async () => (await import('./drift.js')).drift),
  );
}

function addDoctor(yargs: Argv, run: Run): Argv {
  return yargs.command(
    'doctor [inventory]',
    'check every connection and what each token can do',
    (y) =>
      inventory(y)
        .options(SELECTION_FLAGS)
        .options(FLEET_TARGET_FLAGS)
        .options(RUN_FLAGS)
        .options(formatFlag(FLEET_FORMATS)),
    run(async () => (await import('./survey.js')).doctor),
  );
}

function addExport(yargs: Argv, run: Run): Argv {
  return yargs.command(
    'export [inventory]',
    'write the live state of every selected instance into a folder',
    (y) =>
      inventory(y)
        .options(SELECTION_FLAGS)
        .options(FLEET_TARGET_FLAGS)
        .options(RUN_FLAGS)
        .options(formatFlag(['snapshot', 'manifest']))
        .option('compact', {
          type: 'boolean',
          describe: 'with manifests: factor grants into sets and from, instead of plain lists',
          group: 'Output:',
        })
        .option('without', ROLE_SELECTION.without)
        .example('$0 fleet export --format manifest --out live', 'a manifest of what is live, per instance'),
    run(async () => (await import('./survey.js')).exportFleet),
  );
}

function addShow(yargs: Argv, run: Run): Argv {
  return yargs.command(
    'show <name> [inventory]',
    'print the effective manifest of an instance, each value with its file and line',
    (y) =>
      inventory(y)
        .positional('name', { type: 'string', demandOption: true, describe: 'an instance of the inventory' })
        .options(POLICY_FLAG)
        .options(formatFlag(['text', 'json'])),
    run(async () => (await import('./show.js')).show),
  );
}

function addReport(yargs: Argv, run: Run): Argv {
  return yargs.command(
    'report <folder>',
    'render a saved fleet document in another format',
    (y) =>
      y
        .positional('folder', { type: 'string', demandOption: true, describe: 'the folder of a fleet run' })
        .options({ csv: RUN_FLAGS.csv, report: RUN_FLAGS.report })
        .options(formatFlag(FLEET_FORMATS)),
    run(async () => (await import('./report.js')).report),
  );
}
