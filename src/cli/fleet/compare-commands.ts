import type { Argv } from 'yargs';
import { COMPARE_FORMATS } from '../../shell/fleet/formats.js';
import { POLICY_FLAG, formatFlag } from '../flags.js';
import type { Run } from '../run-command.js';
import { FLEET_TARGET_FLAGS, RUN_FLAGS, SELECTION_FLAGS, SNAPSHOTS, inventory, text } from './flags.js';

const { 'at-once': atOnce, 'instance-budget': budgetOfOne, 'max-failures': maxFailures, report } = RUN_FLAGS;

/** `fleet compare`. */
export function addCompare(yargs: Argv, run: Run): Argv {
  return yargs.command(
    'compare [inventory]',
    'show how the roles of the instances differ from a base, and what overlays ask for of that',
    (y) =>
      inventory(y)
        .options(SELECTION_FLAGS)
        .options(FLEET_TARGET_FLAGS)
        .options(SNAPSHOTS)
        .option('manifests', {
          type: 'boolean',
          describe: 'work offline, and compare what the manifests ask for',
          group: 'Target:',
        })
        .option('base', text('the manifest to compare with; else the one that all manifests extend', 'Run:'))
        .options(POLICY_FLAG)
        .options({ 'at-once': atOnce, 'instance-budget': budgetOfOne, 'max-failures': maxFailures, report })
        .options(formatFlag(COMPARE_FORMATS))
        .example('$0 fleet compare --snapshots snapshots', 'what differs from the base, and where'),
    run(async () => (await import('./compare.js')).compare),
  );
}
