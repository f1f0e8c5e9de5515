import { dirname } from 'node:path';
import { quotedName } from '../../model/quoted-name.js';
import { openRecent, type Recent } from '../../model/recent.js';
import { problem, type Problem } from '../../problem/problem.js';
import type { ManifestDraft, DraftRole, MemberLayer } from '../draft/draft.js';
import { fitsLimits, readInto, type LoadedFiles } from '../files/loaded-files.js';
import { displayPath, missingPathHint, openPath, realPathOrSame } from '../files/paths.js';
import { readProblem } from '../files/read-text.js';
import type { ManifestFile, ManifestMember } from '../manifest.js';
import type { SourceRange } from '../yaml/yaml-values.js';
import { readMembersContent } from './members-file.js';
import type { MembersRead } from './members-table.js';

/** The members files of a run, and the roles with their people: manifests with the same base share its roles. */
export interface MembersCache {
  /** Keyed by the reference to the file. */
  files: WeakMap<SourceRange<string>, ReadFile>;
  /** Keyed by digest and path: many manifests read the same file before the first of them is done. */
  contents: Recent<Promise<MembersRead>>;
  roles: WeakMap<DraftRole, DraftRole>;
  lists: WeakMap<ManifestDraft['roles'], ManifestDraft['roles']>;
}

/** The most members files whose people are kept by content: memory must not grow with the number of files. */
const MOST_KEPT = 64;

/** A members file that was read. */
interface ReadFile {
  file: ManifestFile;
  bytes: number;
  /** Null if none of its lines could be read: it may list people. */
  listed: readonly ManifestMember[] | null;
  problems: readonly Problem[];
}

/** Opens an empty cache. */
export function openMembersCache(): MembersCache {
  return {
    files: new WeakMap(),
    contents: openRecent(MOST_KEPT),
    roles: new WeakMap(),
    lists: new WeakMap(),
  };
}

/** Reads the members files of a draft, including inherited ones, into its roles. */
export async function withMembersFiles(
  draft: ManifestDraft,
  collection: LoadedFiles,
  cache: MembersCache = openMembersCache(),
): Promise<ManifestDraft> {
  const earlier = cache.lists.get(draft.roles);
  const roles = new Map<string, DraftRole>();
  let isSame = earlier !== undefined;
  for (const [name, role] of draft.roles) {
    const found = await roleWithFiles(role, collection, cache);
    roles.set(name, found);
    isSame &&= earlier?.get(name) === found;
  }
  if (earlier && isSame) return { ...draft, roles: earlier };
  cache.lists.set(draft.roles, roles);
  return { ...draft, roles };
}

/** A role with the people of its members files; the same object if it has none. */
async function roleWithFiles(
  role: DraftRole,
  collection: LoadedFiles,
  cache: MembersCache,
): Promise<DraftRole> {
  const { members } = role;
  if (!members?.layers.some(({ file }) => file !== null)) return role;
  const layers: MemberLayer[] = [];
  for (const layer of members.layers)
    layers.push(layer.file ? { ...layer, listed: await peopleOf(layer.file, collection, cache) } : layer);
  const earlier = cache.roles.get(role);
  if (earlier?.members?.layers.every(({ listed }, index) => listed === layers[index]?.listed)) return earlier;
  const read = { ...role, members: { ...members, layers } };
  cache.roles.set(role, read);
  return read;
}

/** The people of a members file. A cached file is added to the collection as if it had been read again. */
async function peopleOf(
  reference: SourceRange<string>,
  collection: LoadedFiles,
  cache: MembersCache,
): Promise<MemberLayer['listed']> {
  const known = cache.files.get(reference);
  const isKnown = known !== undefined && fitsLimits(known.bytes, collection);
  const found = isKnown ? known : await readMembersFile(reference, collection, cache);
  if (!found) return null;
  if (isKnown) collection.bytes += found.bytes;
  // Another manifest may have read it meanwhile: use the same list for both.
  const read = cache.files.get(reference) ?? found;
  cache.files.set(reference, read);
  if (!collection.files.some(({ path }) => path === read.file.path)) collection.files.push(read.file);
  collection.problems.push(...read.problems);
  return read.listed;
}

async function readMembersFile(
  reference: SourceRange<string>,
  collection: LoadedFiles,
  { contents }: MembersCache,
): Promise<ReadFile | null> {
  const from = dirname(collection.paths.get(reference.at.file) ?? reference.at.file);
  const folder = await realPathOrSame(from);
  const target = await openPath(reference.value, folder, [folder]);
  const report = (one: Problem): null => {
    collection.problems.push(one);
    return null;
  };
  if (target === 'outside') {
    const hint = 'a members file must be in the folder of the file that names it';
    return report(
      problem('path-outside', `the members file ${quotedName(reference.value)} is outside its folder`, {
        where: reference.at,
        hint,
      }),
    );
  }
  if (target === 'missing') {
    return report(
      problem('members-file', `the members file ${quotedName(reference.value)} does not exist`, {
        where: reference.at,
        hint: missingPathHint(reference.value, 'a path is relative to the file that names it'),
      }),
    );
  }
  if (target === 'unreadable') return report(readProblem(target, reference.at, 'members-file'));
  const read = await readInto(target.real, collection);
  // UTF-16 without a byte order mark is also valid UTF-8, with a zero at every second position.
  const content = typeof read !== 'string' && read.text.includes('\0') ? 'not-utf-8' : read;
  if (typeof content === 'string') return report(readProblem(content, reference.at, 'members-file'));
  const path = displayPath(target.path, collection.cwd);
  const { listed, problems } = await contents.get(`${content.digest} ${path}`, () =>
    readMembersContent(content.text, path),
  );
  const isUnknown = listed.length === 0 && problems.some(({ severity }) => severity === 'error');
  return {
    file: { path, digest: content.digest },
    bytes: content.bytes,
    listed: isUnknown ? null : listed,
    problems,
  };
}
