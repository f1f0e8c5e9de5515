import { Worker } from 'jest-worker';

/**
 * Room for what lives shortly, and fewer functions that are optimised: most of a test's code runs too seldom to be
 * worth it, and compiling took a quarter of the CPU.
 */
const V8_OPTIONS = ['--max-semi-space-size=64', '--interrupt-budget=600000'];

/**
 * Runs test files in a few processes, each of which loads a module once for all its files. Jest's own runner gives
 * each file a context of its own, in which all of `src` is linked, compiled and optimised anew: that took most of the
 * time. All else is Jest's: its command line, watch mode and reports here, `jest-circus` and `expect` in the processes.
 */
export default class SharedModulesRunner {
  #config;

  constructor(config) {
    this.#config = config;
  }

  async runTests(tests, watcher, onStart, onResult, onFailure) {
    const pool = openPool(Math.min(this.#config.maxWorkers, tests.length));
    const run = async (test) => {
      try {
        await onResult(test, await pool.runFile(test.path, test.context.config, this.#config));
      } catch (error) {
        await onFailure(test, error);
      }
    };
    // Each takes the next one in Jest's order, in which the slowest come first.
    const waiting = [...tests];
    const work = async () => {
      for (let test = waiting.shift(); test && !watcher.isInterrupted(); test = waiting.shift()) {
        await onStart(test);
        await run(test);
      }
    };
    try {
      await Promise.all(Array.from({ length: this.#config.maxWorkers }, work));
    } finally {
      await pool.end();
    }
  }
}

function openPool(numWorkers) {
  const pool = new Worker(new URL('./run-file.mjs', import.meta.url), {
    numWorkers,
    exposedMethods: ['runFile'],
    // A process that a test ended takes no other file with it.
    maxRetries: 0,
    forkOptions: {
      stdio: 'pipe',
      serialization: 'json',
      execArgv: ['--import', new URL('./hooks.mjs', import.meta.url).href, ...V8_OPTIONS],
    },
  });
  pool.getStdout()?.pipe(process.stdout);
  pool.getStderr()?.pipe(process.stderr);
  return pool;
}
