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
import { problem, type Problem } from '../problem/problem.js';
import { OffsetPlace } from './offset-place.js';
import { readTree, type Parsed } from './parse-tree.js';
import type { Place } from './yaml-values.js';

/** The deepest nesting, more than any manifest needs; deeper files are rejected before a tree is built. */
const DEEPEST = 40;

/** The most tokens in a file: enough for some 150,000 people in lists. */
const MOST_PIECES = 1_000_000;

/** Control characters that YAML does not allow anywhere. */
const NOT_YAML = /(?![\t\n\r\u{85}])\p{Cc}|[\u{fffe}\u{ffff}]/u;

/** Reads any text with the YAML library: see `parseManifest`. */
export function parseYaml(text: string, file: string): Parsed {
  const lines = new LineCounter();
  const counted = { file, lines };
  const place = (from: number, to: number): Place => new OffsetPlace(counted, from, to);
  const control = NOT_YAML.exec(text);
  if (control) {
    countLines(lines, text);
    const name = `U+${(control[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
    const where = place(control.index, control.index + 1);
    return broken(problem('yaml-syntax', `the character ${name} is not allowed in YAML`, { where }));
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
  const problems = distinct(first.errors.concat(first.warnings)).map((error) => syntaxProblem(error, place));
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

type Composed = { list: Document.Parsed<ParsedNode>[] } | { tooDeepAt: number } | { tooManyAt: number };

/** Feeds the parser token by token, to stop early at text that is nested too deeply. */
function compose(text: string, lines: LineCounter): Composed {
  const parser = new Parser(lines.addNewLine);
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
  lines.addNewLine(0);
  let pieces = 0;
  for (const lexeme of new Lexer().lex(text)) {
    take(parser.next(lexeme));
    pieces += 1;
    if (pieces > MOST_PIECES) return { tooManyAt: parser.offset };
    if (parser.stack.length > DEEPEST) return { tooDeepAt: parser.stack.at(-1)?.offset ?? 0 };
  }
  take(parser.end());
  for (const document of composer.end()) list.push(document);
  return { list };
}

/**
 * The errors without those that only follow from an earlier one: where the parser loses the structure of a file, it
 * reports every further token, at places that may be wrong. An error with two causes at one place counts once.
 */
function distinct(errors: readonly YAMLError[]): YAMLError[] {
  const seen = new Set<string>();
  return errors.filter(({ code, message, pos }, index) => {
    const id = `${pos[0]} ${message}`;
    const isNews = !seen.has(id) && !(index > 0 && code === 'UNEXPECTED_TOKEN' && LOST.test(message));
    seen.add(id);
    return isNews;
  });
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
