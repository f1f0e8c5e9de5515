import { isOneLetterAway } from '../../model/suggest.js';
import type { Explanation, RejectedLine } from './rejected-line.js';

/** Explains a value that is none of the choices of a flag or an argument. */
export function explainInvalidChoice({ argv, detail, command }: RejectedLine): Explanation | null {
  const choice = /^\s*Argument: (.+?), Given: (.*), Choices: (.*)$/u.exec(detail);
  if (!choice) return null;
  const [, name = '', given = '', choices = ''] = choice;
  const isFlag = argv.some((word) => word.startsWith(`--${name}`));
  const values = choices.replaceAll('"', '');
  // Of a few words, one that differs in more than a letter is not what was meant: "html" is not "yaml".
  const close = values.split(', ').find((value) => isOneLetterAway(given.replaceAll('"', ''), value));
  return {
    message: `${isFlag ? `--${name}` : (command ?? name)} does not accept ${given}`,
    hint: close === undefined ? `valid values: ${values}` : `did you mean ${JSON.stringify(close)}?`,
  };
}
