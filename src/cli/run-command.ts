import type { Exit } from '../shell/exit.js';
import type { Environment } from '../shell/environment.js';

/** A command: its flags in, its exit code out. */
export type Command<F> = (flags: F, world: Environment) => Promise<Exit>;

/** Wraps a command for the parser. It is loaded when it is run, so that `--help` is quick. */
export type Run = <F>(load: () => Promise<Command<F>>) => (flags: F) => void;

/** Ends the parser once a command is chosen. It would go on to lay out the help of that command. */
export const CHOSEN = new Error('a command is chosen');
