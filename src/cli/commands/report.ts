import type { Grouping } from '../../render/facts/owners.js';
import { PLAN_FORMATS } from '../../shell/formats.js';
import type { PlanFormat } from '../../shell/formats.js';
import { deliverDocument, planDocument } from '../../shell/output.js';
import { EXIT } from '../../shell/exit.js';
import type { Exit } from '../../shell/exit.js';
import { readPlanOrDrift } from '../../shell/input.js';
import { formatsOf, parseReports } from '../../shell/reports.js';
import { refuseUngrouped } from '../../shell/unused-flags.js';
import { repositoryPlaces } from '../../shell/repository.js';
import type { Environment } from '../../shell/environment.js';

interface ReportFlags {
  file: string;
  format: PlanFormat;
  report?: readonly string[] | undefined;
  groupBy?: Grouping | undefined;
  impactLimit?: number | undefined;
  verbose?: boolean | undefined;
}

/** `report`: renders a saved plan or drift document in any format. Needs neither network nor token. */
export async function report(flags: ReportFlags, environment: Environment): Promise<Exit> {
  const reports = parseReports(flags.report, PLAN_FORMATS);
  refuseUngrouped(flags, formatsOf(flags.format, reports));
  await planDocument(environment, { reports });
  const document = await readPlanOrDrift(flags.file, environment);
  const { format, impactLimit: limit, verbose, groupBy } = flags;
  const placeOf = repositoryPlaces(environment);
  await deliverDocument(document, { reports, format }, { environment, limit, verbose, groupBy, placeOf });
  return EXIT.done;
}
