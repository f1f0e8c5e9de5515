import type { Exit } from '../shell/exit.js';
import type { Environment } from '../shell/environment.js';

/** A command: its flags in, its exit code out. */
export type Command<F> = (flags: F, environment: Environment) => Promise<Exit>;

/** Wraps a command for the parser. The command is loaded when it runs, so that `--help` is fast. */
export type Run = <F>(load: () => Promise<Command<F>>) => (flags: F) => void;

/** Thrown to end the parser once a command is chosen; it would otherwise also format that command's help. */
export const CHOSEN = new Error('a command is chosen');
