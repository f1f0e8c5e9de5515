import { categoryOf } from '../problem/codes.js';
import type { Problem } from '../problem/problem.js';
import type { Ledger } from './ledger.js';
import type { Outcome } from '../apply/outcome.js';

/** Exit codes; see docs/reference/exit-codes.md. */
export const EXIT = {
  done: 0,
  failed: 1,
  changes: 2,
  manifest: 3,
  refused: 4,
  incomplete: 5,
} as const;

export type Exit = (typeof EXIT)[keyof typeof EXIT];

/** The exit code for problems that stopped a command: the first of 1, 3, 4 that applies. */
export function exitOfProblems(problems: readonly Problem[]): Exit {
  const categories = new Set(
    problems.filter((one) => one.severity === 'error').map((one) => categoryOf(one.code)),
  );
  if (categories.has('runtime')) return EXIT.failed;
  if (categories.has('manifest')) return EXIT.manifest;
  return categories.has('refusal') ? EXIT.refused : EXIT.failed;
}

/**
 * The final exit code. If a write was sent, 1, 3 and 4 are 5: they mean that nothing was. A lost output changes the code only
 * if nothing was written to the instance.
 */
export function exitOfRun(exit: Exit, { sent, incomplete }: Pick<Ledger, 'sent' | 'incomplete'>): Exit {
  if (sent) return NOTHING_WAS_WRITTEN.has(exit) ? EXIT.incomplete : exit;
  return incomplete ? EXIT.failed : exit;
}

const NOTHING_WAS_WRITTEN: ReadonlySet<Exit> = new Set([EXIT.failed, EXIT.manifest, EXIT.refused]);

/** The exit code of an outcome: 5 if something was sent and not every change is in place. */
export function exitOfOutcome({ summary }: Outcome): Exit {
  return summary.done + summary.already === summary.changes ? EXIT.done : EXIT.incomplete;
}
