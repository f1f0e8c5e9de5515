/** Characters that JSON allows but that a terminal obeys, or that change the order of the text around them. */
const ACTIVE = /[\u007f-\u009f\u2028\u2029]|\p{Bidi_Control}/gu;

/**
 * A document as JSON text with a line end, safe to print for any names. The escapes are part of JSON: the values, and
 * digests of them, are the same.
 */
export function jsonText(document: unknown): string {
  const text = JSON.stringify(document, null, 2);
  return `${text.replace(ACTIVE, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`;
}
