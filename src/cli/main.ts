import { exampleOf } from './example-of.js';
import yargs from 'yargs';
import type { Argv } from 'yargs';
import { problemsJson } from '../render/ci/problems-json.js';
import { InvalidManifest, policyFileOf, refusalsOf } from '../reconcile/errors.js';
import { addCommands, beginWithCommand, isParent } from './commands.js';
import { completionsOf, typedLine } from './completions.js';
import { CHOSEN } from './run-command.js';
import { END_OF_FLAGS, restoreArguments, argumentsToParse } from './end-of-flags.js';
import { explainUsage } from './usage/explain-usage.js';
import { COMMAND_IS_MISSING } from './usage/unknown-flag.js';
import { checkArguments } from './flag-values.js';
import { EXIT, exitOfProblems, exitOfRun } from '../shell/exit.js';
import type { Exit } from '../shell/exit.js';
import { jsonText } from '../model/json-text.js';
import { errorDocument, printProblems } from '../shell/output.js';
import { note, print } from '../shell/deliver.js';
import { policyFileText } from '../render/text/problems.js';
import { widthOf } from '../shell/environment.js';
import { asProblemError } from '../shell/failure.js';
import { withGivenPaths } from '../shell/given-paths.js';
import type { Environment } from '../shell/environment.js';

/**
 * Runs one command line. The result goes to stdout, everything else to stderr; the exit code is returned.
 * Never throws for anything that a user can do.
 */
export async function main(given: readonly string[], environment: Environment): Promise<Exit> {
  const argv = withHelpFlag(given);
  environment.ledger.json = wantsJson(argv);
  let work = async (): Promise<Exit> => EXIT.done;
  const words = argumentsToParse(argv);
  const chosen = (given: typeof work): void => {
    work = given;
  };
  const parser = addCommands(base(words, environment), words, { environment, chosen });
  try {
    const text = completed(await parse(parser, argv), argv);
    if (text !== '') await print(environment, text.endsWith('\n') ? text : `${text}\n`);
    return exitOfRun(await work(), environment.ledger);
  } catch (error) {
    return exitOfRun(await fail(error, argv, environment), environment.ledger);
  }
}

/**
 * No words, `help plan` and `fleet help plan` ask for help, as `--help`, `plan --help` and `fleet plan --help` do. An unknown
 * command is an error wherever the flag is, so it is left without the flag.
 */
function withHelpFlag(words: readonly string[]): readonly string[] {
  if (words.length === 0) return ['--help'];
  const others = words.filter((word) => !HELP_FLAGS.has(word));
  const [above, below] = isParent(others[0]) ? [others.slice(0, 1), others.slice(1)] : [[], others];
  const isTopic = below[0] === 'help';
  const topic = isTopic ? [...above, ...below.slice(1)] : others;
  if (!beginWithCommand(topic)) return topic;
  return isTopic ? [...topic, '--help'] : words;
}

const HELP_FLAGS: ReadonlySet<string> = new Set(['--help', '-h']);

function base(argv: readonly string[], environment: Environment): Argv {
  return yargs([...argv])
    .scriptName('domo-roles')
    .usage(
      '$0 <command> [manifest…] [flags]\n\nKeeps the roles of a Domo instance equal to a manifest in git.',
    )
    .locale('en')
    .strict()
    .demandCommand(1, COMMAND_IS_MISSING)
    .parserConfiguration({
      'greedy-arrays': false,
      'strip-dashed': true,
      'boolean-negation': false,
      'parse-positional-numbers': false,
      'dot-notation': false,
    })
    .option(END_OF_FLAGS, { type: 'boolean', hidden: true })
    .middleware(restoreArguments, true)
    .check((args) => checkArguments(args, argv), true)
    .version('version', 'show the version', environment.version)
    .help('help', 'show this help')
    .alias('h', 'help')
    .wrap(widthOf(environment.stdout))
    .exitProcess(false)
    .fail(false)
    .example(exampleOf('$0 plan --sandbox', 'show what an apply would change on the embedded instance'))
    .example(exampleOf('$0 apply --dry-run', 'list every request that an apply would send'))
    .epilogue(
      'Exit codes: 0 done, 1 error, 2 changes or drift, 3 invalid manifest, 4 refused, 5 incomplete.',
    );
}

/** Parses and runs; returns what yargs prints (help, version, completions). */
async function parse(parser: Argv, argv: readonly string[]): Promise<string> {
  let text = '';
  try {
    await parser.parseAsync([...argumentsToParse(argv)], {}, (_error, _args, output) => {
      text = output;
    });
  } catch (error) {
    if (error === CHOSEN) return '';
    if (!(error instanceof Error) || error instanceof TypeError || error instanceof RangeError) throw error;
    throw explainUsage(error, argv, await knownFlags(parser, argv));
  }
  return text;
}

/** What yargs prints; of completions, the ones for the typed word. */
function completed(text: string, argv: readonly string[]): string {
  const typed = typedLine(argv);
  return typed ? completionsOf(typed, text.split('\n')).join('\n') : text;
}

/** The flags of the given command, from completion, to suggest a correction. Without short forms, such as `--y`. */
async function knownFlags(parser: Argv, argv: readonly string[]): Promise<string[]> {
  const end = argv.findIndex((word) => word.startsWith('-'));
  const words = end < 0 ? argv : argv.slice(0, end);
  // The parser may reject these words again; then there are no suggestions.
  const offered = await parser.getCompletion(['domo-roles', ...words, '--']).catch((): string[] => []);
  return Array.isArray(offered) ? offered.filter((word): word is string => /^--../u.test(String(word))) : [];
}

/** Reports an error and returns its exit code. */
export async function fail(error: unknown, argv: readonly string[], environment: Environment): Promise<Exit> {
  const known = asProblemError(error, environment);
  const problems = withGivenPaths(known.problems, { cwd: environment.cwd, argv });
  // A missing manifest is not an invalid one.
  const isManifest = known instanceof InvalidManifest && exitOfProblems(known.problems) === EXIT.manifest;
  if (wantsJson(argv) && !environment.ledger.printed) {
    await print(
      environment,
      isManifest
        ? problemsJson(problems, known.files)
        : jsonText(errorDocument(problems, refusalsOf(known), policyFileOf(known))),
    );
  }
  await printProblems(environment, problems, isManifest ? known.sources : undefined);
  const policy = policyFileText(policyFileOf(known));
  if (policy !== '') await note(environment, policy.trimEnd());
  return exitOfProblems(known.problems);
}

/** `--format json`, even on a command line that could not be understood. */
function wantsJson(argv: readonly string[]): boolean {
  return argv.some(
    (word, index) => word === '--format=json' || (word === '--format' && argv[index + 1] === 'json'),
  );
}
