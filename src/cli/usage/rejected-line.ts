import { commandNames, isParent } from '../commands.js';

/** A command line that the parser rejected. */
export interface RejectedLine {
  argv: readonly string[];
  /** The first line of the parser's message. */
  message: string;
  /** The second line of the parser's message, which describes an invalid choice; '' if there is none. */
  detail: string;
  command: string | undefined;
  /** The command with its subcommand: `fleet plan`. */
  commandPath: string | undefined;
  /** The flags of the command. */
  flags: readonly string[];
}

/** What is wrong with a command line. Without a hint of its own, it gets one that leads to the help. */
export interface Explanation {
  message: string;
  hint?: string | null;
}

/** The rejected command line of an error of the parser. */
export function rejectedLine(error: Error, argv: readonly string[], flags: readonly string[]): RejectedLine {
  const [message = 'the command line is invalid', detail = ''] = error.message
    .split('\n')
    .filter((line) => line.trim() !== '');
  const command = commandIn(argv);
  return { argv, message, detail, command, commandPath: commandPathOf(argv, command), flags };
}

/** The first word, or after flags the first word that is a command. */
function commandIn(argv: readonly string[]): string | undefined {
  const words = argv.filter((word) => !word.startsWith('-'));
  const known = argv[0] === words[0] ? undefined : words.find((word) => commandNames().includes(word));
  return known ?? words[0];
}

function commandPathOf(argv: readonly string[], command: string | undefined): string | undefined {
  const subcommand = subcommandAfter(argv, command);
  return subcommand === undefined || subcommand.startsWith('-') ? command : `${command} ${subcommand}`;
}

/** The word after a command that has subcommands. */
export function subcommandAfter(argv: readonly string[], command: string | undefined): string | undefined {
  return command !== undefined && isParent(command) ? argv[argv.indexOf(command) + 1] : undefined;
}

/** The words that the parser does not know, as typed. */
export function unknownWords({ message }: RejectedLine): string[] {
  return /^Unknown arguments?: (.*)$/su.exec(message)?.[1]?.split(', ') ?? [];
}

/** The flags as typed, without their values. */
export function writtenFlags(argv: readonly string[]): string[] {
  return argv.filter((word) => word.startsWith('-')).map((word) => word.replace(/=.*$/su, ''));
}

/** Is a word, which the parser reports without hyphens, typed as a flag? It may also be typed as a command or an argument. */
export function isTypedAsFlag({ argv }: RejectedLine, word: string): boolean {
  return writtenFlags(argv).some((flag) => flag.replace(/^-+/u, '') === word);
}
