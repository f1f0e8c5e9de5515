import { examine } from '../../doctor/doctor.js';
import { doctorText } from '../../render/text/doctor.js';
import { connect } from '../connect.js';
import type { ConnectFlags } from '../connect.js';
import { EXIT } from '../exit.js';
import type { Exit } from '../exit.js';
import { json } from '../output.js';
import { print } from '../deliver.js';
import { mayColour } from '../world.js';
import type { Environment } from '../world.js';

/** `doctor`: is the instance reached, who is acting, and what is missing for plan, apply and drift. */
export async function doctor(
  flags: ConnectFlags & { format: 'text' | 'json' },
  world: Environment,
): Promise<Exit> {
  const connection = await connect(flags, world, 'read');
  try {
    const report = await examine(connection.routes, {
      instance: connection.instance,
      sandbox: connection.sandbox,
      now: world.now(),
    });
    await print(
      world,
      flags.format === 'json'
        ? json(report)
        : doctorText(report, { colour: mayColour(world.stdout, world.env) }),
    );
    return Object.values(report.verdict).includes('not-ready') ? EXIT.failed : EXIT.done;
  } finally {
    await connection.close();
  }
}
