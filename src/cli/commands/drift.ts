import { ProblemError } from '../../problem/problem.js';
import { attribute } from '../../drift/attribute.js';
import type { Drift } from '../../drift/drift.js';
import { makeDrift } from '../../drift/make-drift.js';
import type { Snapshot } from '../../model/snapshot.js';
import { readSnapshot } from '../../reconcile/read-live-state.js';
import { connect } from '../connect.js';
import type { ConnectFlags } from '../connect.js';
import { EXIT, exitOfProblems } from '../exit.js';
import type { Exit } from '../exit.js';
import { readManifest, readTextFile } from '../input.js';
import type { ManifestInput } from '../input.js';
import { deliverDocument, parseReports, planDocument, printProblems } from '../output.js';
import type { PlanFormat } from '../output.js';
import { planOptions, refuseMismatch, unknownGrants } from '../planning.js';
import { postWebhook } from '../webhook.js';
import { openPlaces } from '../repository.js';
import type { Environment } from '../world.js';

export interface DriftFlags extends ConnectFlags {
  manifest: readonly string[];
  format: PlanFormat;
  out?: string | undefined;
  report?: readonly string[] | undefined;
  against?: string | undefined;
  impactLimit?: number | undefined;
  /** Days. */
  since: number;
  webhook?: string | undefined;
  webhookFormat: 'json' | 'chat';
}

const DAY = 86_400_000;

/** `drift`: what changed on the instance against the manifest; by whom and when, where the audit log tells. */
export async function drift(flags: DriftFlags, world: Environment): Promise<Exit> {
  const reports = parseReports(flags.report ?? []);
  await planDocument(world, { out: flags.out, reports });
  const input = await readManifest(flags.manifest, world);
  const { document, snapshot } =
    flags.against === undefined
      ? await live(input, flags, world)
      : await offline(input, flags.against, { flags, world });
  const { out, format, impactLimit: limit, verbose } = flags;
  const placeOf = openPlaces(world);
  await deliverDocument(document, { out, reports, format }, { world, limit, verbose, snapshot, placeOf });
  const exit = exitOf(document);
  if (exit === EXIT.done || flags.webhook === undefined) return exit;
  return post(flags.webhook, document, { flags, world });
}

/** What could not be compared outweighs what differs. */
function exitOf({ problems, summary }: Drift): Exit {
  if (problems.length > 0) return EXIT.manifest;
  return summary.differences > 0 ? EXIT.changes : EXIT.done;
}

/** The drift is on stdout by then, so a failure goes to stderr alone: stdout holds one document. */
async function post(
  address: string,
  document: Drift,
  { flags, world }: { flags: DriftFlags; world: Environment },
): Promise<Exit> {
  try {
    await postWebhook(address, document, { form: flags.webhookFormat, world });
    return exitOf(document);
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    await printProblems(world, error.problems);
    return exitOfProblems(error.problems);
  }
}

interface Found {
  document: Drift;
  snapshot: Snapshot;
}

async function live(input: ManifestInput, flags: DriftFlags, world: Environment): Promise<Found> {
  const connection = await connect(flags, world, 'read');
  try {
    const now = new Date(world.now()).toISOString();
    const snapshot = await readSnapshot(connection.reader, input.loaded, { now, allowMissing: true });
    const document = madeOf(input, snapshot, { flags, world });
    // Without a difference there is nothing to ask the audit log.
    if (document.changes.length === 0) return { document, snapshot };
    const { readAudit } = await import('../../live/audit.js');
    const log = await readAudit(connection.routes, {
      since: world.now() - flags.since * DAY,
      now: world.now(),
    });
    return { document: attribute(document, log), snapshot };
  } finally {
    await connection.close();
  }
}

async function offline(
  input: ManifestInput,
  file: string,
  { flags, world }: { flags: DriftFlags; world: Environment },
): Promise<Found> {
  const { snapshotFromJson } = await import('../../live/file.js');
  const { snapshot } = snapshotFromJson(await readTextFile(file, world), { file });
  return { document: madeOf(input, snapshot, { flags, world, offline: true }), snapshot };
}

function madeOf(
  input: ManifestInput,
  snapshot: Snapshot,
  { flags, world, offline = false }: { flags: DriftFlags; world: Environment; offline?: boolean },
): Drift {
  refuseMismatch(input.loaded, snapshot);
  const options = planOptions({ impactLimit: flags.impactLimit }, world, { offline });
  const grantProblems = unknownGrants(input.loaded, snapshot);
  return makeDrift(input.loaded, snapshot, { ...options, grantProblems });
}
