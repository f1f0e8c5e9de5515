import { GROUPINGS } from '../shell/formats.js';
import { isNumberFlag, rangeProblem } from '../shell/flag-numbers.js';
import { flagName } from '../shell/unused-flags.js';

/** A word that gives a flag its value: `--dry-run=yes`, `-y=no`, `-y1`. */
const WITH_VALUE = /^(?:(--?[^=]+)=|(-[a-z])(?=\d))(.*)$/isu;

/** Numbers are written in digits. The parser reads an empty value as 0. */
const DIGITS = /^[+-]?\d+(?:\.\d+)?$/u;

/** Arguments that are paths, with their descriptions for messages. */
const PATHS: ReadonlyMap<string, string> = new Map([
  ['manifest', 'manifest'],
  ['folders', 'folder'],
]);

/**
 * The values of flags whose names have a dash. yargs uses `choices` only for help and completion there, because `strip-dashed`
 * removes the name that it checks.
 */
export const DASHED_CHOICES = {
  'webhook-format': ['json', 'chat'],
  'group-by': GROUPINGS,
} as const;

/** Rejects repeated flags, except those that collect values, and empty or unsuitable values. */
export function checkArguments(args: Record<string, unknown>, argv: readonly string[]): true {
  checkFlagValues(argv, args);
  const lists = new Set([
    ...['_', 'manifest', 'allow', 'report', 'only', 'without'],
    ...['except', 'where', 'wave', 'folders'],
  ]);
  for (const [key, value] of Object.entries(args)) {
    const flag = flagName(key);
    if (Array.isArray(value) && !lists.has(key)) throw new Error(`${flag} was given more than once`);
    const isEmpty = value === '' || (Array.isArray(value) && key !== '_' && value.includes(''));
    // An unset variable in a script causes an empty value; only these three flags allow one.
    if (isEmpty && !['sandbox', 'quirks', 'faults'].includes(key)) throw emptyValue(key, flag, argv);
    if (typeof value === 'number') checkRange(flag, value);
  }
  for (const [name, choices] of Object.entries(DASHED_CHOICES))
    checkChoice(name, args[camelCase(name)], choices);
  return true;
}

/** Raises the error that yargs raises for other flags. */
function checkChoice(name: string, given: unknown, choices: readonly string[]): void {
  if (given === undefined || choices.some((choice) => choice === given)) return;
  const listed = choices.map((choice) => `"${choice}"`).join(', ');
  throw new Error(
    `Invalid values:\n  Argument: ${name}, Given: ${JSON.stringify(given)}, Choices: ${listed}`,
  );
}

function emptyValue(key: string, flag: string, argv: readonly string[]): Error {
  if (PATHS.has(key)) return new Error(`the path of a ${PATHS.get(key)} is empty`);
  const isFlag = argv.some((word) => word === flag || word.startsWith(`${flag}=`));
  return new Error(isFlag ? `${flag} was given an empty value` : `the argument ${key} is empty`);
}

/**
 * Rejects values that the parser would convert to something else. It reads every value of a flag without one as false,
 * except `true`: `--dry-run=1` would be a real run.
 */
function checkFlagValues(argv: readonly string[], args: Readonly<Record<string, unknown>>): void {
  const toggles = new Map<string, string>();
  for (const [index, word] of argv.entries()) {
    if (!word.startsWith('-')) continue;
    const [, long, short, given] = WITH_VALUE.exec(word) ?? [];
    const flag = long ?? short ?? word;
    const key = camelCase(flag.replace(/^--?/u, ''));
    const parsed = Object.hasOwn(args, key) ? args[key] : undefined;
    if (typeof parsed === 'number') checkNumber(flag, flagName(key), given ?? argv[index + 1] ?? '');
    if (typeof parsed !== 'boolean') continue;
    const value = given ?? (argv[index + 1] === 'false' ? 'false' : 'true');
    if (!['true', 'false'].includes(value))
      throw new Error(`${flag} does not accept a value, but was given ${JSON.stringify(value)}`);
    const name = key === 'y' ? 'yes' : key;
    if ((toggles.get(name) ?? value) !== value)
      throw new Error(`${flag} was given both as true and as false`);
    toggles.set(name, value);
  }
}

function checkNumber(written: string, flag: string, value: string): void {
  if (value === '') throw new Error(`${written} was given an empty value`);
  if (!DIGITS.test(value)) checkRange(flag, NaN);
}

function checkRange(flag: string, value: number): void {
  const name = flag.replace(/^--/u, '');
  const problem = isNumberFlag(name) ? rangeProblem(name, value) : null;
  if (problem !== null) throw new Error(`${flag} ${problem}`);
}

/** The name under which the parser keeps a flag. */
function camelCase(name: string): string {
  return name.replace(/-+([a-z])/giu, (_, letter: string) => letter.toUpperCase());
}
