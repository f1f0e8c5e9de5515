/**
 * Characters that an address may not contain here: white space, control characters, and the punctuation of tables and mail
 * programs.
 */
const NEVER = '\\s@\\p{Cc}\\p{Cf}\\p{Cs}"(),:;<>\\[\\]\\\\“”„‘’«»';

/** A whole address; the manifest's schema holds the same pattern. */
const ADDRESS = new RegExp(`^(?!['\`|])[^${NEVER}]+@[^${NEVER}'\`|]*[^${NEVER}'\`|.]$`, 'u');

/** The maximum length of an address in characters. */
const LONGEST = 320;

/** Is this text an address that a manifest may use? It has no quotes, separators, angle brackets or scheme. */
export function isAddress(text: string): boolean {
  return [...text].length <= LONGEST && ADDRESS.test(text);
}

const BARE =
  "[\\p{L}\\p{N}!#$%&*+/=?^_{}~.-](?:[\\p{L}\\p{N}!#$%&'*+/=?^_{}~.-]*)@[\\p{L}\\p{N}.-]*[\\p{L}\\p{N}]";

/** An address with quotes, a scheme or brackets around it, perhaps after a person's name. */
const WRAPPED = new RegExp(
  `^(?:["'“”„‘’«»\`\\s<]*|[^<>@]*<\\s*)(?:mailto:)?(${BARE})(?:\\?\\S*)?["'“”‘’«»\`\\s>.]*$`,
  'iu',
);

/** The addresses in a text that was copied from a table or a mail program, in lower case. */
export function addressesIn(text: string): string[] {
  if (text.length > 20 * LONGEST) return [];
  const found = text.split(/[,;|\t]/u).flatMap((piece) => WRAPPED.exec(piece)?.[1] ?? []);
  return [...new Set(found.map((one) => one.toLowerCase()))].filter(isAddress);
}

/** A hint with the addresses to write instead of such a text; null if it contains none. */
export function addressHint(text: string): string | null {
  const [first, ...more] = addressesIn(text);
  if (first === undefined) return null;
  if (more.length === 0) return `write ${first}`;
  const shown = [first, ...more].slice(0, 5).join(', ');
  return `write one entry for each address: ${shown}${more.length > 4 ? ', …' : ''}`;
}

/** The form in which e-mail addresses are compared: trimmed and in lower case. */
export function sameAddress(email: string): string {
  return email.trim().toLowerCase();
}
