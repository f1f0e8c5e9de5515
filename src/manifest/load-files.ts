import { dirname } from 'node:path';
import type { ProblemCode } from '../problem/codes.js';
import { quotedName } from '../model/names.js';
import { problem, type Problem } from '../problem/problem.js';
import type { SourceFile } from './merge.js';
import { grantsByTitle, type GrantsByTitle } from './grant-titles.js';
import type { ManifestFile } from './manifest.js';
import { parseFile, type ParseCache } from './parse-file.js';
import { realPathOf, isWithin, openPath, repositoryOf, displayPath } from './paths.js';
import {
  findFiles,
  LARGEST_FILE,
  LARGEST_MANIFEST,
  MOST_FILES,
  readProblem,
  readText,
  type Content,
  type Unreadable,
} from './read.js';
import { entryOf, itemsOf, textOf, type Place, type YamlMap, type SourceRange } from './yaml-values.js';
import {
  isOtherKind,
  looksLikeManifest,
  noManifest,
  noManifestAmong,
  startOf,
  wrongKind,
} from './document-kind.js';

/** Everything that was read, in the order in which it was read. */
export interface LoadedFiles {
  cwd: string;
  given: SourceFile[];
  problems: Problem[];
  files: ManifestFile[];
  /** Texts of files that are manifests, for code frames. */
  sources: Map<string, string>;
  /** The path of a file by the name that places use. */
  paths: Map<string, string>;
  /** Files of a folder that are of another kind, by the name that places would use. */
  passedOver: string[];
  bytes: number;
  /** Could a file that another one extends not be used? */
  lacksBase: boolean;
}

interface Opened extends SourceFile {
  bases: SourceFile[];
}

interface Collecting extends LoadedFiles {
  /** By path with links followed; null for a file that could not be used. */
  opened: Map<string, Opened | null>;
  /** Files that another one extends. */
  extended: Set<string>;
  /** Folders that bases may stand in. */
  folders: string[];
  titles: GrantsByTitle;
  cache: ParseCache | undefined;
}

/** How files are read. */
export interface CollectOptions {
  /** Where the command was started. */
  cwd: string;
  /** Files that were parsed before, of many manifests that share them. */
  cache?: ParseCache | undefined;
  /** What grants are called on the instance, for hints. */
  titles?: GrantsByTitle;
  /** Other folders that bases may stand in. */
  folders?: readonly string[] | undefined;
}

/** Reads the manifest's files and all that they extend. Problems of reading, syntax and form are collected. */
export async function loadFiles(
  paths: readonly string[],
  { cwd, cache, titles = grantsByTitle(), folders = [] }: CollectOptions,
): Promise<LoadedFiles> {
  const found = await findFiles(paths, cwd);
  const collecting: Collecting = {
    ...{
      cwd,
      given: [],
      problems: [...found.problems],
      files: [],
      sources: new Map(),
      paths: new Map(),
      passedOver: [],
      bytes: 0,
      lacksBase: false,
    },
    titles,
    cache,
    ...{ opened: new Map(), extended: new Set(), folders: [] },
  };
  for (const folder of [cwd, ...folders]) collecting.folders.push((await realPathOf(folder)) ?? folder);
  const tops: string[] = [];
  for (const { path, within } of found.files) {
    const real = await realPathOf(path);
    const repository = real && (await repositoryOf(dirname(real)));
    if (repository) collecting.folders.push(repository);
    const file = displayPath(path, cwd);
    if (real === null) {
      collecting.problems.push(problem('manifest-not-found', `${quotedName(file)} cannot be read`));
    } else if (within !== null && !isWithin(real, (await realPathOf(within)) ?? within)) {
      // A file that came with its folder may be a link, but not out of it.
      collecting.problems.push(
        problem('path-outside', 'this link leads out of its folder', { where: startOf(file) }),
      );
    } else if (!tops.includes(real)) {
      tops.push(real);
      await openFile({ path, real }, collecting, {
        chain: [],
        reportAt: startOf(file),
        missing: 'manifest-not-found',
        isNamed: within === null,
      });
    }
  }
  if (collecting.files.length === 0 && collecting.passedOver.length > 0)
    collecting.problems.push(noManifestAmong(collecting.passedOver));
  const files = tops
    .filter((real) => !collecting.extended.has(real))
    .map((real) => collecting.opened.get(real));
  collecting.given.push(...files.flatMap((file) => file ?? []));
  return collecting;
}

/** How a file came to be opened. */
interface Origin {
  /** The files that led here, one extending the next. */
  chain: readonly string[];
  /** Where a problem of reading it is reported, and with which code. */
  reportAt: Place;
  missing: ProblemCode;
  /** Did someone name it, or did it come with its folder? */
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
  const file = displayPath(path, collecting.cwd);
  const content = await readInto(real, collecting);
  if (typeof content === 'string') {
    collecting.problems.push(readProblem(content, origin.reportAt, origin.missing));
    return null;
  }
  const { parsed, root, shape, plain } = parseFile({ ...content, file }, collecting);
  if (!origin.isNamed && isOtherKind(content.text, root)) {
    collecting.passedOver.push(file);
    // A file that extends it names it, and then it is wrong there.
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
  collecting.problems.push(...shape());
  if (!root) return null;
  const opened: Opened = { file, root: plain(), bases: [] };
  collecting.opened.set(real, opened);
  for (const reference of basesOf(root)) {
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
      'a path is relative to the file that names it',
    );
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

/** May a file of this size be read within the limits of the whole manifest? */
export function fits(bytes: number, { files, bytes: read }: LoadedFiles): boolean {
  return files.length < MOST_FILES && bytes <= Math.min(LARGEST_FILE, LARGEST_MANIFEST - read);
}

/** Reads a file within the limits of the whole manifest. */
export async function readInto(real: string, collection: LoadedFiles): Promise<Content | Unreadable> {
  if (!fits(0, collection)) return 'too-large';
  const content = await readText(real, Math.min(LARGEST_FILE, LARGEST_MANIFEST - collection.bytes));
  if (typeof content !== 'string') collection.bytes += content.bytes;
  return content;
}

/** The files that a file extends, as written. */
export function basesOf(root: YamlMap): SourceRange<string>[] {
  const value = entryOf(root, 'extends')?.value ?? null;
  const one = textOf(value);
  return one ? [one] : itemsOf(value).flatMap((item) => textOf(item) ?? []);
}
