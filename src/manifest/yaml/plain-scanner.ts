import type { Interner } from '../../model/interner.js';
import { OffsetPlace, type CountedText } from './offset-place.js';
import { plainValue } from './plain-value.js';
import type { YamlEntry, YamlList, YamlMap, YamlScalar, YamlValue } from './yaml-values.js';

/** The text is not of the plain subset, so the YAML library reads it or reports its mistakes. */
export class NotPlainYaml extends Error {}

/** Codes of characters with a meaning. */
export const CODE = {
  newline: 10,
  space: 32,
  double: 34,
  hash: 35,
  single: 39,
  comma: 44,
  dash: 45,
  colon: 58,
};

const [OPEN_LIST, CLOSE_LIST, OPEN_MAP, CLOSE_MAP] = [91, 93, 123, 125];

/** Longer keys are left to the library, which limits them. */
const LONGEST_KEY = 1000;

/** The most levels of bracketed lists and maps. */
const DEEPEST = 8;

/** The most tokens in a file. They are counted too high here, so the library decides about large files. */
const MOST_PIECES = 1_000_000;

/** Where a scalar stands: brackets and commas end it only within brackets. */
type Within = 'line' | 'brackets';

/** Reads scalars, keys, and bracketed lists and maps. */
export class PlainScanner {
  at = 0;
  private pieces = 0;

  constructor(
    readonly text: string,
    private readonly counted: CountedText,
    private readonly share: Interner,
  ) {}

  /** The code of the current character; NaN at the end. */
  get code(): number {
    return this.text.charCodeAt(this.at);
  }

  get isAtEnd(): boolean {
    return this.at >= this.text.length;
  }

  range(from: number, to: number): OffsetPlace {
    return new OffsetPlace(this.counted, from, to);
  }

  count(pieces: number): void {
    this.pieces += pieces;
    if (this.pieces > MOST_PIECES) throw new NotPlainYaml();
  }

  /** Returns the number of spaces. */
  skipSpaces(): number {
    const from = this.at;
    while (this.code === CODE.space) this.at += 1;
    return this.at - from;
  }

  skipLine(): void {
    const end = this.text.indexOf('\n', this.at);
    this.at = end < 0 ? this.text.length : end + 1;
  }

  isAtBracket(): boolean {
    return this.code === OPEN_LIST || this.code === OPEN_MAP;
  }

  /** Is this the colon after a key? */
  isAtColon(within: Within = 'line'): boolean {
    return this.code === CODE.colon && isSeparated(this.text, this.at, within);
  }

  /** Reads a key and the colon after it. */
  key(within: Within = 'line'): YamlScalar {
    const from = this.at;
    const key = this.scalar(within);
    if (!this.isAtColon(within) || this.at - from > LONGEST_KEY) throw new NotPlainYaml();
    this.at += 1;
    return key;
  }

  scalar(within: Within = 'line'): YamlScalar {
    const from = this.at;
    if (this.code === CODE.double || this.code === CODE.single) return this.quoted(from);
    this.at = endOfPlain(this.text, from, within);
    const source = this.share(this.text.slice(from, this.at));
    const value = plainValue(source);
    if (value === undefined) throw new NotPlainYaml();
    return { kind: 'scalar', at: this.range(from, this.at), value, source };
  }

  /** Reads a quoted string on one line, without escapes. */
  private quoted(from: number): YamlScalar {
    const quote = this.text.charAt(from);
    const end = this.text.indexOf(quote, from + 1);
    const value = this.text.slice(from + 1, Math.max(end, from + 1));
    this.at = end + 1;
    const isDoubled = quote === "'" && this.code === CODE.single;
    if (end < 0 || isDoubled || /[\n\\]/u.test(value)) throw new NotPlainYaml();
    return { kind: 'scalar', at: this.range(from, this.at), value, source: value };
  }

  /** Reads a bracketed list or map. Its lines are indented by more than `indent`, or by as much for the last bracket. */
  brackets(indent: number, level = 1): YamlList | YamlMap {
    if (level > DEEPEST) throw new NotPlainYaml();
    const from = this.at;
    const isMap = this.code === OPEN_MAP;
    const items: YamlValue[] = [];
    const entries = isMap ? new Map<string, YamlEntry>() : null;
    this.at += 1;
    this.skipGap(indent, level);
    while (this.code !== (isMap ? CLOSE_MAP : CLOSE_LIST)) {
      this.count(8);
      if (entries) this.addEntry(entries, { indent, level });
      else items.push(this.value(indent, level));
      this.skipGap(indent, level);
      if (this.code === CODE.comma) {
        this.at += 1;
        this.skipGap(indent, level);
      } else if (!isClosing(this.code)) throw new NotPlainYaml();
    }
    this.at += 1;
    const at = this.range(from, this.at);
    return entries ? { kind: 'map', at, entries } : { kind: 'list', at, items };
  }

  private addEntry(
    entries: Map<string, YamlEntry>,
    { indent, level }: { indent: number; level: number },
  ): void {
    const key = this.key('brackets');
    if (entries.has(key.source)) throw new NotPlainYaml();
    this.skipSpaces();
    entries.set(key.source, { keyAt: key.at, value: this.value(indent, level) });
  }

  private value(indent: number, level: number): YamlValue {
    return this.isAtBracket() ? this.brackets(indent, level + 1) : this.scalar('brackets');
  }

  /** Skips spaces and line ends within brackets. */
  private skipGap(indent: number, level: number): void {
    this.skipSpaces();
    while (this.code === CODE.newline) {
      this.at += 1;
      const inner = this.skipSpaces();
      this.count(4);
      const mayClose = inner === indent && level === 1 && isClosing(this.code);
      if (this.code !== CODE.newline && inner <= indent && !mayClose) throw new NotPlainYaml();
    }
  }
}

function endOfPlain(text: string, from: number, within: Within): number {
  let end = from;
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === CODE.space) {
      if (text.charCodeAt(at + 1) === CODE.hash) return end;
      continue;
    }
    if (code === CODE.newline || (code === CODE.colon && isSeparated(text, at, within))) return end;
    if (within === 'brackets' && isBracketOrComma(code)) return end;
    end = at + 1;
  }
  return end;
}

/** Does the colon at this place end a key? */
function isSeparated(text: string, at: number, within: Within): boolean {
  const next = text.charCodeAt(at + 1);
  return (
    next === CODE.space ||
    next === CODE.newline ||
    Number.isNaN(next) ||
    (within === 'brackets' && isBracketOrComma(next))
  );
}

function isClosing(code: number): boolean {
  return code === CLOSE_LIST || code === CLOSE_MAP;
}

function isBracketOrComma(code: number): boolean {
  return code === CODE.comma || code === OPEN_LIST || code === OPEN_MAP || isClosing(code);
}
