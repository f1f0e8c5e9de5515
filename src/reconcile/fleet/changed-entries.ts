import { resolve } from 'node:path';
import type { FleetEntry, Inventory } from '../../inventory/inventory.js';
import { inventoryAt } from '../../inventory/inventory-at.js';
import { changesSince } from '../../manifest/git/changes.js';
import type { Changes } from '../../manifest/git/changes.js';
import { openParseCache } from '../../manifest/load/parse-file.js';
import { kindOf, realPathOrSame, cachedByPath } from '../../manifest/files/paths.js';
import { readPolicySource } from '../../manifest/policy/policy-source.js';
import { membersIn, referencesOf } from '../../manifest/load/references.js';
import { byCodeUnit } from '../../model/sort.js';
import { ProblemError } from '../../problem/problem.js';
import { entryManifests } from './entry-manifest.js';
import type { EntryManifestOptions } from './entry-manifest.js';

/** Entries that are checked concurrently. */
const AT_ONCE = 32;

/** The changes of a fleet since a revision. */
export interface ChangedEntries {
  entries: readonly FleetEntry[];
  /** Names that were in the inventory of the revision and are no longer; sorted. */
  disappeared: readonly string[];
  /** Is the policy file outside the repository, so that changes to it cannot be detected? */
  policyElsewhere: boolean;
}

/**
 * The selected entries that changed since a revision: their entry or table row, a file that their manifest reads, the
 * default manifest, or the policy file.
 */
export async function changedEntries(
  { inventory, entries }: { inventory: Inventory; entries: readonly FleetEntry[] },
  revision: string,
  options: EntryManifestOptions,
): Promise<ChangedEntries> {
  const { cwd, policy } = options;
  const changes = await changesSince(revision, inventory.folder);
  const file = resolve(cwd, inventory.file);
  const text = await changes.textAt(file);
  const before = await inventoryAt(text ?? '', (name) => changes.textAt(resolve(inventory.folder, name)));
  const names = new Set(inventory.entries.map(({ name }) => name));
  const disappeared = [...before.sources.keys()].filter((name) => !names.has(name)).sort(byCodeUnit);
  const ofPolicy = policy === undefined ? 'same' : await policyChange(policy, changes, cwd);
  const policyElsewhere = ofPolicy === 'elsewhere';
  if (before.manifest !== inventory.manifest || ofPolicy === 'differs')
    return { entries, disappeared, policyElsewhere };
  const hasOtherFiles = fileChecks(inventory, changes, options);
  const isChanged = async (entry: FleetEntry): Promise<boolean> =>
    before.sources.get(entry.name) !== entry.source || (await hasOtherFiles(entry));
  const changed: FleetEntry[] = [];
  for (let at = 0; at < entries.length; at += AT_ONCE) {
    const some = entries.slice(at, at + AT_ONCE);
    const found = await Promise.all(some.map(isChanged));
    changed.push(...some.filter((_, index) => found[index]));
  }
  return { entries: changed, disappeared, policyElsewhere };
}

/** Returns a check whether a file that an entry's manifest reads has changed. Shared files are checked once. */
function fileChecks(
  inventory: Inventory,
  changes: Changes,
  options: EntryManifestOptions,
): (entry: FleetEntry) => Promise<boolean> {
  const { cwd } = options;
  const cache = openParseCache();
  const manifestOf = entryManifests(inventory, options);
  const looked = cachedByPath(async (path): Promise<NamedFiles> => {
    const named = await referencesOf(path, { cwd, cache, folders: [inventory.folder] });
    const isFolder = (await kindOf(path)) === 'folder';
    const ownDiffer =
      (await anyDiffers(named.files, changes)) ||
      (isFolder && (await changes.differsIn(path, ['.yaml', '.yml'])));
    return { ownDiffer, members: named.members };
  });
  return async (entry) => {
    const { ownDiffer, members } = await looked(resolve(inventory.folder, entry.manifest.value));
    if (ownDiffer) return true;
    const own = entry.overlay ? membersIn(entry.overlay, resolve(cwd, inventory.file)) : [];
    return membersDiffer(new Set([...members, ...own]), changes, { cwd, load: () => manifestOf(entry) });
  };
}

/** The files of a manifest, without overlays. */
interface NamedFiles {
  /** Has the manifest itself changed, or a file that it extends? */
  ownDiffer: boolean;
  members: ReadonlySet<string>;
}

/** Has a members file changed that is read? One that a higher layer replaces is not. */
async function membersDiffer(
  members: ReadonlySet<string>,
  changes: Changes,
  { cwd, load }: { cwd: string; load: () => Promise<{ files: readonly string[] }> },
): Promise<boolean> {
  if (!(await anyDiffers(members, changes))) return false;
  try {
    const { files } = await load();
    const read = new Set(await Promise.all(files.map((file) => realPathOrSame(resolve(cwd, file)))));
    for (const path of members)
      if (read.has(await realPathOrSame(path)) && (await changes.differs(path))) return true;
    return false;
  } catch (error) {
    // The files of an invalid manifest are unknown.
    if (error instanceof ProblemError) return true;
    throw error;
  }
}

async function anyDiffers(paths: ReadonlySet<string>, changes: Changes): Promise<boolean> {
  for (const path of paths) if (await changes.differs(path)) return true;
  return false;
}

async function policyChange(
  policy: string,
  changes: Changes,
  cwd: string,
): Promise<'same' | 'differs' | 'elsewhere'> {
  const source = await readPolicySource(policy, cwd);
  if (source.commit === null) {
    const path = resolve(cwd, source.path);
    if (!(await changes.holds(path))) return 'elsewhere';
    return (await changes.differs(path)) ? 'differs' : 'same';
  }
  const path = policy.slice(policy.indexOf(':') + 1);
  const before = await readPolicySource(`${changes.commit}:${path}`, cwd).catch(() => null);
  return before?.digest === source.digest ? 'same' : 'differs';
}
