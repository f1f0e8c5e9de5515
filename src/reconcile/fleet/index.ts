/** The use cases for many instances. Each calls the use case for a single instance. */
export { applyFleet } from './apply-fleet.js';
export { applyFleetPlans } from './apply-plans.js';
export type { SavedFleet } from './apply-plans.js';
export { readAppliedFleet } from './applied-fleet.js';
export type { AppliedFleet } from './applied-fleet.js';
export { changedEntries } from './changed-entries.js';
export type { ChangedEntries } from './changed-entries.js';
export { compareFleet } from './compare-fleet.js';
export type { FleetCompareRequest } from './compare-fleet.js';
export { entryManifests } from './entry-manifest.js';
export type { EntryManifestOptions } from './entry-manifest.js';
export { readBase } from './fleet-base.js';
export type { BaseRequest, FleetBase } from './fleet-base.js';
export { openFleetFolder } from './fleet-folder.js';
export type { FleetFolder, FolderMode } from './fleet-folder.js';
export { headerOf as fleetRunHeader } from './fleet-request.js';
export type { Access, FleetApplyRequest, FleetPlanningRequest, FleetRequest } from './fleet-request.js';
export { mergeFleet } from './merge-fleet.js';
export type { MergeRequest } from './merge-fleet.js';
export { fleetFromSnapshots } from './init-fleet.js';
export type { FleetFromSnapshots } from './init-fleet.js';
export { openFleetRun } from './open-fleet-run.js';
export type { FleetRun, FleetRunOptions } from './open-fleet-run.js';
export { planFleet } from './plan-fleet.js';
export { detectFleetDrift } from './detect-fleet-drift.js';
export type { FleetDriftRequest } from './detect-fleet-drift.js';
export { rollBackFleet } from './roll-back-fleet.js';
export type { FleetRollbackRequest } from './roll-back-fleet.js';
export { readFleetPlans } from './saved-plans.js';
export { snapshotsIn } from './snapshots.js';
export {
  examineFleet,
  exportFleetManifests,
  exportFleetReviews,
  exportFleetSnapshots,
  exportFleetTables,
  probeFleet,
} from './survey-fleet.js';
export type { FleetProbeOptions, FleetReviewOptions, FleetTableOptions } from './survey-fleet.js';
export { validateFleet } from './validate-fleet.js';
export type { FleetValidation } from './validate-fleet.js';
