/**
 * What a reader cannot see, or what moves the text around it: controls (ANSI sequences begin with one),
 * line ends, bidirectional marks, zero-width characters, lone surrogates, private use, blanks that are no
 * plain space, and the letters that are drawn as nothing.
 */
const UNSEEN =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]|(?! )\p{Zs}|[\u{115f}\u{1160}\u{2800}\u{3164}\u{ffa0}]|\u{34f}|\u{17b4}|\u{17b5}|[\u{180b}-\u{180d}]/gu;

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * Any text as one line that shows all there is: what cannot be seen becomes `\n`, `\t` or `\u{202e}`.
 * Lengths may grow; nothing is cut.
 */
export function oneLine(text: string): string {
  return text.replace(UNSEEN, (character) => {
    return SHORT[character] ?? `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  });
}
