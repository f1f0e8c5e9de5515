import { exampleOf } from './example-of.js';
import { text, toggle, yes } from './flag-kinds.js';
import type { Argv } from 'yargs';
import {
  CATALOGUE_FLAG,
  DOCUMENT_FLAGS,
  GROUP_FLAG,
  LOCK_FLAGS,
  ONLY_EXPIRED_FLAG,
  PLAN_FLAGS,
  POLICY_FLAG,
  SINCE_FLAG,
  STATE_FLAG,
  TARGET_FLAGS,
  VERBOSE_PLAN_FLAG,
  WEBHOOK_FLAGS,
  formatFlag,
  manifestPositional,
} from './flags.js';
import { PLAN_FORMATS, RESULT_FORMATS, VALIDATE_FORMATS } from '../shell/formats.js';
import type { Commands, Run } from './run-command.js';

/** Commands that work on manifests, plans or drift documents. */
export const MANIFEST_COMMANDS: Commands = {
  init: addInit,
  validate: addValidate,
  plan: addPlan,
  apply: addApply,
  drift: addDrift,
  report: addReport,
};

function addInit(yargs: Argv, run: Run): Argv {
  return yargs.command(
    'init',
    'write a first manifest, a CI workflow and an ignore file',
    (y) =>
      y
        .options(TARGET_FLAGS)
        .option('folder', { ...text('where to write'), default: '.' })
        .option('force', toggle('overwrite existing files'))
        .example(exampleOf('$0 init', 'an example to edit'))
        .example(exampleOf('$0 init --instance acme', 'a manifest of what is live')),
    run(async () => (await import('./commands/init.js')).init),
  );
}

function addValidate(yargs: Argv, run: Run): Argv {
  return yargs.command(
    'validate [manifest..]',
    'check a manifest without a network',
    (y) =>
      manifestPositional(y)
        .options(CATALOGUE_FLAG)
        .options(POLICY_FLAG)
        .options(formatFlag(VALIDATE_FORMATS))
        .example(exampleOf('$0 validate', 'list every problem with its place'))
        .example(
          exampleOf('$0 validate --format sarif > problems.sarif', 'write a report for code scanning'),
        ),
    run(async () => (await import('./commands/validate.js')).validate),
  );
}

function addPlan(yargs: Argv, run: Run): Argv {
  return yargs.command(
    'plan [manifest..]',
    'show what an apply would change, and who would gain or lose access',
    (y) =>
      manifestPositional(y)
        .options(TARGET_FLAGS)
        .options(VERBOSE_PLAN_FLAG)
        .options(PLAN_FLAGS)
        .options(POLICY_FLAG)
        .options(ONLY_EXPIRED_FLAG)
        .options(formatFlag(PLAN_FORMATS))
        .options(DOCUMENT_FLAGS)
        .options(GROUP_FLAG)
        .option('detailed-exitcode', toggle('exit with 2 if there are changes'))
        .example(exampleOf('$0 plan --sandbox', 'plan against the embedded instance'))
        .example(
          exampleOf(
            '$0 plan --out plan.json --report markdown=plan.md',
            'save the plan, and a report for a pull request',
          ),
        )
        .example(
          exampleOf('$0 plan --policy origin/main:policy.yaml', 'use the policy of the reviewed branch'),
        ),
    run(async () => (await import('./commands/plan.js')).plan),
  );
}

function addApply(yargs: Argv, run: Run): Argv {
  return yargs.command(
    'apply [manifest..]',
    'apply a manifest or a saved plan',
    (y) =>
      manifestPositional(y, 'files or folders, or one saved plan')
        .options(TARGET_FLAGS)
        .options(PLAN_FLAGS)
        .options(POLICY_FLAG)
        .options(ONLY_EXPIRED_FLAG)
        .options(STATE_FLAG)
        .options(LOCK_FLAGS)
        .options(formatFlag(RESULT_FORMATS))
        .option('yes', yes('apply without asking for confirmation'))
        .option('dry-run', toggle('perform the plan on an embedded copy; the instance receives only reads'))
        .example(exampleOf('$0 apply --dry-run', 'list every request in order'))
        .example(exampleOf('$0 apply plan.json --yes', 'apply a saved plan exactly as reviewed'))
        .example(
          exampleOf(
            '$0 apply --only-expired --yes',
            'end memberships whose time has passed, for a nightly job',
          ),
        ),
    run(async () => (await import('./commands/apply.js')).apply),
  );
}

function addDrift(yargs: Argv, run: Run): Argv {
  return yargs.command(
    'drift [manifest..]',
    'show what differs from the manifest, and who changed it and when',
    (y) =>
      manifestPositional(y)
        .options(TARGET_FLAGS)
        .options(VERBOSE_PLAN_FLAG)
        .options(POLICY_FLAG)
        .options(formatFlag(PLAN_FORMATS))
        .option('impact-limit', PLAN_FLAGS['impact-limit'])
        .options(DOCUMENT_FLAGS)
        .options(GROUP_FLAG)
        .options(SINCE_FLAG)
        .options(WEBHOOK_FLAGS)
        .example(exampleOf('$0 drift', 'exit with 2 if there is drift that is not accepted')),
    run(async () => (await import('./commands/drift.js')).drift),
  );
}

function addReport(yargs: Argv, run: Run): Argv {
  return yargs.command(
    'report <file>',
    'render a saved plan or drift document in another format',
    (y) =>
      y
        .positional('file', {
          type: 'string',
          demandOption: true,
          describe: 'a file written by `plan --out` or `drift --out`',
        })
        .options(formatFlag(PLAN_FORMATS))
        .option('report', DOCUMENT_FLAGS.report)
        .options(GROUP_FLAG)
        .option('impact-limit', PLAN_FLAGS['impact-limit'])
        .option('verbose', toggle('in text, list the requests of the changes', 'Output:'))
        .example(exampleOf('$0 report plan.json --format html > plan.html', 'write an HTML report')),
    run(async () => (await import('./commands/report.js')).report),
  );
}
