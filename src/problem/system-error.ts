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

/** What to do about an error of the system; undefined where its code does not show it. */
export function hintOfSystem(error: unknown): string | undefined {
  return HINTS[systemCodeOf(error) ?? ''];
}

/** Codes with which the system reports that nothing usable is at a path. Windows reports invalid names as `EINVAL`. */
const ABSENT: ReadonlySet<string> = new Set([
  'ENOENT',
  'ENOTDIR',
  'EISDIR',
  'ELOOP',
  'ENAMETOOLONG',
  'EINVAL',
]);

/**
 * Did the system fail to look, so that nothing is known of what is at the path? Any code that does not report absence: a
 * permission, the disk, the limit of open files, a network drive that is gone. Node's own codes, `ERR_…`, are none of these.
 */
export function isHidden(error: unknown): boolean {
  const code = systemCodeOf(error) ?? '';
  return /^E[A-Z0-9]+$/u.test(code) && !ABSENT.has(code);
}

/** For `catch`: null if there is nothing at the path. Raises the error if the system failed to look. */
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
  const { path } = error as { path?: unknown };
  const hint =
    hintOfSystem(error) ?? (typeof path === 'string' && isHidden(error) ? 'check the disk' : undefined);
  if (hint === undefined) return null;
  return typeof path === 'string'
    ? problem('bad-file', `${path} cannot be used (${code})`, { where: { file: path }, hint })
    : problem('bad-file', `a file cannot be used (${code})`, { hint });
}
