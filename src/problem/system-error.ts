import { problem } from './problem.js';
import type { Problem } from './problem.js';

/** The system code of an error, for example `ENOENT`; null without one. */
export function systemCodeOf(error: unknown): string | null {
  const { code } = (typeof error === 'object' && error !== null ? error : {}) as { code?: unknown };
  return typeof code === 'string' ? code : null;
}

/** What to do about an error of the system, by its code. */
const HINTS: Readonly<Record<string, string>> = {
  EMFILE: 'raise the limit of open files (ulimit -n), or work on fewer things at once',
  ENFILE: 'too many files are open on this machine: close some of them',
  ENOSPC: 'free disk space',
  EDQUOT: 'free disk space, or raise the quota',
  EFBIG: 'raise the limit of file sizes (ulimit -f)',
  ENOMEM: 'free memory',
  EIO: 'check the disk',
  EACCES: 'check the permissions of the file and its folders',
  EPERM: 'check the permissions of the file and its folders',
  EROFS: 'the disk is read-only: choose another folder, or mount it for writing',
};

/** Codes with which the system hides whether something is at a path. */
const HIDDEN: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'EIO', 'ESTALE']);

/** Did the system refuse to look, so that nothing is known of what is at the path? */
export function isHidden(error: unknown): boolean {
  return HIDDEN.has(systemCodeOf(error) ?? '');
}

/** For `catch`: null if there is nothing at the path. Raises the error if the system refused to look. */
export function nullIfAbsent(error: unknown): null {
  if (isHidden(error)) throw error;
  return null;
}

/** Codes of a module that cannot be found: the installation was replaced while the program ran, or is damaged. */
const NO_MODULE: ReadonlySet<string> = new Set(['MODULE_NOT_FOUND', 'ERR_MODULE_NOT_FOUND']);

/**
 * An error of the system that no code expects here, as a problem: it is no fault of the program. Null for any other error.
 */
export function systemProblem(error: unknown): Problem | null {
  const code = systemCodeOf(error);
  if (code === null) return null;
  if (NO_MODULE.has(code))
    return problem('bad-file', 'a file of domo-roles is missing or cannot be read', {
      hint: 'run it again; if that does not help, install domo-roles again',
    });
  const hint = HINTS[code];
  if (hint === undefined) return null;
  const { path } = error as { path?: unknown };
  return typeof path === 'string'
    ? problem('bad-file', `${path} cannot be used (${code})`, { where: { file: path }, hint })
    : problem('bad-file', `a file cannot be used (${code})`, { hint });
}
