import { can, diffStates, endView, explainPerson, viewOf, whoCan } from '../access/index.js';
import type { AccessView, CanAnswer, DiffAnswer, PersonDetails, WhoCanAnswer } from '../access/index.js';
import { selectionOf } from '../manifest/selection.js';
import type { SelectionRequest } from '../manifest/selection.js';
import type { Snapshot } from '../model/snapshot.js';
import type { Connection } from './connect.js';
import { withPlaces } from './load-manifest.js';
import type { ManifestInput } from './load-manifest.js';
import { checkGrants, isConnection } from './plan-manifest.js';
import { readWholeSnapshot } from './read-live-state.js';
import { timeOf } from './runtime.js';
import type { Runtime } from './runtime.js';

/** The state to query: live state, a snapshot, or the end state of a manifest on one of them. */
export interface AccessScope {
  source: Connection | Snapshot;
  manifest?: ManifestInput;
}

/** Who holds a grant? `grant` is its id or its title. */
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

/**
 * What may one person do, and, with a manifest, because of which entries? `user` is an e-mail address or an id.
 *
 * @throws ProblemError for an unknown person.
 */
export async function askPerson(
  user: string,
  { source, manifest }: AccessScope,
  runtime: Runtime,
): Promise<PersonDetails> {
  const snapshot = isConnection(source) ? await readWholeSnapshot(source.reader) : source;
  const view = viewOf(snapshot);
  if (!manifest) return explainPerson(view, user, null);
  const end = manifestView(manifest, snapshot, runtime);
  return explainPerson(view, user, { loaded: manifest.loaded, end, now: timeOf(runtime) });
}

/** One side of a comparison. A manifest is resolved on the other side, or on live state. */
export type ComparedSide =
  { kind: 'live' } | { kind: 'snapshot'; snapshot: Snapshot } | { kind: 'manifest'; manifest: ManifestInput };

/**
 * How do two states differ, or parts of them with `only` and `without`? `connection` is called only if live state is
 * needed.
 *
 * @throws ProblemError for a role that is on neither side, and for an unknown part.
 */
export async function compareAccess(
  [a, b]: readonly [ComparedSide, ComparedSide],
  connection: () => Promise<Connection>,
  { only, without, ...runtime }: Runtime & SelectionRequest,
): Promise<DiffAnswer> {
  const selection = selectionOf({ only, without });
  const given = [a, b].find((side) => side.kind === 'snapshot');
  const base = !given || readsInstance([a, b]) ? await readAll(connection) : given.snapshot;
  const view = (side: ComparedSide): AccessView => {
    if (side.kind === 'manifest') return manifestView(side.manifest, base, runtime);
    return side.kind === 'live' ? viewOf(base) : viewOf(side.snapshot, 'snapshot');
  };
  return diffStates(view(a), view(b), selection);
}

/** Does a comparison read the instance? Two manifests are resolved on it; a manifest beside a snapshot, on the snapshot. */
export function readsInstance(sides: readonly ComparedSide[]): boolean {
  const kinds = sides.map(({ kind }) => kind);
  return kinds.includes('live') || !kinds.includes('snapshot');
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
  return isConnection(source) ? viewOf(snapshot) : viewOf(snapshot, 'snapshot');
}

function manifestView(manifest: ManifestInput, snapshot: Snapshot, runtime: Runtime): AccessView {
  return withPlaces(manifest, () => {
    const options = { now: timeOf(runtime) };
    checkGrants(manifest.loaded, snapshot, options);
    return endView(manifest.loaded, snapshot, options);
  });
}
