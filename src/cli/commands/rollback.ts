import { resolve } from 'node:path';
import { acquireLock } from '../../journal/lock.js';
import { readForRollback, rollbackPlan } from '../../rollback.js';
import { connect } from '../connect.js';
import { EXIT } from '../exit.js';
import type { Exit } from '../exit.js';
import { json, tellPlan, writePrivate } from '../output.js';
import { planOptions } from '../planning.js';
import { readRunRecord } from '../run-record.js';
import { openPlaces } from '../repository.js';
import { mayColour, write } from '../world.js';
import type { World } from '../world.js';
import { perform } from './apply.js';
import type { PerformFlags } from './apply.js';

export interface RollbackFlags extends PerformFlags {
  run: string;
  out?: string | undefined;
}

/** `rollback RUN`: plans the way back of what a run changed, and only that; with `--yes` applies it. */
export async function rollback(flags: RollbackFlags, world: World): Promise<Exit> {
  const options = planOptions(flags, world);
  const run = await readRunRecord(flags.run, flags.state, world);
  const connection = await connect(flags, world, flags.yes ? 'write' : 'read');
  try {
    const lock = flags.yes
      ? await acquireLock(resolve(world.cwd, flags.state), {
          instance: connection.instance,
          now: world.now(),
        })
      : null;
    try {
      const snapshot = await readForRollback(connection.reader, run);
      const plan = rollbackPlan({ ...options, run, live: snapshot });
      if (flags.out !== undefined) await writePrivate(world, flags.out, json(plan));
      if (flags.yes)
        return await perform({ plan, allow: options.allow, input: null, snapshot }, connection, {
          flags,
          world,
        });
      await write(
        world.stdout,
        await tellPlan(plan, flags.format, {
          colour: mayColour(world.stdout, world.env),
          limit: flags.impactLimit,
          placeOf: openPlaces(world),
        }),
      );
      return plan.refusals.length > 0 ? EXIT.refused : EXIT.done;
    } finally {
      await lock?.release();
    }
  } finally {
    await connection.close();
  }
}
