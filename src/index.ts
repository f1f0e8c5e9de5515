/**
 * domo-roles as a library: everything that the command line does, from code.
 *
 *   const runtime = openRuntime();
 *   const connection = await connect(target, { purpose: 'write' }, runtime);
 *   const manifest = await readManifest(['domo-roles.yaml'], process.cwd());
 *   const { outcome } = await applyManifest(manifest, connection, { runtime, state });
 *
 * docs/reference/library.md shows a program for each command.
 */
export {
  applyManifest,
  applyRollback,
  applySavedPlan,
  askCan,
  askPerson,
  askWhoCan,
  checkPlan,
  checkPlanOrDrift,
  compareAccess,
  connect,
  detectDrift,
  dryRunManifest,
  dryRunSavedPlan,
  examineInstance,
  exportInstance,
  exportSnapshot,
  exportTable,
  getLive,
  InvalidManifest,
  openRuntime,
  planManifest,
  planRollback,
  probeInstance,
  readManifest,
  readPolicy,
  readRunRecord,
  readSnapshot,
  readSnapshotForPlan,
  readWholeSnapshot,
  Refused,
} from './reconcile/index.js';
export type {
  AccessScope,
  Applied,
  ApplyRequest,
  ComparedSide,
  Connection,
  DriftRequest,
  DryRun,
  DryRunRequest,
  ExportedTable,
  ExportRequest,
  FoundDrift,
  InstanceTarget,
  LiveAnswer,
  LiveSubject,
  ManifestInput,
  MemberLine,
  PersonLine,
  Planned,
  PlanningOptions,
  ProbeRequest,
  Progress,
  RequestOptions,
  RoleDetails,
  RoleLine,
  ReviewedAccess,
  Runtime,
  SandboxTarget,
  Target,
} from './reconcile/index.js';
export { effectiveManifest } from './access/effective-manifest.js';
export type { CanAnswer, DiffAnswer, PersonDetails, WhoCanAnswer } from './access/index.js';
export { listRuns, readRun } from './journal/runs.js';
export type { RunInfo, StoredRun } from './journal/runs.js';
export { ciWorkflow, exampleManifest, ignoreFile } from './export/example.js';
export type { ProbeResult } from './doctor/probe/probe.js';
export type { ProbeReport } from './doctor/probe/report.js';
export { accessReviewHtml } from './render/html/access-review.js';
export { answerText } from './render/text/answer.js';
export { doctorText } from './render/text/doctor.js';
export { outcomeText } from './render/text/outcome.js';
export { probeText } from './render/text/probe.js';
export { problemsText } from './render/text/problems.js';
export { rehearsalText } from './render/text/rehearsal.js';
export { SCHEMA_NAMES, schemaText } from './schema/index.js';

export { loadManifest, validateManifest } from './manifest/load/load.js';
export { checkAgainstCatalogue } from './manifest/load/loaded-manifest.js';
export type { LoadOptions, Validation } from './manifest/load/load.js';
export type {
  LoadedManifest,
  Manifest,
  ManifestRole,
  ManifestGrants,
  GrantsLayer,
  ManifestMembers,
} from './manifest/manifest.js';

export {
  createRole,
  deleteRole,
  getAuditLog,
  getAuthorities,
  getDefaultRole,
  getRoleById,
  getRoleGrants,
  getRoleMembership,
  getRoleSettings,
  getRoles,
  openRoutes,
  passwordAuth,
  printIsToken,
  RoleCrudError,
  roleMembershipAddUsers,
  RoleNotRetrieved,
  RouteError,
  searchUsers,
  setDefaultRole,
  setRoleGrants,
  setRoleSettings,
  tokenAuth,
  updateRoleMetadata,
  whoAmI,
} from './routes/index.js';
export type {
  AuditQuery,
  Auth,
  AuthTarget,
  ConnectionOptions,
  MembershipOptions,
  NewRole,
  OpenRoutesOptions,
  PrintIsTokenOptions,
  RoleIdLike,
  RouteErrorFields,
  RouteOptions,
  RouteResponse,
  Routes,
  Secret,
  UserIdLike,
  UserSearch,
  WireAuditEvent,
  WireAuthority,
  WireMember,
  WireMembership,
  WireRecord,
  WireRole,
  WireUser,
  WireUserPage,
  WriteOptions,
} from './routes/index.js';
export { openClient } from './http/client.js';
export type { ClientOptions, HttpClient } from './http/client.js';
export { requestsFor } from './apply/requests-for-change.js';

