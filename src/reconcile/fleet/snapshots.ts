import { join } from 'node:path';
import { readDocumentText } from '../../journal/read-file.js';
import { snapshotFromJson } from '../../live/snapshot-file.js';
import type { Snapshot } from '../../model/snapshot.js';
import { HIDDEN_HINT, kindOf } from '../../manifest/files/paths.js';
import { quotedName } from '../../model/quoted-name.js';
import { ProblemError, problem, usageError } from '../../problem/problem.js';
import type { Problem } from '../../problem/problem.js';
import { systemCodeOf } from '../../problem/system-error.js';
import { isClearing } from './fleet-log.js';

/** Opens the snapshots of `fleet export --format snapshot --out DIR`, each of which is read when it is needed. */
export async function snapshotsIn(
  folder: string,
  flag = '--snapshots',
): Promise<(instance: string) => Promise<Snapshot>> {
  const kind = await kindOf(folder);
  if (kind === 'hidden') {
    const where = { what: flag };
    throw new ProblemError(
      problem('bad-file', 'the folder of snapshots cannot be read', { where, hint: HIDDEN_HINT }),
    );
  }
  if (kind !== 'folder') {
    throw usageError('the folder of snapshots does not exist', {
      what: flag,
      hint: 'fleet export --format snapshot --out DIR writes one',
    });
  }
  if (await isClearing(folder)) {
    const hint = 'export again: fleet export --format snapshot --out DIR';
    const message = 'the export was interrupted: the snapshots in the folder are of the run before';
    throw new ProblemError(problem('bad-file', message, { where: { what: flag }, hint }));
  }
  return async (instance) => {
    const file = join('instances', instance, 'snapshot.json');
    const text = await readDocumentText(join(folder, file)).catch((cause: unknown) => {
      throw new ProblemError(unreadable(cause, instance, file), { cause });
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

function unreadable(cause: unknown, instance: string, file: string): Problem {
  const code = systemCodeOf(cause);
  if (code === 'ENOENT')
    return problem('bad-file', `there is no snapshot of "${instance}"`, { where: { file } });
  const why = code === null ? '' : ` (${code})`;
  return problem('bad-file', `the snapshot of "${instance}" cannot be read${why}`, {
    where: { file },
    hint: HIDDEN_HINT,
  });
}
