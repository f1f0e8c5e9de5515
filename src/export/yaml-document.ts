import { Document, Pair, Scalar, YAMLMap, YAMLSeq, visit, type Node, type ScalarTag, type Tags } from 'yaml';
import { oneLine, UNSEEN } from '../render/format/one-line.js';

/** A YAML value. */
export type YamlNode = Node;

/** One key of a map. */
export interface YamlEntry {
  key: string;
  /** Null writes only the key. */
  value: YamlNode | null;
  /** Comment lines above the key. */
  above?: readonly string[];
  /** Whether to put an empty line above the key. */
  spaced?: boolean;
}

/** Maximum length of a text in a comment; longer texts are truncated. */
const MAX_IN_COMMENT = 160;

/**
 * Characters that are invisible, reorder the text, or end a line for some readers. Values contain them only as escapes.
 */
const INVISIBLE = new RegExp(String.raw`(?![\n\t]|\p{Cs})(?:${UNSEEN})`, 'u');

/** A line that a CI runner would read as a command, were it not in quotes. */
const COMMAND_LINE = /^\s*::/mu;

/** Blanks at a line's end, which editors remove. */
const TRAILING_BLANK = /[ \t]\n/u;

/** Texts whose whitespace at line ends would be lost in a block scalar. */
const LOSES_WHITESPACE = /^[ \t]|[ \t]$|[ \t]\n|\n[ \t]/u;

/** Texts in double quotes keep to one line, so that none of theirs starts like a command. */
const ON_ONE_LINE = { doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER };

/** Plain scalars that YAML 1.1 parsers read as a boolean, a number or a date, and `<<`. */
const AMBIGUOUS = /^(?:y|n|yes|no|on|off|true|false|null|~|<<|=|[-+.]?[0-9][0-9a-z_.:, TZ+-]*)$/iu;

/** A line with a tab, which some parsers do not accept in a plain scalar. */
const LINE_WITH_TAB = /^[^\n]*\t[^\n]*$/u;

/** Formats a text for a comment: on one line, without invisible characters, truncated. */
export function inComment(text: string): string {
  const characters = [...text];
  if (characters.length <= MAX_IN_COMMENT) return oneLine(text);
  return `${oneLine(characters.slice(0, MAX_IN_COMMENT).join(''))}… (${characters.length} characters)`;
}

/** Formats a name for a comment, in quotes. */
export function nameInComment(name: string): string {
  return `"${inComment(name)}"`;
}

/** A string. It is quoted if it could be read as another type. */
export function textNode(value: string): YamlNode {
  const node = new Scalar(value);
  if ([INVISIBLE, TRAILING_BLANK, AMBIGUOUS, COMMAND_LINE].some((one) => one.test(value)))
    node.type = Scalar.QUOTE_DOUBLE;
  return node;
}

/** A keyword of the manifest, for example `exact` or `off`. Never quoted. */
export function keywordNode(value: string): YamlNode {
  return new Scalar(value);
}

/** A boolean. */
export function booleanNode(value: boolean): YamlNode {
  return new Scalar(value);
}

/** A whole number. */
export function numberNode(value: number, comment?: string): YamlNode {
  const node = new Scalar(value);
  if (comment !== undefined) node.comment = ` ${inComment(comment)}`;
  return node;
}

/** A map with these entries, in this order. The keys must differ. */
export function mapNode(entries: readonly YamlEntry[]): YamlNode {
  const map = new YAMLMap<Node, Node | null>();
  // `set` searches for the key first, which is quadratic for many roles.
  for (const { key, value, above, spaced } of entries) {
    const keyNode = textNode(key);
    if (above && above.length > 0) keyNode.commentBefore = commentText(above);
    if (spaced) keyNode.spaceBefore = true;
    map.items.push(new Pair(keyNode, value));
  }
  return map;
}

/** A list with one item per line. `above` has comment lines by index. */
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

/** Formats a file: comment lines, a map, comment lines. `padded`: spaces inside the braces of short maps. */
export function documentText(
  entries: readonly YamlEntry[],
  { padded = false, ...comments }: { above: readonly string[]; below?: readonly string[]; padded?: boolean },
): string {
  const document = new Document<Node>(null, { version: '1.2', schema: 'core', customTags: escapingTags });
  document.contents = mapNode(entries);
  document.commentBefore = commentText(comments.above);
  if (comments.below && comments.below.length > 0) document.comment = commentText(comments.below);
  return document.toString({
    lineWidth: 0,
    flowCollectionPadding: padded,
    nullStr: '',
    ...ON_ONE_LINE,
  });
}

/**
 * Formats any data as YAML without invisible characters. Long texts become block scalars. A text that a YAML 1.1 parser would read
 * as another type is quoted, since scripts read the result with any parser.
 */
export function dataText(data: unknown): string {
  const document = new Document(data, { version: '1.2', schema: 'core', customTags: escapingTags });
  visit(document, {
    Scalar: (_key, node) => {
      if (typeof node.value !== 'string') return;
      const text = node.value;
      if ([INVISIBLE, LOSES_WHITESPACE, COMMAND_LINE, AMBIGUOUS, LINE_WITH_TAB].some((one) => one.test(text)))
        node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  return document.toString({ lineWidth: 0, ...ON_ONE_LINE });
}

/** Formats comment lines for the stringifier, which needs a space for an empty line. */
function commentText(lines: readonly string[]): string {
  return lines.map((line) => (line === '' ? ' ' : ` ${oneLine(line)}`)).join('\n');
}

/** The standard tags, with escapes for invisible characters in quoted texts. */
function escapingTags(tags: Tags): Tags {
  return tags.map((tag) => {
    if (typeof tag === 'string' || tag.tag !== 'tag:yaml.org,2002:str') return tag;
    const { stringify } = tag as ScalarTag;
    if (!stringify) return tag;
    return {
      ...(tag as ScalarTag),
      stringify: (...args: Parameters<typeof stringify>) => {
        const text = stringify(...args);
        return INVISIBLE.test(text) ? escaped(text) : text;
      },
    };
  });
}

function escaped(text: string): string {
  return text.replace(new RegExp(INVISIBLE, 'gu'), (character) => {
    const hex = (character.codePointAt(0) ?? 0).toString(16).toUpperCase();
    return hex.length <= 4 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
  });
}
