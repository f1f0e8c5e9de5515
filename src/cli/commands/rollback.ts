import { join, resolve } from 'node:path';
import { RUN_FILES, runsFolder } from '../../journal/folder.js';
import { applyRollback, planRollback, readRunRecord } from '../../reconcile/roll-back.js';
import type { RunRecord } from '../../rollback/rollback.js';
import type { Plan } from '../../plan/plan.js';
import { withConnection } from '../../shell/connect.js';
import { PRIVATE, deliver, note, print } from '../../shell/deliver.js';
import { EXIT } from '../../shell/exit.js';
import type { Exit } from '../../shell/exit.js';
import { readPolicy } from '../../shell/input.js';
import { noteInputs } from '../../shell/ledger.js';
import { jsonText } from '../../model/json-text.js';
import { planDocument, renderPlan } from '../../shell/output.js';
import { lockWaitMs, planningOptions } from '../../shell/run-options.js';
import { repositoryPlaces } from '../../shell/repository.js';
import { appearanceOf } from '../../shell/environment.js';
import type { Environment } from '../../shell/environment.js';
import { applyRequest, printOutcome } from './apply.js';
import type { ApplyFlags } from './apply.js';

interface RollbackFlags extends Omit<ApplyFlags, 'manifest' | 'dryRun'> {
  run: string;
  out?: string | undefined;
}

/** `rollback RUN`: plans how to undo a run; with `--yes`, undoes it. */
export async function rollback(flags: RollbackFlags, environment: Environment): Promise<Exit> {
  const options = planningOptions(flags);
  lockWaitMs(flags);
  await planDocument(environment, { out: flags.out, reports: [] });
  const run = await readRun(flags, environment);
  const policy = await readPolicy(flags.policy, environment, { purpose: 'rollback' });
  const save = async (plan: Plan): Promise<void> => {
    if (flags.out !== undefined)
      await deliver(environment, { file: flags.out, text: jsonText(plan), mode: PRIVATE });
  };
  const purpose = flags.yes ? 'write' : 'read';
  return withConnection({ flags, environment, purpose }, async (connection) => {
    if (flags.yes) {
      const request = { ...options, ...applyRequest(flags, environment), policy };
      const onRollback = ({ plan }: { plan: Plan }): Promise<void> => save(plan);
      return printOutcome(
        await applyRollback(run, connection, { ...request, onRollback }),
        flags,
        environment,
      );
    }
    const { plan } = await planRollback(run, connection, { ...options, runtime: environment, policy });
    await save(plan);
    const appearance = appearanceOf(environment.stdout, environment.env);
    const placeOf = repositoryPlaces(environment);
    await print(
      environment,
      await renderPlan(plan, flags.format, { ...appearance, limit: flags.impactLimit, placeOf }),
    );
    if (plan.refusals.length > 0) return EXIT.refused;
    if (plan.changes.length > 0)
      await note(environment, `Nothing was undone yet. To undo run ${flags.run}, add --yes.`);
    return EXIT.done;
  });
}

async function readRun({ run: id, state }: RollbackFlags, environment: Environment): Promise<RunRecord> {
  const folder = resolve(environment.cwd, state);
  const run = await readRunRecord(id, folder);
  const files = Object.values(RUN_FILES).map((file) => join(runsFolder(folder), id, file));
  await noteInputs(environment, files);
  return run;
}
