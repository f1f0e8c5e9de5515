import { dirname, relative, resolve, sep } from 'node:path';
import { quotedName } from '../../model/quoted-name.js';
import { usageError, type ProblemError } from '../../problem/problem.js';
import { cachedByPath, isWithin, kindOf, realPathOrSame } from '../files/paths.js';
import { decodeUtf8, LARGEST_FILE } from '../files/read-text.js';
import { commitOf, missingRevisionHint, NOT_TRUSTED, runGit, type MissingCommit } from './git.js';
import { placesAlong } from './working-tree.js';

/** The differences between a revision and the working tree, including uncommitted changes. */
export interface Changes {
  commit: string;
  /** Does the file, or a link on its path, differ from the revision? Paths are absolute. */
  differs: (path: string) => Promise<boolean>;
  /** Does a file directly in the folder with one of these name endings differ? Removed files count. */
  differsIn: (folder: string, ends: readonly string[]) => Promise<boolean>;
  /** Is the file inside the repository? */
  holds: (path: string) => Promise<boolean>;
  /** The text of a file in the revision; null if it does not exist or is not text. */
  textAt: (path: string) => Promise<string | null>;
}

/** The most bytes of file names: enough for a very large repository. */
const MOST_NAMES = 256_000_000;

/**
 * Compares the working tree around a folder with a revision; `REV...` means the merge base of it and HEAD. Git runs a few
 * times in total, regardless of the number of files.
 *
 * @throws ProblemError `usage` if there is no such revision or no repository.
 */
export async function changesSince(revision: string, folder: string): Promise<Changes> {
  const cwd = await realPathOrSame(folder);
  const commit = await startOf(revision, cwd);
  const [top, changed, tracked] = await Promise.all([
    topOf(cwd),
    namesOf(
      [
        ...'diff --name-only -z --no-renames --no-ext-diff --no-relative'.split(' '),
        SUBMODULES,
        commit,
        '--',
      ],
      cwd,
    ),
    namesOf(['ls-tree', '-r', '-z', '--name-only', '--full-tree', commit], cwd),
  ]);
  const nameOf = (path: string): string | null =>
    isWithin(path, top) ? relative(top, path).split(sep).join('/') : null;
  const endOf = async (path: string): Promise<string | null> =>
    nameOf((await placesAlong(path)).at(-1) ?? path);
  const isChanged = async (place: string): Promise<boolean> => {
    const name = nameOf(place);
    if (name === null) return false;
    if (changed.has(name)) return true;
    if (tracked.has(name)) return false;
    // Git tracks the folder of a submodule, not its files: a changed folder counts as a change of all of them.
    const around = foldersOf(name).find((folder) => tracked.has(folder));
    if (around !== undefined) return changed.has(around);
    const kind = await kindOf(place);
    return kind !== null && kind !== 'folder';
  };
  return {
    commit,
    differs: cachedByPath(async (path) => {
      for (const place of await placesAlong(path)) if (await isChanged(place)) return true;
      return false;
    }),
    differsIn: async (inside, ends) => {
      const name = await endOf(inside);
      return [...changed].some(
        (file) => dirname(file) === (name || '.') && ends.some((end) => file.endsWith(end)),
      );
    },
    holds: async (path) => (await endOf(path)) !== null,
    textAt: async (path) => {
      const name = await endOf(path);
      return name === null || !tracked.has(name) ? null : textOf(`${commit}:${name}`, cwd);
    },
  };
}

/** Counts submodules even if the repository's configuration ignores them. */
const SUBMODULES = '--ignore-submodules=none';

/** The folders that a path leads through, as git names them. */
function foldersOf(name: string): string[] {
  const parts = name.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

/** The commit to compare with. */
async function startOf(revision: string, cwd: string): Promise<string> {
  const name = revision.replace(/\.\.\.$/u, '');
  const found = await commitOf(name, cwd);
  if (found.commit === null) throw await noRevision(name, found.why, cwd);
  if (name === revision) return found.commit;
  const { isDone, stdout } = await runGit(['merge-base', found.commit, 'HEAD'], { cwd });
  if (isDone) return stdout.toString('utf8').trim();
  throw usage(`${quotedName(name)} and HEAD have no commit in common`, await missingRevisionHint(cwd));
}

async function noRevision(name: string, why: MissingCommit['why'], cwd: string): Promise<ProblemError> {
  switch (why) {
    case 'no-repository':
      return usage(
        'the inventory is not in a git repository, and so there is no revision to compare it with',
        'run it in a clone of the repository',
      );
    case 'not-trusted':
      return usage(NOT_TRUSTED.message, NOT_TRUSTED.hint);
    case 'no-revision':
      return usage(`there is no revision ${quotedName(name)}`, await missingRevisionHint(cwd));
  }
}

async function topOf(cwd: string): Promise<string> {
  const { stdout } = await runGit(['rev-parse', '--show-toplevel'], { cwd });
  const top = resolve(stdout.toString('utf8').replace(/\r?\n$/u, ''));
  return realPathOrSame(top);
}

async function namesOf(args: readonly string[], cwd: string): Promise<ReadonlySet<string>> {
  const { isDone, stdout, error } = await runGit(['--no-optional-locks', ...args], {
    cwd,
    limit: MOST_NAMES,
  });
  if (!isDone) throw usage(`git cannot compare with the revision (${error})`, await missingRevisionHint(cwd));
  return new Set(
    stdout
      .toString('utf8')
      .split('\0')
      .filter((name) => name !== ''),
  );
}

async function textOf(object: string, cwd: string): Promise<string | null> {
  const { isDone, stdout } = await runGit(['cat-file', 'blob', object], { cwd, limit: LARGEST_FILE });
  return isDone ? decodeUtf8(stdout) : null;
}

function usage(message: string, hint: string): ProblemError {
  return usageError(message, { what: '--changed-since', hint });
}
