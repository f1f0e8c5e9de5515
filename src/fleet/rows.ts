import { accountText } from '../model/person.js';
import { byCodeUnit, sortedUnique } from '../model/sort.js';
import type { Change } from '../plan/change.js';
import type { Plan } from '../plan/plan.js';
import { canonicalJson } from '../plan/digest.js';
import { summarise } from '../plan/review/summary.js';
import type { Drift } from '../drift/drift.js';
import type { ProblemCode } from '../problem/codes.js';
import type { FleetRow, ProtectedGain, RowStatus, RowSummary } from './document.js';

/** The fields of a row that come from its inventory entry. */
export interface RowSubject {
  name: string;
  labels: ReadonlyMap<string, string>;
  wave: string;
}

/** A result without a plan, drift or problems, which the work on an instance completes. */
export const BLANK_RESULT: Omit<InstanceResult, 'status' | 'exit'> = {
  summary: null,
  protected: [],
  refusals: [],
  problems: [],
  warnings: [],
  because: null,
  document: null,
  digest: null,
  runId: null,
};

/** A row with a status and no results. */
export function blankRow(
  { name, labels, wave }: RowSubject,
  status: RowStatus,
  because: string | null = null,
): FleetRow {
  return {
    instance: name,
    labels: Object.fromEntries([...labels].sort(([a], [b]) => byCodeUnit(a, b))),
    wave,
    status,
    exit: null,
    ...BLANK_RESULT,
    because,
    sent: false,
    attempts: [],
    ms: 0,
    requests: 0,
  };
}

/** The results of a plan or drift check of one instance. */
export type InstanceResult = Omit<
  FleetRow,
  'instance' | 'labels' | 'wave' | 'attempts' | 'ms' | 'requests' | 'sent'
>;

/** The fields of a row that come from the instance's plan or drift document. */
type PlannedPart = Pick<FleetRow, 'summary' | 'protected' | 'refusals' | 'problems' | 'warnings'>;

/** The part of a row that comes from a plan. */
export function planPart({ summary, impact, refusals, warnings }: Plan): PlannedPart {
  return {
    summary: rowSummary(summary),
    protected: protectedGains(impact),
    refusals,
    problems: [],
    warnings: codesOf(warnings),
  };
}

/** The part of a row that comes from drift. */
function driftPart(drift: Drift): PlannedPart {
  const { summary, impact, problems, warnings } = drift;
  return {
    summary: rowSummary(summary),
    protected: protectedGains(impact),
    refusals: [],
    problems,
    warnings: codesOf([...warnings, ...(lacksAuthors(drift) ? [{ code: AUDIT_INCOMPLETE }] : [])]),
  };
}

/** The code in a row of drift whose authors may be missing. The drift document has the reason in `attribution.note`. */
export const AUDIT_INCOMPLETE = 'audit-incomplete' satisfies ProblemCode;

/** Could the audit log not be read, or only in part? Without changes, and of a snapshot, it is not asked for. */
function lacksAuthors({ offline, changes, attribution }: Drift): boolean {
  return !offline && changes.length > 0 && attribution.note !== null;
}

/** The row of an instance whose drift was detected. */
export function driftResult(drift: Drift): InstanceResult {
  const isBlind = drift.problems.length > 0;
  const status = isBlind ? 'invalid' : drift.summary.differences > 0 ? 'drift' : 'clean';
  return {
    ...driftPart(drift),
    status,
    exit: isBlind ? 3 : status === 'drift' ? 2 : 0,
    because: isBlind ? drift.problems.map(({ message }) => message).join('; ') : driftBeyondChanges(drift),
    document: null,
    digest: null,
    runId: null,
  };
}

/**
 * Can this document be the one of a row? A drift document has no digest, but the row follows from it: one of another run that
 * found something else does not match. Leaves out `because`, whose wording other versions may change.
 */
export function isDriftOf(drift: Drift, row: FleetRow): boolean {
  const facts = ({ status, summary, protected: gains, problems, warnings }: InstanceResult): unknown =>
    canonicalJson([status, summary, gains, problems, warnings]);
  return drift.instance === row.instance && facts(driftResult(drift)) === facts(row);
}

/** The differences that are no changes, so that neither totals nor groups show them; null without one. */
export function driftBeyondChanges({
  missingPeople,
  unmanaged,
  violations,
}: Pick<Drift, 'missingPeople' | 'unmanaged' | 'violations'>): string | null {
  const unwanted = unmanaged.policy === 'fail' ? unmanaged.roles.length : 0;
  const rules = violations.flatMap(({ level, rule }) => (level === 'refuse' ? [rule] : []));
  const missing = missingPeople.length;
  const parts = [
    ...(missing > 0
      ? [
          missing === 1
            ? '1 listed person is not on the instance'
            : `${missing} listed people are not on the instance`,
        ]
      : []),
    ...(unwanted > 0 ? [unwanted === 1 ? '1 unmanaged role' : `${unwanted} unmanaged roles`] : []),
    ...(rules.length > 0 ? [`broken rules: ${rules.join(', ')}`] : []),
  ];
  return parts.length === 0 ? null : parts.join('; ');
}

function rowSummary(summary: Plan['summary'] | Drift['summary']): RowSummary {
  const { rolesCreated, rolesDeleted, peopleMoved, grantsAdded, grantsRemoved } = summary;
  return { created: rolesCreated, deleted: rolesDeleted, moved: peopleMoved, grantsAdded, grantsRemoved };
}

function protectedGains(impact: Plan['impact']): ProtectedGain[] {
  return impact
    .filter((one) => one.protected && one.gains.length > 0)
    .map(({ grant, title, gains }) => ({
      grant,
      title,
      people: gains.map(accountText).sort(byCodeUnit),
    }));
}

/** The changes of a plan that its apply made, without those that it found in place. */
export function changesMade(
  changes: readonly Change[],
  outcome: { changes: readonly { id: Change['id']; status: string }[] },
): Change[] {
  const made = new Set(outcome.changes.flatMap(({ id, status }) => (status === 'done' ? [id] : [])));
  return changes.filter(({ id }) => made.has(id));
}

/** The totals of changes. */
export function summaryOfChanges(changes: readonly Change[]): RowSummary {
  return rowSummary(summarise(changes, { refusals: 0, warnings: 0, unchanged: 0 }));
}

/** The codes of refusals or warnings, each once, sorted. */
export function codesOf(found: readonly { code: string }[]): string[] {
  return sortedUnique(found.map(({ code }) => code));
}
