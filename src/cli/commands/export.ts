import { ProblemError, problem } from '../../problem/problem.js';
import { exportInstance, exportSnapshot } from '../../reconcile/export-instance.js';
import { readWholeSnapshot } from '../../reconcile/read-live-state.js';
import { PRIVATE, deliver, note, print } from '../../shell/deliver.js';
import { withConnection } from '../../shell/connect.js';
import type { ConnectFlags } from '../../shell/connect.js';
import { EXIT } from '../../shell/exit.js';
import type { Exit } from '../../shell/exit.js';
import { planOutputs } from '../../shell/ledger.js';
import { refuseToOverwrite } from '../../shell/overwrite.js';
import type { Environment } from '../../shell/environment.js';

export interface ExportFlags extends ConnectFlags {
  format: 'yaml' | 'snapshot' | 'html';
  out?: string | undefined;
  split?: boolean | undefined;
  membersFiles?: boolean | undefined;
  force?: boolean | undefined;
}

/** `export`: what is live, as a manifest, a snapshot or a page. */
export async function exportLive(flags: ExportFlags, world: Environment): Promise<Exit> {
  const many = flags.split === true || flags.membersFiles === true;
  if (many && flags.format !== 'yaml')
    throw usage(
      `--split and --members-files go with manifests, not with --format ${flags.format}`,
      'leave them out',
    );
  if (many && flags.out === undefined) throw usage('several files need a folder', 'add --out FOLDER');
  if (!many && flags.out !== undefined) {
    await planOutputs(world, [{ by: '--out', file: flags.out }]);
    await refuseToOverwrite(world, [flags.out], flags.force);
  }
  await withConnection({ flags, world, purpose: 'read' }, async (connection) => {
    if (flags.format === 'snapshot') await deliverOne(await exportSnapshot(connection, world));
    else if (flags.format === 'html') {
      const { accessReviewHtml } = await import('../../render/html/access-review.js');
      await deliverOne(accessReviewHtml(await readWholeSnapshot(connection.reader)));
    } else {
      const files = await exportInstance(connection, flags);
      if (!many) await deliverOne(files.map((file) => file.text).join(''));
      else await writeAll(files);
    }
  });
  return EXIT.done;

  async function deliverOne(text: string): Promise<void> {
    if (flags.out === undefined) await print(world, text);
    else if (await deliver(world, { file: flags.out, text, mode: PRIVATE }))
      await note(world, `wrote ${flags.out}`);
  }

  async function writeAll(files: readonly { path: string; text: string }[]): Promise<void> {
    const folder = flags.out ?? '.';
    const paths = files.map(({ path }) => `${folder}/${path}`);
    await planOutputs(
      world,
      paths.map((file) => ({ by: '--out', file })),
    );
    await refuseToOverwrite(world, paths, flags.force);
    let written = 0;
    for (const { path, text } of files)
      if (await deliver(world, { file: `${folder}/${path}`, text, mode: PRIVATE })) written += 1;
    await note(world, `wrote ${written} files to ${folder}`);
  }
}

function usage(message: string, hint: string): ProblemError {
  return new ProblemError(problem('usage', message, { hint }));
}
