import { join, resolve } from 'node:path';
import { isAbsent } from '../../journal/files.js';
import { runsFolder } from '../../journal/folder.js';
import { listRuns } from '../../journal/runs.js';
import type { RunInfo } from '../../journal/runs.js';
import { quotedName } from '../../model/quoted-name.js';
import { formatNumber } from '../../render/format/phrases.js';
import { styleOf } from '../../render/text/style.js';
import type { Style } from '../../render/text/style.js';
import { table } from '../../render/text/tables.js';
import { EXIT } from '../../shell/exit.js';
import type { Exit } from '../../shell/exit.js';
import type { ResultFormat } from '../../shell/formats.js';
import { printResult, warn } from '../../shell/deliver.js';
import { DEFAULT_STATE } from '../flags.js';
import { mayColour } from '../../shell/environment.js';
import type { Environment } from '../../shell/environment.js';

/** `runs`: the run folders, newest first. */
export async function runs(
  flags: { state: string; format: ResultFormat },
  environment: Environment,
): Promise<Exit> {
  const state = resolve(environment.cwd, flags.state);
  const found = await listRuns(state);
  // Without a run yet the default folder is missing; a folder that was named may be misspelled.
  if (flags.state !== DEFAULT_STATE && (await isAbsent(runsFolder(state))))
    await warn(environment, `--state: there is no folder ${quotedName(join(flags.state, 'runs'))}`);
  const style = styleOf(mayColour(environment.stdout, environment.env));
  await printResult(environment, flags.format, {
    text: () => runsText(found, style),
    document: { formatVersion: 1, kind: 'runs', runs: found },
  });
  return EXIT.done;
}

function runsText(found: readonly RunInfo[], style: Style): string {
  if (found.length === 0)
    return 'No runs yet: apply and doctor --probe --yes keep one each time they write.\n';
  const rows = found.map((run) => [run.id, run.kind, run.instance, run.state, run.begunAt, resultText(run)]);
  const heads = ['run', 'kind', 'instance', 'state', 'begun', 'changes'];
  return `${table(heads, rows, style).trimEnd()}\n`;
}

/** `5 of 6 done, 1 uncertain`, and the run that a rollback undoes; '' for a run without changes. */
function resultText({ changes, done, doubtful, problem, undoes }: RunInfo): string {
  if (problem !== null) return 'cannot be read';
  if (changes === 0) return '';
  const uncertain = doubtful === 0 ? '' : `, ${formatNumber(doubtful)} uncertain`;
  const undone = undoes === null ? '' : `, undoes ${undoes}`;
  return `${formatNumber(done)} of ${formatNumber(changes)} done${uncertain}${undone}`;
}
