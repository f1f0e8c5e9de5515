import { can, diffStates, endView, viewOf, whoCan } from '../../access/index.js';
import type { AccessView, CanAnswer, DiffAnswer, WhoCanAnswer } from '../../access/index.js';
import type { Snapshot } from '../../model/snapshot.js';
import { answerText } from '../../render/text/answer.js';
import { readWholeSnapshot } from '../../reconcile/read-live-state.js';
import { ProblemError, problem } from '../../problem/problem.js';
import { connect } from '../connect.js';
import type { ConnectFlags } from '../connect.js';
import { EXIT } from '../exit.js';
import type { Exit } from '../exit.js';
import { readManifest, readTextFile, sniff } from '../input.js';
import { json } from '../output.js';
import { checkGrants, withPlaces } from '../planning.js';
import { print } from '../deliver.js';
import { mayColour } from '../world.js';
import type { Environment } from '../world.js';

interface AskFlags extends ConnectFlags {
  manifest: readonly string[];
  against?: string | undefined;
  format: 'text' | 'json';
}

export interface WhoCanFlags extends AskFlags {
  grant: string;
}

export interface CanFlags extends AskFlags {
  user: string;
  grant: string;
}

export interface DiffFlags extends ConnectFlags {
  a: string;
  b: string;
  format: 'text' | 'json';
}

/** `who-can GRANT`: who holds it, live, in a snapshot, or as a manifest will leave it. */
export async function whoCanCommand(flags: WhoCanFlags, world: Environment): Promise<Exit> {
  await answer(whoCan(await asked(flags, world), flags.grant), flags, world);
  return EXIT.done;
}

/** `can USER GRANT`: yes (0) or no (2), and by which role. */
export async function canCommand(flags: CanFlags, world: Environment): Promise<Exit> {
  const found = can(await asked(flags, world), flags.user, flags.grant);
  await answer(found, flags, world);
  return found.answer ? EXIT.done : EXIT.changes;
}

/** `diff A B`: how two states differ, each live, a snapshot file, or a manifest laid over the other side. */
export async function diffCommand(flags: DiffFlags, world: Environment): Promise<Exit> {
  const sides = await Promise.all([flags.a, flags.b].map((word) => sideOf(word, world)));
  const file = sides.find((side) => side.kind === 'snapshot');
  const needsLive = sides.some((side) => side.kind === 'live') || !file;
  const live = needsLive ? await readLive(flags, world) : null;
  const views = [];
  for (const side of sides) {
    if (side.kind === 'live') views.push(viewOf(live as Snapshot));
    else if (side.kind === 'snapshot') views.push(viewOf(side.snapshot, 'snapshot'));
    else views.push(await manifestView([side.path], (live ?? file?.snapshot) as Snapshot, world));
  }
  const [a, b] = views as [AccessView, AccessView];
  const found = diffStates(a, b);
  await answer(found, flags, world);
  return found.equal ? EXIT.done : EXIT.changes;
}

type Side = { kind: 'live' } | { kind: 'snapshot'; snapshot: Snapshot } | { kind: 'manifest'; path: string };

async function sideOf(word: string, world: Environment): Promise<Side> {
  if (word === 'live') return { kind: 'live' };
  const kind = await sniff(word, world);
  if (kind === 'snapshot') return { kind: 'snapshot', snapshot: await readSnapshotFile(word, world) };
  if (kind === 'manifest') return { kind: 'manifest', path: word };
  throw new ProblemError(
    problem('bad-file', 'this is neither a manifest nor a snapshot', {
      where: { file: word },
      hint: 'export --format snapshot writes one',
    }),
  );
}

async function asked(flags: AskFlags, world: Environment): Promise<AccessView> {
  const snapshot =
    flags.against === undefined ? await readLive(flags, world) : await readSnapshotFile(flags.against, world);
  if (flags.manifest.length > 0) return manifestView(flags.manifest, snapshot, world);
  return viewOf(snapshot, flags.against === undefined ? 'live' : 'snapshot');
}

async function manifestView(
  paths: readonly string[],
  snapshot: Snapshot,
  world: Environment,
): Promise<AccessView> {
  const input = await readManifest(paths, world);
  return withPlaces(input, () => {
    checkGrants(input.loaded, snapshot);
    return endView(input.loaded, snapshot, { now: new Date(world.now()).toISOString() });
  });
}

async function readLive(flags: ConnectFlags, world: Environment): Promise<Snapshot> {
  const connection = await connect(flags, world, 'read');
  try {
    return await readWholeSnapshot(connection.reader);
  } finally {
    await connection.close();
  }
}

async function readSnapshotFile(file: string, world: Environment): Promise<Snapshot> {
  const { snapshotFromJson } = await import('../../live/file.js');
  return snapshotFromJson(await readTextFile(file, world), { file }).snapshot;
}

async function answer(
  found: WhoCanAnswer | CanAnswer | DiffAnswer,
  { format }: { format: 'text' | 'json' },
  world: Environment,
): Promise<void> {
  await print(
    world,
    format === 'json' ? json(found) : answerText(found, { colour: mayColour(world.stdout, world.env) }),
  );
}
