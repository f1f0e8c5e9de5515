import { describe, expect, it } from '@jest/globals';
import { problem, warning } from '../../src/problem/problem.js';
import { planSarif } from '../../src/render/ci/plan-sarif.js';
import { problemsSarif } from '../../src/render/ci/problems-sarif.js';
import { fullDrift, fullPlan } from '../support/plan-builder.js';
import { sarifFaults } from '../support/sarif-schema.js';

const faults = sarifFaults();
if (!faults) {
  const line =
    'The published SARIF schema is not installed: npm install --no-save @microsoft/sarif-multitool-linux';
  if (process.env.DOMO_ROLES_ALL_TESTS === '1') throw new Error(line);
  process.stderr.write(`\n*** NOT TESTED: ${line}\n\n`);
}

(faults ? describe : describe.skip)('a SARIF log', () => {
  const check = faults as NonNullable<typeof faults>;

  it.each([
    ['of a plan', () => planSarif(fullPlan())],
    ['of drift', () => planSarif(fullDrift())],
    [
      'of problems',
      () =>
        problemsSarif(
          [
            problem('unknown-key', 'no such key', {
              where: { file: 'a b/ü.yaml', line: 2, column: 3, endLine: 2, endColumn: 9 },
              hint: 'none',
            }),
            warning('feature-off', 'off'),
          ],
          { version: '1.2.3', files: ['a b/ü.yaml'] },
        ),
    ],
    ['without results', () => problemsSarif([], { version: '1.2.3', files: [] })],
  ])('%s matches the published schema', (_, log) => {
    expect(check(JSON.parse(log()))).toEqual([]);
  });

  it('with an error does not', () => {
    expect(check({ version: '2.1.0', runs: [{ tool: {} }] })).not.toEqual([]);
  });
});
