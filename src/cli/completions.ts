/** The hidden flag with which the completion scripts ask for the words that may follow. */
export const COMPLETIONS_FLAG = 'get-yargs-completions';

/** A command line that is being typed. Its last word may be empty or incomplete. */
interface TypedLine {
  /** The words as the parser separates them: the value of a flag is a word of its own. */
  words: readonly string[];
  /** What the shell expects before each value: `--format=` where that is part of the typed word. */
  prefix: string;
}

/** The command line that a completion script asks about; null if these are other arguments. */
export function typedLine([flag, ...given]: readonly string[]): TypedLine | null {
  if (flag !== `--${COMPLETIONS_FLAG}`) return null;
  // Bash separates `--format=json` into three words, and completes the last one.
  const words = given.filter((word, index) => word !== '=' && !isHelp(given, index));
  if (given.at(-1) === '=') return { words: [...words, ''], prefix: '' };
  const [, name, value] = /^(--[^=]+)=(.*)$/su.exec(words.at(-1) ?? '') ?? [];
  if (name === undefined || value === undefined) return { words, prefix: '' };
  return { words: [...words.slice(0, -1), name, value], prefix: `${name}=` };
}

/** Is a word `help` before a command or subcommand, as in `help plan` and `fleet help plan`? */
function isHelp(words: readonly string[], index: number): boolean {
  return words[index] === 'help' && (index === 1 || index === 2) && index < words.length - 1;
}

/** A short form of a flag, as the parser lists it: `--y` of `-y`. */
const SHORT_FORM = /^--\w(?![\w-])/u;

/**
 * The words that complete the typed one, of those that the parser lists. Flags are offered once a hyphen is typed. If
 * nothing is offered, the shell offers files.
 */
export function completionsOf({ words, prefix }: TypedLine, listed: readonly string[]): string[] {
  const typed = words.at(-1) ?? '';
  const flagsToo = typed.startsWith('-');
  return listed
    .filter((word) => word.startsWith(typed) && (flagsToo || !word.startsWith('-')))
    .filter((word) => !SHORT_FORM.test(word))
    .map((word) => `${prefix}${word}`);
}
