import yargs from 'yargs';
import type { Argv } from 'yargs';
import { ProblemError, problem, usageError } from '../problem/problem.js';
import { suggest } from '../manifest/suggest.js';
import { problemsJson } from '../render/ci/problems-json.js';
import { InvalidManifest, policyFileOf, refusalsOf } from '../reconcile/errors.js';
import { addCommands } from './commands.js';
import { completionsOf, typedLine } from './completions.js';
import { CHOSEN } from './run-command.js';
import { END_OF_FLAGS, restoreArguments, argumentsToParse } from './end-of-flags.js';
import { checkArguments } from './flag-values.js';
import { EXIT, exitOfProblems, exitOfRun } from '../shell/exit.js';
import type { Exit } from '../shell/exit.js';
import { errorDocument, json, printProblems } from '../shell/output.js';
import { note, print } from '../shell/deliver.js';
import { policyFileText } from '../render/text/problems.js';
import { ignoreStreamErrors, widthOf } from '../shell/environment.js';
import { withGivenPaths } from '../shell/given-paths.js';
import type { Environment } from '../shell/environment.js';

/**
 * Runs one command line. The result goes to stdout, everything else to stderr; the exit code is returned.
 * Never throws for anything that a user can do.
 */
export async function main(given: readonly string[], environment: Environment): Promise<Exit> {
  const argv = withHelpFlag(given);
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

/** No words, `help plan` and `fleet help plan` ask for help, as `--help`, `plan --help` and `fleet plan --help` do. */
function withHelpFlag(words: readonly string[]): readonly string[] {
  if (words.length === 0) return ['--help'];
  const [above, below] = PARENTS.has(words[0] ?? '') ? [words.slice(0, 1), words.slice(1)] : [[], words];
  return below[0] === 'help' ? [...above, ...below.slice(1), '--help'] : words;
}

function base(argv: readonly string[], environment: Environment): Argv {
  return yargs([...argv])
    .scriptName('domo-roles')
    .usage(
      '$0 <command> [manifest…] [flags]\n\nKeeps the roles of a Domo instance equal to a manifest in git.',
    )
    .locale('en')
    .strict()
    .demandCommand(1, 'a command is missing')
    .recommendCommands()
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
    .example('$0 plan --sandbox', 'show what an apply would change on the embedded instance')
    .example('$0 apply --dry-run', 'list every request that an apply would send')
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

/** The flags of the given command, from completion, to suggest a correction. */
async function knownFlags(parser: Argv, argv: readonly string[]): Promise<string[]> {
  const end = argv.findIndex((word) => word.startsWith('-'));
  const words = end < 0 ? argv : argv.slice(0, end);
  // The parser may reject these words again; then there are no suggestions.
  const offered = await parser.getCompletion(['domo-roles', ...words, '--']).catch((): string[] => []);
  return Array.isArray(offered)
    ? offered.filter((word): word is string => String(word).startsWith('--'))
    : [];
}

/** Commands with subcommands. */
const PARENTS: ReadonlySet<string> = new Set(['sandbox', 'fleet']);

function explainUsage(error: Error, argv: readonly string[], flags: readonly string[]): unknown {
  const [line = 'the command was not understood', ...more] = error.message
    .split('\n')
    .filter((one) => one.trim() !== '');
  const command = argv.find((word) => !word.startsWith('-'));
  const guess = /^Did you mean (\S+)\?$/u.exec(line)?.[1];
  if (guess !== undefined && command !== undefined) {
    const below = PARENTS.has(command) ? `${command} ` : '';
    const word = below === '' ? command : argv[argv.indexOf(command) + 1];
    return usageError(`there is no command "${below}${word ?? ''}"`, {
      hint: `did you mean "${below}${guess}"?`,
      cause: error,
    });
  }
  const label = labelOf(argv, command);
  const countMessage = argumentCountMessage(line, argv, label);
  if (countMessage !== null)
    return usageError(countMessage, {
      hint: `domo-roles ${label === undefined ? '' : `${label} `}--help shows what it takes`,
      cause: error,
    });
  const choice = /^\s*Argument: (.+?), Given: (.*), Choices: (.*)$/u.exec(more[0] ?? '');
  if (choice) {
    const [, name = '', given = '', choices = ''] = choice;
    const what = argv.some((word) => word.startsWith(`--${name}`)) ? `--${name}` : (command ?? name);
    const all = choices.replaceAll('"', '');
    const close = suggest(given.replaceAll('"', ''), all.split(', '));
    return usageError(`${what} does not take ${given}`, {
      hint: close === null ? `it takes ${all}` : `did you mean ${JSON.stringify(close)}?`,
      cause: error,
    });
  }
  const known = label !== undefined && !line.startsWith('Unknown command') ? `${label} ` : '';
  const help = `domo-roles ${known}--help shows more`;
  const unknown = unknownFlag(line, argv);
  if (unknown === null) return usageError(line.replace(/[.:]$/u, ''), { hint: help, cause: error });
  const close = suggest(unknown, flags);
  return usageError(`there is no flag ${unknown}`, {
    hint: close ? `did you mean ${close}?` : help,
    cause: error,
  });
}

/** The command with its subcommand, for messages. */
function labelOf(argv: readonly string[], command: string | undefined): string | undefined {
  const verb = command !== undefined && PARENTS.has(command) ? argv[argv.indexOf(command) + 1] : undefined;
  return verb === undefined || verb.startsWith('-') ? command : `${command} ${verb}`;
}

/** The message for missing or extra arguments; null for other messages. */
function argumentCountMessage(
  line: string,
  argv: readonly string[],
  command: string | undefined,
): string | null {
  const flag = /^Not enough arguments following: (\S+)$/u.exec(line)?.[1];
  if (flag !== undefined) return `--${flag} needs a value`;
  const count = /^Not enough non-option arguments: got (\d+), need at least (\d+)$/u.exec(line);
  if (count && command !== undefined) {
    const [, given = '', least = ''] = count;
    return `${command} needs ${least} ${least === '1' ? 'argument' : 'arguments'}, and was given ${given}`;
  }
  const extra = /^Unknown arguments?: ([^-].*)$/u.exec(line)?.[1];
  return extra !== undefined && command !== undefined && command !== extra && argv.includes(extra)
    ? `${command} does not take ${JSON.stringify(extra)}`
    : null;
}

/** The unknown flag in a yargs message, as written; null if the message concerns something else. */
function unknownFlag(line: string, argv: readonly string[]): string | null {
  const names = /^Unknown arguments?: (.*)$/u.exec(line)?.[1]?.split(', ') ?? [];
  const plain = (word: string): string => word.replace(/[^\p{L}\p{N}]/gu, '').toLowerCase();
  const written = argv.filter((word) => word.startsWith('-')).map((word) => word.replace(/=.*$/su, ''));
  return written.find((word) => names.some((name) => plain(name) === plain(word))) ?? null;
}

/** Reports an error and returns its exit code. */
export async function fail(error: unknown, argv: readonly string[], environment: Environment): Promise<Exit> {
  const known = error instanceof ProblemError ? error : internal(error, environment);
  const problems = withGivenPaths(known.problems, { cwd: environment.cwd, argv });
  // A missing manifest is not an invalid one.
  const isManifest = known instanceof InvalidManifest && exitOfProblems(known.problems) === EXIT.manifest;
  if (wantsJson(argv) && !environment.ledger.printed) {
    await print(
      environment,
      isManifest
        ? problemsJson(problems, known.files)
        : json(errorDocument(problems, refusalsOf(known), policyFileOf(known))),
    );
  }
  await printProblems(environment, problems, isManifest ? known.sources : undefined);
  const policy = policyFileText(policyFileOf(known));
  if (policy !== '') await note(environment, policy.trimEnd());
  return exitOfProblems(known.problems);
}

/** An internal error. Its stack is printed only with `DOMO_ROLES_DEBUG`. */
function internal(error: unknown, environment: Environment): ProblemError {
  const isOurs = error instanceof Error;
  if ((environment.env.DOMO_ROLES_DEBUG ?? '') !== '' && isOurs)
    ignoreStreamErrors(environment.stderr).write(`${error.stack ?? ''}\n`);
  return new ProblemError(
    problem('internal', `an internal error of domo-roles (${isOurs ? error.name : typeof error})`, {
      hint: 'please report it; DOMO_ROLES_DEBUG=1 shows where it happened',
    }),
    { cause: error },
  );
}

/** `--format json`, even on a command line that could not be understood. */
function wantsJson(argv: readonly string[]): boolean {
  return argv.some(
    (word, index) => word === '--format=json' || (word === '--format' && argv[index + 1] === 'json'),
  );
}
