import { examineInstance } from '../../reconcile/examine-instance.js';
import { doctorText } from '../../render/text/doctor.js';
import { withConnection } from '../../shell/connect.js';
import { printResult } from '../../shell/deliver.js';
import { EXIT } from '../../shell/exit.js';
import type { Exit } from '../../shell/exit.js';
import { mayColour } from '../../shell/environment.js';
import type { Environment } from '../../shell/environment.js';
import { refuseWithoutProbe } from '../../shell/unused-flags.js';
import { probe } from './probe.js';
import type { ProbeFlags } from './probe.js';

/** `doctor`: checks the connection, and what the token can do; with `--probe`, how the instance behaves. */
export async function doctor(
  flags: ProbeFlags & { probe?: boolean | undefined },
  environment: Environment,
): Promise<Exit> {
  if (flags.probe) return probe(flags, environment);
  refuseWithoutProbe(flags, ['yes', 'out', 'state', 'waitForLock']);
  const report = await withConnection({ flags, environment, purpose: 'read' }, (connection) =>
    examineInstance(connection, environment),
  );
  const colour = mayColour(environment.stdout, environment.env);
  await printResult(environment, flags.format, {
    text: () => doctorText(report, { colour }),
    document: report,
  });
  return Object.values(report.verdict).includes('not-ready') ? EXIT.failed : EXIT.done;
}
