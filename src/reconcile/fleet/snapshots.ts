import { join } from 'node:path';
import { readDocumentText } from '../../journal/files.js';
import { snapshotFromJson } from '../../live/snapshot-file.js';
import type { Snapshot } from '../../model/snapshot.js';
import { kindOf } from '../../manifest/files/paths.js';
import { quotedName } from '../../model/quoted-name.js';
import { ProblemError, problem, usageError } from '../../problem/problem.js';
import { systemCodeOf } from '../../problem/system-error.js';

/** Opens the snapshots of `fleet export --format snapshot --out DIR`, each of which is read when it is needed. */
export async function snapshotsIn(
  folder: string,
  flag = '--snapshots',
): Promise<(instance: string) => Promise<Snapshot>> {
  if ((await kindOf(folder)) !== 'folder') {
    throw usageError('the folder of snapshots does not exist', {
      what: flag,
      hint: 'fleet export --format snapshot --out DIR writes one',
    });
  }
  return async (instance) => {
    const file = join('instances', instance, 'snapshot.json');
    const text = await readDocumentText(join(folder, file)).catch((cause: unknown) => {
      const why = systemCodeOf(cause) === 'ENOENT' ? 'there is no snapshot' : 'the snapshot cannot be read';
      throw new ProblemError(problem('bad-file', `${why} of "${instance}"`, { where: { file } }), { cause });
    });
    const { snapshot, takenAt } = snapshotFromJson(text, { file });
    if (snapshot.instance === instance) return { ...snapshot, takenAt };
    throw new ProblemError(
      problem(
        'instance-mismatch',
        `the snapshot of "${instance}" was taken of ${quotedName(snapshot.instance)}`,
        {
          where: { file },
          hint: 'write it again: fleet export --format snapshot --out DIR',
        },
      ),
    );
  };
}
