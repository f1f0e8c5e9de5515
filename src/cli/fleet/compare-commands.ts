import { exampleOf } from '../example-of.js';
import { text, toggle } from '../flag-kinds.js';
import type { Argv } from 'yargs';
import { COMPARE_FORMATS } from '../../shell/fleet/formats.js';
import { POLICY_FLAG, formatFlag } from '../flags.js';
import type { Run } from '../run-command.js';
import { FLEET_TARGET_FLAGS, RUN_FLAGS, SELECTION_FLAGS, SNAPSHOTS, inventory } from './flags.js';

const { 'at-once': atOnce, 'instance-budget': budgetOfOne, 'max-failures': maxFailures, report } = RUN_FLAGS;

/** `fleet compare`. */
export function addCompare(yargs: Argv, run: Run): Argv {
  return yargs.command(
    'compare [inventory]',
    'show how the roles of the instances differ from a base, and which differences overlays ask for',
    (y) =>
      inventory(y)
        .options(SELECTION_FLAGS)
        .options(FLEET_TARGET_FLAGS)
        .options(SNAPSHOTS)
        .option('manifests', toggle('work offline, and compare what the manifests ask for', 'Target:'))
        .option(
          'base',
          text('the manifest to compare with (default: the one that most manifests extend)', 'Run:'),
        )
        .options(POLICY_FLAG)
        .options({ 'at-once': atOnce, 'instance-budget': budgetOfOne, 'max-failures': maxFailures, report })
        .options(formatFlag(COMPARE_FORMATS))
        .example(
          exampleOf('$0 fleet compare --snapshots snapshots', 'what differs from the base, and where'),
        ),
    run(async () => (await import('./compare.js')).compare),
  );
}

/** `fleet init`. */
export function addInit(yargs: Argv, run: Run): Argv {
  return yargs.command(
    'init [target]',
    'write the inventory, the base and the manifests of a fleet from snapshots of existing instances',
    (y) =>
      y
        .positional('target', {
          type: 'string',
          describe: 'where to write: a folder, or the inventory in it (fleet.yaml)',
        })
        .option('from', {
          ...text('the folder of snapshots that `fleet export --out DIR` wrote', 'Source:'),
          demandOption: true,
        })
        .option('folder', { ...text('where to write', 'Output:'), alias: 'out' })
        .option('force', toggle('overwrite existing files', 'Output:'))
        .example(exampleOf('$0 fleet init --from snapshots', 'write a fleet whose plans are all empty')),
    run(async () => (await import('./init.js')).init),
  );
}
