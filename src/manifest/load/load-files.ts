import { dirname } from 'node:path';
import { makeInterner, type Interner } from '../../model/interner.js';
import { quotedName } from '../../model/quoted-name.js';
import type { ProblemCode } from '../../problem/codes.js';
import { problem } from '../../problem/problem.js';
import { findFiles, realPathIn, type GivenFile } from '../files/find-files.js';
import { readInto, type LoadedFiles, type SourceFile } from '../files/loaded-files.js';
import {
  cachedByPath,
  fileNamer,
  isWithin,
  missingPathHint,
  openPath,
  realPathOrSame,
  repositoryOf,
} from '../files/paths.js';
import { readProblem } from '../files/read-text.js';
import {
  isOtherKind,
  looksLikeManifest,
  noManifest,
  noManifestAmong,
  wrongKind,
} from '../form/document-kind.js';
import { grantsByTitle, type GrantsByTitle } from '../form/grant-titles.js';
import {
  isText,
  itemsOf,
  textOf,
  valueOf,
  startOfFile,
  type Place,
  type YamlMap,
  type SourceRange,
} from '../yaml/yaml-values.js';
import { parseFile, type ParseCache } from './parse-file.js';

interface Opened extends SourceFile {
  bases: SourceFile[];
}

interface Collecting extends LoadedFiles {
  /** By real path; null for an unusable file. */
  opened: Map<string, Opened | null>;
  /** Files that another file extends. */
  extended: Set<string>;
  /** Folders that may contain bases. */
  folders: string[];
  /** The name of a file in places. */
  nameOf: (path: string) => string;
  titles: GrantsByTitle;
  cache: ParseCache | undefined;
  /** Shares equal texts of all files. */
  share: Interner;
}

/** Options of reading files. */
export interface CollectOptions {
  /** The working directory. */
  cwd: string;
  /** A cache of parsed files, for manifests that share them. */
  cache?: ParseCache | undefined;
  /** The titles of grants on the instance, for hints. */
  titles?: GrantsByTitle;
  /** Further folders that may contain bases. */
  folders?: readonly string[] | undefined;
}

/** Reads the manifest's files and everything that they extend. Collects problems of reading, syntax and form. */
export async function loadFiles(paths: readonly string[], options: CollectOptions): Promise<LoadedFiles> {
  const { cwd, folders = [] } = options;
  const found = await findFiles(paths, cwd);
  const collecting = openCollection(options);
  collecting.problems.push(...found.problems);
  const realFolder = cachedByPath(realPathOrSame);
  const repository = cachedByPath(repositoryOf);
  for (const folder of [cwd, ...folders]) collecting.folders.push(await realFolder(folder));
  const tops = new Set<string>();
  for (const given of found.files) {
    const real = await usablePath(given, collecting, realFolder);
    if (real === null) continue;
    const own = await repository(dirname(real));
    if (own !== null && !collecting.folders.includes(own)) collecting.folders.push(own);
    if (tops.has(real)) continue;
    tops.add(real);
    await openFile({ path: given.path, real }, collecting, {
      chain: [],
      reportAt: startOfFile(collecting.nameOf(given.path)),
      missing: 'manifest-not-found',
      isNamed: given.within === null,
    });
  }
  if (collecting.files.length === 0 && collecting.passedOver.length > 0)
    collecting.problems.push(noManifestAmong(collecting.passedOver));
  const files = [...tops]
    .filter((real) => !collecting.extended.has(real))
    .map((real) => collecting.opened.get(real));
  collecting.given.push(...files.flatMap((file) => file ?? []));
  return collecting;
}

function openCollection({ cwd, cache, titles = grantsByTitle() }: CollectOptions): Collecting {
  return {
    cwd,
    given: [],
    problems: [],
    files: [],
    sources: new Map(),
    paths: new Map(),
    passedOver: [],
    bytes: 0,
    lacksBase: false,
    titles,
    cache,
    share: makeInterner(),
    opened: new Map(),
    extended: new Set(),
    folders: [],
    nameOf: fileNamer(cwd),
  };
}

