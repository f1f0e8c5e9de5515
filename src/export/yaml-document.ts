import { Document, Pair, Scalar, YAMLMap, YAMLSeq, visit, type Node, type ScalarTag, type Tags } from 'yaml';
import { oneLine } from '../render/format/one-line.js';

/** A value on its way into YAML text. */
export type YamlNode = Node;

/** One key of a map. */
export interface YamlEntry {
  key: string;
  /** Null writes the key alone. */
  value: YamlNode | null;
  /** Comment lines above the key. */
  above?: readonly string[];
  /** An empty line above it. */
  spaced?: boolean;
}

/** Longer texts in comments are cut; the whole of it is in the snapshot. */
const LONGEST_IN_COMMENT = 160;

/**
 * What a reader cannot see or that moves the text around it. In a value it is written as an escape, so that
 * a file reads as it is, and so that the text holds no such character.
 */
const UNSEEN = /[\p{Cf}\p{Co}\p{Zl}\p{Zp}\u{7f}-\u{9f}\u{fffe}\u{ffff}]|(?! )\p{Zs}/u;

/** Texts whose blanks at the ends of lines do not survive in a block. */
const LOSES_BLANKS = /^[ \t]|[ \t]$|[ \t]\n|\n[ \t]/u;

/** Plain words that readers of YAML 1.1 take for a truth value, a number or a date, and `<<`. */
const MISREAD = /^(?:y|n|yes|no|on|off|true|false|null|~|<<|=|[-+.]?[0-9][0-9a-z_.:, TZ+-]*)$/iu;

/** Any text as part of a comment: one line, everything in it seen, cut where it is very long. */
export function inComment(text: string): string {
  const characters = [...text];
  if (characters.length <= LONGEST_IN_COMMENT) return seen(text);
  return `${seen(characters.slice(0, LONGEST_IN_COMMENT).join(''))}… (${characters.length} characters)`;
}

/** One line that shows all there is, with nothing in it that YAML does not allow in any place. */
function seen(text: string): string {
  return oneLine(text).replace(/[\u{fffe}\u{ffff}]/gu, (one) => `\\u{${one.charCodeAt(0).toString(16)}}`);
}

/** A name in a comment: in quotes, so that its ends are seen. */
export function nameInComment(name: string): string {
  return `"${inComment(name)}"`;
}

/** A string. It is quoted wherever it could be read as another type. */
export function textNode(value: string, comment?: string): YamlNode {
  const node = new Scalar(value);
  if (UNSEEN.test(value) || MISREAD.test(value)) node.type = Scalar.QUOTE_DOUBLE;
  return withComment(node, comment);
}

/** A word of the manifest's own language, `exact` or `off`: never quoted. */
export function wordNode(value: string): YamlNode {
  return new Scalar(value);
}

/** A truth value. */
export function flagNode(value: boolean): YamlNode {
  return new Scalar(value);
}

/** A whole number. */
export function numberNode(value: number, comment?: string): YamlNode {
  return withComment(new Scalar(value), comment);
}

function withComment(node: Scalar, comment: string | undefined): Scalar {
  if (comment !== undefined) node.comment = ` ${inComment(comment)}`;
  return node;
}

/** A map with these keys, in this order. They must differ. */
export function mapNode(entries: readonly YamlEntry[]): YamlNode {
  const map = new YAMLMap<Node, Node | null>();
  // Not `set`, which looks for the key first and is quadratic over many roles.
  for (const { key, value, above, spaced } of entries) {
    const keyNode = textNode(key);
    if (above && above.length > 0) keyNode.commentBefore = commentText(above);
    if (spaced) keyNode.spaceBefore = true;
    map.items.push(new Pair(keyNode, value));
  }
  return map;
}

/** A list, one item a line; `above` gives comment lines for some of them. */
export function listNode(
  items: readonly YamlNode[],
  above: ReadonlyMap<number, string> = new Map(),
): YamlNode {
  const list = new YAMLSeq<Node>();
  list.flow = items.length === 0;
  items.forEach((item, index) => {
    const comment = above.get(index);
    if (comment !== undefined) item.commentBefore = commentText([comment]);
    list.items.push(item);
  });
  return list;
}

/** A short map on one line. */
export function shortMapNode(entries: readonly YamlEntry[]): YamlNode {
  const map = mapNode(entries);
  if (map instanceof YAMLMap) map.flow = true;
  return map;
}

/** A short list on one line. */
export function shortListNode(items: readonly YamlNode[]): YamlNode {
  const list = new YAMLSeq<Node>();
  list.flow = true;
  list.items.push(...items);
  return list;
}

/** The text of a whole file: comment lines, a map, comment lines. `padded`: blanks within the braces of short maps. */
export function documentText(
  entries: readonly YamlEntry[],
  { padded = false, ...comments }: { above: readonly string[]; below?: readonly string[]; padded?: boolean },
): string {
  const document = new Document<Node>(null, { version: '1.2', schema: 'core', customTags: escapingTexts });
  document.contents = mapNode(entries);
  document.commentBefore = commentText(comments.above);
  if (comments.below && comments.below.length > 0) document.comment = commentText(comments.below);
  return document.toString({
    lineWidth: 0,
    flowCollectionPadding: padded,
    nullStr: '',
    doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER,
  });
}

/** Any data as YAML, every text on one line or as a block, and nothing in it that cannot be seen. */
export function dataText(data: unknown): string {
  const document = new Document(data, { version: '1.2', schema: 'core', customTags: escapingTexts });
  visit(document, {
    Scalar: (_key, node) => {
      if (typeof node.value !== 'string') return;
      if (UNSEEN.test(node.value) || LOSES_BLANKS.test(node.value)) node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  return document.toString({ lineWidth: 0 });
}

/** Lines as the stringifier wants them: a lone blank becomes an empty comment line. */
function commentText(lines: readonly string[]): string {
  return lines.map((line) => (line === '' ? ' ' : ` ${seen(line)}`)).join('\n');
}

/** The standard tags, with unseen characters of quoted texts written as escapes. */
function escapingTexts(tags: Tags): Tags {
  return tags.map((tag) => {
    if (typeof tag === 'string' || tag.tag !== 'tag:yaml.org,2002:str') return tag;
    const { stringify } = tag as ScalarTag;
    if (!stringify) return tag;
    return {
      ...(tag as ScalarTag),
      stringify: (...args: Parameters<typeof stringify>) => {
        const text = stringify(...args);
        return UNSEEN.test(text) ? escaped(text) : text;
      },
    };
  });
}

function escaped(text: string): string {
  return text.replace(new RegExp(UNSEEN, 'gu'), (character) => {
    const hex = (character.codePointAt(0) ?? 0).toString(16).toUpperCase();
    return hex.length <= 4 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
  });
}
