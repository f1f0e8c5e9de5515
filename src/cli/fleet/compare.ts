import type { Environment } from '../../shell/environment.js';
import type { Exit } from '../../shell/exit.js';
import { deliverComparison, runComparison } from '../../shell/fleet/fleet-compare.js';
import type { CompareFlags } from '../../shell/fleet/fleet-compare.js';
import { planReports } from '../../shell/fleet/fleet-output.js';
import { COMPARE_FORMATS } from '../../shell/fleet/formats.js';
import type { CompareFormat } from '../../shell/fleet/formats.js';

/** `fleet compare`: compares the roles of all instances with a base. Cannot write to an instance. */
export async function compare(
  flags: CompareFlags & { format: CompareFormat; report?: readonly string[] | undefined },
  environment: Environment,
): Promise<Exit> {
  const reports = await planReports(flags.report, COMPARE_FORMATS, environment);
  const document = await runComparison(flags, environment);
  await deliverComparison(document, { format: flags.format, reports, environment });
  return document.summary.exit as Exit;
}
