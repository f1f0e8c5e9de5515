import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { openScratch } from './scratch.mjs';

const RUN_FILE = fileURLToPath(new URL('./run-file.mjs', import.meta.url));
const HOOKS = new URL('./hooks.mjs', import.meta.url).href;

/**
 * A small young generation fits into the CPU cache: 16 MB took 8 % less CPU time than 64. V8 gets one thread, because
 * the test processes keep the cores busy: parallel garbage collection took 10 % more CPU time.
 */
const V8_OPTIONS = ['--max-semi-space-size=16', '--single-threaded'];

// Most code in a test runs too rarely to be worth optimizing, which took a quarter of the CPU time. Newer versions
// reject the flag.
if (Number.parseInt(process.versions.node, 10) < 22) V8_OPTIONS.push('--interrupt-budget=600000');

/**
 * Runs test files in a few processes, each of which loads a module once for all its files. Jest's own runner gives
 * each file its own context and links, compiles and optimizes all of `src` in it again, which took most of the time.
 * Jest provides everything else: command line, watch mode and reports here, `jest-circus` and `expect` in the
 * processes.
 */
export default class SharedModulesRunner {
  #config;

  constructor(config) {
    this.#config = config;
  }

  async runTests(tests, watcher, onStart, onResult, onFailure) {
    // Each process takes the next file in Jest's order, in which the slowest come first.
    const waiting = [...tests];
    const scratch = await openScratch();
    const work = async () => {
      const process = openProcess();
      for (let test = waiting.shift(); test && !watcher.isInterrupted(); test = waiting.shift()) {
        await onStart(test);
        try {
          await onResult(
            test,
            await process.runFile(test.path, test.context.config, this.#config, scratch.folderFor(test.path)),
          );
        } catch (error) {
          await onFailure(test, error);
        }
      }
      process.end();
    };
    const { maxWorkers } = this.#config;
    await Promise.all(Array.from({ length: Math.min(maxWorkers, tests.length) }, work));
    await scratch.close();
  }
}

/**
 * A process that runs one file after another. If a file ends the process, that file fails and the next one gets a new
 * process.
 */
function openProcess() {
  let child = null;
  const runFile = (...given) =>
    new Promise((resolve, reject) => {
      child ??= fork(RUN_FILE, {
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
        execArgv: ['--import', HOOKS, ...V8_OPTIONS],
      });
      const ended = (code, signal) => {
        child = null;
        const message = `the process of this test file ended (${signal ?? `exit code ${code}`})`;
        reject({ message, stack: message });
      };
      child.once('exit', ended);
      child.once('message', ({ result, error }) => {
        child?.off('exit', ended);
        if (error) reject(error);
        else resolve(result);
      });
      child.send(given);
    });
  // A file may have left handles open.
  return { runFile, end: () => child?.kill('SIGKILL') };
}
