import { COMPLETIONS_FLAG, typedLine } from './completions.js';

/** Marks words that are arguments even if they look like flags. No argument of a process can hold it. */
const MARK = '\0';

/** A flag that ends the values of the flag before it, as `--` does. */
export const END_OF_FLAGS = `${MARK}end`;

/** Hyphens without a letter, such as `-`, are not a flag either. */
const HYPHENS = /^(?:-|---+(?:=.*)?)$/su;

/** The words for the parser, which would ignore `-` and all arguments after `--`. */
export function argumentsToParse(argv: readonly string[]): readonly string[] {
  const typed = typedLine(argv);
  if (typed) return [`--${COMPLETIONS_FLAG}`, ...typed.words];
  // Some script runners pass on the `--` that ends their own flags.
  if (argv[0] === '--') return argumentsToParse(argv.slice(1));
  const end = argv.indexOf('--');
  const before = (end < 0 ? argv : argv.slice(0, end)).map((word) =>
    HYPHENS.test(word) ? marked(word) : word,
  );
  return end < 0 ? before : [...before, `--${END_OF_FLAGS}`, ...argv.slice(end + 1).map(marked)];
}

function marked(word: string): string {
  return `${MARK}${word}`;
}

/** Restores the words as given, in the arguments that the parser read. */
export function restoreArguments(args: Record<string, unknown>): void {
  for (const [key, value] of Object.entries(args))
    args[key] = Array.isArray(value) ? value.map(withoutMark) : withoutMark(value);
}

function withoutMark(value: unknown): unknown {
  return typeof value === 'string' && value.startsWith(MARK) ? value.slice(MARK.length) : value;
}
