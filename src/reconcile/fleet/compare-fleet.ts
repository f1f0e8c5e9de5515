import type { ComparedInstance, InstanceStates } from '../../fleet/compared-instance.js';
import { compareInstance } from '../../fleet/compare-instance.js';
import type { ComparisonDocument, ComparisonSource } from '../../fleet/comparison.js';
import { makeComparison } from '../../fleet/make-comparison.js';
import { BLANK_RESULT } from '../../fleet/rows.js';
import type { FleetEntry } from '../../inventory/inventory.js';
import type { LoadedManifest } from '../../manifest/manifest.js';
import type { Snapshot } from '../../model/snapshot.js';
import { stateOf } from '../../model/state.js';
import { ProblemError, problem } from '../../problem/problem.js';
import { refuseMismatch } from '../plan-manifest.js';
import { readSnapshotToCompare } from '../read-live-state.js';
import { timeOf } from '../runtime.js';
import type { FleetBase } from './fleet-base.js';
import { inventoryFacts, withInstance } from './fleet-request.js';
import type { FleetPlanningRequest, FleetRequest } from './fleet-request.js';
import { overInstances } from './over-instances.js';
import type { InstanceContext } from './over-instances.js';
import { emptyInstanceStates } from './empty-instance.js';
import { listsMembers, wantedState } from './wanted-state.js';

/** The request of a comparison. */
export interface FleetCompareRequest
  extends Omit<FleetRequest, 'folder'>, Pick<FleetPlanningRequest, 'snapshotOf'> {
  /** The base, from `readBase`. */
  base: FleetBase;
  /** Compare the manifests themselves, without instances. */
  manifests?: boolean | undefined;
}

/**
 * Compares the roles of every selected instance with a base. Writes neither to instances nor files. An instance that
 * cannot be read gets a failed row; the others are still compared.
 */
export async function compareFleet(request: FleetCompareRequest): Promise<ComparisonDocument> {
  const { inventory, selection, runtime, base } = request;
  const compared: ComparedInstance[] = [];
  const rows = await overInstances(
    request.entries,
    { ...request, count: { failures: 0 } },
    async (entry, context) => {
      const states = await statesOf(entry, context, request);
      compared.push(compareInstance(entry.name, states));
      return { ...BLANK_RESULT, status: 'clean', exit: 0 };
    },
  );
  const ended = new Set(rows.flatMap(({ instance, status }) => (status === 'clean' ? [instance] : [])));
  return makeComparison({
    madeBy: runtime.version,
    madeAt: timeOf(runtime),
    fleet: inventory.name,
    inventory: inventoryFacts(inventory),
    selection,
    source: sourceOf(request),
    base: base.file,
    rows,
    // Drop results that arrived after the instance's time limit.
    compared: compared.filter(({ instance }) => ended.has(instance)),
  });
}

function sourceOf({ manifests, snapshotOf }: FleetCompareRequest): ComparisonSource {
  return manifests ? 'manifests' : snapshotOf ? 'snapshots' : 'live';
}

async function statesOf(
  entry: FleetEntry,
  context: InstanceContext,
  request: FleetCompareRequest,
): Promise<InstanceStates> {
  const { base, manifests } = request;
  const own = await request.manifestOf(entry);
  const pair = { base: base.manifest.loaded, own: own.loaded };
  const extendsBase = own.files.includes(base.file);
  const now = timeOf(request.runtime);
  if (manifests) return { ...emptyInstanceStates(pair, now), extendsBase };
  const snapshot = await snapshotOf(entry, context, { ...request, pair });
  refuseMismatch(own.loaded, snapshot);
  return {
    live: stateOf(snapshot),
    base: wantedState(pair.base, snapshot, now),
    own: () => wantedState(pair.own, snapshot, now),
    extendsBase,
  };
}

/** The manifests to compare one instance with. */
interface Pair {
  base: LoadedManifest;
  own: LoadedManifest;
}

/** The state of an instance, with people only if a manifest lists members. */
async function snapshotOf(
  entry: FleetEntry,
  context: InstanceContext,
  { pair, ...request }: FleetCompareRequest & { pair: Pair },
): Promise<Snapshot> {
  const both = [pair.base, pair.own];
  const needsPeople = listsMembers(...both);
  if (!request.snapshotOf) {
    return withInstance(request, { entry, context, purpose: 'read' }, ({ reader }) =>
      readSnapshotToCompare(reader, both, { needsPeople, now: timeOf(context.runtime) }),
    );
  }
  const snapshot = await request.snapshotOf(entry.name);
  if (!needsPeople) return { ...snapshot, people: { scope: 'all', list: [] } };
  if (snapshot.people.scope === 'all') return snapshot;
  throw new ProblemError(
    problem('bad-file', 'the snapshot holds administrators only, and a manifest lists members', {
      hint: 'write one with `domo-roles fleet export --format snapshot`',
    }),
  );
}
