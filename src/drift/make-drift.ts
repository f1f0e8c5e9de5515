import type { Desired } from '../desired/desired.js';
import { resolveDesiredState } from '../desired/resolve.js';
import type { LoadedManifest } from '../manifest/manifest.js';
import { groupBy } from '../model/group.js';
import { byCodeUnit } from '../model/sort.js';
import { isSystemRole, liveKey } from '../model/role.js';
import type { Refusal } from '../model/refusal.js';
import type { Snapshot } from '../model/snapshot.js';
import { problem, uniqueByMessage, warning } from '../problem/problem.js';
import type { Problem } from '../problem/problem.js';
import type { ProblemCode } from '../problem/codes.js';
import { changeIds } from '../plan/change-id.js';
import type { ChangeId } from '../plan/change-id.js';
import type { Change } from '../plan/change.js';
import { DRIFT_FORMAT } from './drift.js';
import type { Drift, DriftSummary } from './drift.js';
import { driftMembers, listUnderCurrentRole } from './drift-members.js';
import type { DriftRoles } from './drift-members.js';
import { liveViolations, withRules, withoutRules } from './drift-rules.js';
import { withoutUnknown } from './drift-without-unknown.js';
import { withoutRuleWarnings } from '../plan/rules/names.js';
import { planBetween, policyAndFiles } from '../plan/make-plan.js';
import { toPlanWarning } from '../plan/plan-warnings.js';
import type { PlanOptions } from '../plan/make-plan.js';
import type { Plan, PlanSummary } from '../plan/plan.js';
import { summarise } from '../plan/review/summary.js';
import type { RoleId } from '../model/ids.js';
import { inFileOrder } from '../model/in-file-order.js';

/** Options of `makeDrift`; see `PlanOptions`. */
type DriftOptions = Pick<
  PlanOptions,
  'now' | 'version' | 'requestsFor' | 'impactLimit' | 'offline' | 'unfinished'
> & {
  /** Problems of unknown grants, each with its own location. */
  grantProblems?: readonly Problem[];
};

/** Warnings about the effects of an apply, which do not concern drift. */
const ABOUT_APPLYING: ReadonlySet<ProblemCode> = new Set([
  'deletes-break-scim',
  'left-out-person',
  'protected-without-people',
  'rename-breaks-saml',
  'split-gap',
]);

/** Refusals because part of the manifest is ambiguous. It cannot be compared, so drift reports a problem. */
const AMBIGUITIES: ReadonlySet<ProblemCode> = new Set([
  'allowlist-unreadable',
  'ambiguous-name',
  'ambiguous-person',
  'ambiguous-rename',
]);

/**
 * Compares an instance with its manifest, with the diff of a plan in the opposite direction. Without guards, so nothing
 * is refused. Unknown and ambiguous names and addresses become problems of the document, and the rest is compared.
 * `attribute` adds who made the differences.
 */
export function makeDrift(loaded: LoadedManifest, snapshot: Snapshot, options: DriftOptions): Drift {
  const first = resolveWithoutRefusing(loaded, snapshot, options);
  const problems = problemsOf(first, options.grantProblems ?? null);
  const desired =
    problems.length === 0
      ? first
      : resolveWithoutRefusing(withoutUnknown(loaded, snapshot, first.target.state), snapshot, options);
  const { findings } = desired;
  const open = findings.refusals.filter(({ code }) => AMBIGUITIES.has(code));
  const others = findings.refusals.filter(({ code }) => !AMBIGUITIES.has(code));
  const warnings = [
    ...withoutRuleWarnings(loaded.warnings),
    ...findings.warnings,
    ...others.map((one) => warning(one.code, messageOf(one), { hint: one.hint })),
  ];
  const own = policyAndFiles(loaded, snapshot);
  const rules = liveViolations(snapshot, desired, { loaded, now: options.now });
  const { me } = snapshot;
  const plan = planBetween(
    // The acting person affects only the order of an apply, and the check for ends that take their own access.
    { ...snapshot, me: null },
    { ...desired, findings: { ...findings, refusals: [], warnings: [...warnings, ...rules.warnings] } },
    // A plan checks rules on its end state. Drift checks them on live state and for coming ends.
    {
      ...options,
      ...own,
      policy: withoutRules(own.policy),
      ends: { policy: own.policy, me: me?.id ?? null },
    },
  );
  const roles = rolesOf(loaded, desired, options);
  const whole = {
    ...withRules(plan, rules, { policy: own.policy, now: options.now }),
    me: me && { id: me.id, email: me.email },
  };
  const drift = driftOf(whole, { ...roles, violations: rules.violations });
  const unclear = open.map((one) => problem(one.code, messageOf(one), { hint: one.hint }));
  const paths = loaded.manifest.files.map(({ path }) => path);
  return { ...drift, problems: inFileOrder([...problems, ...unclear], paths).map(toPlanWarning) };
}

function messageOf({ message, items }: Refusal): string {
  return items.length > 0 ? `${message}: ${items.join(', ')}` : message;
}

/** The problems without duplicates. Problems of single grants, if known, replace those of whole roles. */
function problemsOf({ findings: { problems } }: Desired, ofGrants: readonly Problem[] | null): Problem[] {
  const others = ofGrants === null ? problems : problems.filter(({ code }) => code !== 'unknown-grant');
  return uniqueByMessage([...(ofGrants ?? []), ...others]);
}

