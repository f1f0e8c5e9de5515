import type { Argv } from 'yargs';
import type { Exit } from '../shell/exit.js';
import { addFleetCommands } from './fleet/fleet-commands.js';
import { addManifestCommands } from './manifest-commands.js';
import { addOtherCommands } from './other-commands.js';
import { addQuestionCommands } from './question-commands.js';
import { CHOSEN } from './run-command.js';
import type { Run } from './run-command.js';
import type { Environment } from '../shell/environment.js';

/**
 * Adds all commands with their flags and examples, in the order of the help. The handler of the given command passes its
 * work to `chosen`, to run after parsing, so that errors of the parser always concern the command line. The parser ends
 * with `CHOSEN`.
 */
export function addCommands(
  yargs: Argv,
  environment: Environment,
  chosen: (work: () => Promise<Exit>) => void,
): Argv {
  const run: Run = (load) => (flags) => {
    chosen(async () => (await load())(flags, environment));
    throw CHOSEN;
  };
  const manifests = addManifestCommands(yargs, run);
  const questions = addQuestionCommands(manifests, run);
  return addOtherCommands(addFleetCommands(questions, run), run).completion(
    'get-yargs-completions',
    false as never,
  );
}
