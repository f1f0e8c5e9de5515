import { isTypedAsFlag, unknownWords } from './rejected-line.js';
import type { Explanation, RejectedLine } from './rejected-line.js';

/** Explains a missing value of a flag, and missing or extra arguments of a command. */
export function explainArgumentCount(line: RejectedLine): Explanation | null {
  const message = missingValue(line) ?? missingArguments(line) ?? extraArguments(line);
  return message === null ? null : { message };
}

function missingValue({ message }: RejectedLine): string | null {
  const flag = /^Not enough arguments following: (\S+)$/u.exec(message)?.[1];
  return flag === undefined ? null : `--${flag} requires a value`;
}

function missingArguments({ message, commandPath }: RejectedLine): string | null {
  const count = /^Not enough non-option arguments: got (\d+), need at least (\d+)$/u.exec(message);
  if (!count || commandPath === undefined) return null;
  const [, given = '', least = ''] = count;
  return `${commandPath} requires ${least} ${least === '1' ? 'argument' : 'arguments'}, but was given ${given}`;
}

function extraArguments(line: RejectedLine): string | null {
  const { argv, commandPath } = line;
  const extra = unknownWords(line);
  const areWords = extra.every(
    (word) =>
      !word.startsWith('-') && word !== commandPath && argv.includes(word) && !isTypedAsFlag(line, word),
  );
  if (extra.length === 0 || !areWords || commandPath === undefined) return null;
  const listed = extra.map((word) => JSON.stringify(word)).join(' and ');
  return `${commandPath} does not accept the ${extra.length === 1 ? 'argument' : 'arguments'} ${listed}`;
}
