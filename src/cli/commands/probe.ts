import { probeInstance } from '../../reconcile/probe-instance.js';
import { leftRoleText, probeText } from '../../render/text/probe.js';
import { withConnection } from '../../shell/connect.js';
import type { ConnectFlags } from '../../shell/connect.js';
import { deliver, printResult, SHARED, warn } from '../../shell/deliver.js';
import { mayColour } from '../../shell/environment.js';
import type { Environment } from '../../shell/environment.js';
import { EXIT } from '../../shell/exit.js';
import type { Exit } from '../../shell/exit.js';
import type { ResultFormat } from '../../shell/formats.js';
import { planOutputs } from '../../shell/ledger.js';
import { jsonText } from '../../model/json-text.js';
import { runRequest } from '../../shell/run-options.js';
import type { RunFlags } from '../../shell/run-options.js';
import { DEFAULT_STATE } from '../flags.js';
import { refuseUnused } from '../../shell/unused-flags.js';

/** Flags of `doctor --probe`. */
export interface ProbeFlags extends ConnectFlags, Omit<RunFlags, 'concurrency' | 'state'> {
  format: ResultFormat;
  yes?: boolean | undefined;
  out?: string | undefined;
  /** Default: `.domo-roles`. */
  state?: string | undefined;
}

/** `doctor --probe`: tests how the instance behaves; with `--yes`, using throwaway roles. */
export async function probe(flags: ProbeFlags, environment: Environment): Promise<Exit> {
  const { out, format, yes: writes = false, state = DEFAULT_STATE } = flags;
  if (!writes)
    refuseUnused(flags, ['waitForLock'], (flag) => ({
      message: `${flag} needs --yes: a probe that only reads takes no lock`,
      hint: `leave out ${flag}, or add --yes`,
    }));
  await planOutputs(environment, out === undefined ? [] : [{ by: '--out', file: out }]);
  const purpose = writes ? 'write' : 'read';
  const { report, left, withoutJournal, error } = await withConnection(
    { flags, environment, purpose },
    (connection) =>
      probeInstance(connection, {
        ...runRequest({ ...flags, state }, environment),
        writes,
      }),
  );
  if (out !== undefined) await deliver(environment, { file: out, text: jsonText(report), mode: SHARED });
  const colour = mayColour(environment.stdout, environment.env);
  await printResult(environment, format, { text: () => probeText(report, { colour }), document: report });
  for (const role of [...left, ...withoutJournal]) await warn(environment, leftRoleText(role));
  // Roles left on the instance determine the exit code, whatever stopped the probe.
  if (writes && left.length > 0) environment.ledger.sent = true;
  if (error !== null) throw error;
  return writes && left.length > 0 ? EXIT.incomplete : EXIT.done;
}
