import type { Argv } from 'yargs';
import {
  DOCUMENT_FLAGS,
  LOCK_FLAGS,
  PLAN_FLAGS,
  STATE_FLAG,
  TARGET_FLAGS,
  formatFlag,
  manifestPositional,
} from './flags.js';
import { PLAN_FORMATS, VALIDATE_FORMATS } from '../shell/formats.js';
import type { Run } from './run-command.js';

/** Forms that `validate` knows. */

/** Commands that work on a manifest or on what was made of one. */
export function addManifestCommands(yargs: Argv, run: Run): Argv {
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
            describe:
              'checks grants too: a snapshot, get authorities --format json, or the answer of the API',
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
          .options(DOCUMENT_FLAGS)
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
          .options(LOCK_FLAGS)
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
          .options(DOCUMENT_FLAGS)
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
          .option('report', DOCUMENT_FLAGS.report)
          .option('impact-limit', PLAN_FLAGS['impact-limit'])
          .option('verbose', TARGET_FLAGS.verbose)
          .example('$0 report plan.json --format html > plan.html', 'a page to look at'),
      run(async () => (await import('./commands/report.js')).report),
    );
}
