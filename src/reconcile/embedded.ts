import { folderWord } from '../problem/folder-word.js';
import { ProblemError, badFileError, usageError } from '../problem/problem.js';

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
    const hint =
      isOtherFormat === true
        ? `upgrade domo-roles; ${reset} discards this state`
        : `${reset} restores the initial state`;
    return badFileError(message, { hint, cause: error });
  }
  if (code === undefined || syscall === undefined) return error;
  return badFileError(`the state of the embedded instance cannot be read or written (${code})`, {
    hint: 'check the disk and the permissions of its folder, or use another folder',
    cause: error,
  });
}
