import { exampleOf } from '../example-of.js';
import { text, toggle, yes } from '../flag-kinds.js';
import type { Argv } from 'yargs';
import {
  OWNERS_FLAG,
  LOCK_FLAGS,
  MANIFEST_FLAGS,
  ONLY_EXPIRED_FLAG,
  PLAN_FLAGS,
  POLICY_FLAG,
  SINCE_FLAG,
  WEBHOOK_FLAGS,
  formatFlag,
  SELECTION_FLAGS as ROLE_SELECTION,
} from '../flags.js';
import { addNamed } from '../run-command.js';
import type { AddCommand, Commands, Run } from '../run-command.js';
import { EXPORT_FORMATS, FLEET_FORMATS } from '../../shell/fleet/formats.js';
import {
  FLEET_GROUP_FLAG,
  FLEET_PLAN_FLAGS,
  FLEET_PROBE_FLAGS,
  FLEET_TARGET_FLAGS,
  RUN_FLAGS,
  SELECTION_FLAGS,
  SNAPSHOTS,
  inventory,
} from './flags.js';
import { addCompare, addInit } from './compare-commands.js';
import { addList, addMerge, addReport, addShow, addValidate } from './offline-commands.js';

/** Commands of `fleet`. */
export const FLEET_COMMANDS: Commands = {
  init: addInit,
  list: addList,
  validate: addValidate,
  plan: addPlan,
  apply: addApply,
  drift: addDrift,
  doctor: addDoctor,
  export: addExport,
  compare: addCompare,
  show: addShow,
  merge: addMerge,
  report: addReport,
  rollback: addRollback,
};

/** `fleet`: the same commands over the instances of an inventory. `name` is that of the given one. */
export function addFleetCommands(name: string | undefined): AddCommand {
  return (yargs, run) =>
    yargs.command('fleet', 'work on the instances of an inventory', (y) =>
      addNamed(FLEET_COMMANDS, name)(y, run)
        .demandCommand(1, 'specify a fleet command')
        .example(
          exampleOf('$0 fleet plan --token-dir tokens --out plan', 'plan every instance, and keep the plans'),
        )
        .example(exampleOf('$0 fleet apply plan --token-dir tokens', 'apply these plans, wave by wave')),
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
        .options(FLEET_PLAN_FLAGS)
        .options(ONLY_EXPIRED_FLAG)
        .options(POLICY_FLAG)
        .options(RUN_FLAGS)
        .options(formatFlag(FLEET_FORMATS))
        .options(FLEET_GROUP_FLAG)
        .option('detailed-exitcode', toggle('exit with 2 if there are changes'))
        .example(exampleOf('$0 fleet plan --token-dir tokens', 'plan every instance of fleet.yaml')),
    run(async () => (await import('./plan.js')).plan),
  );
}

function addApply(yargs: Argv, run: Run): Argv {
  return yargs.command(
    'apply [inventory]',
    'plan all selected instances, ask once, then apply wave by wave',
    (y) =>
      inventory(y, 'the inventory, or the folder of a fleet plan to apply')
        .options(SELECTION_FLAGS)
        .options(FLEET_TARGET_FLAGS)
        .options(FLEET_PLAN_FLAGS)
        .options(ONLY_EXPIRED_FLAG)
        .options(POLICY_FLAG)
        .options(LOCK_FLAGS)
        .options(RUN_FLAGS)
        .options(formatFlag(FLEET_FORMATS))
        .option('fleet', text('with a folder of plans: the inventory to use instead of theirs', 'Run:'))
        .option(
          'all-or-nothing',
          toggle('write nothing when any selected instance cannot be applied', 'Guards:'),
        )
        .option('dry-run', toggle('perform the plans on embedded copies; the instances receive only reads'))
        .option('yes', yes('apply without asking for confirmation'))
        .example(exampleOf('$0 fleet apply --wave canary --yes', 'apply one wave')),
    run(async () => (await import('./apply.js')).apply),
  );
}

function addRollback(yargs: Argv, run: Run): Argv {
  return yargs.command(
    'rollback [folder]',
    'plan how to undo a fleet apply; with --yes, undo it in reverse waves',
    (y) =>
      y
        .positional('folder', { type: 'string', describe: 'the folder of the fleet apply' })
        .options(SELECTION_FLAGS)
        .options(FLEET_TARGET_FLAGS)
        .options(FLEET_PLAN_FLAGS)
        .options(POLICY_FLAG)
        .options(LOCK_FLAGS)
        .options(RUN_FLAGS)
        .options(formatFlag(FLEET_FORMATS))
        .option('fleet', text('the inventory, instead of the one that was applied', 'Run:'))
        .option(
          'all-or-nothing',
          toggle('write nothing when the run cannot be undone on every selected instance', 'Guards:'),
        )
        .option('detailed-exitcode', toggle('exit with 2 if there is something to undo'))
        .option('yes', yes('undo it, instead of only planning'))
        .example(exampleOf('$0 fleet rollback .domo-roles/fleet/ID', 'show what undoing an apply would do')),
    run(async () => (await import('./rollback.js')).rollback),
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
        .options(FLEET_GROUP_FLAG)
        .option('impact-limit', PLAN_FLAGS['impact-limit'])
        .options(SINCE_FLAG)
        .options(WEBHOOK_FLAGS)
        .example(
          exampleOf(
            '$0 fleet drift --where tier=production',
            'exit with 2 if any of these instances has drift',
          ),
        ),
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
        .options(formatFlag(FLEET_FORMATS))
        .options(FLEET_PROBE_FLAGS)
        .example(
          exampleOf('$0 fleet doctor --probe', 'find out how each instance behaves, using reads only'),
        ),
    run(async () => (await import('./doctor.js')).doctor),
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
        .options(formatFlag(EXPORT_FORMATS))
        .options(MANIFEST_FLAGS)
        .option('without', ROLE_SELECTION.without)
        .options(OWNERS_FLAG)
        .example(
          exampleOf(
            '$0 fleet export --format manifest --out live',
            'a manifest of what is live, per instance',
          ),
        )
        .example(
          exampleOf('$0 fleet export --format csv --out people', 'a table of all people, per instance'),
        ),
    run(async () => (await import('./export.js')).exportFleet),
  );
}
