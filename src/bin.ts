#!/usr/bin/env node
import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'node:path';
import { cacheOwner, useCompileCache } from './shell/compile-cache.js';
import { asProblemError } from './shell/failure.js';
import { ownStream } from './shell/own-stream.js';
import { VERSION } from './version.js';

const argv = process.argv.slice(2);

// Reaching the file size limit (`ulimit -f`) fails the write; it does not end the process.
process.on('SIGXFSZ', () => undefined);

// The quickest answers need no parser.
const quick = quickAnswer();
// If the event loop runs empty before the command is done, the process must not exit with 0.
process.exitCode = 1;
void (quick === null ? run() : answer(quick)).then((code) => {
  process.exitCode = code;
}, reportUnloadable);

/** The version, or the help text that the build prepared; null if the arguments need the parser. */
function quickAnswer(): string | Buffer | null {
  if (argv.length === 1 && argv[0] === '--version') return `${VERSION}\n`;
  if (argv.length > 1 || (argv.length === 1 && argv[0] !== '--help')) return null;
  // The prepared help may be missing, or the terminal too narrow for it.
  if (process.stdout.isTTY && process.stdout.columns < 100) return null;
  const file = new URL('help.txt', import.meta.url);
  return existsSync(file) ? readFileSync(file) : null;
}

/** Prints a text and returns the exit code. A closed pipe (`EPIPE`) is not a failure. */
async function answer(text: string | Buffer): Promise<number> {
  const stdout = ownStream(1, process.stdout);
  stdout.on('error', () => undefined);
  const failure = await new Promise<NodeJS.ErrnoException | null>((done) => {
    stdout.write(text, (error) => done(error ?? null));
  });
  if (failure === null || failure.code === 'EPIPE') return 0;
  process.stderr.on('error', () => undefined);
  process.stderr.write(`warning: stdout could not be written (${failure.code ?? 'unknown'})\n`);
  return 1;
}

/** Reports that the command itself could not be loaded; its own reports are not there yet. */
function reportUnloadable(error: unknown): void {
  for (const { code, message, hint } of asProblemError(error, process).problems)
    process.stderr.write(`${code}  ${message}\n  hint: ${hint ?? ''}\n`);
}

async function run(): Promise<never> {
  useCompileCache(cacheOwner(VERSION));
  const stop = new AbortController();
  // The first signal lets pending requests finish and be reported; a second SIGINT or SIGTERM stops at once. A second
  // SIGHUP does not: for one closed terminal, both the shell and the system may send it.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (stop.signal.aborted && signal !== 'SIGHUP') stopNow(signal === 'SIGINT' ? 130 : 143);
      else stop.abort();
    });
  }
  const isInFolder = hasFolder();
  const { fail, main } = await import('./cli/main.js');
  const { exit, processEnvironment } = await import('./shell/process-environment.js');
  const environment = processEnvironment(stop.signal);
  if (isInFolder) return exit(await main(argv, environment));
  const { usageError } = await import('./problem/problem.js');
  const hint = 'change to a folder that exists and run it again';
  return exit(await fail(usageError('the working folder no longer exists', { hint }), argv, environment));
}

let isStopping = false;

/** Exits without a result, once stderr has a line about it. A pipe that is full and not read does not keep the process. */
function stopNow(code: number): void {
  if (isStopping) process.exit(code);
  isStopping = true;
  setTimeout(() => process.exit(code), 200);
  process.stderr.on('error', () => undefined);
  process.stderr.write(process.stderr.isTTY ? `${SHOW_CURSOR}\n${STOPPED}` : STOPPED, () =>
    process.exit(code),
  );
}

/** A progress bar hides the cursor. */
const SHOW_CURSOR = '\u001B[?25h';

const STOPPED =
  'stopped without a result: requests in progress may still take effect. To continue, run the same command again.\n';

/** Does the working folder exist? If not, moves out of it: modules that ask for it would throw. */
function hasFolder(): boolean {
  try {
    process.cwd();
    return true;
  } catch {
    process.chdir(parse(process.execPath).root);
    return false;
  }
}