export { openReader } from './live/open-reader.js';
export type { LiveReader } from './live/reader.js';
export { snapshotFromJson, snapshotToJson } from './live/snapshot-file.js';
export type { Snapshot, LiveRole, LivePeople, LiveAllowlist } from './model/snapshot.js';
export type { PersonId, RoleId } from './model/ids.js';
export type { Person, PersonKind } from './model/person.js';
export type { Catalogue, CatalogueEntry, Grant } from './model/grant.js';
export type {
  Policy,
  Limit,
  PersonRef,
  AcceptedDrift,
  AcceptedDifference,
  AcceptedViolation,
} from './model/policy.js';
export type { PolicyFile, PolicyOrigin, PolicyOverlay, PolicyOverride } from './model/policy-overlay.js';
export type { PolicyInput } from './plan/saved/policy-over-plan.js';
export type { AccessRule, LimitRule, SeparationRule } from './model/access-rule.js';

export { makePlan } from './plan/make-plan.js';
export type { PlanOptions } from './plan/make-plan.js';
export { verifyPlan } from './plan/saved/verify-plan.js';
export type { Verification, VerifyOptions } from './plan/saved/verify-plan.js';
export { parseAllow } from './plan/guards/allow.js';
export type { Allow, AllowCode } from './plan/guards/allow.js';
export type { Plan, Impact, Refusal, PlanSummary, PlanWarning } from './plan/plan.js';
export type { Change, ChangeKind, PlannedRequest, Risk } from './plan/change.js';
export type { Drift } from './drift/drift.js';

export { applyPlan } from './apply/apply.js';
export { newRunId } from './journal/run-id.js';
export type { RunId, RunNaming } from './journal/run-id.js';
export { openWriter } from './apply/live-writer.js';
export type { ApplyOptions, Clock, JournalSink } from './apply/options.js';
export type { Outcome, ChangeOutcome } from './apply/outcome.js';
export type { ChangeStatus } from './journal/entry.js';
export type { LiveWriter } from './apply/writer.js';
export { rehearse } from './rehearse/rehearse.js';
export type { Rehearsal } from './rehearse/rehearse.js';

export { planText } from './render/text/plan.js';
export { planMarkdown } from './render/markdown/plan.js';
export { planHtml } from './render/html/plan.js';
export { planGithub } from './render/ci/plan-github.js';
export { planJunit } from './render/ci/plan-junit.js';
export { planSarif } from './render/ci/plan-sarif.js';
export { problemsGithub } from './render/ci/problems-github.js';
export { problemsSarif } from './render/ci/problems-sarif.js';

export * from './reconcile/fleet/index.js';
export { loadInventory } from './inventory/load-inventory.js';
export type { LoadedInventory, LoadInventoryOptions } from './inventory/load-inventory.js';
export type { FleetEntry, Inventory, Wave } from './inventory/inventory.js';
export { selectEntries } from './inventory/select.js';
export type { SelectFlags } from './inventory/select.js';
export type { FleetDocument, FleetGroup, FleetRow, FleetSelection, RowStatus } from './fleet/document.js';
export type {
  ComparedRole,
  ComparedSetting,
  ComparisonDocument,
  ComparisonRow,
  RoleDifference,
  RoleVariant,
  Standing,
} from './fleet/comparison.js';
export { compareCsv } from './render/fleet/compare-csv.js';
export { compareMarkdown } from './render/fleet/compare-markdown.js';
export { compareText } from './render/fleet/compare-text.js';
export { matrixOf } from './fleet/matrix.js';
export type { Matrix, MatrixJob } from './fleet/matrix.js';
export { inShard, parseShard } from './fleet/shard.js';
export type { Shard } from './fleet/shard.js';
export { shardOfEngine } from './fleet/shard-of-engine.js';
export { openOwnerSections } from './fleet/owner-sections.js';
export type { OwnerCollector, OwnerSection } from './fleet/owner-sections.js';
export { fleetText } from './render/fleet/fleet-text.js';
export { fleetMarkdown } from './render/fleet/fleet-markdown.js';
export { fleetJunit } from './render/fleet/fleet-junit.js';
export { openFleetPage } from './render/fleet-page/fleet-html.js';
export { compareHtml } from './render/fleet-page/compare-html.js';
export type { FleetPage, InstanceDocuments } from './render/fleet-page/fleet-html.js';
export type { InstanceRoles } from './fleet/instance-roles.js';
export { fleetCsv, fleetChangesCsv } from './render/fleet/fleet-csv.js';

export {
  openSandbox,
  parseFaults,
  parseQuirks,
  quirksOfReport,
  saveState,
  seedState,
  serveSandbox,
} from './sandbox/index.js';
export type { Quirks, Sandbox, SandboxOptions } from './sandbox/index.js';

export type * from './types.js';

export { CODES } from './problem/codes.js';
export type { ProblemCode } from './problem/codes.js';
export { ProblemError } from './problem/problem.js';
export type { Problem, Where } from './problem/problem.js';
export { VERSION } from './version.js';
