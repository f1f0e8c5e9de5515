/**
 * Invisible characters and those that affect the text around them: controls (which start ANSI sequences), line ends,
 * bidirectional marks, zero-width characters, lone surrogates, private use, blanks other than a space, and letters
 * without a glyph.
 */
const UNSEEN =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]|(?! )\p{Zs}|[\u{115f}\u{1160}\u{2800}\u{3164}\u{ffa0}]|\u{34f}|\u{17b4}|\u{17b5}|[\u{180b}-\u{180d}]/gu;

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * Any text as one line with invisible characters escaped as `\n`, `\t` or `\u{202e}`. The result may be longer; nothing is
 * cut.
 */
export function oneLine(text: string): string {
  return text.replace(UNSEEN, (character) => {
    return SHORT[character] ?? `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  });
}