/** The real path of a file of the manifest; null, with a problem, if it may not be read. */
async function usablePath(
  given: GivenFile,
  { nameOf, problems }: Collecting,
  realFolder: (folder: string) => Promise<string>,
): Promise<string | null> {
  const real = await realPathIn(given, realFolder);
  const file = nameOf(given.path);
  if (real === null) {
    problems.push(problem('manifest-not-found', `${quotedName(file)} cannot be read`));
    return null;
  }
  const { within, isRegular } = given;
  if (within === null || isRegular || isWithin(real, await realFolder(within))) return real;
  // A file found in a folder may be a link, but not to a place outside the folder.
  problems.push(problem('path-outside', 'this link leads out of its folder', { where: startOfFile(file) }));
  return null;
}

/** The reason for opening a file. */
interface Origin {
  /** The chain of files, each extending the next. */
  chain: readonly string[];
  /** The place and code for problems of reading it. */
  reportAt: Place;
  missing: ProblemCode;
  /** Was it named, or found in a named folder? */
  isNamed: boolean;
}

async function openFile(
  target: { path: string; real: string },
  collecting: Collecting,
  origin: Origin,
): Promise<Opened | null> {
  const { path, real } = target;
  const known = collecting.opened.get(real);
  if (known !== undefined) return known;
  collecting.opened.set(real, null);
  const file = collecting.nameOf(path);
  const content = await readInto(real, collecting);
  if (typeof content === 'string') {
    collecting.problems.push(readProblem(content, origin.reportAt, origin.missing));
    return null;
  }
  const { parsed, root, formProblems, plain } = await parseFile({ ...content, file }, collecting);
  if (!origin.isNamed && isOtherKind(content.text, root)) {
    collecting.passedOver.push(file);
    // A file in `extends` is reported at the place that names it.
    collecting.opened.delete(real);
    return null;
  }
  collecting.files.push({ path: file, digest: content.digest });
  collecting.paths.set(file, path);
  const isManifest = looksLikeManifest(content.text, root);
  if (!isManifest && content.text.trim() !== '') {
    collecting.problems.push(noManifest(file, root));
    return null;
  }
  collecting.sources.set(file, content.text);
  const wrong = root && wrongKind(root, 'Roles');
  if (wrong) {
    collecting.problems.push(wrong);
    return null;
  }
  collecting.problems.push(...parsed.problems);
  collecting.problems.push(...formProblems());
  const tree = plain();
  if (!tree) return null;
  const opened: Opened = { file, root: tree, bases: [] };
  collecting.opened.set(real, opened);
  collecting.lacksBase ||= hasUnreadableBase(tree);
  for (const reference of basesOf(tree)) {
    const base = await openBase(reference, collecting, { path, chain: [...origin.chain, real] });
    if (base) opened.bases.push(base);
    else collecting.lacksBase = true;
  }
  return opened;
}

async function openBase(
  reference: SourceRange<string>,
  collecting: Collecting,
  from: { path: string; chain: readonly string[] },
): Promise<SourceFile | null> {
  const target = await openPath(reference.value, dirname(from.path), collecting.folders);
  const report = (code: ProblemCode, message: string, hint: string | null = null): null => {
    collecting.problems.push(problem(code, message, { where: reference.at, hint }));
    return null;
  };
  const name = quotedName(reference.value);
  if (target === 'outside') {
    const hint = 'a base must be in the folder where the command starts, or in the git repository';
    return report('path-outside', `the base ${name} is outside the folders that bases may be in`, hint);
  }
  if (target === 'missing')
    return report(
      'base-not-found',
      `the base ${name} does not exist`,
      missingPathHint(reference.value, 'a path is relative to the file that names it'),
    );
  if (target === 'unreadable') {
    collecting.problems.push(readProblem(target, reference.at, 'base-not-found'));
    return null;
  }
  if (from.chain.includes(target.real)) {
    const hint = 'remove one of these extends';
    return report('extends-cycle', `extending ${name} forms a cycle`, hint);
  }
  collecting.extended.add(target.real);
  return openFile(target, collecting, {
    chain: from.chain,
    reportAt: reference.at,
    missing: 'base-not-found',
    isNamed: true,
  });
}

/** The files that a file extends, as written. */
export function basesOf(root: YamlMap): SourceRange<string>[] {
  const value = valueOf(root, 'extends');
  const one = textOf(value);
  return one ? [one] : itemsOf(value).flatMap((item) => textOf(item) ?? []);
}

/** Does a file extend something that is not a path? */
function hasUnreadableBase(root: YamlMap): boolean {
  const value = valueOf(root, 'extends');
  const items = value?.kind === 'list' ? value.items : [value];
  return items.some((item) => item !== null && !isText(item));
}
