/** A word that gives a flag its value: `--dry-run=yes`, `-y=no`, `-y1`. */
const WITH_VALUE = /^(?:(--?[^=]+)=|(-[a-z])(?=\d))(.*)$/isu;

/** Numbers are written in digits. The parser reads an empty value as 0. */
const DIGITS = /^[+-]?\d+(?:\.\d+)?$/u;

/**
 * Rejects values that the parser would convert to something else. It reads every value of a flag without one as false,
 * except `true`: `--dry-run=1` would be a real run.
 */
export function checkFlagValues(argv: readonly string[], args: Readonly<Record<string, unknown>>): void {
  const toggles = new Map<string, string>();
  for (const [index, word] of argv.entries()) {
    if (!word.startsWith('-')) continue;
    const [, long, short, given] = WITH_VALUE.exec(word) ?? [];
    const flag = long ?? short ?? word;
    const key = camelCase(flag.replace(/^--?/u, ''));
    const parsed = Object.hasOwn(args, key) ? args[key] : undefined;
    if (typeof parsed === 'number') checkNumber(flag, given ?? argv[index + 1] ?? '');
    if (typeof parsed !== 'boolean') continue;
    const value = given ?? (argv[index + 1] === 'false' ? 'false' : 'true');
    if (!['true', 'false'].includes(value))
      throw new Error(`${flag} takes no value, and was given ${JSON.stringify(value)}`);
    const name = key === 'y' ? 'yes' : key;
    if ((toggles.get(name) ?? value) !== value) throw new Error(`${flag} was given as true and as false`);
    toggles.set(name, value);
  }
}

function checkNumber(flag: string, value: string): void {
  if (value === '') throw new Error(`${flag} was given an empty value`);
  if (!DIGITS.test(value)) throw new Error(`${flag} takes a number`);
}

/** The name under which the parser keeps a flag. */
function camelCase(name: string): string {
  return name.replace(/-+([a-z])/giu, (_, letter: string) => letter.toUpperCase());
}
