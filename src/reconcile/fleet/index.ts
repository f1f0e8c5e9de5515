/** The use cases over many instances. Each calls the one of a single instance, and adds nothing to it. */
export { applyFleet } from './apply-fleet.js';
export { entryManifests } from './entry-manifest.js';
export type { EntryManifestOptions } from './entry-manifest.js';
export { openFleetFolder } from './fleet-folder.js';
export type { FleetFolder, FolderMode } from './fleet-folder.js';
export { headerOf as fleetRunHeader } from './fleet-request.js';
export type { Access, FleetApplyRequest, FleetPlanningRequest, FleetRequest } from './fleet-request.js';
export { mergeFleet } from './merge-fleet.js';
export type { MergeRequest } from './merge-fleet.js';
export { openFleetRun } from './open-fleet-run.js';
export type { FleetRun, FleetRunOptions } from './open-fleet-run.js';
export { planFleet } from './plan-fleet.js';
export { detectFleetDrift } from './read-fleet.js';
export type { FleetDriftRequest } from './read-fleet.js';
export { snapshotsIn } from './snapshots.js';
export { examineFleet, exportFleetManifests, exportFleetSnapshots } from './survey-fleet.js';
export { validateFleet } from './validate-fleet.js';
export type { FleetValidation } from './validate-fleet.js';
