import { RUNNER_COMMAND } from '../../model/json-text.js';

/**
 * Invisible characters and those that affect the text around them: controls (which start ANSI sequences), line ends,
 * bidirectional marks, zero-width characters, lone surrogates, private use, noncharacters, blanks other than a space, and
 * letters without a glyph. A variation selector is visible where it selects a glyph: in emoji and ideographs. The first
 * mark of `##[…]` and `##vso[…]` counts too: a CI runner reads them as a command anywhere in a line of its log. This is the
 * source of a pattern with the flag u.
 */
export const UNSEEN = [
  String.raw`[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{NChar}\p{Zl}\p{Zp}\u{2800}]`,
  RUNNER_COMMAND,
  String.raw`(?! )\p{Zs}`,
  String.raw`(?!\p{Variation_Selector})\p{Default_Ignorable_Code_Point}`,
  String.raw`(?<![\p{Extended_Pictographic}\p{Ideographic}])\p{Variation_Selector}(?!\u{20e3})`,
].join('|');

const UNSEEN_CHARACTER = new RegExp(UNSEEN, 'gu');

/** ASCII without control characters: most texts, and nothing to escape without two number signs. */
const PLAIN = /^[ -~]*$/u;

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * Any text as one line with invisible characters escaped as `\n`, `\t` or `\u{202e}`. The result may be longer; nothing is
 * cut.
 */
export function oneLine(text: string): string {
  if (PLAIN.test(text) && !text.includes('##')) return text;
  return text.replace(UNSEEN_CHARACTER, (character) => SHORT[character] ?? visibleEscape(character));
}

/** `\u{202e}`: a character as an escape that a reader can see. */
export function visibleEscape(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
