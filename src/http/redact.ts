/** Removes secrets from text, in each form in which a server may echo them. */
export interface Redactor {
  /** Adds a secret. Empty text is ignored. */
  add(secret: string): void;
  /** The text with `[secret]` for every secret in it. */
  redact(text: string): string;
}

const MASK = '[secret]';

/** Opens a redactor for these secrets. */
export function openRedactor(secrets: Iterable<string> = []): Redactor {
  const forms = new Set<string>();
  // Longest first, so that masking a secret within another one does not leave the rest of the longer one.
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

/** The secret itself, JSON-escaped, URL-encoded and in base64. */
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

/** Control and format characters, surrogates, private use, line and paragraph separators. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu;

/**
 * Untrusted text as one short line: white space collapsed, invisible characters escaped as `\u{1b}`, cut after `most`
 * characters.
 */
export function oneLine(text: string, most = 200): string {
  // A server may send megabytes: cut first, then escape.
  const line = text
    .slice(0, most * 20)
    .replace(/\s+/g, ' ')
    .trim()
    .replace(UNSEEN, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
  return line.length > most ? `${line.slice(0, most - 1).trimEnd()}…` : line;
}
