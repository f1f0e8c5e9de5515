import { beginWithCommand, commandNames, isParent } from '../commands.js';
import { suggestCommand } from './other-tools.js';
import { isTypedAsFlag, subcommandAfter, unknownWords } from './rejected-line.js';
import type { Explanation, RejectedLine } from './rejected-line.js';

/** Explains a command or subcommand that does not exist. */
export function explainUnknownCommand(line: RejectedLine): Explanation | null {
  const name = unknownCommand(line);
  if (name === null) return null;
  const [first = '', ...rest] = name.split(' ');
  const [parent, word] = isParent(first) ? [first, rest.join(' ')] : [undefined, name];
  const prefix = parent === undefined ? '' : `${parent} `;
  const meant = suggestCommand(word, commandNames(parent));
  return {
    message: `unknown command ${JSON.stringify(name)}`,
    hint:
      meant === null
        ? `run \`domo-roles ${prefix}--help\` for the commands`
        : `did you mean "${prefix}${meant}"?`,
  };
}

function unknownCommand(line: RejectedLine): string | null {
  const { argv, command } = line;
  if (command === undefined) return null;
  const subcommand = subcommandAfter(argv, command);
  const words = subcommand === undefined ? [command] : [command, subcommand];
  if (!beginWithCommand(words)) return words.join(' ');
  const [unknown] = unknownWords(line);
  // A word that occurs twice is a command and also its argument.
  if (unknown === undefined || argv.indexOf(unknown) !== argv.lastIndexOf(unknown)) return null;
  // The flag `--plan` after the command `plan`.
  if (isTypedAsFlag(line, unknown)) return null;
  if (unknown === command) return command;
  return unknown === subcommand ? words.join(' ') : null;
}
