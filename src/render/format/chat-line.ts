import { oneLine, visibleEscape } from './one-line.js';

/**
 * Marks that chat services obey in a text: `<!channel>` and `<https://…|words>`, entities, mentions, and links of
 * Markdown. A mention starts a word, but some services find `@everyone` inside one too; other addresses are none.
 */
const MARKUP_SOURCE = [
  '<',
  String.raw`&(?=#?\w+;)`,
  String.raw`(?<![\p{L}\p{N}._%+-])@(?=[\p{L}\p{N}])`,
  String.raw`@(?=everyone|here\b(?!\.\w))`,
  String.raw`(?<=\])[(\[]`,
].join('|');

const MARKUP = new RegExp(MARKUP_SOURCE, 'giu');

/** Any text as one line of a chat message, with marks that a chat service would obey as escapes such as `\u{3c}`. */
export function chatLine(text: string): string {
  return oneLine(text).replace(MARKUP, visibleEscape);
}
