import type { Snapshot } from '../../model/snapshot.js';
import type { Plan } from '../../plan/plan.js';
import { connect } from '../connect.js';
import type { ConnectFlags } from '../connect.js';
import { EXIT } from '../exit.js';
import type { Exit } from '../exit.js';
import { readManifest, readTextFile } from '../input.js';
import type { ManifestInput } from '../input.js';
import { deliverDocument, parseReports, planDocument } from '../output.js';
import type { PlanFormat } from '../output.js';
import { planLive, planOffline, planOptions } from '../planning.js';
import type { PlanningFlags } from '../planning.js';
import { openPlaces } from '../repository.js';
import type { Environment } from '../world.js';

export interface PlanFlags extends ConnectFlags, PlanningFlags {
  manifest: readonly string[];
  format: PlanFormat;
  out?: string | undefined;
  report?: readonly string[] | undefined;
  against?: string | undefined;
  detailedExitcode?: boolean | undefined;
}

/** `plan`: what an apply would do, and who would gain and lose what. Cannot write. */
export async function plan(flags: PlanFlags, world: Environment): Promise<Exit> {
  const reports = parseReports(flags.report ?? []);
  await planDocument(world, { out: flags.out, reports });
  const options = planOptions(flags, world);
  const input = await readManifest(flags.manifest, world);
  const { plan: made, snapshot } =
    flags.against === undefined
      ? await live(input, { flags, world, options })
      : await offline(input, flags.against, { world, options });

  const { out, format, impactLimit: limit, verbose } = flags;
  const placeOf = openPlaces(world);
  await deliverDocument(made, { out, reports, format }, { world, limit, verbose, snapshot, placeOf });
  if (made.refusals.length > 0) return EXIT.refused;
  return flags.detailedExitcode && made.changes.length > 0 ? EXIT.changes : EXIT.done;
}

interface Setting {
  world: Environment;
  options: ReturnType<typeof planOptions>;
}

async function live(
  input: ManifestInput,
  { flags, world, options }: Setting & { flags: PlanFlags },
): Promise<{ plan: Plan; snapshot: Snapshot }> {
  const connection = await connect(flags, world, 'read');
  try {
    return await planLive(input, connection, { options });
  } finally {
    await connection.close();
  }
}

async function offline(
  input: ManifestInput,
  file: string,
  { world, options }: Setting,
): Promise<{ plan: Plan; snapshot: Snapshot }> {
  const { snapshotFromJson } = await import('../../live/file.js');
  const { snapshot } = snapshotFromJson(await readTextFile(file, world), { file });
  return { plan: planOffline(input, snapshot, { ...options, offline: true }), snapshot };
}
