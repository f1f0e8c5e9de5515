/**
 * domo-roles as a library: everything that the command does can be done from code.
 *
 *   const loaded = await loadManifest(['domo-roles.yaml'], { cwd: process.cwd() });
 *   const snapshot = await readSnapshot(reader, loaded, { now });
 *   const plan = makePlan(loaded, snapshot, { now, version, requestsFor });
 *   const outcome = await applyPlan({ plan, reader, writer, journal, clock, runId });
 */
export { loadManifest, validateManifest, checkAgainstCatalogue } from './manifest/load.js';
export type { LoadOptions, Validation } from './manifest/load.js';
export type {
  LoadedManifest,
  Manifest,
  ManifestRole,
  ManifestGrants,
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
  RoleId,
  RouteErrorFields,
  RouteOptions,
  RouteResponse,
  Routes,
  Secret,
  UserId,
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
export { snapshotFromJson, snapshotToJson } from './live/file.js';
export { readSnapshot, readSnapshotForPlan, readWholeSnapshot } from './reconcile/read-live-state.js';
export type { Snapshot, LiveRole, LivePeople, LiveAllowlist } from './model/snapshot.js';
export type { Person, PersonKind } from './model/person.js';
export type { Catalogue, CatalogueEntry, Grant } from './model/grant.js';
export type { Policy, Limit, PersonRef, AcceptedDrift } from './model/policy.js';

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
export { openWriter } from './apply/live-writer.js';
export type { ApplyOptions, Clock, JournalSink } from './apply/options.js';
export type { Outcome, ChangeOutcome, ChangeStatus } from './apply/outcome.js';
export type { LiveWriter } from './apply/writer.js';
export { rehearse } from './rehearse/rehearse.js';
export type { Rehearsal } from './rehearse/rehearse.js';

export { planText } from './render/text/plan.js';
export { planMarkdown } from './render/markdown/plan.js';
export { planHtml } from './render/html/plan.js';
export { planJunit } from './render/ci/plan-junit.js';
export { planSarif } from './render/ci/plan-sarif.js';

export { openSandbox, serveSandbox } from './sandbox/index.js';
export type { Sandbox, SandboxOptions } from './sandbox/index.js';

export { CODES } from './problem/codes.js';
export type { ProblemCode } from './problem/codes.js';
export { ProblemError } from './problem/problem.js';
export type { Problem, Where } from './problem/problem.js';
export { VERSION } from './version.js';
