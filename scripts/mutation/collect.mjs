import { TestStatus } from '@stryker-mutator/api/test-runner';
import { bind } from 'jest-each';
import { expect } from 'expect';

/**
 * A replacement for `@jest/globals` that collects the tests of a file. `run` of a test returns its result in the format of
 * StrykerJS and never throws.
 */
export function collect(file) {
  const tests = [];
  const ids = new Map();
  let scope = { names: [], before: [], after: [] };

  const describe = (name, body) => {
    const outer = scope;
    scope = { names: [...outer.names, name], before: [...outer.before], after: [...outer.after] };
    body();
    scope = outer;
  };
  const it = (title, body) => {
    const { names, before, after } = scope;
    const name = [file, ...names, title].join(' ');
    const count = (ids.get(name) ?? 0) + 1;
    ids.set(name, count);
    const id = count === 1 ? name : `${name} (${count})`;
    tests.push({ id, run: () => run({ id, file, body, before, after }) });
  };
  describe.each = bind(describe);
  it.each = bind(it);

  const api = {
    describe,
    it,
    test: it,
    expect,
    beforeEach: (hook) => scope.before.push(hook),
    afterEach: (hook) => scope.after.push(hook),
  };
  return { api, tests };
}

/** A test that fails with this error. */
export function failing({ id, file, error }) {
  const body = () => {
    throw error;
  };
  return { id, run: () => run({ id, file, body, before: [], after: [] }) };
}

async function run({ id, file, body, before, after }) {
  const started = performance.now();
  let failure = null;
  for (const step of [...before, body, ...after]) {
    try {
      await step();
    } catch (error) {
      failure ??= error;
    }
  }
  const result = { id, name: id, fileName: file, timeSpentMs: performance.now() - started };
  if (failure === null) return { ...result, status: TestStatus.Success };
  return {
    ...result,
    status: TestStatus.Failed,
    failureMessage: failure instanceof Error ? failure.message : String(failure),
  };
}
