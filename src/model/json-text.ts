/**
 * The first mark of `##[…]` and `##vso[…]`, which CI runners read as commands anywhere in a line of their log. The source
 * of a pattern.
 */
export const RUNNER_COMMAND = String.raw`#(?=#\w*\[)`;

/**
 * Characters that JSON allows but that a terminal or a CI runner obeys, or that change the order of the text around
 * them.
 */
const ACTIVE = new RegExp(String.raw`[\u007f-\u009f\u2028\u2029]|\p{Bidi_Control}|${RUNNER_COMMAND}`, 'gu');

/**
 * A document as JSON text with a line end, safe to print for any names. The escapes are part of JSON: the values, and
 * digests of them, are the same.
 */
export function jsonText(document: unknown): string {
  return escaped(JSON.stringify(document, null, 2));
}

/** The same on one line. */
export function jsonLine(document: unknown): string {
  return escaped(JSON.stringify(document));
}

function escaped(text: string): string {
  return `${text.replace(ACTIVE, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`;
}

/** Parses JSON text; null if it is not JSON. The parser's own message is not used, because it quotes the text. */
export function parsedOrNull(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
