/**
 * A test runner for StrykerJS that needs milliseconds per mutant instead of seconds as Jest does. Every test file is bundled
 * once, with the source that it imports. For each mutant the bundles of the tests that reach it are evaluated again, so that no
 * module keeps state from another mutant. Only these tests run, until one fails.
 */
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import vm from 'node:vm';
import { INSTRUMENTER_CONSTANTS } from '@stryker-mutator/api/core';
import { declareFactoryPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import {
  determineHitLimitReached,
  DryRunStatus,
  TestStatus,
  toMutantRunResult,
} from '@stryker-mutator/api/test-runner';
import { build } from 'esbuild';
import fc from 'fast-check';
import { collect, failing } from './collect.mjs';

/** The tests of the pure core: those of its own folders and of the code that is built on it. */
const TESTS = /^(?:model|diff|desired|plan|drift|rollback|access)\/.*\.test\.ts$/u;

/** A test that imports these is slow, and it does not test the core. */
const BEYOND = /^src\/(?:http|sandbox|render|cli|shell)\//u;

/**
 * Microseconds of CPU time that the tests of one mutant may take before it counts as a survivor. The nearest
 * tests run first. For a module that everything uses, the last tests would take longer than all others together.
 */
const MOST_TIME = 2_000_000;

const { Failed, Skipped } = TestStatus;

// The same few inputs for every mutant, so that a law gives the same result in each run.
fc.configureGlobal({ seed: 1, numRuns: 20 });

class BundleRunner {
  #root = process.cwd();
  #stryker = (globalThis[INSTRUMENTER_CONSTANTS.NAMESPACE] ??= {});
  /** Path of each test file → its bundle, compiled. */
  #bundles = new Map();
  /** Id of each mutant → the module that it is in. */
  #moduleOf = new Map();
  /** Path of each test file → the milliseconds that its tests have taken, and their number. */
  #times = new Map();

  capabilities() {
    return { reloadEnvironment: true };
  }

  async init() {
    const files = readdirSync(join(this.#root, 'test'), { recursive: true, encoding: 'utf8' });
    for (const file of files.filter((name) => TESTS.test(name)).sort()) {
      const bundle = await this.#bundle(join('test', file));
      if (bundle) this.#bundles.set(join('test', file), bundle);
    }
  }

  async dryRun() {
    const perTest = {};
    const tests = [];
    for (const file of this.#bundles.keys()) {
      const coverage = (this.#stryker.mutantCoverage = { static: {}, perTest: {} });
      for (const test of this.#load(file)) {
        this.#stryker.currentTestId = test.id;
        const result = await test.run();
        this.#stryker.currentTestId = undefined;
        // With so few inputs a law may not meet its condition often enough, so it is left out.
        const failed = result.status === Failed;
        tests.push(failed ? { ...result, status: Skipped } : result);
        if (failed) continue;
        const atRun = coverage.perTest[test.id] ?? {};
        perTest[test.id] = { ...this.#reachedAtLoad(file, { atLoad: coverage.static, atRun }), ...atRun };
      }
    }
    return { status: DryRunStatus.Complete, tests, mutantCoverage: { static: {}, perTest } };
  }

  /** Code that runs while a module loads counts for all tests that use the module, and for its own tests. */
  #reachedAtLoad(file, { atLoad, atRun }) {
    const modules = new Set(Object.keys(atRun).map((id) => this.#moduleOf.get(id)));
    return Object.fromEntries(
      Object.entries(atLoad).filter(([id]) => {
        const module = this.#moduleOf.get(id);
        return modules.has(module) || ownTest(module) === file;
      }),
    );
  }

  async mutantRun({ activeMutant, testFilter, sandboxFileName, hitLimit, disableBail }) {
    this.#stryker.activeMutant = activeMutant.id;
    this.#stryker.hitCount = hitLimit === undefined ? undefined : 0;
    this.#stryker.hitLimit = hitLimit;
    this.#stryker.mutantCoverage = { static: {}, perTest: {} };
    const tests = await this.#runUntilFailure(testFilter, { sandboxFileName, disableBail });
    const { hitCount } = this.#stryker;
    this.#stryker.activeMutant = undefined;
    const limit = determineHitLimitReached(hitCount, hitLimit);
    return toMutantRunResult(limit ?? { status: DryRunStatus.Complete, tests });
  }

  async #runUntilFailure(testFilter, { sandboxFileName, disableBail }) {
    const wanted = new Set(testFilter);
    const results = [];
    const start = process.cpuUsage();
    for (const file of this.#nearestFirst(relative(this.#root, sandboxFileName))) {
      const own = testFilter.filter((id) => id.startsWith(`${file} `));
      if (own.length === 0) continue;
      for (const test of this.#load(file, own).filter(({ id }) => wanted.has(id))) {
        const result = await test.run();
        results.push(result);
        this.#note(result);
        if (result.status === Failed && !disableBail) return results;
        if (process.cpuUsage(start).user > MOST_TIME) return results;
      }
    }
    return results;
  }

  /** The test file of the module itself, then those of its folder, then all others, fast ones first. */
  #nearestFirst(source) {
    const own = ownTest(source);
    const folder = own.slice(0, own.lastIndexOf('/') + 1);
    const distance = (file) => (file === own ? 0 : file.startsWith(folder) ? 1 : 2);
    return [...this.#bundles.keys()].sort(
      (a, b) => distance(a) - distance(b) || this.#spent(a) - this.#spent(b),
    );
  }

  #spent(file) {
    const { ms, count } = this.#times.get(file) ?? { ms: 0, count: 1 };
    return ms / count;
  }

  #note({ fileName, timeSpentMs }) {
    const { ms, count } = this.#times.get(fileName) ?? { ms: 0, count: 0 };
    this.#times.set(fileName, { ms: ms + timeSpentMs, count: count + 1 });
  }

  /** Evaluates a test file and its imports again, and returns its tests. If that fails, the tests of `ids` fail. */
  #load(file, ids = []) {
    const { api, tests } = collect(file);
    const require = createRequire(join(this.#root, file));
    const load = (name) => (name === '@jest/globals' ? api : require(name));
    try {
      this.#bundles.get(file)(load, { exports: {} });
      return tests;
    } catch (error) {
      if (ids.length === 0) throw error;
      return ids.map((id) => failing({ id, file, error }));
    }
  }

  /** In a bundle, a comment with the name of each module comes before its code, and a mutant's id is in its condition. */
  #findMutants(text) {
    let module = null;
    for (const [, path, id] of text.matchAll(/^\/\/ (src\/.*\.ts)$|stryMutAct_\w+\("(\d+)"\)/gmu)) {
      if (path) module = path;
      else this.#moduleOf.set(id, module);
    }
  }

  async #bundle(file) {
    const path = join(this.#root, file);
    const { outputFiles, metafile } = await build({
      entryPoints: [path],
      absWorkingDir: this.#root,
      bundle: true,
      write: false,
      metafile: true,
      format: 'cjs',
      platform: 'node',
      target: 'node20',
      packages: 'external',
      define: { 'import.meta.url': JSON.stringify(pathToFileURL(path).href) },
      logLevel: 'error',
    });
    if (Object.keys(metafile.inputs).some((input) => BEYOND.test(input))) return null;
    this.#findMutants(outputFiles[0].text);
    return vm.compileFunction(outputFiles[0].text, ['require', 'module'], { filename: path });
  }
}

/** The test file of a module. */
function ownTest(module) {
  return module.replace(/^src\//u, 'test/').replace(/\.ts$/u, '.test.ts');
}

function bundleRunner() {
  return new BundleRunner();
}
bundleRunner.inject = [];

export const strykerPlugins = [declareFactoryPlugin(PluginKind.TestRunner, 'bundles', bundleRunner)];
