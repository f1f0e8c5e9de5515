import { makeInterner, type Interner } from '../../model/interner.js';
import { LineStarts } from './line-starts.js';
import { CODE, NotPlainYaml, PlainScanner } from './plain-scanner.js';
import type { YamlEntry, YamlList, YamlMap, YamlValue } from './yaml-values.js';

/** Characters that are left to the YAML library: control characters, tabs, other line ends, byte order marks. */
const NEVER_PLAIN = /[^\n -~\u{a0}-\u{fefe}\u{ff00}-\u{fffd}\u{10000}-\u{10ffff}]/u;

/** Values that are left to the library: anchors, aliases, tags and block scalars. Found first, they cost no reading. */
const NOT_PLAIN_VALUE = /^(?: *- +|[^#"'\n]*: +)[&*!|>]/mu;

/** The most levels of indented lists and maps. */
const DEEPEST = 12;

/** The most tokens in one line, apart from those in brackets. */
const MOST_PER_LINE = 12;

/**
 * Reads the subset of YAML that most manifests use, without the syntax tree of the YAML library: indented or bracketed
 * maps and lists, comments, and scalars on one line, without anchors, tags or escapes. The result is the same as that of
 * the library. Returns null for all other text, including text with mistakes, which is then left to the library. `share`
 * returns one copy of equal texts, also those of files that were read before.
 */
export function readPlainYaml(text: string, file: string, share: Interner = makeInterner()): YamlMap | null {
  if (NEVER_PLAIN.test(text) || NOT_PLAIN_VALUE.test(text)) return null;
  try {
    const scanner = new PlainScanner(text, { file, lines: new LineStarts(text) }, share);
    return new PlainReader(scanner).document();
  } catch (error) {
    if (error instanceof NotPlainYaml) return null;
    throw error;
  }
}

/** A value, and its end in the sense of the library: after its line and the more indented comments that follow. */
interface Read<T extends YamlValue> {
  value: T;
  end: number;
}

/** A comment on a separate line. */
interface Comment {
  indent: number;
  end: number;
}

/** Reads indented maps and lists line by line. */
class PlainReader {
  /** The indentation of the current line; -1 after the last line. */
  private indent = -1;
  /** Comments before the current line that are not yet part of a value. */
  private comments: Comment[] = [];

  constructor(private readonly scanner: PlainScanner) {}

  document(): YamlMap {
    this.nextLine();
    if (this.indent !== 0 || this.isAtDash()) throw new NotPlainYaml();
    return this.map(0, 1).value;
  }

  private map(indent: number, level: number): Read<YamlMap> {
    const { scanner } = this;
    const from = scanner.at;
    const entries = new Map<string, YamlEntry>();
    let end: number;
    do {
      const key = scanner.key();
      if (entries.has(key.source)) throw new NotPlainYaml();
      const read = this.value(indent, level);
      entries.set(key.source, { keyAt: key.at, value: read.value });
      end = read.end;
    } while (this.indent === indent && !this.isAtDash());
    if (this.indent >= indent) throw new NotPlainYaml();
    return { value: { kind: 'map', at: scanner.range(from, end), entries }, end: this.endOf(indent, end) };
  }

  private list(indent: number, level: number): Read<YamlList> {
    const { scanner } = this;
    const from = scanner.at;
    const items: YamlValue[] = [];
    let end: number;
    do {
      scanner.at += 1;
      const read = this.item({ indent, column: indent + 1 + scanner.skipSpaces() }, level);
      items.push(read.value);
      end = read.end;
    } while (this.indent === indent && this.isAtDash());
    if (this.indent > indent) throw new NotPlainYaml();
    return { value: { kind: 'list', at: scanner.range(from, end), items }, end: this.endOf(indent, end) };
  }

  /** Reads an item of a list. A map starts on the line of its dash. */
  private item({ indent, column }: { indent: number; column: number }, level: number): Read<YamlValue> {
    const { scanner } = this;
    if (scanner.isAtBracket()) return this.lastInLine(scanner.brackets(indent), indent);
    const from = scanner.at;
    const value = scanner.scalar();
    if (!scanner.isAtColon()) return this.lastInLine(value, indent);
    scanner.at = from;
    this.indent = column;
    return this.nested(level, () => this.map(column, level + 1));
  }

  /** Reads the value after a key and its colon. */
  private value(indent: number, level: number): Read<YamlValue> {
    const { scanner } = this;
    scanner.skipSpaces();
    if (scanner.code !== CODE.newline && scanner.code !== CODE.hash) {
      const value = scanner.isAtBracket() ? scanner.brackets(indent) : scanner.scalar();
      return this.lastInLine(value, indent);
    }
    scanner.skipLine();
    this.nextLine();
    // A list may start in the column of its key.
    if (this.indent < indent || (this.indent === indent && !this.isAtDash())) throw new NotPlainYaml();
    const inner = this.indent;
    return this.nested(level, (): Read<YamlValue> =>
      this.isAtDash() ? this.list(inner, level + 1) : this.map(inner, level + 1),
    );
  }

  private nested<T extends YamlValue>(level: number, read: () => Read<T>): Read<T> {
    if (level >= DEEPEST) throw new NotPlainYaml();
    return read();
  }

  /** Ends a value and its line. More indented comments after it belong to it. */
  private lastInLine<T extends YamlValue>(value: T, indent: number): Read<T> {
    const { scanner } = this;
    const spaces = scanner.skipSpaces();
    const isComment = scanner.code === CODE.hash && spaces > 0;
    if (!isComment && scanner.code !== CODE.newline && !scanner.isAtEnd) throw new NotPlainYaml();
    scanner.skipLine();
    let end = scanner.at;
    this.nextLine();
    const own = this.comments.findIndex((comment) => comment.indent <= indent);
    const taken = this.comments.splice(0, own < 0 ? this.comments.length : own);
    end = taken.at(-1)?.end ?? end;
    return { value, end };
  }

  /** The end of a list or map. With a comment in its column, that is the start of the next line. */
  private endOf(indent: number, end: number): number {
    if (indent === 0 || this.comments.every((comment) => comment.indent < indent)) return end;
    this.comments = [];
    return this.scanner.at;
  }

  /** Goes to the next line that is neither blank nor a comment. */
  private nextLine(): void {
    const { scanner } = this;
    this.comments = [];
    for (;;) {
      scanner.count(MOST_PER_LINE);
      const indent = scanner.skipSpaces();
      const isComment = scanner.code === CODE.hash;
      if (!isComment && scanner.code !== CODE.newline) {
        this.indent = scanner.isAtEnd ? -1 : indent;
        return;
      }
      scanner.skipLine();
      if (isComment) this.comments.push({ indent, end: scanner.at });
    }
  }

  private isAtDash(): boolean {
    const { text, at } = this.scanner;
    return text.charCodeAt(at) === CODE.dash && text.charCodeAt(at + 1) === CODE.space;
  }
}
