import type { Argv } from 'yargs';
import type { Exit } from '../shell/exit.js';
import { COMPLETIONS_FLAG } from './completions.js';
import { FLEET_COMMANDS, addFleetCommands } from './fleet/fleet-commands.js';
import { MANIFEST_COMMANDS } from './manifest-commands.js';
import { SANDBOX_COMMANDS, otherCommands } from './other-commands.js';
import { QUESTION_COMMANDS } from './question-commands.js';
import { CHOSEN, addNamed } from './run-command.js';
import type { AddCommand, Commands, Run } from './run-command.js';
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

/** Commands with subcommands, by name. */
const BELOW: ReadonlyMap<string, Commands> = new Map([
  ['fleet', FLEET_COMMANDS],
  ['sandbox', SANDBOX_COMMANDS],
]);

/** Does a command have subcommands? */
export function isParent(name: string | undefined): boolean {
  return name !== undefined && BELOW.has(name);
}

/** The commands, or the subcommands of one. */
export function commandNames(parent?: string): readonly string[] {
  return Object.keys((parent === undefined ? undefined : BELOW.get(parent)) ?? allCommands(undefined));
}

/** Do the words begin with a command, and with one of its subcommands if there is a second word? True without words. */
export function beginWithCommand([name, nameBelow]: readonly string[]): boolean {
  if (name === undefined || isFlag(name)) return true;
  if (!Object.hasOwn(allCommands(undefined), name)) return false;
  const below = BELOW.get(name);
  return !below || nameBelow === undefined || isFlag(nameBelow) || Object.hasOwn(below, nameBelow);
}

const isFlag = (word: string): boolean => word.startsWith('-');

/** The command that the words begin with; otherwise all commands. Registering one is faster than registering thirty. */
function commandsFor([name, nameBelow]: readonly string[]): AddCommand {
  return addNamed(allCommands(nameBelow), name);
}

function allCommands(nameBelow: string | undefined): Commands {
  return {
    ...MANIFEST_COMMANDS,
    ...QUESTION_COMMANDS,
    fleet: addFleetCommands(nameBelow),
    ...otherCommands(nameBelow),
  };
}
