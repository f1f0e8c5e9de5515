import type { Argv } from 'yargs';
import type { Exit } from '../shell/exit.js';
import type { Environment } from '../shell/environment.js';

/** A command: its flags in, its exit code out. */
type Command<F> = (flags: F, environment: Environment) => Promise<Exit>;

/** Wraps a command for the parser. The command is loaded when it runs, so that `--help` is fast. */
export type Run = <F>(load: () => Promise<Command<F>>) => (flags: F) => void;

/** Thrown to end the parser once a command is chosen; it would otherwise also format that command's help. */
export const CHOSEN = new Error('a command is chosen');

/** Adds a command with its flags and examples to the parser. */
export type AddCommand = (yargs: Argv, run: Run) => Argv;

/** Commands by name, in the order of the help. */
export type Commands = Readonly<Record<string, AddCommand>>;

/** Adds the command of this name. Adds all commands if there is none, for the help and for suggestions. */
export function addNamed(commands: Commands, name: string | undefined): AddCommand {
  const named = name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (named) return named;
  return (yargs, run) => Object.values(commands).reduce((parser, add) => add(parser, run), yargs);
}
