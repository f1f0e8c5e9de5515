import type { Argv } from 'yargs';
import type { Exit } from '../shell/exit.js';
import { COMPLETIONS_FLAG } from './completions.js';
import { addFleetCommands } from './fleet/fleet-commands.js';
import { MANIFEST_COMMANDS } from './manifest-commands.js';
import { OTHER_COMMANDS } from './other-commands.js';
import { QUESTION_COMMANDS } from './question-commands.js';
import { CHOSEN, addNamed } from './run-command.js';
import type { AddCommand, Run } from './run-command.js';
import type { Environment } from '../shell/environment.js';

/**
 * Adds the commands for these words to a parser. The handler of the given command passes its work to `chosen`, to run
 * after parsing, so that errors of the parser always concern the command line. The parser ends with `CHOSEN`.
 */
export function addCommands(
  yargs: Argv,
  words: readonly string[],
  { environment, chosen }: { environment: Environment; chosen: (work: () => Promise<Exit>) => void },
): Argv {
  const run: Run = (load) => (flags) => {
    chosen(async () => (await load())(flags, environment));
    throw CHOSEN;
  };
  return commandsFor(words)(yargs, run).completion(COMPLETIONS_FLAG, false as never);
}

/** The command that the words begin with; otherwise all commands. Registering one is faster than registering thirty. */
function commandsFor([name, nameBelow]: readonly string[]): AddCommand {
  const commands = {
    ...MANIFEST_COMMANDS,
    ...QUESTION_COMMANDS,
    fleet: addFleetCommands(nameBelow),
    ...OTHER_COMMANDS,
  };
  return addNamed(commands, name);
}
