import { ProblemError, problem } from '../../problem/problem.js';
import { exportInstance, exportSnapshot, exportTable } from '../../reconcile/export-instance.js';
import type { Connection } from '../../reconcile/connect.js';
import { readWholeSnapshot } from '../../reconcile/read-live-state.js';
import { selectionOf } from '../../manifest/selection.js';
import { PRIVATE, deliver, note, print } from '../../shell/deliver.js';
import { withConnection } from '../../shell/connect.js';
import type { ConnectFlags } from '../../shell/connect.js';
import { EXIT } from '../../shell/exit.js';
import type { Exit } from '../../shell/exit.js';
import { planOutputs } from '../../shell/ledger.js';
import { refuseToOverwrite } from '../../shell/overwrite.js';
import type { Environment } from '../../shell/environment.js';

/** Formats of an export; the first is the default. */
export const EXPORT_FORMATS = ['yaml', 'snapshot', 'html', 'csv', 'matrix-csv'] as const;

type ExportFormat = (typeof EXPORT_FORMATS)[number];

export interface ExportFlags extends ConnectFlags {
  format: ExportFormat;
  out?: string | undefined;
  split?: boolean | undefined;
  membersFiles?: boolean | undefined;
  compact?: boolean | undefined;
  only?: readonly string[] | undefined;
  without?: readonly string[] | undefined;
  force?: boolean | undefined;
}

/** Flags that not every format takes, and the formats that do. */
const TAKEN_BY = {
  split: ['yaml'],
  membersFiles: ['yaml'],
  compact: ['yaml'],
  without: ['yaml'],
  only: ['yaml', 'csv', 'matrix-csv'],
} as const satisfies Partial<Record<keyof ExportFlags, readonly ExportFormat[]>>;

/** `export`: what is live, as a manifest, a snapshot, a page or a table. */
export async function exportLive(flags: ExportFlags, world: Environment): Promise<Exit> {
  checkFlags(flags);
  const { out } = flags;
  if (isOfSeveralFiles(flags)) {
    const files = await withConnection({ flags, world, purpose: 'read' }, (live) =>
      exportInstance(live, flags),
    );
    await deliverAll(files, { folder: out ?? '.', force: flags.force }, world);
    return EXIT.done;
  }
  if (out !== undefined) {
    await planOutputs(world, [{ by: '--out', file: out }]);
    await refuseToOverwrite(world, [out], flags.force);
  }
  const text = await withConnection({ flags, world, purpose: 'read' }, (live) => textOf(flags, live, world));
  if (out === undefined) await print(world, text);
  else if (await deliver(world, { file: out, text, mode: PRIVATE })) await note(world, `wrote ${out}`);
  return EXIT.done;
}

/** Raises `usage` for flags that do not go together, and for a word that is no part, before the first request. */
function checkFlags(flags: ExportFlags): void {
  selectionOf(flags);
  for (const [key, formats] of Object.entries(TAKEN_BY) as [keyof typeof TAKEN_BY, readonly string[]][]) {
    const given = flags[key];
    if (given === undefined || given === false || formats.includes(flags.format)) continue;
    const flag = `--${key.replace(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`)}`;
    throw usage(
      `${flag} does not go with --format ${flags.format}`,
      `leave it out, or use --format ${formats.join(' or ')}`,
    );
  }
  if (isOfSeveralFiles(flags) && flags.out === undefined)
    throw usage('several files need a folder', 'add --out FOLDER');
}

function isOfSeveralFiles({ split, membersFiles }: ExportFlags): boolean {
  return split === true || membersFiles === true;
}

async function textOf(flags: ExportFlags, live: Connection, world: Environment): Promise<string> {
  switch (flags.format) {
    case 'snapshot':
      return exportSnapshot(live, world);
    case 'html': {
      const { accessReviewHtml } = await import('../../render/html/access-review.js');
      return accessReviewHtml(await readWholeSnapshot(live.reader));
    }
    case 'csv':
      return exportTable('people', live, flags);
    case 'matrix-csv':
      return exportTable('matrix', live, flags);
    case 'yaml':
      return (await exportInstance(live, flags)).map((file) => file.text).join('');
  }
}

async function deliverAll(
  files: readonly { path: string; text: string }[],
  { folder, force }: { folder: string; force: boolean | undefined },
  world: Environment,
): Promise<void> {
  const paths = files.map(({ path }) => `${folder}/${path}`);
  await planOutputs(
    world,
    paths.map((file) => ({ by: '--out', file })),
  );
  await refuseToOverwrite(world, paths, force);
  let written = 0;
  for (const { path, text } of files)
    if (await deliver(world, { file: `${folder}/${path}`, text, mode: PRIVATE })) written += 1;
  await note(world, `wrote ${written} files to ${folder}`);
}

function usage(message: string, hint: string): ProblemError {
  return new ProblemError(problem('usage', message, { hint }));
}
