/** Removes secrets from text, in each form in which a server may echo them. */
export interface Redactor {
  /** Adds a secret. Empty text is ignored. */
  add(secret: string): void;
  /** The text with `[secret]` for every secret in it. */
  redact(text: string): string;
}

const MASK = '[secret]';

/** Opens a redactor without secrets. */
export function openRedactor(): Redactor {
  const forms = new Set<string>();
  // Longest first, so that masking a secret within another one does not leave the rest of the longer one.
  let ordered: string[] = [];
  return {
    add: (secret) => {
      if (secret === '') return;
      for (const form of formsOf(secret)) forms.add(form);
      ordered = [...forms].sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
    },
    redact: (text) => ordered.reduce((rest, form) => rest.split(form).join(MASK), text),
  };
}

/** The secret itself, in base64, and escaped for JSON, for HTML and for a URL, also one after the other. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret, 'utf8');
  const escaped = JSON.stringify(secret).slice(1, -1);
  const texts = [secret, escaped, escaped.replace(/[&<>'=]/g, codePointEscape)];
  return [
    ...texts.flatMap((text) => [text, ...htmlForms(text), ...urlForms(text)]),
    bytes.toString('base64'),
    bytes.toString('base64url'),
  ];
}

/** As the encoders of some languages write `&` in JSON: `\u0026`. */
function codePointEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Quotes have several references in HTML. */
const QUOTES = [
  ['&quot;', '&#39;'],
  ['&quot;', '&#x27;'],
  ['&#34;', '&#39;'],
  ['&quot;', '&apos;'],
] as const;

function htmlForms(text: string): string[] {
  const tags = text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
  return [tags, ...QUOTES.map(([double, single]) => tags.replace(/"/g, double).replace(/'/g, single))];
}

/** A path or query, with digits of either case, and as a form writes a space. */
function urlForms(text: string): string[] {
  const encoded = encodeURIComponent(text.replace(/\p{Cs}/gu, '\uFFFD'));
  const strict = encoded.replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
  const all = [encoded, strict].flatMap((one) => [one, one.replace(/%20/g, '+')]);
  return [...all, ...all.map((one) => one.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()))];
}

/** Control and format characters, surrogates, private use, noncharacters, line and paragraph separators. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{NChar}\p{Zl}\p{Zp}]/gu;

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
