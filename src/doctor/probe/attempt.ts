import { hasCode, ProblemError } from '../../problem/problem.js';

/** The result of an attempt, or the error that it failed with. */
export type Attempt<T> = { value: T } | { error: ProblemError };

/** Tries something that may fail. */
export async function attempt<T>(work: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { value: await work() };
  } catch (error) {
    if (error instanceof ProblemError) return { error };
    throw error;
  }
}

/** Reads something that may not be readable. An interrupt is raised, because it ends the probe. */
export async function attemptRead<T>(read: () => Promise<T>): Promise<Attempt<T>> {
  const result = await attempt(read);
  if ('error' in result && hasCode(result.error, 'interrupted')) throw result.error;
  return result;
}

/** The codes of an error. Messages name hosts and roles, which a report must not contain. */
export function codesOf({ problems }: ProblemError): string {
  return [...new Set(problems.map(({ code }) => code))].join(', ');
}
