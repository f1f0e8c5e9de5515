import { refusalsOf } from '../errors.js';
import { cleanedOrNull, pathsWithout, problemWithout } from '../own-paths.js';
import { toPlanWarning } from '../../plan/plan-warnings.js';
import { categoryOf } from '../../problem/codes.js';
import { hasCode, ProblemError, plainMessage, problem } from '../../problem/problem.js';
import { systemProblem } from '../../problem/system-error.js';
import { BLANK_RESULT, codesOf } from '../../fleet/rows.js';
import type { InstanceResult } from '../../fleet/rows.js';

/** The circumstances of a failure. */
interface Ended {
  /** Folders of this machine: documents contain paths relative to them. */
  roots: readonly string[];
  /** A write was sent, or may have been. */
  isSent: boolean;
  /** Its time limit was reached. */
  overran: boolean;
}

const TIME_UP = toPlanWarning(
  problem('interrupted', 'the time limit of this instance was reached (--instance-budget)', {
    hint: 'raise the limit, or find out why the instance is slow: fleet doctor --only NAME',
  }),
);

/** The result of an instance whose work raised an error; null for one that exceeded its time limit. */
export function failedRow(error: unknown, { isSent, overran, roots }: Ended): InstanceResult {
  const found = withoutRoots(resultOf(error), roots);
  const ended = overran ? { ...found, refusals: [], problems: [TIME_UP], because: TIME_UP.message } : found;
  if (isSent) return { ...ended, status: 'incomplete', exit: 5 };
  return overran ? { ...ended, status: 'failed', exit: 1 } : ended;
}

function resultOf(error: unknown): InstanceResult {
  if (!(error instanceof ProblemError)) {
    const found = systemProblem(error);
    const because = error === null ? null : (found?.message ?? 'an internal error of domo-roles');
    const problems = found === null ? [] : [toPlanWarning(found)];
    return { ...BLANK_RESULT, status: 'failed', exit: 1, problems, because };
  }
  const because = hasCode(error, 'locked') ? LOCKED : plainMessage(error);
  const errors = error.problems.filter(({ severity }) => severity === 'error');
  const problems = errors.map(toPlanWarning);
  // A row that was not planned has no other place for the warnings of its manifest.
  const warnings = codesOf(error.problems.filter(({ severity }) => severity === 'warning'));
  const result = { ...BLANK_RESULT, problems, warnings, because };
  const categories = new Set(errors.map(({ code }) => categoryOf(code)));
  if (categories.has('runtime')) return { ...result, status: 'failed', exit: 1 };
  if (categories.has('manifest')) return { ...result, status: 'invalid', exit: 3 };
  const refusals = refusalsOf(error).map((one) =>
    one.code === 'locked' ? { ...one, message: LOCKED, items: [] } : one,
  );
  return { ...result, problems: [], status: 'refused', exit: 4, refusals };
}

/** Replaces the holder of the lock, which is of no use in a document that is read later. */
const LOCKED = 'another apply on this instance is running';

/** The same with paths relative to the longest of these folders. */
function withoutRoots(result: InstanceResult, roots: readonly string[]): InstanceResult {
  const clean = pathsWithout(roots);
  return {
    ...result,
    because: cleanedOrNull(result.because, clean),
    problems: result.problems.map((one) => problemWithout(one, clean)),
    refusals: result.refusals.map((one) => ({
      ...one,
      message: clean(one.message),
      items: one.items.map(clean),
      hint: cleanedOrNull(one.hint, clean),
    })),
  };
}
