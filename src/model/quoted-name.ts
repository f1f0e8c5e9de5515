import { RUNNER_COMMAND } from './json-text.js';

/**
 * Characters that a reader cannot see in a text, that change the line around it, or that start a command of a CI runner;
 * `JSON.stringify` shows the rest.
 */
const UNSEEN_CHARACTER = new RegExp(
  String.raw`[\p{Cc}\p{Cf}\p{Cs}\p{NChar}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u{2800}]|(?! )\p{Zs}|${RUNNER_COMMAND}`,
  'gu',
);

/** ASCII without control characters: most texts. Without `##` they need no escape. */
const PLAIN = /^[ -~]*$/u;

/** The same without quotes and backslashes. */
const PLAIN_NAME = /^[ !#-[\]-~]*$/u;

/** The longest name in messages, in characters; longer ones are cut. */
const LONGEST_SHOWN = 200;

/**
 * A name in quotes for a message: one line, with every invisible character escaped. The result is a double-quoted YAML
 * scalar of exactly this name, so that a hint can be copied into a manifest.
 */
export function quotedName(name: string): string {
  if (PLAIN_NAME.test(name) && !name.includes('##')) return `"${name}"`;
  const isComposed = name === name.normalize('NFC');
  const escaped = JSON.stringify(name).replace(UNSEEN_CHARACTER, escapeOf);
  return isComposed ? escaped : escaped.replace(/\p{M}/gu, escapeOf);
}

/** A name in quotes for messages: on one line, invisible characters escaped, long names cut. */
export function shownName(name: string): string {
  return name.length > LONGEST_SHOWN ? `${quotedName(name.slice(0, LONGEST_SHOWN))}…` : quotedName(name);
}

/**
 * A text for a message: one line, with every invisible character escaped. It adds no quotes and escapes none, so the
 * message must make clear where the text begins and ends.
 */
export function visibleText(text: string): string {
  const isPlain = PLAIN.test(text) && !text.includes('##');
  return isPlain ? text : text.replace(UNSEEN_CHARACTER, escapeOf);
}

function escapeOf(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16);
  return code.length > 4 ? `\\U${code.padStart(8, '0')}` : `\\u${code.padStart(4, '0')}`;
}
