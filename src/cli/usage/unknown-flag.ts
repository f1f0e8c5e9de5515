import { flagHint } from './other-tools.js';
import { unknownWords, writtenFlags } from './rejected-line.js';
import type { Explanation, RejectedLine } from './rejected-line.js';

/** The message of the parser for a command line without a command. */
export const COMMAND_IS_MISSING = 'specify a command';

/** Explains a flag that the command does not have. */
export function explainUnknownFlag(line: RejectedLine): Explanation | null {
  const flag = line.message === COMMAND_IS_MISSING ? flagInPlaceOfCommand(line) : unknownFlag(line);
  return flag === undefined ? null : { message: `unknown flag ${flag}`, hint: flagHint(flag, line) };
}

/** Without a command, only a flag of other tools, such as `-v`. Any other one, such as `-y`, may belong to that command. */
function flagInPlaceOfCommand({ argv, flags }: RejectedLine): string | undefined {
  return writtenFlags(argv).find(
    (flag) => hasOneHyphen(flag) && flagHint(flag, { flags, command: undefined }) !== null,
  );
}

function unknownFlag(line: RejectedLine): string | undefined {
  const names = unknownWords(line);
  const written = writtenFlags(line.argv);
  const whole = written.find((flag) => names.some((name) => withoutMarks(name) === withoutMarks(flag)));
  // The parser reads `-out` as the flags `-o`, `-u` and `-t`.
  return whole ?? written.find((flag) => hasOneHyphen(flag) && names.some((name) => flag.includes(name)));
}

function hasOneHyphen(flag: string): boolean {
  return /^-[^-]/u.test(flag);
}

function withoutMarks(word: string): string {
  return word.replace(/[^\p{L}\p{N}]/gu, '').toLowerCase();
}
