import { refusal } from '../model/refusal.js';
import type { Plan } from '../plan/plan.js';
import { ProblemError, problem } from '../problem/problem.js';
import { Refused } from '../reconcile/errors.js';
import { isInteractive } from '../shell/environment.js';
import type { Environment } from '../shell/environment.js';

/** A question to confirm. */
interface Question {
  message: string;
  /** True if the subject was shown to the user. */
  isShown: boolean;
  /** The subject in messages, such as `the plan`. */
  subject: string;
}

/** Asks whether to apply a plan; see `confirmOn`. */
export async function askYes(plan: Plan, environment: Environment, isShown: boolean): Promise<void> {
  const where = plan.sandbox ? 'the sandbox' : plan.instance;
  const { changes } = plan.summary;
  const message = `Write ${changes} ${changes === 1 ? 'change' : 'changes'} to ${where}?`;
  await confirmOn(environment, { message, isShown, subject: 'the plan' });
}

/**
 * Asks for confirmation on a terminal. Raises `not-confirmed` without a terminal, in CI, and if the answer is no; raises
 * `bad-file` if the subject could not be shown.
 */
export async function confirmOn(
  environment: Environment,
  { message, isShown, subject }: Question,
): Promise<void> {
  if (environment.stdin.isTTY !== true || !isInteractive(environment)) {
    throw notConfirmed(
      'confirmation requires a terminal, and --yes was not set',
      'review the plan, then run again with --yes; with CI set, no confirmation is possible',
    );
  }
  if (!isShown) {
    throw new ProblemError(
      problem('bad-file', `${subject} could not be shown on stdout, so nothing is asked or written`, {
        where: { what: 'stdout' },
        hint: 'write stdout to a terminal or a writable file, or add --yes',
      }),
    );
  }
  const { default: confirm } = await import('@inquirer/confirm');
  // A terminal that is closed ends its input, and the question would wait without end.
  const closed = new AbortController();
  environment.stdin.once('end', () => closed.abort());
  const signal = AbortSignal.any([environment.signal, closed.signal]);
  const yes = await confirm(
    { message, default: false },
    { input: environment.stdin, output: environment.stderr, signal },
  ).catch((cause: unknown) => {
    throw new ProblemError(problem('interrupted', 'interrupted before anything was written'), { cause });
  });
  if (!yes) throw notConfirmed('the confirmation was declined', 'nothing was written');
}

function notConfirmed(message: string, hint: string): Refused {
  return new Refused([refusal('not-confirmed', message, { hint })]);
}
