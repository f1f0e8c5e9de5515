import { describe, expect, it } from '@jest/globals';
import { ProblemError, problem, warning } from '../../../src/problem/problem.js';
import { failedRow } from '../../../src/reconcile/fleet/failed-row.js';

const ended = { isSent: false, overran: false, roots: [] };

describe('the row of an instance whose work failed', () => {
  it.each([
    ['refused', 'stale-plan'],
    ['invalid', 'unknown-grant'],
    ['failed', 'bad-file'],
  ] as const)('keeps the codes of the warnings beside the cause: %s', (status, code) => {
    const problems = [problem(code, 'the cause'), warning('replaces-base', 'a warning')];
    const row = failedRow(new ProblemError(problems), ended);
    expect([row.status, row.warnings]).toEqual([status, ['replaces-base']]);
  });
});
