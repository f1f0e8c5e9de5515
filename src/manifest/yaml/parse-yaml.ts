import {
  Composer,
  Lexer,
  LineCounter,
  Parser,
  type CST,
  type Document,
  type ParsedNode,
  type YAMLError,
} from 'yaml';
import { codePoints } from '../../model/invisible.js';
import { problem, type Problem } from '../../problem/problem.js';
import { OffsetPlace } from './offset-place.js';
import { readTree, type Parsed } from './parse-tree.js';
import type { Place } from './yaml-values.js';

/** The deepest nesting, more than any manifest needs; deeper files are rejected before a tree is built. */
const DEEPEST = 40;

/** The most tokens in a file: enough for some 150,000 people in lists. */
const MOST_PIECES = 1_000_000;

/** Control characters that YAML does not allow anywhere. */
const NOT_YAML = /(?![\t\n\r\u{85}])\p{Cc}|[\u{fffe}\u{ffff}]/u;

/** Reads any text with the YAML library: see `readYaml`. */
export function parseYaml(text: string, file: string): Parsed {
  const lines = new LineCounter();
  // Not by the parser, which does not count all lines of a text that is broken.
  countLines(lines, text);
  const counted = { file, lines };
  const place = (from: number, to: number): Place => new OffsetPlace(counted, from, to);
  const control = NOT_YAML.exec(text);
  if (control) {
    const where = place(control.index, control.index + 1);
    return broken(
      problem('yaml-syntax', `the character ${codePoints(control[0])} is not allowed in YAML`, { where }),
    );
  }
  const documents = compose(text, lines);
  if ('tooDeepAt' in documents) {
    const where = place(documents.tooDeepAt, documents.tooDeepAt + 1);
    return broken(problem('yaml-syntax', `nested more than ${DEEPEST} levels deep`, { where }));
  }
  if ('tooManyAt' in documents) {
    const where = place(documents.tooManyAt, documents.tooManyAt);
    const hint = 'put people into members files, and roles into several files';
    return broken(problem('file-too-large', 'the file has more content than can be read', { where, hint }));
  }
  const [first, second] = documents.list;
  if (!first || first.contents === null) {
    return broken(
      problem('yaml-syntax', 'the file is empty', {
        where: place(0, 0),
        hint: 'start with apiVersion and kind',
      }),
    );
  }
  const problems = distinct(first.errors.concat(first.warnings)).map((error) => {
    const quote = isMissingQuote(error) ? documents.openQuoteAt : null;
    return quote === null ? syntaxProblem(error, place) : openQuote(place(quote, quote + 1));
  });
  if (second) {
    const where = place(second.range[0], second.range[0]);
    problems.push(
      problem('yaml-syntax', 'the file holds more than one document', {
        where,
        hint: 'write one manifest per file',
      }),
    );
  }
  if (first.directives.yaml.explicit && first.directives.yaml.version !== '1.2') {
    const message = `this is YAML ${first.directives.yaml.version}, and manifests are YAML 1.2`;
    problems.push(problem('yaml-syntax', message, { where: place(0, 0), hint: 'remove the %YAML line' }));
  }
  if (problems.length > 0) return { root: null, problems };
  return readTree(first.contents, place);
}

function broken(one: Problem): Parsed {
  return { root: null, problems: [one] };
}

type Composed =
  | { list: Document.Parsed<ParsedNode>[]; openQuoteAt: number | null }
  | { tooDeepAt: number }
  | { tooManyAt: number };

/** Feeds the parser token by token, to stop early at text that is nested too deeply. */
function compose(text: string, lines: LineCounter): Composed {
  const parser = new Parser();
  const composer = new Composer<ParsedNode>({
    lineCounter: lines,
    prettyErrors: false,
    // The parser's own check is quadratic; duplicate keys are found while the tree is read.
    uniqueKeys: false,
    version: '1.2',
    schema: 'core',
    resolveKnownTags: false,
    merge: false,
    logLevel: 'silent',
  });
  const list: Document.Parsed<ParsedNode>[] = [];
  const take = (tokens: Iterable<CST.Token>): void => {
    for (const token of tokens) for (const document of composer.next(token)) list.push(document);
  };
  let pieces = 0;
  let openQuoteAt: number | null = null;
  for (const lexeme of new Lexer().lex(text)) {
    if (isOpenQuote(lexeme)) openQuoteAt ??= parser.offset;
    take(parser.next(lexeme));
    pieces += 1;
    if (pieces > MOST_PIECES) return { tooManyAt: parser.offset };
    if (parser.stack.length > DEEPEST) return { tooDeepAt: parser.stack.at(-1)?.offset ?? 0 };
  }
  take(parser.end());
  for (const document of composer.end()) list.push(document);
  return { list, openQuoteAt };
}

/** Is this a quoted text without its closing quote? It runs to the end of the file. */
function isOpenQuote(lexeme: string): boolean {
  const quote = lexeme[0];
  if (quote !== '"' && quote !== "'") return false;
  const last = lexeme.length - 1;
  if (last === 0 || lexeme[last] !== quote) return true;
  // The last quote belongs to the text after a backslash, or as the second of a pair.
  let at = quote === '"' ? last - 1 : last;
  let count = 0;
  for (; at > 0 && lexeme[at] === (quote === '"' ? '\\' : quote); at -= 1) count += 1;
  return quote === '"' ? count % 2 === 1 : count % 2 === 0;
}

/**
 * The errors without those that only follow from an earlier one: where the parser loses the structure of a file, it
 * reports every further token, at places that may be wrong. An error with two causes at one place counts once.
 */
function distinct(errors: readonly YAMLError[]): YAMLError[] {
  const seen = new Set<string>();
  const quote = errors.find(isMissingQuote);
  return errors.filter((error, index) => {
    const { code, message, pos } = error;
    const id = `${pos[0]} ${message}`;
    const follows =
      (index > 0 && code === 'UNEXPECTED_TOKEN' && LOST.test(message)) ||
      (quote !== undefined && error !== quote && pos[0] >= quote.pos[0]);
    const isNews = !seen.has(id) && !follows;
    seen.add(id);
    return isNews;
  });
}

function isMissingQuote({ code, message }: YAMLError): boolean {
  return code === 'MISSING_CHAR' && /^Missing closing ["']quote/u.test(message);
}

/** The problem of a quote, at its own place: the parser notices it at the end of the file. */
function openQuote(where: Place): Problem {
  return problem('yaml-syntax', 'this quote is not closed', { where, hint: 'close it, or remove it' });
}

const LOST = / token in YAML stream\b/u;

function syntaxProblem(error: YAMLError, place: (from: number, to: number) => Place): Problem {
  const hint = SYNTAX_HINTS[error.code] ?? null;
  return problem('yaml-syntax', error.message, { where: place(error.pos[0], error.pos[1]), hint });
}

/** Hints for mistakes that the parser's own messages do not explain. */
const SYNTAX_HINTS: Readonly<Partial<Record<YAMLError['code'], string>>> = {
  TAB_AS_INDENT: 'indent with spaces',
  BLOCK_IN_FLOW: 'put a text that contains ": " in quotes',
  BLOCK_AS_IMPLICIT_KEY: 'put a text that contains ": " in quotes, or start a new line for a nested key',
  BAD_INDENT:
    'check that every [ and { is closed, and that lines of one list or map start in the same column',
  UNEXPECTED_TOKEN: 'check the indentation of this line, and the brackets and quotes before it',
  MISSING_CHAR: 'check that every [, { and quote is closed',
};

function countLines(lines: LineCounter, text: string): void {
  lines.addNewLine(0);
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines.addNewLine(at + 1);
}
