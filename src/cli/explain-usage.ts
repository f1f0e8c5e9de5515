import { beginWithCommand, commandNames, isParent } from './commands.js';
import { flagHint, suggestCommand } from './other-tools.js';
import { isOneLetterAway } from '../manifest/suggest.js';
import { usageError } from '../problem/problem.js';

/** Translates an error of yargs. `flags` are those of the command, to suggest a correction. */
export function explainUsage(error: Error, argv: readonly string[], flags: readonly string[]): unknown {
  const [line = 'the command was not understood', ...more] = error.message
    .split('\n')
    .filter((one) => one.trim() !== '');
  const command = commandIn(argv);
  const label = labelOf(argv, command);
  const noCommand = unknownCommand(line, argv, command);
  if (noCommand !== null) return unknownCommandError(noCommand, error);
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
    // Of a few words, one that differs in more than a letter is not what was meant: "html" is not "yaml".
    const close = all.split(', ').find((one) => isOneLetterAway(given.replaceAll('"', ''), one)) ?? null;
    return usageError(`${what} does not take ${given}`, {
      hint: close === null ? `it takes ${all}` : `did you mean ${JSON.stringify(close)}?`,
      cause: error,
    });
  }
  const help = `domo-roles ${label === undefined ? '' : `${label} `}--help shows more`;
  const unknown = unknownFlag(line, argv, flags);
  if (unknown === null) return usageError(line.replace(/[.:]$/u, ''), { hint: help, cause: error });
  return usageError(`there is no flag ${unknown}`, {
    hint: flagHint(unknown, { flags, command }) ?? help,
    cause: error,
  });
}

/** The error for an unknown command, or for an unknown subcommand: `fleet plann`. */
function unknownCommandError(name: string, cause: Error): unknown {
  const [first = '', ...rest] = name.split(' ');
  const parent = isParent(first) ? first : undefined;
  const above = parent === undefined ? '' : `${parent} `;
  const word = parent === undefined ? name : rest.join(' ');
  const meant = suggestCommand(word, commandNames(parent));
  const hint =
    meant === null ? `domo-roles ${above}--help lists the commands` : `did you mean "${above}${meant}"?`;
  return usageError(`there is no command ${JSON.stringify(name)}`, { hint, cause });
}

/** The command of a command line: its first word, or after flags the first word that is a command. */
function commandIn(argv: readonly string[]): string | undefined {
  const words = argv.filter((word) => !word.startsWith('-'));
  const known = argv[0] === words[0] ? undefined : words.find((word) => commandNames().includes(word));
  return known ?? words[0];
}

/** The command with its subcommand, for messages. */
function labelOf(argv: readonly string[], command: string | undefined): string | undefined {
  const verb = command !== undefined && isParent(command) ? argv[argv.indexOf(command) + 1] : undefined;
  return verb === undefined || verb.startsWith('-') ? command : `${command} ${verb}`;
}

/** The command or subcommand that does not exist; null if yargs does not know another word. */
function unknownCommand(line: string, argv: readonly string[], command: string | undefined): string | null {
  if (command === undefined) return null;
  const below = isParent(command) ? argv[argv.indexOf(command) + 1] : undefined;
  if (!beginWithCommand([command, ...(below === undefined ? [] : [below])]))
    return below === undefined ? command : `${command} ${below}`;
  const [word] = unknownWords(line);
  // A word that is typed again later is a command, and an argument of it.
  if (word === undefined || argv.indexOf(word) !== argv.lastIndexOf(word)) return null;
  if (word === command) return command;
  return below !== undefined && below === word ? `${command} ${word}` : null;
}

/** The words that yargs does not know, as typed. */
function unknownWords(line: string): string[] {
  return /^Unknown arguments?: (.*)$/su.exec(line)?.[1]?.split(', ') ?? [];
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
  const extra = unknownWords(line);
  const areWords = extra.every((word) => !word.startsWith('-') && word !== command && argv.includes(word));
  return extra.length > 0 && areWords && command !== undefined
    ? `${command} does not take ${extra.map((word) => JSON.stringify(word)).join(' and ')}`
    : null;
}

/** The unknown flag of a command line, as written; null if the message concerns something else. */
function unknownFlag(line: string, argv: readonly string[], flags: readonly string[]): string | null {
  const names = unknownWords(line);
  const plain = (word: string): string => word.replace(/[^\p{L}\p{N}]/gu, '').toLowerCase();
  const written = argv.filter((word) => word.startsWith('-')).map((word) => word.replace(/=.*$/su, ''));
  const isOneHyphen = (word: string): boolean => /^-[^-]/u.test(word);
  // Without a command, only a flag that stands for another one: `-v`. Others, such as `-y`, may belong to that command.
  const meansAnother = (word: string): boolean => flagHint(word, { flags, command: undefined }) !== null;
  if (line === 'a command is missing')
    return written.find((word) => isOneHyphen(word) && meansAnother(word)) ?? null;
  const whole = written.find((word) => names.some((name) => plain(name) === plain(word)));
  // The parser reads `-out` as the flags `-o`, `-u` and `-t`.
  return (
    whole ?? written.find((word) => isOneHyphen(word) && names.some((name) => word.includes(name))) ?? null
  );
}
