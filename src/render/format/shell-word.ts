import { oneLine } from './one-line.js';

/** Characters without a meaning in any shell. */
const PLAIN = /^[\w@%+:,./-]+$/u;

/** A text as one word of a shell command to copy, whatever is in it. Invisible characters are written as escapes. */
export function shellWord(text: string): string {
  if (PLAIN.test(text)) return text;
  if (oneLine(text) === text) return `'${text.replaceAll("'", String.raw`'\''`)}'`;
  return `$'${[...text].map(escaped).join('')}'`;
}

/** A path as one word of a shell command, which the command does not take for a flag. */
export function shellPath(path: string): string {
  return shellWord(path.startsWith('-') ? `./${path}` : path);
}

/** A character within `$'…'`, which bash, zsh and ksh read. */
function escaped(character: string): string {
  if (character === "'" || character === '\\') return `\\${character}`;
  const shown = oneLine(character);
  if (!shown.startsWith('\\u')) return shown;
  const hex = (character.codePointAt(0) ?? 0).toString(16);
  return hex.length > 4 ? `\\U${hex.padStart(8, '0')}` : `\\u${hex.padStart(4, '0')}`;
}
