// The sources of the reference pages: schemas, tables in the source, and the help of the command.
import { Writable } from 'node:stream';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** Loads a TypeScript module of `src` that needs no packages. */
export async function loadSource(path) {
  const { outputFiles } = await build({
    entryPoints: [join(ROOT, 'src', path)],
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    write: false,
    logLevel: 'error',
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}

/** Every schema by its short name, in order. */
export function readSchemas() {
  const files = readdirSync(join(ROOT, 'schemas')).filter((name) => name.endsWith('.schema.json'));
  return files.sort().map((file) => ({
    file,
    name: file.slice(0, file.indexOf('.')),
    schema: JSON.parse(readFileSync(join(ROOT, 'schemas', file), 'utf8')),
  }));
}

/** Loads the command line and returns a function that gives the `--help` text of a command. */
export async function loadHelp() {
  const { outputFiles } = await build({
    entryPoints: [join(ROOT, 'src/cli/main.ts')],
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    write: false,
    logLevel: 'error',
  });
  // Node resolves packages only from files inside of the project.
  const folder = join(ROOT, 'node_modules/.cache/domo-roles-docs');
  const file = join(folder, `main-${process.pid}.mjs`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, outputFiles[0].contents);
  const { main } = await import(pathToFileURL(file).href);
  rmSync(file);
  return async (...words) => {
    let output = '';
    const stream = new Writable({
      write(text, _encoding, done) {
        output += String(text);
        done();
      },
    });
    const ledger = { inputs: new Map(), outputs: new Map() };
    const world = { cwd: ROOT, env: { NO_COLOR: '1' }, stdout: stream, stderr: stream, version: '', ledger };
    const exit = await main([...words, '--help'], world);
    if (exit !== 0) throw new Error(`${words.join(' ')} --help ended with ${exit}: ${output}`);
    return output.trimEnd();
  };
}

/** The commands that a help text lists, in its order, without its examples; `below` is the words before them. */
export function commandsIn(text, below = []) {
  const [, list = ''] = /^Commands:\n((?: .*\n)*)/mu.exec(text) ?? [];
  const start = ['domo-roles', ...below].join(' ');
  const line = new RegExp(`^  ${start} ([a-z-]+)(?= |$)`, 'gmu');
  return [...list.matchAll(line)].map((match) => match[1]);
}

/** A table: a header row, then rows. Bars and line ends in cells are escaped. */
export function table(heads, rows) {
  const cell = (text) => String(text).replaceAll('|', '\\|').replaceAll('\n', ' ');
  const line = (cells) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n');
}

export const code = (text) => `\`${text}\``;
