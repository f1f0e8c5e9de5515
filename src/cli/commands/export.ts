import { basename, dirname, join, resolve } from 'node:path';
import { readTextFile } from '../../journal/read-file.js';
import type { ExportedFile } from '../../export/export-manifest.js';
import { findFiles } from '../../manifest/files/find-files.js';
import { isOtherKind } from '../../manifest/form/document-kind.js';
import { shortenedList } from '../../model/shortened-list.js';
import { usageError } from '../../problem/problem.js';
import {
  exportInstance,
  exportSnapshot,
  exportTable,
  readForReview,
} from '../../reconcile/export-instance.js';
import type { Connection } from '../../reconcile/connect.js';
import type { ManifestInput } from '../../reconcile/load-manifest.js';
import { timeOf } from '../../reconcile/runtime.js';
import type { Grouping } from '../../render/facts/owners.js';
import { selectionOf } from '../../manifest/selection.js';
import { PRIVATE, deliver, note, print, warn } from '../../shell/deliver.js';
import { deliverTogether } from '../../shell/deliver-together.js';
import { withConnection } from '../../shell/connect.js';
import type { ConnectFlags } from '../../shell/connect.js';
import { EXIT } from '../../shell/exit.js';
import { OWNER_FORMATS } from '../../shell/formats.js';
import type { Exit } from '../../shell/exit.js';
import { readManifest } from '../../shell/input.js';
import { planOutputs } from '../../shell/ledger.js';
import { refuseFileAsFolder, refuseToOverwrite } from '../../shell/overwrite.js';
import { flagName, refuseUnused } from '../../shell/unused-flags.js';
import { oneLine } from '../../render/format/one-line.js';
import { alternatives } from '../../render/format/phrases.js';
import type { Environment } from '../../shell/environment.js';

/** Formats of an export; the first is the default. */
type ExportFormat = 'yaml' | 'snapshot' | 'html' | 'csv' | 'matrix-csv';

interface ExportFlags extends ConnectFlags {
  format: ExportFormat;
  out?: string | undefined;
  split?: boolean | undefined;
  membersFiles?: boolean | undefined;
  compact?: boolean | undefined;
  only?: readonly string[] | undefined;
  without?: readonly string[] | undefined;
  force?: boolean | undefined;
  /** Manifests whose owners an access review or a table shows. */
  manifest: readonly string[];
  /** Shows the owners of roles: a page groups its roles by them, a table has a column for them. */
  groupBy?: Grouping | undefined;
}

/** Flags that only some formats accept, with these formats. */
const TAKEN_BY = {
  split: ['yaml'],
  membersFiles: ['yaml'],
  compact: ['yaml'],
  without: ['yaml'],
  only: ['yaml', 'csv', 'matrix-csv'],
} as const satisfies Partial<Record<keyof ExportFlags, readonly ExportFormat[]>>;

/** `export`: live state as a manifest, a snapshot, a page or a table. */
export async function exportLive(flags: ExportFlags, environment: Environment): Promise<Exit> {
  checkFlags(flags);
  const { out } = flags;
  if (isOfSeveralFiles(flags)) {
    const folder = out ?? '.';
    await refuseFileAsFolder(environment, folder);
    const files = await withConnection({ flags, environment, purpose: 'read' }, (live) =>
      exportInstance(live, flags),
    );
    await deliverAll(files, { folder, force: flags.force }, environment);
    if (flags.split) await warnOfOthers(files, folder, environment);
    return EXIT.done;
  }
  if (out !== undefined) {
    await planOutputs(environment, [{ by: '--out', file: out }]);
    await refuseToOverwrite(environment, [out], flags.force);
  }
  const asksOwners = flags.manifest.length > 0 || flags.groupBy !== undefined;
  const manifest = asksOwners ? await readManifest(flags.manifest, environment) : null;
  const text = await withConnection({ flags, environment, purpose: 'read' }, (live) =>
    textOf(flags, live, { environment, manifest }),
  );
  if (out === undefined) await print(environment, text);
  else if (await deliver(environment, { file: out, text, mode: PRIVATE }))
    await note(environment, `wrote ${out}`);
  return EXIT.done;
}

