import { createHash } from 'node:crypto';
import { escapeHtml } from '../html/escape.js';
import { oneLine } from '../format/one-line.js';
import { clip, plural } from '../format/phrases.js';

/** The longest name in characters; longer ones are cut, so that no name fills a comment. */
const NAME_LENGTH = 160;

/** The longest sentence in characters; longer ones are cut. */
const PROSE_LENGTH = 800;

/**
 * Any text as a code span: nothing in it is markup, a mention, a reference or a link. Its fence is longer
 * than any run of backticks inside; a space at either end keeps those apart.
 */
export function codeSpan(text: string, length = NAME_LENGTH): string {
  const line = clip(oneLine(text), length);
  if (line.trim() === '') return line === '' ? '*(empty)*' : `*(${plural(line.length, 'blank')})*`;
  const fence = '`'.repeat(longestRun(line) + 1);
  const pad = /^[` ]|[` ]$/.test(line) ? ' ' : '';
  return `${fence}${pad}${line}${pad}${fence}`;
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}

/** The same inside a block of HTML, where Markdown's own marks mean nothing: `<code>` keeps mentions out. */
export function htmlCode(text: string): string {
  return `<code>${escapeHtml(clip(oneLine(text), NAME_LENGTH))}</code>`;
}

/**
 * A word without meaning in Markdown: letters, small numbers, dates, a word that is already code, with punctuation at its
 * end.
 */
const PLAIN_WORD =
  /^["'(]*(?:[A-Za-z]+(?:['-][A-Za-z]+)*|\d{1,6}%?|\d{4}-\d{2}-\d{2}|`[A-Za-z]+`)["')]*[.,;:?]?["')]*$/;

/** A space between words; what stands in braces, such as a map of a manifest, is one word. */
const OUTSIDE_BRACES = / (?![^{}]*\})/;

/** Hexadecimal words may be taken for commits. */
const COMMIT = /^[0-9a-f]{7,40}$/i;

function isPlain(word: string): boolean {
  return PLAIN_WORD.test(word) && !COMMIT.test(word);
}

const QUOTE = /(?<!\\)"/g;

/** The words of a sentence. A name in quotes is one word unless all of its own words are plain. */
function wordsOf(text: string): string[] {
  const words: string[] = [];
  let open: string[] = [];
  for (const word of text.split(OUTSIDE_BRACES)) {
    const isOdd = (word.match(QUOTE)?.length ?? 0) % 2 === 1;
    if (!isOdd && open.length === 0) words.push(word);
    else open.push(word);
    if (!isOdd || open.length < 2) continue;
    words.push(...(open.every(isPlain) ? open : [open.join(' ')]));
    open = [];
  }
  return [...words, ...open];
}

/**
 * A sentence that may quote names: words that could be read as markup, mentions, references or links become
 * code, neighbours together. To be put after some other text on its line, since `1.` opens a list.
 */
export function escapeProse(text: string): string {
  const runs: { plain: boolean; words: string[] }[] = [];
  for (const word of wordsOf(clip(oneLine(text), PROSE_LENGTH))) {
    const plain = isPlain(word);
    const last = runs.at(-1);
    if (last && last.plain === plain) last.words.push(word);
    else runs.push({ plain, words: [word] });
  }
  return runs
    .map(({ plain, words }) => (plain ? words.join(' ') : codeBeforeMark(words.join(' '))))
    .join(' ');
}

/** Keeps punctuation at the end outside of code, and a parenthesis that was opened before the code. */
function codeBeforeMark(text: string): string {
  const mark = /[^.,;:?][.,;:?]$/.test(text) ? text.slice(-1) : '';
  const body = text.slice(0, text.length - mark.length);
  const isClosing = /[^)]\)$/.test(body) && body.split(')').length > body.split('(').length;
  const after = `${isClosing ? ')' : ''}${mark}`;
  return `${codeSpan(text.slice(0, text.length - after.length), PROSE_LENGTH)}${after}`;
}

/** A fenced block whose fence no line in it can close. Lines must be free of line ends. */
export function fenced(language: string, lines: readonly string[]): string {
  const fence = '`'.repeat(Math.max(3, longestRun(lines.join('\n')) + 1));
  return `${fence}${language}\n${lines.join('\n')}\n${fence}`;
}

/** The identity of a comment or issue. */
interface MarkerOf {
  kind: 'plan' | 'drift';
  instance: string;
  /** Further distinguishing keys, such as the manifest's path: an instance may have several manifests. */
  keys?: readonly string[];
}

/** The longest part of a marker; longer ones are cut and get a digest of the whole. */
const MARKER_PART = 200;

/**
 * The hidden line by which a comment or issue is found again and updated in place. Whatever its parts hold, it
 * stays one HTML comment, and different parts give different lines.
 */
export function planMarker({ kind, instance, keys = [] }: MarkerOf): string {
  return `<!-- domo-roles:${[kind, instance, ...keys].map(markerPart).join(':')} -->`;
}

/** The same for a fleet, whose runs are about many instances. */
export function fleetMarker(kind: 'plan' | 'drift', keys: readonly string[]): string {
  return `<!-- domo-roles:${[`fleet-${kind}`, ...keys].map(markerPart).join(':')} -->`;
}

/** All but letters, digits, full stops, slashes and single hyphens as the bytes that they are. */
function markerPart(text: string): string {
  const spelled = text.replace(/[^A-Za-z0-9./-]|-(?=-|$)|^-/gu, (character) =>
    [...Buffer.from(character, 'utf8')].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
  );
  if (spelled.length <= MARKER_PART) return spelled;
  const digest = createHash('sha256').update(text).digest('hex');
  return `${spelled.slice(0, MARKER_PART)}~${digest}`;
}
