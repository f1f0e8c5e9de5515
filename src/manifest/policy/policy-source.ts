import { posix, resolve } from 'node:path';
import { quotedName } from '../../model/quoted-name.js';
import { ProblemError, problem, type Problem } from '../../problem/problem.js';
import { displayPath, HIDDEN_HINT, kindOf, realPathOrSame } from '../files/paths.js';
import { decodeUtf8, digestOf, LARGEST_FILE, readText, type Unreadable } from '../files/read-text.js';
import { commitOf, missingRevisionHint, NOT_TRUSTED, runGit, type MissingCommit } from '../git/git.js';
import { sharesWorkingTree, workingTreeOf } from '../git/working-tree.js';

/** The text of a policy file, and its origin. */
export interface PolicySource {
  text: string;
  /** The name in messages and documents. */
  path: string;
  digest: string;
  /** Null for a file on disk. */
  commit: string | null;
  /** Is it in the working tree of one of these manifests? */
  isBeside: (manifests: readonly string[]) => Promise<boolean>;
}

/**
 * Reads the policy file that `--policy` names: a file, or `REV:PATH` from git. An existing file takes precedence.
 *
 * @throws ProblemError `policy-not-found`, `bad-file`, `file-too-large`, `yaml-syntax`, `path-outside`, `usage`.
 */
export async function readPolicySource(name: string, cwd: string): Promise<PolicySource> {
  if (name === '' || /\p{Cc}/u.test(name))
    throw refuse(problem('usage', 'the name of a policy file is empty or has control characters'));
  const path = resolve(cwd, name);
  if ((await kindOf(path)) !== null) return readFromDisk(name, cwd);
  const colon = name.indexOf(':');
  if (colon > 0)
    return readFromGit(name, { revision: name.slice(0, colon), path: name.slice(colon + 1), cwd });
  throw refuse(
    problem('policy-not-found', `there is no policy file ${quotedName(name)}`, {
      hint: 'a path is relative to the current folder; REV:PATH, such as origin/main:policy.yaml, takes a file from git',
    }),
  );
}

async function readFromDisk(name: string, cwd: string): Promise<PolicySource> {
  const given = resolve(cwd, name);
  const path = displayPath(given, cwd);
  const content = await readText(await realPathOrSame(given));
  if (typeof content === 'string') throw refuse(unreadable(content, path));
  return {
    text: content.text,
    digest: content.digest,
    path,
    commit: null,
    isBeside: (manifests) => sharesWorkingTree(given, manifests),
  };
}

function unreadable(why: Unreadable, file: string): Problem {
  if (why === 'too-large') return tooLarge(file);
  if (why === 'not-utf-8')
    return problem('yaml-syntax', 'the file is not UTF-8 text', {
      where: { file },
      hint: 'save it as UTF-8',
    });
  if (why !== 'not-a-file')
    return problem('bad-file', 'the file cannot be read', { where: { file }, hint: HIDDEN_HINT });
  const hint = 'use a YAML file of kind Policy';
  return problem('bad-file', 'this is not a regular file', { where: { file }, hint });
}

function tooLarge(file: string): Problem {
  const hint = 'at most 10 MB';
  return problem('file-too-large', 'the file is larger than a policy file may be', { where: { file }, hint });
}

/** The parts of `REV:PATH`. */
interface Revised {
  revision: string;
  path: string;
  cwd: string;
}

async function readFromGit(name: string, { revision, path, cwd }: Revised): Promise<PolicySource> {
  const found = await commitOf(revision, cwd);
  if (found.commit === null) throw refuse(await missingRevision(name, { revision, why: found.why, cwd }));
  const { commit } = found;
  const blob = await findBlob(name, { commit, path, cwd });
  if (blob.size > LARGEST_FILE) throw refuse(tooLarge(name));
  const read = await runGit(['cat-file', 'blob', blob.id], { cwd, limit: LARGEST_FILE });
  if (!read.isDone)
    throw refuse(problem('bad-file', `git cannot read the file (${read.error})`, { where: { file: name } }));
  const text = decodeUtf8(read.stdout);
  if (text === null) throw refuse(unreadable('not-utf-8', name));
  return {
    text,
    path: name,
    commit,
    digest: digestOf(read.stdout),
    isBeside: (manifests) => isCheckedOut({ revision, commit, cwd }, manifests),
  };
}

