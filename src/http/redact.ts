/** Removes secrets from text, in each form in which a server may echo them. */
export interface Redactor {
  /** From now on this text is replaced. Empty text is ignored. */
  add(secret: string): void;
  /** The text with `[secret]` for every secret in it. */
  redact(text: string): string;
}

const MASK = '[secret]';

/** Starts with these secrets. */
export function openRedactor(secrets: Iterable<string> = []): Redactor {
  const forms = new Set<string>();
  // Longest first, so that a secret within another one leaves no rest of it behind.
  let ordered: string[] = [];
  const add = (secret: string): void => {
    if (secret === '') return;
    for (const form of formsOf(secret)) forms.add(form);
    ordered = [...forms].sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
  };
  for (const secret of secrets) add(secret);
  return {
    add,
    redact: (text) => ordered.reduce((rest, form) => rest.split(form).join(MASK), text),
  };
}

/** As it is, within JSON, within a URL, and as base64 of itself. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret, 'utf8');
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret.replace(/\p{Cs}/gu, '\uFFFD')),
    bytes.toString('base64'),
    bytes.toString('base64url'),
  ];
}

/** Controls, line ends, marks that turn the direction of text, blanks without width, half characters. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu;

/**
 * Foreign text as one short line that shows all there is of it: blanks joined, what cannot be seen as
 * `\u{1b}`, cut after `most` characters.
 */
export function oneLine(text: string, most = 200): string {
  // A server may send megabytes; what is cut off anyway need not be looked at.
  const line = text
    .slice(0, most * 20)
    .replace(/\s+/g, ' ')
    .trim()
    .replace(UNSEEN, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
  return line.length > most ? `${line.slice(0, most - 1).trimEnd()}…` : line;
}
