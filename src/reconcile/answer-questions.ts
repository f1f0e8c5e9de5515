import { can, diffStates, endView, viewOf, whoCan } from '../access/index.js';
import type { AccessView, CanAnswer, DiffAnswer, WhoCanAnswer } from '../access/index.js';
import type { Snapshot } from '../model/snapshot.js';
import type { Connection } from './connect.js';
import { withPlaces } from './load-manifest.js';
import type { ManifestInput } from './load-manifest.js';
import { checkGrants, isConnection } from './plan-manifest.js';
import { readWholeSnapshot } from './read-live-state.js';
import { timeOf } from './runtime.js';
import type { Runtime } from './runtime.js';

/** Where a question is asked: live state, a snapshot, or the end state of a manifest over one of them. */
export interface AccessScope {
  source: Connection | Snapshot;
  manifest?: ManifestInput;
}

/** Who holds a grant? */
export async function askWhoCan(grant: string, scope: AccessScope, runtime: Runtime): Promise<WhoCanAnswer> {
  return whoCan(await viewAt(scope, runtime), grant);
}

/** Does one person hold a grant, and by which role? `user` is an e-mail address or an id. */
export async function askCan(
  { user, grant }: { user: string; grant: string },
  scope: AccessScope,
  runtime: Runtime,
): Promise<CanAnswer> {
  return can(await viewAt(scope, runtime), user, grant);
}

/** One side of a comparison. A manifest is laid over the other side, or over live state. */
export type ComparedSide =
  { kind: 'live' } | { kind: 'snapshot'; snapshot: Snapshot } | { kind: 'manifest'; manifest: ManifestInput };

/** How do two states differ? `connection` is asked for only where live state is needed. */
export async function compareAccess(
  [a, b]: readonly [ComparedSide, ComparedSide],
  connection: () => Promise<Connection>,
  runtime: Runtime,
): Promise<DiffAnswer> {
  const given = [a, b].find((side) => side.kind === 'snapshot');
  const isLive = [a, b].some((side) => side.kind === 'live') || !given;
  const base = isLive ? await readAll(connection) : given.snapshot;
  const view = (side: ComparedSide): AccessView => {
    if (side.kind === 'manifest') return manifestView(side.manifest, base, runtime);
    return side.kind === 'live' ? viewOf(base) : viewOf(side.snapshot, 'snapshot');
  };
  return diffStates(view(a), view(b));
}

async function readAll(connection: () => Promise<Connection>): Promise<Snapshot> {
  const open = await connection();
  try {
    return await readWholeSnapshot(open.reader);
  } finally {
    await open.close();
  }
}

async function viewAt({ source, manifest }: AccessScope, runtime: Runtime): Promise<AccessView> {
  const snapshot = isConnection(source) ? await readWholeSnapshot(source.reader) : source;
  if (manifest) return manifestView(manifest, snapshot, runtime);
  return viewOf(snapshot, isConnection(source) ? 'live' : 'snapshot');
}

function manifestView(manifest: ManifestInput, snapshot: Snapshot, runtime: Runtime): AccessView {
  return withPlaces(manifest, () => {
    checkGrants(manifest.loaded, snapshot);
    return endView(manifest.loaded, snapshot, { now: timeOf(runtime) });
  });
}
