import { folderWord } from '../problem/folder-word.js';
import { ProblemError, problem, usageError } from '../problem/problem.js';

/**
 * Runs work on the embedded instance, which shares no code with the rest. Translates its errors (invalid arguments,
 * damaged state, unusable folder) into problems with hints. `folder` is where its state is read from.
 */
export async function withSandboxErrors<T>(work: () => T | Promise<T>, folder = ''): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw translated(error, folder);
  }
}

function translated(error: unknown, folder: string): unknown {
  if (typeof error !== 'object' || error === null || error instanceof ProblemError) return error;
  const { name, message, code, syscall, isOtherFormat } = error as NodeJS.ErrnoException & {
    isOtherFormat?: boolean;
  };
  if (name === 'SandboxUsageError') return usageError(message, { cause: error });
  if (name === 'SandboxStateError') {
    const reset = `domo-roles sandbox reset --folder ${folderWord(folder)}`;
    return badFile(
      error,
      message,
      isOtherFormat === true
        ? `upgrade domo-roles; ${reset} discards this state`
        : `${reset} makes it as new`,
    );
  }
  if (code === undefined || syscall === undefined) return error;
  return badFile(
    error,
    `the state of the embedded instance cannot be read or written (${code})`,
    'check the disk and the permissions of its folder, or name another one',
  );
}

function badFile(cause: unknown, message: string, hint: string): ProblemError {
  return new ProblemError(problem('bad-file', message, { hint }), { cause });
}
