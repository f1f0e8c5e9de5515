import type { Argv } from 'yargs';
import type { Exit } from './exit.js';
import { addManifestCommands } from './manifest-commands.js';
import { addOtherCommands } from './other-commands.js';
import { addQuestionCommands } from './question-commands.js';
import type { Run } from './run-command.js';
import type { World } from './world.js';

/** How a command ended: with its exit code, or by raising an error. */
export type End = { exit: Exit } | { error: unknown };

/**
 * All commands with their flags and examples, in the order in which help lists them. What a command raises
 * is handed to `ended` past the parser, whose own errors are all about the command line.
 */
export function addCommands(yargs: Argv, world: World, ended: (end: End) => void): Argv {
  const run: Run = (load) => async (flags) => {
    try {
      ended({ exit: await (await load())(flags, world) });
    } catch (error) {
      ended({ error });
    }
  };
  return addOtherCommands(addQuestionCommands(addManifestCommands(yargs, run), run), run).completion(
    'get-yargs-completions',
    false as never,
  );
}
