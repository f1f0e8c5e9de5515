import { dirname } from 'node:path';
import { quotedName } from '../model/names.js';
import { problem, type Problem } from '../problem/problem.js';
import type { ManifestDraft, DraftMembers, DraftRole, MemberLayer } from './draft.js';
import { readInto, readProblem, type LoadedFiles } from './load-files.js';
import { readMembersContent } from './members-file.js';
import { displayPath, openPath, realPathOf } from './paths.js';
import type { SourceRange } from './yaml-values.js';

/** Reads the members files that a draft names, those that it inherits too. */
export async function readMembers(draft: ManifestDraft, collection: LoadedFiles): Promise<ManifestDraft> {
  const roles = new Map<string, DraftRole>();
  for (const [name, role] of draft.roles) {
    roles.set(name, role.members ? { ...role, members: await withFiles(role.members, collection) } : role);
  }
  return { ...draft, roles };
}

async function withFiles(members: DraftMembers, collection: LoadedFiles): Promise<DraftMembers> {
  const layers: MemberLayer[] = [];
  for (const layer of members.layers)
    layers.push(layer.file ? { ...layer, listed: await readMembersFile(layer.file, collection) } : layer);
  return { ...members, layers };
}

async function readMembersFile(
  reference: SourceRange<string>,
  collection: LoadedFiles,
): Promise<MemberLayer['listed']> {
  const from = dirname(collection.paths.get(reference.at.file) ?? reference.at.file);
  const folder = (await realPathOf(from)) ?? from;
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
        hint: 'a path is relative to the file that names it',
      }),
    );
  }
  const read = await readInto(target.real, collection);
  // UTF-16 without its mark is UTF-8 as well, with a zero in every second place.
  const content = typeof read !== 'string' && read.text.includes('\0') ? 'not-utf-8' : read;
  if (typeof content === 'string') return report(readProblem(content, reference.at, 'members-file'));
  const file = displayPath(target.path, collection.cwd);
  if (!collection.files.some(({ path }) => path === file))
    collection.files.push({ path: file, digest: content.digest });
  const { listed, problems } = await readMembersContent(content.text, file);
  collection.problems.push(...problems);
  return listed;
}
