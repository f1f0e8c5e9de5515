import { ProblemError, problem } from '../problem/problem.js';
import { systemProblem } from '../problem/system-error.js';
import { ignoreStreamErrors } from './environment.js';
import type { Environment } from './environment.js';

/**
 * Any error as one that carries problems. One that is neither such an error nor of the system is an internal error; its
 * stack is printed only with `DOMO_ROLES_DEBUG`.
 */
export function asProblemError(
  error: unknown,
  { env, stderr }: Pick<Environment, 'env' | 'stderr'>,
): ProblemError {
  if (error instanceof ProblemError) return error;
  const isOurs = error instanceof Error;
  if ((env.DOMO_ROLES_DEBUG ?? '') !== '' && isOurs)
    ignoreStreamErrors(stderr).write(`${error.stack ?? ''}\n`);
  const found =
    systemProblem(error) ??
    problem('internal', `an internal error of domo-roles (${isOurs ? error.name : typeof error})`, {
      hint: 'please report it; DOMO_ROLES_DEBUG=1 shows where it happened',
    });
  return new ProblemError(found, { cause: error });
}
