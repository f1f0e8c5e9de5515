import { number, text, texts } from '../flag-kinds.js';
import type { Argv, Options } from 'yargs';
import { GROUP_FLAG, PLAN_FLAGS, PROBE_FLAGS, TARGET_FLAGS } from '../flags.js';

const SELECTION = 'Selection:';

/** Flags that select instances. */
export const SELECTION_FLAGS = {
  only: texts('only these instances: a name, or a pattern with * and ? (repeatable)', SELECTION),
  except: texts('all but these instances: names or patterns (repeatable)', SELECTION),
  where: texts("only instances with these labels, such as 'tier=production,region!=us'", SELECTION),
  wave: texts('only the instances of this wave (repeatable)', SELECTION),
  'changed-since': text(
    'only what changed since this git revision; REV... compares with the merge base',
    SELECTION,
  ),
  'failed-from': text('only what failed or was not started in the run in this folder', SELECTION),
  shard: text('only shard i of n, such as 2/10, or auto[/n] to read it from the engine', SELECTION),
} as const satisfies Record<string, Options>;

const { timeout, budget, retries, concurrency, verbose } = TARGET_FLAGS;

/** Flags for addresses and credentials. */
export const FLEET_TARGET_FLAGS = {
  'base-url': text('address of the instances, containing {name} (or DOMO_BASE_URL)', 'Target:'),
  'token-dir': text('folder with one access token file per instance', 'Target:'),
  tokens: text('JSON file that maps instance names to access tokens', 'Target:'),
  sandbox: {
    type: 'string',
    describe: 'use embedded instances, each with its state in a subfolder of [FOLDER]',
    group: 'Target:',
  },
  ...{ timeout, budget, retries, concurrency, verbose },
  'page-size': TARGET_FLAGS['page-size'],
} as const satisfies Record<string, Options>;

/** Flags of every command that works through instances. */
export const RUN_FLAGS = {
  'at-once': number('maximum number of concurrent instances (8)', 'Run:'),
  'instance-budget': number('time limit of one instance, in seconds', 'Run:'),
  'max-failures': number('start no further instances once more than this many have failed', 'Run:'),
  resume: text('resume the run in this folder, with its instances and flags', 'Run:'),
  out: text('folder for the documents of this run (.domo-roles/fleet/ID)', 'Run:'),
  csv: {
    choices: ['rows', 'changes'] as const,
    defaultDescription: 'rows',
    describe: 'rows of --format csv: one per instance (rows) or one per change (changes)',
    group: 'Output:',
    requiresArg: true,
  },
  report: texts('also write a report: FORMAT=FILE', 'Output:'),
} as const satisfies Record<string, Options>;

/** Groups changes in reports. */
export const FLEET_GROUP_FLAG = {
  'group-by': {
    ...GROUP_FLAG['group-by'],
    describe: 'group changes in text, markdown and html by the owner of their role in the manifest',
  },
} as const satisfies Record<string, Options>;

/** The planning flags of single commands, with instance names in `--allow`. */
export const FLEET_PLAN_FLAGS = {
  ...PLAN_FLAGS,
  allow: {
    ...PLAN_FLAGS.allow,
    describe:
      'allow one guard to be exceeded in this run: NAME:CODE, NAME:CODE=N or NAME:rule=RULE; without NAME, on all instances',
  },
} as const satisfies Record<string, Options>;

/** The flags of a probe. `--yes` is accepted only to name the command that writes. */
export const FLEET_PROBE_FLAGS = {
  probe: { ...PROBE_FLAGS.probe, describe: 'find out how each instance behaves; reads only' },
  state: PROBE_FLAGS.state,
  yes: { ...PROBE_FLAGS.yes, hidden: true },
  'wait-for-lock': { ...PROBE_FLAGS['wait-for-lock'], hidden: true },
} as const satisfies Record<string, Options>;

export const SNAPSHOTS = {
  snapshots: text('work offline, against the snapshots that `fleet export --out DIR` wrote', 'Target:'),
} as const satisfies Record<string, Options>;

/** The positional for the inventory. */
export function inventory<T>(yargs: Argv<T>, describe = 'the inventory'): Argv<T & { inventory: string }> {
  return yargs.positional('inventory', {
    type: 'string',
    default: 'fleet.yaml',
    describe,
  });
}
