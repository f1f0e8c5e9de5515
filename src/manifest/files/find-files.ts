import { readdirSync } from 'node:fs';
import { basename, join, resolve, sep } from 'node:path';
import { quotedName } from '../../model/quoted-name.js';
import { byCodeUnit } from '../../model/sort.js';
import { problem, type Problem } from '../../problem/problem.js';
import { HIDDEN_HINT, kindOf, realPathOf } from './paths.js';

/** The folder of the manifest, if no other is named. */
const DEFAULT_FOLDER = 'domo-roles';

/** A file of a manifest. */
export interface GivenFile {
  path: string;
  /** The named folder that contains the file; null if the file itself was named. */
  within: string | null;
  /** Was it found in the folder as a regular file, and not as a link? */
  isRegular: boolean;
}

/** The real path of a file. A regular file is where it was found, and only its folder can have links on its path. */
export async function realPathIn(
  { path, within, isRegular }: GivenFile,
  realFolder: (folder: string) => Promise<string>,
): Promise<string | null> {
  return within !== null && isRegular
    ? entryPath(await realFolder(within), basename(path))
    : realPathOf(path);
}

/** The files of a manifest, with folders expanded. */
interface GivenFiles {
  files: readonly GivenFile[];
  problems: readonly Problem[];
}

/**
 * Finds the files of a manifest: the named files, and the `*.yaml` and `*.yml` files directly in named folders (sorted,
 * without hidden ones). Without names: `domo-roles.yaml`, or else `domo-roles/`.
 */
export async function findFiles(paths: readonly string[], cwd: string): Promise<GivenFiles> {
  if (paths.length === 0) return findDefault(cwd);
  const files: GivenFile[] = [];
  const problems: Problem[] = [];
  for (const name of paths) {
    const path = resolve(cwd, name);
    const kind = await kindOf(path);
    if (kind === 'file') files.push({ path, within: null, isRegular: false });
    else if (kind === 'folder') {
      const inside = await manifestsIn(path);
      files.push(...inside);
      if (inside.length === 0) problems.push(await emptyFolder(name, path));
    } else if (kind === 'hidden') problems.push(hiddenProblem(name));
    else problems.push(notFound(name, kind === null ? 'does not exist' : 'is neither a file nor a folder'));
  }
  return { files, problems };
}

async function findDefault(cwd: string): Promise<GivenFiles> {
  for (const [name, kind] of [
    ['domo-roles.yaml', 'file'],
    [DEFAULT_FOLDER, 'folder'],
  ] as const) {
    const path = join(cwd, name);
    const found = await kindOf(path);
    if (found === kind) return findFiles([name], cwd);
    if (found === 'hidden') return { files: [], problems: [hiddenProblem(name)] };
  }
  const message = 'no manifest found: there is neither domo-roles.yaml nor a folder domo-roles here';
  return {
    files: [],
    problems: [
      problem('manifest-not-found', message, {
        hint: 'specify a manifest, or create one with `domo-roles init`',
      }),
    ],
  };
}

async function manifestsIn(folder: string): Promise<GivenFile[]> {
  const entries = readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => /^[^.].*\.ya?ml$/u.test(name))
    .sort((one, other) => byCodeUnit(one.name, other.name));
  const files: GivenFile[] = [];
  for (const entry of entries) {
    const path = entryPath(folder, entry.name);
    const isRegular = entry.isFile();
    // The entry of a link does not show the type of its target, and some file systems show no kinds at all.
    if (isRegular || (await kindOf(path)) !== 'folder') files.push({ path, within: folder, isRegular });
  }
  return files;
}

/** The path of an entry of a folder. Without `join`, which normalizes each path letter by letter. */
function entryPath(folder: string, name: string): string {
  return folder.endsWith(sep) ? `${folder}${name}` : `${folder}${sep}${name}`;
}

/** The problem for a path of the kind `hidden`. */
export function hiddenProblem(name: string): Problem {
  return problem('bad-file', `${quotedName(name)} cannot be read`, { hint: HIDDEN_HINT });
}

function notFound(name: string, what: string): Problem {
  const hint = 'specify a YAML file, or a folder of them; paths are relative to the current folder';
  return problem('manifest-not-found', `${quotedName(name)} ${what}`, { hint });
}

/** The problem for a folder without manifests. An export with `--split` puts them into a folder of this one. */
async function emptyFolder(name: string, path: string): Promise<Problem> {
  const below = join(path, DEFAULT_FOLDER);
  // Whatever is below only improves the hint, also if it cannot be read.
  const found = (await kindOf(below)) === 'folder' ? await manifestsIn(below).catch(() => []) : [];
  const empty = notFound(name, 'contains no *.yaml or *.yml file');
  return found.length > 0
    ? { ...empty, hint: `did you mean ${quotedName(join(name, DEFAULT_FOLDER))}?` }
    : empty;
}
