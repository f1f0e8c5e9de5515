import { refusalsOf } from '../errors.js';
import { toPlanWarning } from '../../plan/plan-warnings.js';
import { categoryOf } from '../../problem/codes.js';
import { ProblemError, plainMessage } from '../../problem/problem.js';
import type { InstanceResult } from '../../fleet/rows.js';

/** What is known of how an instance's work ended badly. */
interface Ended {
  /** A write was sent, or may have been. */
  isSent: boolean;
  /** Its time was up. */
  overran: boolean;
}

const OVERRAN = 'the time of this instance was up (--instance-budget)';

/** The result of an instance whose work raised an error, or did not end in time (null). */
export function failedRow(error: unknown, { isSent, overran }: Ended): InstanceResult {
  const found = resultOf(error);
  const because = overran ? OVERRAN : found.because;
  if (isSent) return { ...found, status: 'incomplete', exit: 5, because };
  return overran ? { ...found, status: 'failed', exit: 1, because } : found;
}

function resultOf(error: unknown): InstanceResult {
  if (!(error instanceof ProblemError)) {
    const because = error === null ? null : 'an internal error of domo-roles';
    return { ...BLANK, status: 'failed', exit: 1, because };
  }
  const problems = error.problems.map(toPlanWarning);
  const because = plainMessage(error);
  const categories = new Set(error.problems.map(({ code }) => categoryOf(code)));
  if (categories.has('runtime')) return { ...BLANK, status: 'failed', exit: 1, problems, because };
  if (categories.has('manifest')) return { ...BLANK, status: 'invalid', exit: 3, problems, because };
  return { ...BLANK, status: 'refused', exit: 4, refusals: refusalsOf(error), because };
}

const BLANK = {
  summary: null,
  protected: [],
  refusals: [],
  problems: [],
  warnings: [],
  document: null,
  digest: null,
  runId: null,
} as const;
