import { mkdir, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { exportManifest } from '../../export/export-manifest.js';
import { ProblemError, problem } from '../../problem/problem.js';
import { readWholeSnapshot } from '../../reconcile.js';
import { connect } from '../connect.js';
import type { ConnectFlags } from '../connect.js';
import { EXIT } from '../exit.js';
import type { Exit } from '../exit.js';
import { writePrivate } from '../output.js';
import { write } from '../world.js';
import type { World } from '../world.js';

export interface ExportFlags extends ConnectFlags {
  format: 'yaml' | 'snapshot' | 'html';
  out?: string | undefined;
  split?: boolean | undefined;
  membersFiles?: boolean | undefined;
  force?: boolean | undefined;
}

/** `export`: what is live, as a manifest, a snapshot or a page. */
export async function exportLive(flags: ExportFlags, world: World): Promise<Exit> {
  const many = flags.split === true || flags.membersFiles === true;
  if (many && flags.format !== 'yaml')
    throw usage(
      `--split and --members-files go with manifests, not with --format ${flags.format}`,
      'leave them out',
    );
  if (many && flags.out === undefined) throw usage('several files need a folder', 'add --out FOLDER');
  const connection = await connect(flags, world, 'read');
  try {
    const snapshot = await readWholeSnapshot(connection.reader);
    if (flags.format === 'snapshot') {
      const { snapshotToJson } = await import('../../live/file.js');
      await deliver(snapshotToJson(snapshot, { takenAt: new Date(world.now()).toISOString() }));
    } else if (flags.format === 'html') {
      const { accessReviewHtml } = await import('../../render/access-review-html.js');
      await deliver(accessReviewHtml(snapshot));
    } else {
      const files = exportManifest(snapshot, {
        split: flags.split === true,
        membersFiles: flags.membersFiles === true,
      });
      if (!many) await deliver(files.map((file) => file.text).join(''));
      else await writeAll(files);
    }
    return EXIT.done;
  } finally {
    await connection.close();
  }

  async function deliver(text: string): Promise<void> {
    if (flags.out === undefined) return write(world.stdout, text);
    await refuseToOverwrite(flags.out);
    await writePrivate(world, flags.out, text);
    await write(world.stderr, `wrote ${flags.out}\n`);
  }

  async function writeAll(files: readonly { path: string; text: string }[]): Promise<void> {
    const folder = flags.out ?? '.';
    for (const file of files) await refuseToOverwrite(`${folder}/${file.path}`);
    await mkdir(resolve(world.cwd, folder), { recursive: true });
    for (const file of files) await writePrivate(world, `${folder}/${file.path}`, file.text);
    await write(world.stderr, `wrote ${files.length} files to ${folder}\n`);
  }

  async function refuseToOverwrite(file: string): Promise<void> {
    if (flags.force === true || (await stat(resolve(world.cwd, file)).catch(() => null)) === null) return;
    throw new ProblemError(
      problem('bad-file', 'the file is there already', {
        where: { file },
        hint: 'give --force to overwrite it',
      }),
    );
  }
}

function usage(message: string, hint: string): ProblemError {
  return new ProblemError(problem('usage', message, { hint }));
}
