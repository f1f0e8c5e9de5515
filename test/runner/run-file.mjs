import { setImmediate as nextTurn } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { restore } from './one-context.mjs';
import { makeFilesQuick } from './quick-files.mjs';
import { inputs } from '../support/law.ts';
import { startsProcesses } from './scratch.mjs';
import { jestExpect } from '@jest/expect';
import { createEmptyTestResult } from '@jest/test-result';
import fc from 'fast-check';
import { addEventHandler, getState, resetState, run, setState } from 'jest-circus';
import { formatExecError, formatResultsErrors } from 'jest-message-util';

/** Tests of how the product writes files, which need concurrent calls and a real disk. */
const TESTS_OF_FILES = /[\\/]test[\\/](?:journal|shell)[\\/]/u;

restore();
// For laws that state no number of inputs.
fc.configureGlobal({ numRuns: inputs(100) });
addEventHandler((event) => {
  if (event.name === 'test_start') jestExpect.setState({ currentTestName: namesOf(event.test).join(' ') });
  if (event.name === 'test_done') addExpectedErrors(event.test);
});
for (const kind of ['uncaughtException', 'unhandledRejection']) process.on(kind, failCurrentTest);

process.on('disconnect', () => process.exit());
process.on('message', async (given) => {
  try {
    process.send({ result: await runFile(...given) });
  } catch (error) {
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    process.send({ error: { message, stack } });
  }
});

/** Runs one test file. Returns its result in the form that Jest's reporters require. */
async function runFile(path, config, globalConfig, scratch) {
  process.env.TMPDIR = scratch;
  makeFilesQuick(!startsProcesses(path) && !TESTS_OF_FILES.test(path));
  const { testNamePattern } = globalConfig;
  resetState();
  setState({
    ...getState(),
    testTimeout: globalConfig.testTimeout ?? config.testTimeout ?? 5_000,
    testNamePattern: testNamePattern ? new RegExp(testNamePattern, 'iu') : null,
  });
  jestExpect.setState({ testPath: path, expand: globalConfig.expand, suppressedErrors: [] });
  const start = Date.now();
  await import(pathToFileURL(path).href);
  const { testResults, unhandledErrors } = await run();
  // Node reports an unhandled rejection only after all ready work, which may be all tests of a file.
  await nextTurn();
  const late = getState().unhandledErrors.slice(unhandledErrors.length).map(stackOf);
  return resultOf(
    { testResults, unhandledErrors: [...unhandledErrors, ...late] },
    { path, start, config, globalConfig },
  );
}

function stackOf(error) {
  return error instanceof Error && error.stack ? error.stack : String(error);
}

function resultOf({ testResults, unhandledErrors }, { path, start, config, globalConfig }) {
  const end = Date.now();
  const results = testResults.map(assertionOf);
  const count = (status) => results.filter((one) => one.status === status).length;
  const messages = [
    formatResultsErrors(results, config, globalConfig, path),
    ...unhandledErrors.map((stack) => formatExecError({ message: '', stack }, config, globalConfig, path)),
  ].filter(Boolean);
  return {
    ...createEmptyTestResult(),
    testFilePath: path,
    testResults: results,
    numPassingTests: count('passed'),
    numFailingTests: count('failed'),
    numPendingTests: count('pending'),
    numTodoTests: count('todo'),
    perfStats: { start, end, runtime: end - start, slow: (end - start) / 1000 > config.slowTestThreshold },
    failureMessage: messages.length > 0 ? messages.join('\n') : null,
    ...(unhandledErrors.length > 0
      ? { testExecError: { message: '', stack: unhandledErrors.join('\n') } }
      : {}),
  };
}

function assertionOf({ testPath, status, errors, errorsDetailed, startedAt, ...test }) {
  const [, ...names] = testPath;
  return {
    ...test,
    ancestorTitles: names.slice(0, -1),
    title: names.at(-1),
    fullName: names.join(' '),
    status: statusOf(status, errors),
    startAt: startedAt,
    failureMessages: errors,
    failureDetails: errorsDetailed,
  };
}

function statusOf(status, errors) {
  if (status === 'skip') return 'pending';
  if (status === 'todo') return 'todo';
  return errors.length > 0 ? 'failed' : 'passed';
}

function namesOf(test) {
  return test.parent ? [...namesOf(test.parent), test.name] : [];
}

/** An error outside of the promise of a test fails the test that is running. */
function failCurrentTest(error) {
  const { currentlyRunningTest, unhandledErrors } = getState();
  (currentlyRunningTest?.errors ?? unhandledErrors).push(error);
}

/** Adds the errors that `expect` keeps for the end of a test. */
function addExpectedErrors(test) {
  const { suppressedErrors, isExpectingAssertions } = jestExpect.getState();
  jestExpect.setState({ suppressedErrors: [] });
  test.errors.push(...suppressedErrors);
  const missing = jestExpect.extractExpectedAssertionsErrors();
  if (!isExpectingAssertions || test.errors.length === 0)
    test.errors.push(...missing.map(({ error }) => error));
}
