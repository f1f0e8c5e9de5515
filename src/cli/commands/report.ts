import type { PlanFormat } from '../output.js';
import { parseReports, tellPlan, writePrivate } from '../output.js';
import { EXIT } from '../exit.js';
import type { Exit } from '../exit.js';
import { readPlanOrDrift } from '../saved.js';
import { openPlaces } from '../repository.js';
import { mayColour, write } from '../world.js';
import type { World } from '../world.js';

export interface ReportFlags {
  file: string;
  format: PlanFormat;
  report?: readonly string[] | undefined;
  impactLimit?: number | undefined;
  verbose?: boolean | undefined;
}

/** `report`: tells a saved plan or drift document in any form. Needs neither network nor token. */
export async function report(flags: ReportFlags, world: World): Promise<Exit> {
  const reports = parseReports(flags.report ?? []);
  const document = await readPlanOrDrift(flags.file, world);
  const placeOf = openPlaces(world);
  const told = (format: PlanFormat, colour: boolean): Promise<string> =>
    tellPlan(document, format, { colour, limit: flags.impactLimit, verbose: flags.verbose, placeOf });
  for (const { format, file } of reports) await writePrivate(world, file, await told(format, false));
  await write(world.stdout, await told(flags.format, mayColour(world.stdout, world.env)));
  return EXIT.done;
}
