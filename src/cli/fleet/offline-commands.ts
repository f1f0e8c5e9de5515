import { exampleOf } from '../example-of.js';
import { number } from '../flag-kinds.js';
import type { Argv } from 'yargs';
import { CATALOGUE_FLAG, PLAN_FLAGS, POLICY_FLAG, formatFlag } from '../flags.js';
import type { Run } from '../run-command.js';
import { FLEET_FORMATS, LIST_FORMATS } from '../../shell/fleet/formats.js';
import { RESULT_FORMATS, VALIDATE_FORMATS } from '../../shell/formats.js';
import { FLEET_GROUP_FLAG, RUN_FLAGS, SELECTION_FLAGS, inventory } from './flags.js';

/** Commands of `fleet` that send nothing to an instance. */
export function addList(yargs: Argv, run: Run): Argv {
  return yargs.command(
    'list [inventory]',
    'list the selected instances with their waves and manifests',
    (y) =>
      inventory(y)
        .options(SELECTION_FLAGS)
        .options(POLICY_FLAG)
        .options(formatFlag(LIST_FORMATS))
        .option(
          'per-shard',
          number('instances per shard (25 for a matrix); there are never more than 256 shards', 'Selection:'),
        )
        .example(exampleOf('$0 fleet list --where tier=production', 'list the instances of a selection'))
        .example(
          exampleOf('$0 fleet list --format matrix --per-shard 25', 'a matrix of jobs for GitHub Actions'),
        ),
    run(async () => (await import('./list.js')).list),
  );
}

export function addValidate(yargs: Argv, run: Run): Argv {
  return yargs.command(
    'validate [inventory]',
    'check all manifests without a network',
    (y) =>
      inventory(y)
        .options(SELECTION_FLAGS)
        .options(CATALOGUE_FLAG)
        .options(POLICY_FLAG)
        .options(formatFlag(VALIDATE_FORMATS))
        .example(
          exampleOf(
            '$0 fleet validate',
            'list every problem once, with the number of instances that have it',
          ),
        ),
    run(async () => (await import('./validate.js')).validate),
  );
}

export function addShow(yargs: Argv, run: Run): Argv {
  return yargs.command(
    'show <name> [inventory]',
    'print the effective manifest of an instance, each value with its file and line',
    (y) =>
      inventory(
        y.positional('name', {
          type: 'string',
          demandOption: true,
          describe: 'an instance of the inventory',
        }),
      )
        .options(POLICY_FLAG)
        .options(formatFlag(RESULT_FORMATS))
        .example(exampleOf('$0 fleet show acme', 'where each value of the manifest of acme comes from')),
    run(async () => (await import('./show.js')).show),
  );
}

export function addMerge(yargs: Argv, run: Run): Argv {
  return yargs.command(
    'merge <folders..>',
    'join the documents of shards into one, as a single run would write it',
    (y) =>
      y
        .positional('folders', {
          type: 'string',
          array: true,
          demandOption: true,
          describe: 'the folders of the shards, in any order',
        })
        .options({ out: RUN_FLAGS.out, csv: RUN_FLAGS.csv, report: RUN_FLAGS.report })
        .options(formatFlag(FLEET_FORMATS))
        .options(FLEET_GROUP_FLAG)
        .option('impact-limit', PLAN_FLAGS['impact-limit'])
        .example(exampleOf('$0 fleet merge shards/* --out merged', 'one document of all shards')),
    run(async () => (await import('./merge.js')).merge),
  );
}

export function addReport(yargs: Argv, run: Run): Argv {
  return yargs.command(
    'report <folder>',
    'render a saved fleet document in another format',
    (y) =>
      y
        .positional('folder', { type: 'string', demandOption: true, describe: 'the folder of a fleet run' })
        .options({ csv: RUN_FLAGS.csv, report: RUN_FLAGS.report })
        .options(formatFlag(FLEET_FORMATS))
        .options(FLEET_GROUP_FLAG)
        .option('impact-limit', PLAN_FLAGS['impact-limit'])
        .example(exampleOf('$0 fleet report plan --format html > fleet.html', 'write the page of a fleet')),
    run(async () => (await import('./report.js')).report),
  );
}
