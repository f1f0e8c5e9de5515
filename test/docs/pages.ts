import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';

export const ROOT = join(import.meta.dirname, '../..');

/** One step of a page: a file to write, or a command with its output. */
export type Step =
  | { kind: 'file'; line: number; path: string; text: string }
  | { kind: 'command'; line: number; command: string; needs: string | null; exit: number; shown: string[] };

/** A fenced block of a page. */
export interface Block {
  /** Line of the opening fence, from 1. */
  line: number;
  language: string;
  /** The text after the language: the name of the file to write. */
  rest: string;
  text: string;
  /** From an `exit N` comment just above; 0 without one. */
  exit: number;
  /** From a `needs COMMAND` comment just above: another program that is run here. */
  needs: string | null;
}

/** Every page to test: the README and all pages in docs. Paths are relative to the root. */
export function pagePaths(): string[] {
  const below = (folder: string): string[] =>
    readdirSync(join(ROOT, folder), { withFileTypes: true })
      .flatMap((entry) =>
        entry.isDirectory() ? below(join(folder, entry.name)) : [relative('.', join(folder, entry.name))],
      )
      .filter((path) => path.endsWith('.md'));
  return ['README.md', 'CHANGELOG.md', ...below('docs').sort()];
}

/** The text of a page. */
export function readPage(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

const FENCE = /^```(\S*) ?(.*)$/u;
const EXIT = /^<!-- exit (\d) -->$/u;
const NEEDS = /^<!-- needs (\S+) -->$/u;

/** The fenced blocks of a page, in order. */
export function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  let open: Block | null = null;
  let above: string[] = [];
  const foundIn = (form: RegExp): string | null =>
    above.map((line) => form.exec(line)?.[1]).find((found) => found !== undefined) ?? null;
  for (const [index, line] of text.split('\n').entries()) {
    const fence = FENCE.exec(line);
    if (open === null && fence) {
      const own = { exit: Number(foundIn(EXIT) ?? 0), needs: foundIn(NEEDS) };
      open = { line: index + 1, language: fence[1] ?? '', rest: fence[2] ?? '', text: '', ...own };
      above = [];
    } else if (open !== null && line === '```') {
      blocks.push(open);
      open = null;
    } else if (open !== null) open.text += `${line}\n`;
    else if (line.startsWith('<!--')) above.push(line);
    else if (line.trim() !== '') above = [];
  }
  return blocks;
}

/** What a reader of the page does, in order: ```yaml FILE is written, each `$ ` line of ```console is run. */
export function stepsOf(text: string): Step[] {
  return blocksOf(text).flatMap((block): Step[] => {
    if (block.language === 'console') return commandsOf(block);
    return block.rest === '' ? [] : [{ kind: 'file', line: block.line, path: block.rest, text: block.text }];
  });
}

/** The commands of a console block; the exit code above it is the last one's. */
function commandsOf(block: Block): Step[] {
  const commands: Extract<Step, { kind: 'command' }>[] = [];
  for (const [index, line] of block.text.trimEnd().split('\n').entries()) {
    const last = commands.at(-1);
    if (line.startsWith('$ '))
      commands.push({
        kind: 'command',
        line: block.line + 1 + index,
        command: line.slice(2),
        needs: block.needs,
        exit: 0,
        shown: [],
      });
    else if (last) last.shown.push(line);
    else throw new Error(`line ${block.line + 1 + index}: a console block starts with a command`);
  }
  const last = commands.at(-1);
  if (last) last.exit = block.exit;
  return commands;
}

/** A line as far as it is the same in every run: without times, run ids and the space between columns. */
function lasting(line: string): string {
  return line
    .replace(/\d{8}T\d{9}Z-[0-9a-f]{8}/gu, 'RUN')
    .replace(/\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z| UTC)/gu, 'TIME')
    .replace(/http:\/\/127\.0\.0\.1:\d+/gu, 'ADDRESS')
    .replace(/\s+/gu, ' ')
    .trim();
}

/** The first shown line that the output does not hold in this order; null where all are there. `…` skips. */
export function firstUntrue(shown: readonly string[], output: string): string | null {
  const lines = output.split('\n').map(lasting);
  let from = 0;
  for (const line of shown.map(lasting)) {
    if (line === '…' || line === '') continue;
    const at = lines.indexOf(line, from);
    if (at < 0) return line;
    from = at + 1;
  }
  return null;
}
