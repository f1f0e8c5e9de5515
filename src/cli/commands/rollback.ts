import { readForRollback, rollbackPlan } from '../../rollback/rollback.js';
import { connect } from '../connect.js';
import { EXIT } from '../exit.js';
import type { Exit } from '../exit.js';
import { withLock } from '../lock.js';
import { json, planDocument, renderPlan } from '../output.js';
import { planOptions } from '../planning.js';
import { readRunRecord } from '../run-record.js';
import { openPlaces } from '../repository.js';
import { PRIVATE, deliver, print } from '../deliver.js';
import { mayColour } from '../world.js';
import type { Environment } from '../world.js';
import { perform } from './apply.js';
import type { PerformFlags } from './apply.js';

export interface RollbackFlags extends PerformFlags {
  run: string;
  out?: string | undefined;
}

/** `rollback RUN`: plans the way back of what a run changed, and only that; with `--yes` applies it. */
export async function rollback(flags: RollbackFlags, world: Environment): Promise<Exit> {
  const options = planOptions(flags, world);
  await planDocument(world, { out: flags.out, reports: [] });
  const run = await readRunRecord(flags.run, flags.state, world);
  const connection = await connect(flags, world, flags.yes ? 'write' : 'read');
  try {
    const work = async (): Promise<Exit> => {
      const snapshot = await readForRollback(connection.reader, run);
      const plan = rollbackPlan({ ...options, run, live: snapshot });
      if (flags.out !== undefined) await deliver(world, { file: flags.out, text: json(plan), mode: PRIVATE });
      if (flags.yes)
        return await perform({ plan, allow: options.allow, input: null, snapshot }, connection, {
          flags,
          world,
        });
      await print(
        world,
        await renderPlan(plan, flags.format, {
          colour: mayColour(world.stdout, world.env),
          limit: flags.impactLimit,
          placeOf: openPlaces(world),
        }),
      );
      return plan.refusals.length > 0 ? EXIT.refused : EXIT.done;
    };
    return flags.yes ? await withLock(connection, { flags, world }, work) : await work();
  } finally {
    await connection.close();
  }
}