async function missingRevision(
  name: string,
  { revision, why, cwd }: { revision: string; why: MissingCommit['why']; cwd: string },
): Promise<Problem> {
  const file = `there is no file ${quotedName(name)}`;
  if (why === 'no-repository') {
    const hint = 'a path is relative to the current folder; REV:PATH works within a git repository';
    return problem('policy-not-found', `${file}, and this is not a git repository`, { hint });
  }
  if (why === 'not-trusted') return problem('bad-file', NOT_TRUSTED.message, { hint: NOT_TRUSTED.hint });
  return problem('policy-not-found', `${file}, and no revision ${quotedName(revision)}`, {
    hint: await missingRevisionHint(cwd),
  });
}

/** Finds the file in the commit; never outside the repository, and never through a link. */
async function findBlob(
  name: string,
  { commit, path, cwd }: { commit: string; path: string; cwd: string },
): Promise<{ id: string; size: number }> {
  const inside = await pathFromTop(path, cwd);
  if (inside === null) {
    const hint = 'use a file of the repository: REV:PATH from its top, or REV:./PATH from the current folder';
    throw refuse(problem('path-outside', `${quotedName(path)} is not a path in the repository`, { hint }));
  }
  const { stdout } = await runGit(['ls-tree', '-z', '-l', '--full-tree', commit, '--', inside], { cwd });
  const entry = /^(\d+) (\w+) ([0-9a-f]+) +(\S+)\t/u.exec(stdout.toString('utf8'));
  if (!entry) {
    const hint =
      'a path counts from the top of the repository; begin it with ./ to count from the current folder';
    throw refuse(
      problem('policy-not-found', `the revision has no file ${quotedName(inside)}`, {
        where: { file: name },
        hint,
      }),
    );
  }
  const [, mode = '', type = '', id = '', size = ''] = entry;
  if (type !== 'blob' || mode === '120000') {
    const what = mode === '120000' ? 'a link' : 'not a file';
    throw refuse(
      problem('bad-file', `this is ${what} in that revision`, {
        where: { file: name },
        hint: 'use the file itself',
      }),
    );
  }
  return { id, size: Number(size) };
}

/** The path of `REV:PATH` from the top of the repository; null if it leads outside or is empty. */
async function pathFromTop(path: string, cwd: string): Promise<string | null> {
  let from = '';
  if (/^\.{1,2}\//u.test(path)) {
    const { stdout } = await runGit(['rev-parse', '--show-prefix'], { cwd });
    from = stdout.toString('utf8').replace(/\n$/u, '');
  }
  const inside = posix.normalize(posix.join(from, path));
  const isInside = path !== '' && !path.startsWith('/') && !/^\.{1,2}(?:\/|$)/u.test(inside);
  return isInside && !inside.endsWith('/') ? inside : null;
}

/** Is the revision checked out in the working tree of a manifest? Remote branches and tags never count, whatever their commit. */
async function isCheckedOut(
  { revision, commit, cwd }: { revision: string; commit: string; cwd: string },
  manifests: readonly string[],
): Promise<boolean> {
  const { commit: head } = await commitOf('HEAD', cwd);
  if (head !== commit) return false;
  const named = await runGit(['rev-parse', '--symbolic-full-name', '--end-of-options', revision], { cwd });
  const [last = ''] = named.stdout.toString('utf8').trimEnd().split('\n').slice(-1);
  if (/^refs\/(?:remotes|tags)\//u.test(last)) return false;
  const { top } = await workingTreeOf(await realPathOrSame(cwd));
  return sharesWorkingTree(resolve(top, 'HEAD'), manifests);
}

function refuse(one: Problem): ProblemError {
  return new ProblemError(one);
}
