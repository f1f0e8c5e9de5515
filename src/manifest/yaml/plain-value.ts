/** Words that are not strings. */
const WORDS: ReadonlyMap<string, boolean | null> = new Map(
  [
    { value: true, words: ['true', 'True', 'TRUE'] },
    { value: false, words: ['false', 'False', 'FALSE'] },
    { value: null, words: ['null', 'Null', 'NULL'] },
  ].flatMap(({ value, words }) => words.map((word) => [word, value] as const)),
);

const WHOLE_NUMBER = /^(?:0|[1-9][0-9]{0,14})$/u;

/** Text with such a character is not a number, and a date is not a number. */
const NO_NUMBER = /[^-+.0-9A-Za-z]|^[0-9]{4}-[0-9]{2}-[0-9]{2}$/u;

/**
 * The value of a scalar without quotes in the core schema of YAML. Undefined if that is left to the library: unusual
 * numbers, and text that starts with a special character.
 */
export function plainValue(source: string): string | number | boolean | null | undefined {
  if (startsAsText(source)) {
    const word = source.length <= 5 ? WORDS.get(source) : undefined;
    return word === undefined ? source : word;
  }
  if (source.startsWith('./') || source.startsWith('../')) return source;
  if (!/^[0-9]/u.test(source)) return undefined;
  if (WHOLE_NUMBER.test(source)) return Number(source);
  return NO_NUMBER.test(source) ? source : undefined;
}

/** Numbers and special characters of YAML never start with a letter or a character outside of ASCII. */
function startsAsText(source: string): boolean {
  const code = source.charCodeAt(0);
  const isLetter = (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
  return isLetter || code > 127;
}
