import { RUNNER_COMMAND } from './json-text.js';

/** White space, and U+2800, a blank that Unicode classifies as a Braille symbol. */
const BLANK = /[\s\u{2800}]/gu;

const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;

/** A run of characters that are not drawn, with the characters before and after it, which other runs may share. */
const INVISIBLE_RUN =
  /([^\p{Default_Ignorable_Code_Point}])?(\p{Default_Ignorable_Code_Point}+)(?=([^\p{Default_Ignorable_Code_Point}])?)/gu;

/** A variation selector, a joiner, or both in this order: emoji and several scripts need them. */
const JOINING = /^[\u{fe00}-\u{fe0f}\u{e0100}-\u{e01ef}\u{180b}-\u{180d}\u{180f}]?[\u{200c}\u{200d}]?$/u;

/** Characters that a variation selector may follow at the end of a word: `Team ❤️`. */
const BEFORE_SELECTOR = /[\p{Extended_Pictographic}\p{Ideographic}\p{Script=Mongolian}]/u;

const ODD_BLANK = /(?! )[\s\u{2800}]/u;

const BLANK_ONE = new RegExp(BLANK.source, 'u');

/** The ways in which two names may differ and still look alike. */
const DIFFERENCES: readonly { label: string; seen: boolean; same: (name: string) => string }[] = [
  { label: 'blanks', seen: true, same: (name) => name.replace(BLANK, '') },
  { label: 'case', seen: true, same: foldCase },
  { label: 'invisible characters', seen: false, same: (name) => name.replace(INVISIBLE, '') },
  { label: 'how letters are composed', seen: false, same: (name) => name.normalize('NFKC') },
];

/**
 * A normal form in which names that look alike are equal: without spaces, case, invisible characters and variants of
 * composed letters.
 */
export function nearName(name: string): string {
  // Normalization may produce a blank or another case, so it comes first and last.
  const plain = name.normalize('NFKC').replace(INVISIBLE, '').replace(BLANK, '');
  return foldCase(plain).normalize('NFKC');
}

function foldCase(text: string): string {
  return text.toLowerCase().replaceAll('ß', 'ss').replaceAll('ς', 'σ');
}

/**
 * How two names that look alike differ, for a message: `case`, `case and blanks`. An invisible difference is shown
 * with the code points of the part that differs.
 */
export function nearDifference(one: string, other: string): string {
  const except = (skip: number): boolean => {
    const same = (name: string): string =>
      DIFFERENCES.reduce((text, way, index) => (index === skip ? text : way.same(text)), name);
    return same(same(one)) === same(same(other));
  };
  const needed = DIFFERENCES.filter((_, index) => !except(index));
  const enough = DIFFERENCES.find(({ same }) => same(one) === same(other));
  const ways = needed.length > 0 ? needed : enough ? [enough] : DIFFERENCES;
  const text = ways.map(({ label }) => label).join(' and ');
  const [here, there] = differingParts(one, other);
  const isSeen = ways.every(({ seen }) => seen) && !ODD_BLANK.test(here + there);
  return isSeen ? text : `${text}: ${codePoints(here)} in the one, ${codePoints(there)} in the other`;
}

function differingParts(one: string, other: string): [string, string] {
  const [a, b] = [[...one], [...other]];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  const most = Math.min(a.length, b.length) - start;
  while (end < most && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1;
  return [a.slice(start, a.length - end).join(''), b.slice(start, b.length - end).join('')];
}

/** `U+0065 U+0301`; `nothing` for an empty text; long texts are cut. */
export function codePoints(text: string): string {
  const all = [...text].map(
    (one) => `U+${(one.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`,
  );
  if (all.length === 0) return 'nothing';
  return all.length > 8 ? `${all.slice(0, 8).join(' ')} …` : all.join(' ');
}

/**
 * The first invisible character of a name, or null. Joiners and variation selectors between visible characters do not
 * count: they are part of a glyph.
 */
export function firstInvisible(name: string): string | null {
  for (const [, before, run = '', after] of name.matchAll(INVISIBLE_RUN)) {
    const isVisible = (one: string | undefined): boolean => one !== undefined && !BLANK_ONE.test(one);
    const endsWord =
      run.length <= 2 && !/[\u{200c}\u{200d}]/u.test(run) && BEFORE_SELECTOR.test(before ?? '');
    const joins = JOINING.test(run) && isVisible(before) && (isVisible(after) || endsWord);
    if (!joins) return [...run][0] ?? null;
  }
  return null;
}

/**
 * Characters that a reader cannot see in a text, that change the line around it, or that start a command of a CI runner;
 * `JSON.stringify` shows the rest.
 */
const UNSEEN_CHARACTER = new RegExp(
  String.raw`[\p{Cc}\p{Cf}\p{Cs}\p{NChar}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u{2800}]|(?! )\p{Zs}|${RUNNER_COMMAND}`,
  'gu',
);

/** ASCII without control characters: most texts. Without `##` they need no escape. */
const PLAIN = /^[ -~]*$/u;

/** The same without quotes and backslashes. */
const PLAIN_NAME = /^[ !#-[\]-~]*$/u;

/**
 * A name in quotes for a message: one line, with every invisible character escaped. The result is a double-quoted YAML
 * scalar of exactly this name, so that a hint can be copied into a manifest.
 */
export function quotedName(name: string): string {
  if (PLAIN_NAME.test(name) && !name.includes('##')) return `"${name}"`;
  const isComposed = name === name.normalize('NFC');
  const escaped = JSON.stringify(name).replace(UNSEEN_CHARACTER, escapeOf);
  return isComposed ? escaped : escaped.replace(/\p{M}/gu, escapeOf);
}

/**
 * A text for a message: one line, with every invisible character escaped. It adds no quotes and escapes none, so the
 * message must make clear where the text begins and ends.
 */
export function visibleText(text: string): string {
  const isPlain = PLAIN.test(text) && !text.includes('##');
  return isPlain ? text : text.replace(UNSEEN_CHARACTER, escapeOf);
}

function escapeOf(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16);
  return code.length > 4 ? `\\U${code.padStart(8, '0')}` : `\\u${code.padStart(4, '0')}`;
}

/** The most items of a list in a sentence. */
const MOST_ITEMS = 10;

/** A list for a sentence: the first items, `most` at the most, and the number of further ones. */
export function shortenedList(items: readonly string[], most = MOST_ITEMS): string {
  const shown = items.slice(0, most).join(', ');
  return items.length > most ? `${shown} and ${items.length - most} more` : shown;
}

/** The form in which e-mail addresses are compared: trimmed and in lower case. */
export function sameAddress(email: string): string {
  return email.trim().toLowerCase();
}

/** The name of an instance as it is compared, from a name or an address: `acme` from `https://Acme.domo.com/`. */
export function instanceName(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/^https:\/\//u, '')
    .replace(/\/+$/u, '')
    .replace(/\.domo\.com$/u, '');
}
