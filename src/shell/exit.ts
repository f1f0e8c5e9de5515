import { categoryOf } from '../problem/codes.js';
import type { Problem } from '../problem/problem.js';
import type { Ledger } from './ledger.js';
import type { Outcome } from '../apply/outcome.js';

/** Exit codes, as docs/reference/exit-codes.md lists them. */
export const EXIT = {
  done: 0,
  failed: 1,
  changes: 2,
  manifest: 3,
  refused: 4,
  incomplete: 5,
} as const;

export type Exit = (typeof EXIT)[keyof typeof EXIT];

/** The exit code of problems that stopped a command: the first that holds of 1, 3, 4. */
export function exitOfProblems(problems: readonly Problem[]): Exit {
  const troubles = new Set(
    problems.filter((one) => one.severity === 'error').map((one) => categoryOf(one.code)),
  );
  if (troubles.has('runtime')) return EXIT.failed;
  if (troubles.has('manifest')) return EXIT.manifest;
  return troubles.has('refusal') ? EXIT.refused : EXIT.failed;
}

/** What was written to the instance decides the exit code of a run that wrote; a lost output that of any other. */
export function exitOfRun(exit: Exit, { sent, incomplete }: Pick<Ledger, 'sent' | 'incomplete'>): Exit {
  if (sent) return exit === EXIT.failed ? EXIT.incomplete : exit;
  return incomplete ? EXIT.failed : exit;
}

/** The exit code of a run: 5 as soon as something was sent and not everything is in place. */
export function exitOfOutcome({ summary }: Outcome): Exit {
  return summary.done + summary.already === summary.changes ? EXIT.done : EXIT.incomplete;
}