function rolesOf(
  { manifest }: LoadedManifest,
  { target: { state } }: Desired,
  { requestsFor }: DriftOptions,
): DriftRoles {
  const exact = rolesWithExactMembers(manifest);
  const nameAt = (id: RoleId): string | undefined => state.roles.get(liveKey(id))?.name;
  return {
    isExact: (id) => exact.has(nameAt(id) ?? ''),
    nameOf: ({ fromId, from }) => nameAt(fromId) ?? from,
    requestsFor,
  };
}

/**
 * Counts the differences, see `DriftSummary.differences`. `drift` exits with 2 unless it is 0.
 */
function driftDifferences(
  drift: Pick<Drift, 'changes' | 'missingPeople' | 'unmanaged' | 'violations'>,
): number {
  const { changes, missingPeople, unmanaged, violations } = drift;
  const unwanted = unmanaged.policy === 'fail' ? unmanaged.roles.length : 0;
  const broken = violations.filter(({ level }) => level === 'refuse').length;
  return changes.length + missingPeople.length + unwanted + broken;
}

function driftOf(
  plan: Plan,
  { violations, ...roles }: DriftRoles & Pick<Drift, 'violations'>,
): Omit<Drift, 'problems'> {
  const {
    refusals: _refusals,
    allowed: _allowed,
    fingerprints: _fingerprints,
    digest: _digest,
    summary,
    changes: steps,
    warnings: planWarnings,
    ...rest
  } = plan;
  const whole = mergeSteps(steps);
  const changes = listUnderCurrentRole(whole, roles).map((change) => ({ ...change, by: null, at: null }));
  const warnings = planWarnings.filter(({ code }) => !ABOUT_APPLYING.has(code));
  return {
    ...rest,
    formatVersion: DRIFT_FORMAT,
    kind: 'drift',
    changes,
    members: driftMembers(whole, roles),
    violations,
    warnings,
    summary: summaryOf(
      summarise(changes, { refusals: 0, warnings: warnings.length, unchanged: summary.unchanged }),
      driftDifferences({ ...rest, changes, violations }),
    ),
    attribution: { available: false, note: 'the audit log was not read' },
  };
}

function summaryOf({ refusals: _refusals, ...summary }: PlanSummary, differences: number): DriftSummary {
  return { ...summary, differences };
}

/**
 * Resolves the desired state. Sends people without a destination to a fallback role, because drift reports only that
 * they are extra.
 */
function resolveWithoutRefusing(
  loaded: LoadedManifest,
  snapshot: Snapshot,
  { now, unfinished }: DriftOptions,
): Desired {
  const how = { now, allowMissing: true, ...(unfinished ? { unfinished } : {}) };
  const desired = resolveDesiredState(loaded, snapshot, how);
  const unplaced = desired.findings.refusals.find(({ code }) => code === 'no-destination');
  const place = unplaced ? fallbackDestination(loaded, desired) : null;
  if (!unplaced || place === null) return desired;
  const { manifest } = loaded;
  const policy = { ...manifest.policy, removedMembersTo: place };
  const again = resolveDesiredState({ ...loaded, manifest: { ...manifest, policy } }, snapshot, how);
  const refusals = [...again.findings.refusals, { ...unplaced, hint: `shown as if they went to "${place}"` }];
  return { ...again, findings: { ...again.findings, refusals } };
}

/** The names of the roles whose members are exact. */
function rolesWithExactMembers({ roles }: LoadedManifest['manifest']): ReadonlySet<string> {
  return new Set(roles.flatMap(({ name, members }) => (members?.mode === 'exact' ? [name] : [])));
}

/** A role that accepts people: the default role if possible, else a system role, else any. */
function fallbackDestination({ manifest }: LoadedManifest, { target: { state } }: Desired): string | null {
  const exact = rolesWithExactMembers(manifest);
  const roles = [...state.roles.values()].filter(({ name }) => !exact.has(name));
  const byDefault = roles.find(({ key }) => key === state.defaultRole);
  // The system role with the highest id has the fewest grants.
  const [bySystem] = roles
    .filter((role) => role.id !== null)
    .filter(({ id }) => isSystemRole(id))
    .sort((a, b) => b.id - a.id);
  return (byDefault ?? bySystem ?? roles[0])?.name ?? null;
}

/**
 * Merges the steps of each difference, because an apply may need two: for split grants, or for a temporary name.
 */
function mergeSteps(steps: readonly Change[]): Change[] {
  const groups = groupBy(steps, ({ kind, roleId }) => `${kind} ${roleId}`);
  const merged = [...groups.values()].map(mergeGroup);
  const ids = changeIds(merged);
  const newId = new Map<ChangeId, ChangeId>();
  for (const [index, group] of [...groups.values()].entries())
    for (const { id } of group) newId.set(id, ids[index] as ChangeId);
  return merged.map((change, index) => {
    const id = ids[index] as ChangeId;
    const needs = new Set(change.dependsOn.flatMap((step) => newId.get(step) ?? []));
    needs.delete(id);
    return { ...change, id, dependsOn: [...needs].sort(byCodeUnit) };
  });
}

function mergeGroup(group: readonly Change[]): Change {
  const dependsOn = group.flatMap((step) => step.dependsOn);
  return { ...group.reduce(mergePair), step: null, dependsOn };
}

function mergePair(first: Change, last: Change): Change {
  if (first.kind === 'grants.set' && last.kind === 'grants.set')
    return { ...last, before: first.before, note: null };
  if (first.kind === 'role.update' && last.kind === 'role.update') return { ...last, before: first.before };
  if (first.kind === 'allowlist.set' && last.kind === 'allowlist.set')
    return { ...last, before: first.before };
  return last;
}
