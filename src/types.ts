/**
 * The types that the exports of the package root are made of. Each can be imported by name, for annotations and because
 * a package that writes declarations has to name what it infers.
 */
export type {
  ComparedState,
  NamedAllowlist,
  PersonDifference as PersonAccessDifference,
  RenamedRole,
  RoleDifference as RoleAccessDifference,
} from './access/compare.js';
export type { EffectiveValue } from './access/effective-manifest.js';
export type { ExplainedGrant, PersonEntry } from './access/explain-person.js';
export type { AccessSource } from './access/view.js';
export type { ApplyLimits, ApplyProgress } from './apply/options.js';
export type { OutcomeSummary } from './apply/outcome.js';
export type { WriteAnswer } from './apply/writer.js';
export type { DesiredOptions } from './desired/resolve.js';
export type {
  DoctorCheck,
  DoctorReport,
  Purpose as DoctorPurpose,
  Readiness as DoctorReadiness,
} from './doctor/doctor.js';
export type { RemainingRole } from './doctor/probe/clean-up.js';
export type { FactId as ProbeFactId } from './doctor/probe/facts.js';
export type { FactVerdict as ProbeFactVerdict, ProbeFact } from './doctor/probe/report.js';
export type { Attributed, DriftChange, DriftExtra, DriftMembers, DriftSummary } from './drift/drift.js';
export type { ExportedFile } from './export/export-manifest.js';
export type { TableOptions } from './export/tables.js';
export type { AllowOf } from './fleet/allow-of.js';
export type {
  ComparisonSource,
  ComparisonSummary,
  SettingStanding,
  SettingVariant,
  StandingCounts,
} from './fleet/comparison.js';
export type {
  Attempt as FleetAttempt,
  FleetCommand,
  FleetSummary,
  FleetWave,
  InstanceFile as FleetInstanceFile,
  InventoryFacts,
  ProtectedGain,
  RowSummary as FleetRowSummary,
} from './fleet/document.js';
export type { GroupChange } from './fleet/group-changes.js';
export type { ProtectedHolder } from './fleet/instance-roles.js';
export type { OwnedChanges, SectionOf, SharedChanges } from './fleet/owner-sections.js';
export type { EngineShard } from './fleet/shard-of-engine.js';
export type { HttpAnswer } from './http/answer.js';
export type { Connections } from './http/connections.js';
export type { ItemReader as HttpItemReader } from './http/list-in-parts.js';
export type { Environment as ProxyEnvironment } from './http/proxy.js';
export type { Credential, HttpRequest, SeenRequest, TriedRequest } from './http/request.js';
export type { Service as HttpService, StatusMeaning as HttpStatusMeaning } from './http/service.js';
export type { InProcessFetch } from './http/transport.js';
export type { Sleep as HttpSleep } from './http/wait.js';
export type { FleetPolicy, LabelTerm, Suspension } from './inventory/inventory.js';
export type { SelectNames } from './inventory/select.js';
export type {
  AboutToSendEntry,
  AnsweredEntry,
  BegunEntry,
  ConfirmedEntry,
  CreateNote,
  FinishedEntry,
  JournalEntry,
  SendStep,
} from './journal/entry.js';
export type { StateFolder } from './journal/folder.js';
export type { ChangeTrace, Replay as JournalReplay } from './journal/replay.js';
export type { OutcomeRunId } from './journal/run-id.js';
export type { ReaderOptions } from './live/open-reader.js';
export type { PartialSnapshot } from './live/reader.js';
export type { OverlayLayer } from './manifest/load/load.js';
export type { ManifestCache } from './manifest/load/manifest-cache.js';
export type { ManifestFile, ManifestMember, ManifestPath } from './manifest/manifest.js';
export type { SelectionRequest } from './manifest/selection.js';
export type { Place as SourcePlace, SourceRange, YamlMap } from './manifest/yaml/yaml-values.js';
export type { RequestCondition } from './model/planned-request.js';
export type { DriftSubject, StatedPolicy } from './model/policy.js';
export type { NewRoleId, PlanRoleId } from './model/role-id.js';
export type { Accepted, AcceptedPerson, MoveReason, RoleOwner, UnmanagedRole } from './model/standing.js';
export type { ChangeId, ChangeStep } from './plan/change-id.js';
export type {
  AllowlistSet,
  DefaultRoleSet,
  GrantStage,
  GrantsSet,
  MembersMove,
  Move,
  OrderedChange,
  RoleCreate,
  RoleDelete,
  RoleText,
  RoleUpdate,
} from './plan/change.js';
export type { ObjectRef } from './plan/object-ref.js';
export type {
  Allowed,
  Fingerprint,
  PlanPerson,
  RuleInForce,
  WeakenedCode,
  WeakenedGuard,
} from './plan/plan.js';
export type { Constraint as RuleConstraint } from './plan/rules/breach.js';
export type { Violation } from './plan/rules/violations.js';
export type { Category as ProblemCategory, CodeEntry } from './problem/codes.js';
export type { ConnectOptions } from './reconcile/connect.js';
export type { FleetLog, FleetRunHeader } from './reconcile/fleet/fleet-log.js';
export type { TableRequest } from './reconcile/export-instance.js';
export type { ProblemsFolder as FleetProblemsFolder } from './reconcile/fleet/problems-file.js';
export type { ReadPolicyInput, ReadPolicyOptions } from './reconcile/load-manifest.js';
export type { FindUnfinished } from './reconcile/plan-manifest.js';
export type { Fetch } from './reconcile/runtime.js';
export type { Excess as AccessExcess } from './rehearse/access-history.js';
export type {
  P1Violation,
  RehearsalDocument,
  RehearseOptions,
  RehearsedRequest,
} from './rehearse/rehearse.js';
export type { PlaceOf as PlaceInRepository } from './render/ci/places.js';
export type { ProblemsSarifOptions } from './render/ci/problems-sarif.js';
export type { Grouping as OwnerGrouping } from './render/facts/owners.js';
export type { CompareTextOptions } from './render/fleet/compare-text.js';
export type { Reword as FleetReword } from './render/fleet/fleet-facts.js';
export type { FleetMarkdownOptions } from './render/fleet/fleet-markdown.js';
export type { FleetTextOptions } from './render/fleet/fleet-text.js';
export type { AccessReviewOptions } from './render/html/access-review.js';
export type { PlanHtmlOptions } from './render/html/plan.js';
export type { PlanMarkdownOptions } from './render/markdown/plan.js';
export type { AnswerTextOptions } from './render/text/answer.js';
export type { OutcomeTextOptions } from './render/text/outcome.js';
export type { PlanTextOptions } from './render/text/plan.js';
export type { ProblemsTextOptions } from './render/text/problems.js';
export type { RehearsalTextOptions } from './render/text/rehearsal.js';
export type { PlanDocument } from './render/vocabulary.js';
export type { UndoneRun } from './rollback/context.js';
export type { RunRecord } from './rollback/run-result.js';
export type { SearchOptions } from './routes/users.js';
export type { SandboxAccess } from './sandbox/access.js';
export type { Edit as SandboxEdit } from './sandbox/edits.js';
export type { Fault as SandboxFault, FaultName as SandboxFaultName } from './sandbox/faults.js';
export type { ReportedQuirks } from './sandbox/like.js';
export type { LoggedRequest as SandboxRequest } from './sandbox/request-log.js';
export type { ServedSandbox } from './sandbox/serve.js';
export type {
  AuditEvent as SandboxAuditEvent,
  SandboxAuthority,
  SandboxPassword,
  SandboxRole,
  SandboxSettings,
  SandboxState,
  SandboxUser,
} from './sandbox/state.js';
export type { SchemaName } from './schema/generated/names.js';
