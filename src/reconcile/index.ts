/**
 * The use cases. Each takes plain options and a connection, and returns a document; progress, questions and warnings go
 * through callbacks, and an `AbortSignal` stops a run. None knows a terminal, a flag or a report format.
 */
export { connect } from './connect.js';
export type { Connection, InstanceTarget, RequestOptions, SandboxTarget, Target } from './connect.js';
export { InvalidManifest, Refused } from './errors.js';
export { openRuntime } from './runtime.js';
export type { Runtime } from './runtime.js';
export { readManifest, readPolicy } from './load-manifest.js';
export type { ManifestInput } from './load-manifest.js';
export { planManifest } from './plan-manifest.js';
export type { Planned, PlanningOptions } from './plan-manifest.js';
export { applyManifest, applySavedPlan } from './apply-plan.js';
export type { Applied, ApplyRequest } from './apply-plan.js';
export type { Progress } from './callbacks.js';
export { dryRunManifest, dryRunSavedPlan } from './dry-run.js';
export type { DryRun, DryRunRequest } from './dry-run.js';
export { detectDrift } from './detect-drift.js';
export type { DriftRequest, FoundDrift } from './detect-drift.js';
export { applyRollback, planRollback, readRunRecord } from './roll-back.js';
export { checkPlan, checkPlanOrDrift } from './saved-documents.js';
export { exportInstance, exportSnapshot, exportTable } from './export-instance.js';
export type { ExportedTable, ExportRequest, ReviewedAccess } from './export-instance.js';
export { examineInstance } from './examine-instance.js';
export { probeInstance } from './probe-instance.js';
export type { ProbeRequest } from './probe-instance.js';
export { getLive } from './get-live.js';
export type { LiveAnswer, LiveSubject, MemberLine, PersonLine, RoleDetails, RoleLine } from './get-live.js';
export { askCan, askPerson, askWhoCan, compareAccess } from './answer-questions.js';
export type { AccessScope, ComparedSide } from './answer-questions.js';
export { readSnapshot, readSnapshotForPlan, readWholeSnapshot } from './read-live-state.js';
