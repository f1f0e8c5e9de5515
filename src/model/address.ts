/** Characters that an address may not have here: blanks, controls, and what tables and mail programs put around it. */
const NEVER = '\\s@\\p{Cc}\\p{Cf}\\p{Cs}"(),:;<>\\[\\]\\\\“”„‘’«»';

/** A whole address; the manifest's schema holds the same pattern. */
const ADDRESS = new RegExp(`^(?!['\`|])[^${NEVER}]+@[^${NEVER}'\`|]*[^${NEVER}'\`|.]$`, 'u');

/** Longer texts are not addresses. */
const LONGEST = 320;

/** Can a manifest name a person by this text? An address has no quotes, separators, angle brackets or scheme. */
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

/** The addresses in a text that has them among the punctuation of a table or a mail program. */
export function addressesIn(text: string): string[] {
  if (text.length > 20 * LONGEST) return [];
  const found = text.split(/[,;|\t]/u).flatMap((piece) => WRAPPED.exec(piece)?.[1] ?? []);
  return [...new Set(found.map((one) => one.toLowerCase()))].filter(isAddress);
}

/** What to write instead of such a text, for a hint; null where it has no address. */
export function addressHint(text: string): string | null {
  const [first, ...more] = addressesIn(text);
  if (first === undefined) return null;
  if (more.length === 0) return `write ${first}`;
  const shown = [first, ...more].slice(0, 5).join(', ');
  return `write one entry for each address: ${shown}${more.length > 4 ? ', …' : ''}`;
}
