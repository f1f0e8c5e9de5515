import { FLEET_FORMAT } from '../fleet/document.js';
import type { FleetDocument } from '../fleet/document.js';
import { editedPart } from '../fleet/verify-document.js';
import type { InstanceRoles } from '../fleet/instance-roles.js';
import { refusal } from '../model/refusal.js';
import type { Refusal } from '../model/refusal.js';
import { identityProblem } from '../plan/change-id.js';
import { PLAN_FORMAT } from '../plan/plan.js';
import { inspectPlan } from '../plan/saved/verify-plan.js';
import type { Plan } from '../plan/plan.js';
import { DRIFT_FORMAT } from '../drift/drift.js';
import type { Drift } from '../drift/drift.js';
import { changedOrOther, formatMismatch, otherMaker } from '../problem/other-format.js';
import { ProblemError, problem } from '../problem/problem.js';
import { checkSaved } from '../schema/check-saved.js';
import { issueText } from '../schema/schema.js';
import { VERSION } from '../version.js';
import { Refused, refuse } from './errors.js';

/**
 * Checks that a document is a saved plan of this version.
 *
 * @throws ProblemError `bad-file` if it is not a plan; Refused if its format differs or it was edited.
 */
export function checkPlan(value: unknown, file: string): Plan {
  const kind = kindOf(value);
  if (kind !== 'plan') throw notOurs(file, 'a plan', kind);
  return checked(value, 'plan') as Plan;
}

/** The same for a saved plan or drift document. */
export function checkPlanOrDrift(value: unknown, file: string): Plan | Drift {
  const kind = kindOf(value);
  if (kind !== 'plan' && kind !== 'drift') throw notOurs(file, 'a plan or drift document', kind);
  const document = checked(value, kind) as Plan | Drift;
  // An edited file must not be shown to a reviewer as the plan.
  if (document.kind === 'plan') refuse(inspectSaved(document));
  return document;
}

/** Checks a plan file by itself, and names the version that made it if it is another one. */
export function inspectSaved(plan: Plan): Refusal[] {
  return inspectPlan(plan, VERSION);
}

/** The version that a saved document names as its maker, if it is not this one; null otherwise. */
export function otherMakerOf(document: unknown): string | null {
  return otherMaker(madeByOf(document), VERSION);
}

/** Checks that a document describes the roles of this instance; null if it does not. */
export function checkInstanceRoles(value: unknown, instance: string): InstanceRoles | null {
  if (kindOf(value) !== 'instance-roles' || checkSaved('instance-roles', value).length > 0) return null;
  const roles = value as InstanceRoles;
  return roles.instance === instance ? roles : null;
}

/** Checks that a document is a fleet document. Raises `bad-file` if it is not, or was edited. */
export function checkFleet(value: unknown, file: string): FleetDocument {
  const isFleet = kindOf(value) === 'fleet';
  const other = isFleet ? formatMismatch(versionOf(value), FLEET_FORMAT, 'the fleet document') : null;
  if (other)
    throw new ProblemError(problem('bad-file', other.message, { where: { file }, hint: other.hint }));
  const [issue] = isFleet ? checkSaved('fleet', value) : [];
  const mismatch = issue ? `it does not match its schema: ${issueText(issue, 'it')}` : null;
  const edited = isFleet && !issue ? editedPart(value as FleetDocument) : null;
  if (isFleet && !issue && edited === null) return value as FleetDocument;
  const fault = edited ?? (otherMakerOf(value) === null ? null : mismatch);
  if (fault !== null) {
    const { message, hint } = unusable('the document', value, fault);
    throw new ProblemError(problem('bad-file', message, { where: { file }, hint }));
  }
  const message = issue
    ? `the document does not match its schema: ${issueText(issue, 'it')}`
    : 'this is not a fleet document';
  const hint = 'a fleet run writes fleet.json into its folder';
  throw new ProblemError(problem('bad-file', message, { where: { file }, hint }));
}

function checked(value: unknown, kind: 'plan' | 'drift'): unknown {
  const [read, what] =
    kind === 'plan' ? [PLAN_FORMAT, 'the plan file'] : [DRIFT_FORMAT, 'the drift document'];
  const other = formatMismatch(versionOf(value), read, what);
  if (other) throw new Refused([refusal('plan-format', other.message, { hint: other.hint })]);
  const [issue] = checkSaved(kind, value);
  const fault = issue ? 'it does not match its schema' : identityProblem((value as Plan | Drift).changes);
  if (fault === null) return value;
  const { message, hint } = unusable('the file', value, fault);
  const items = issue ? [issueText(issue, 'the document')] : [];
  throw new Refused([refusal('plan-tampered', message, { items, hint })]);
}

/** Why a document that was edited, or that another version made, cannot be used. */
function unusable(what: string, document: unknown, why: string): ReturnType<typeof changedOrOther> {
  const madeBy = madeByOf(document);
  return changedOrOther({ what, why, madeBy, version: VERSION, again: 'make it again' });
}

function kindOf(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const kind = Object.hasOwn(value, 'kind') ? (value as { kind: unknown }).kind : null;
  return typeof kind === 'string' ? kind : null;
}

function madeByOf(value: unknown): unknown {
  return (value as { madeBy?: unknown } | null)?.madeBy;
}

function versionOf(value: unknown): unknown {
  return (value as { formatVersion?: unknown }).formatVersion;
}

/** Where documents of other kinds are read. */
const OTHER_KINDS: ReadonlyMap<string | null, string> = new Map([
  ['fleet', 'fleet report DIR renders the documents of a fleet run'],
  ['outcome', 'the plan of that run is plan.json in the same folder'],
  ['snapshot', 'plan --against, who-can --against and diff read a snapshot'],
]);

function notOurs(file: string, wanted: string, kind: string | null): ProblemError {
  return new ProblemError(
    problem(
      'bad-file',
      `this is not ${wanted}${kind === null ? '' : `, but ${JSON.stringify(kind.slice(0, 40))}`}`,
      {
        where: { file },
        hint: OTHER_KINDS.get(kind) ?? 'plan --out FILE writes one',
      },
    ),
  );
}