/** Raises `usage` for flags that cannot be combined and for unknown parts, before the first request. */
function checkFlags(flags: ExportFlags): void {
  selectionOf(flags);
  for (const [key, formats] of Object.entries(TAKEN_BY) as [keyof typeof TAKEN_BY, readonly string[]][]) {
    const given = flags[key];
    if (given === undefined || given === false || formats.includes(flags.format)) continue;
    const flag = flagName(key);
    throw usageError(`${flag} cannot be combined with --format ${flags.format}`, {
      hint: `leave it out, or use --format ${alternatives(formats)}`,
    });
  }
  refuseOwnersElsewhere(flags);
  if (isOfSeveralFiles(flags) && flags.out === undefined)
    throw usageError('several files need a folder', { hint: 'add --out FOLDER' });
  if (flags.out === undefined)
    refuseUnused(flags, ['force'], (flag) => ({
      message: `${flag} needs --out: stdout overwrites no file`,
      hint: `add --out FILE, or leave out ${flag}`,
    }));
}

function isOfSeveralFiles({ split, membersFiles }: ExportFlags): boolean {
  return split === true || membersFiles === true;
}

async function reviewOf(
  { groupBy }: ExportFlags,
  live: Connection,
  { environment, manifest }: { environment: Environment; manifest: ManifestInput | null },
): Promise<string> {
  const { accessReviewHtml } = await import('../../render/html/access-review.js');
  const { snapshot, owners } = await readForReview(live, manifest);
  return accessReviewHtml(snapshot, {
    takenAt: timeOf(environment),
    ...(owners ? { owners } : {}),
    ...(groupBy ? { groupBy } : {}),
  });
}

async function textOf(
  flags: ExportFlags,
  live: Connection,
  { environment, manifest }: { environment: Environment; manifest: ManifestInput | null },
): Promise<string> {
  switch (flags.format) {
    case 'snapshot':
      return exportSnapshot(live, environment);
    case 'html':
      return reviewOf(flags, live, { environment, manifest });
    case 'csv':
      return exportTable('people', live, { only: flags.only, manifest });
    case 'matrix-csv':
      return exportTable('matrix', live, { only: flags.only, manifest });
    case 'yaml':
      return (await exportInstance(live, flags)).map((file) => file.text).join('');
  }
}

async function deliverAll(
  files: readonly ExportedFile[],
  { folder, force }: { folder: string; force: boolean | undefined },
  environment: Environment,
): Promise<void> {
  const written = await deliverTogether(environment, { by: '--out', folder, files, mode: PRIVATE, force });
  const count = written.length === files.length ? `${files.length}` : `${written.length} of ${files.length}`;
  await note(environment, `wrote ${count} ${files.length === 1 ? 'file' : 'files'} to ${folder}`);
}

/**
 * Warns of manifests beside the exported ones, for example of a role that was deleted since an earlier export: a plan of the
 * folder reads them too, and would make the role again.
 */
async function warnOfOthers(
  files: readonly { path: string }[],
  folder: string,
  environment: Environment,
): Promise<void> {
  const own = new Set(files.map(({ path }) => resolve(environment.cwd, folder, path)));
  const manifests = join(folder, dirname(files[0]?.path ?? ''));
  const found = await findFiles([manifests], environment.cwd).catch(() => ({ files: [] }));
  const others: string[] = [];
  for (const { path } of found.files)
    if (!own.has(path) && (await mayBeManifest(path))) others.push(oneLine(basename(path)));
  if (others.length === 0) return;
  await warn(
    environment,
    `${manifests} has files that this export did not write, and a plan of the folder reads them too: ${shortenedList(others)}; delete those of an earlier export`,
  );
}

/** A plan of a folder does not read its policy files and inventories. */
async function mayBeManifest(path: string): Promise<boolean> {
  const text = await readTextFile(path).catch(() => null);
  return text === null || !isOtherKind(text, null);
}

/** Rejects manifests and owners for formats that do not show owners. */
function refuseOwnersElsewhere({ format, manifest, groupBy }: ExportFlags): void {
  if (OWNER_FORMATS.includes(format)) return;
  const formats = alternatives(OWNER_FORMATS);
  if (groupBy !== undefined)
    throw usageError(`--group-by cannot be combined with --format ${format}`, {
      hint: `leave it out, or use --format ${formats}`,
    });
  if (manifest.length > 0)
    throw usageError(
      `a manifest goes with --format ${formats}, which show the owners of its roles, not with ${format}`,
      { hint: 'leave it out; --out names the file to write' },
    );
}
