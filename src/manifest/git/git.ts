import { execFile } from 'node:child_process';
import { quotedName } from '../../model/quoted-name.js';
import { ProblemError, problem, usageError } from '../../problem/problem.js';

/** The result of a git command. */
interface GitResult {
  isDone: boolean;
  stdout: Buffer;
  /** The first line on stderr. */
  error: string;
}

/** The timeout of a git command, in milliseconds. */
const LONGEST_MS = 60_000;

/**
 * Runs git in a folder, without a shell. Git gets none of this program's secrets, does not prompt, and prints English
 * messages. A failed command is a result, not an exception.
 *
 * @throws ProblemError `bad-file` if git is not installed.
 */
export function runGit(
  args: readonly string[],
  { cwd, limit = 1_000_000 }: { cwd: string; limit?: number },
): Promise<GitResult> {
  const options = {
    cwd,
    env: gitEnvironment(),
    maxBuffer: limit + 1,
    timeout: LONGEST_MS,
    encoding: 'buffer',
  } as const;
  return new Promise((resolve, reject) => {
    execFile('git', ['--literal-pathspecs', ...args], options, (failure, stdout, stderr) => {
      if (failure?.code === 'ENOENT') {
        const hint = 'install git, or use a file if the command accepts one';
        reject(
          new ProblemError(
            problem('bad-file', 'git is needed to read a revision, and is not installed', { hint }),
          ),
        );
        return;
      }
      const [error = ''] = stderr.toString('utf8').split('\n');
      resolve({ isDone: failure === null, stdout, error });
    });
  });
}

/** The environment of this process, without secrets and without the inputs of a workflow step. */
function gitEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(?:DOMO_|INPUT_)/iu.test(name));
  return { ...Object.fromEntries(kept), GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' };
}

/** Why there is no commit for a revision. */
export interface MissingCommit {
  commit: null;
  why: 'no-repository' | 'not-trusted' | 'no-revision';
}

/**
 * The commit that a revision names, or why there is none.
 *
 * @throws ProblemError `usage` for a revision that begins with a hyphen, which git could take for an option.
 */
export async function commitOf(revision: string, cwd: string): Promise<{ commit: string } | MissingCommit> {
  if (revision.startsWith('-')) {
    throw usageError(`a revision cannot begin with a hyphen: ${quotedName(revision)}`, {
      hint: 'use a branch, a tag or a commit',
    });
  }
  const { isDone, stdout, error } = await runGit(
    ['rev-parse', '--verify', '--end-of-options', `${revision}^{commit}`],
    { cwd },
  );
  const commit = stdout.toString('utf8').trim();
  if (isDone && /^[0-9a-f]{40,64}$/u.test(commit)) return { commit };
  if (error.includes('not a git repository')) return { commit: null, why: 'no-repository' };
  return { commit: null, why: error.includes('dubious ownership') ? 'not-trusted' : 'no-revision' };
}

/** The message and the hint for a repository that git does not trust. */
export const NOT_TRUSTED = {
  message: 'git does not trust this repository, which another user owns',
  hint: 'git config --global --add safe.directory FOLDER, with the folder of the repository',
};

/** The hint for a missing revision. */
export async function missingRevisionHint(cwd: string): Promise<string> {
  const { stdout } = await runGit(['rev-parse', '--is-shallow-repository'], { cwd });
  return stdout.toString('utf8').trim() === 'true'
    ? 'this is a shallow clone: fetch the revision first (fetch-depth: 0 of actions/checkout, or git fetch origin NAME:refs/remotes/origin/NAME)'
    : 'fetch it first; a branch of the remote is origin/NAME';
}
