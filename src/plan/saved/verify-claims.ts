import equal from 'fast-deep-equal';
import type { Grant } from '../../model/grant.js';
import { isInForce } from '../../model/policy-overlay.js';
import { byCodeUnit } from '../../model/sort.js';
import type { ProblemCode } from '../../problem/codes.js';
import { digestOf } from '../digest.js';
import { followsFromPolicy } from '../guards/weakened-guards.js';
import { movesOf } from '../change.js';
import type { Impact, Plan, PlanPerson, PlanWarning } from '../plan.js';
import { WITHOUT_PEOPLE } from '../review/risk.js';
import { summarise } from '../review/summary.js';
import type { PersonId } from '../../model/ids.js';

/**
 * Returns a message about the first claim of a plan file that is not true; null if all are. Reviewers approve what the
 * file shows, so its fingerprints, summary, risks, notes, impact and warnings about changes must follow from its
 * changes, and its weakened guards, rules, accepted drift and overrides from its policy. Another version may word them
 * differently: its plans are made again. `remade` is the same plan, made again, with the same changes.
 */
export function falseClaim(plan: Plan, remade: Plan): string | null {
  if (!hasTrueFingerprints(plan)) return 'a fingerprint is not that of its fields';
  if (!hasTrueSummary(plan)) return 'its summary does not follow from its changes';
  if (!equal(riskLevels(plan), riskLevels(remade))) return 'the risk of a change does not follow from it';
  if (!equal(changeTexts(plan), changeTexts(remade)))
    return 'the reasons or the note of a change do not follow from it';
  if (!equal(changeWarningsOf(plan), changeWarningsOf(remade)))
    return 'a warning about a change does not follow from it';
  if (!hasTrueTitles(plan, remade)) return 'the title of a grant is not that of the instance';
  if (!followsFromPolicy(plan.weakenedGuards, plan.policy))
    return 'its weakened guards do not follow from its policy';
  if (!equal(plan.rules, remade.rules)) return 'its rules in force do not follow from its policy';
  if (!equal(plan.acceptedDrift, remade.acceptedDrift))
    return 'its accepted drift in force does not follow from its policy';
  if (!hasTrueAccepted(plan)) return 'a difference that it accepts does not follow from its policy';
  if (!hasTrueOverrides(plan)) return 'what its policy file changes does not follow from its policy';
  if (!hasTrueImpact(plan, remade)) return 'its impact does not follow from its changes';
  return null;
}

function hasTrueFingerprints({ fingerprints }: Plan): boolean {
  return fingerprints.every(({ fields, digest }) => digestOf(fields) === digest);
}

/** The number of unchanged roles depends on the manifest, so it is not checked. */
function hasTrueSummary({ changes, refusals, warnings, summary }: Plan): boolean {
  const counted = summarise(changes, {
    refusals: refusals.length,
    warnings: warnings.length,
    unchanged: summary.unchanged,
  });
  return equal(counted, summary);
}

function riskLevels({ changes }: Plan): string[] {
  return changes.map(({ risk }) => risk.level);
}

/** What a reviewer reads about each change. Someone may have joined or left a role without a need to plan again. */
function changeTexts({ changes }: Plan): unknown {
  return changes.map((change) => ({
    reasons: change.risk.reasons.map((reason) => reason.replace(WITHOUT_PEOPLE, '')),
    note: 'note' in change ? change.note : null,
  }));
}

/**
 * The warnings that follow from the changes alone. All others may differ by now: they depend on the manifest, on the
 * time, or on people and roles that the plan does not touch.
 */
const OF_CHANGES: ReadonlySet<ProblemCode> = new Set(['rename-breaks-saml', 'deletes-break-scim']);

function changeWarningsOf({ warnings }: Plan): readonly PlanWarning[] {
  return warnings.filter(({ code }) => OF_CHANGES.has(code));
}

function hasTrueTitles(plan: Plan, remade: Plan): boolean {
  const titles = new Map(remade.impact.map(({ grant, title }) => [grant, title]));
  return plan.impact.every(({ grant, title }) => !titles.has(grant) || titles.get(grant) === title);
}

/** Does each accepted difference have its reason and its end from the policy? */
function hasTrueAccepted({ accepted, acceptedDrift }: Plan): boolean {
  return accepted.every((one) =>
    acceptedDrift.some(
      ({ what, role, reason, until }) =>
        what === one.what &&
        reason === one.reason &&
        until === one.until &&
        (role === one.acceptedFor || (what === 'unmanaged' && role === null)),
    ),
  );
}

/** Is every value that the plan attributes to a policy file in force? */
function hasTrueOverrides({ policy, policyFile }: Plan): boolean {
  return (policyFile?.overrides ?? []).every((one) => isInForce(policy, one));
}

/**
 * Compares the impact on the people that the plan moves: other people may have joined or left since. Truncated lists are
 * skipped for the same reason.
 */
function hasTrueImpact(plan: Plan, remade: Plan): boolean {
  const moved = new Map(movesOf(plan.changes).map(({ id, email }) => [id, email]));
  const guarded = new Map(remade.impact.map((one) => [one.grant, one.protected]));
  const isPlausible = plan.impact.every(
    (one) =>
      hasListsOfLimit(one, plan.impactLimit) &&
      (guarded.get(one.grant) ?? one.protected) === one.protected &&
      [...one.gains, ...one.loses].every(
        ({ id, email }) => (moved.has(id) ? moved.get(id) : email) === email,
      ),
  );
  const shortened = new Set(
    [...plan.impact, ...remade.impact].filter((impact) => !isComplete(impact)).map(({ grant }) => grant),
  );
  const claims = ({ impact }: Plan): MovedImpact[] =>
    impact
      .filter(({ grant }) => !shortened.has(grant))
      .map(({ grant, gains, loses }) => ({ grant, gains: idsIn(gains, moved), loses: idsIn(loses, moved) }))
      .filter(({ gains, loses }) => gains.length + loses.length > 0)
      .sort((a, b) => byCodeUnit(a.grant, b.grant));
  return isPlausible && equal(claims(plan), claims(remade));
}

/** A list is shorter than its count only if the limit of the plan truncates it. */
function hasListsOfLimit(impact: Impact, limit: number): boolean {
  const most = impact.protected ? Infinity : limit;
  const { gains, loses, gainCount, loseCount } = impact;
  return gains.length === Math.min(gainCount, most) && loses.length === Math.min(loseCount, most);
}

/** The moved people who gain and lose a grant. */
interface MovedImpact {
  grant: Grant;
  gains: PersonId[];
  loses: PersonId[];
}

function isComplete({ gains, loses, gainCount, loseCount }: Impact): boolean {
  return gains.length === gainCount && loses.length === loseCount;
}

function idsIn(people: readonly PlanPerson[], among: ReadonlyMap<PersonId, unknown>): PersonId[] {
  return people
    .map(({ id }) => id)
    .filter((id) => among.has(id))
    .sort((a, b) => a - b);
}
