import type { Argv } from 'yargs';
import type { Exit } from './exit.js';
import { addManifestCommands } from './manifest-commands.js';
import { addOtherCommands } from './other-commands.js';
import { addQuestionCommands } from './question-commands.js';
import type { Run } from './run-command.js';
import type { World } from './world.js';

/** All commands with their flags and examples, in the order in which help lists them. */
export function addCommands(yargs: Argv, world: World, done: (exit: Exit) => void): Argv {
  const run: Run = (load) => async (flags) => {
    done(await (await load())(flags, world));
  };
  return addOtherCommands(addQuestionCommands(addManifestCommands(yargs, run), run), run).completion(
    'get-yargs-completions',
    false as never,
  );
}
