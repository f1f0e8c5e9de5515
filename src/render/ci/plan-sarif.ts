import type { Accepted, Allowed, PlanWarning, Refusal } from '../../plan/plan.js';
import type { ProblemCode } from '../../problem/codes.js';
import { acceptedSummary } from '../facts/accepted.js';
import { driftItems } from '../facts/drift-items.js';
import { problemsOf } from '../facts/notes.js';
import { overviewLines } from '../facts/overview.js';
import { needsAttention, policyNotices, type PolicyNotice } from '../facts/policy-notices.js';
import { allowedOf, reasonText, refusalSummary, refusalsOf } from '../facts/refusal-facts.js';
import { oneLine } from '../format/one-line.js';
import type { PlanDocument } from '../vocabulary.js';
import { unchangedPlace, repositoryWhere, whereOfWarning, type PlaceOf } from './places.js';
import { sarifLog, type SarifFinding } from './sarif.js';

/**
 * A plan as SARIF 2.1.0: refusals as errors, warnings as warnings, at their place in the manifest where
 * there is one and else at the manifest's first file. In a drift document every difference is an error. What a
 * flag has allowed and what the manifest accepts are suppressed notes; everything else is a notification.
 */
export function planSarif(document: PlanDocument, placeOf: PlaceOf = unchangedPlace): string {
  const first = document.manifest.files[0];
  const file = first === undefined ? null : placeOf(first.path);
  const fallback = file === null ? null : { file, line: 1 };
  const findings = [
    ...refusalsOf(document).map(refusalFinding),
    ...problemsOf(document).map((one) => warningFinding(one, 'error', placeOf)),
    ...driftItems(document).map(({ text }) => finding('drift', 'error', `${text}.`)),
    ...policyNotices(document).map(noticeFinding),
    ...allowedOf(document).map(allowedFinding),
    ...document.accepted.map(acceptedFinding),
    ...document.warnings.map((one) => warningFinding(one, 'warning', placeOf)),
  ];
  return sarifLog({
    version: document.madeBy,
    id: `domo-roles/${document.kind}/${document.instance}`,
    findings: findings.map((one) => (one.where === null ? { ...one, where: fallback } : one)),
    notes: overviewLines(document),
  });
}

function finding(ruleId: ProblemCode, level: SarifFinding['level'], text: string): SarifFinding {
  return { ruleId, level, text, fingerprint: `${ruleId}:${text}`, where: null, justification: null };
}

function noticeFinding(notice: PolicyNotice): SarifFinding {
  const level = needsAttention(notice) ? 'warning' : 'note';
  return finding(notice.code, level, `${oneLine(notice.text)}.`);
}

function refusalFinding(refusal: Refusal): SarifFinding {
  const hint = refusal.hint === null ? '' : ` Hint: ${oneLine(refusal.hint)}`;
  return finding(refusal.code, 'error', `${refusalSummary(refusal)}.${hint}`);
}

function allowedFinding(refusal: Allowed): SarifFinding {
  const text = `Allowed by flag: ${refusalSummary(refusal)}.`;
  return { ...finding(refusal.code, 'note', text), justification: oneLine(reasonText(refusal)) };
}

function acceptedFinding(entry: Accepted): SarifFinding {
  const text = `Accepted drift: ${acceptedSummary(entry)}.`;
  return { ...finding('accepted-drift', 'note', text), justification: oneLine(entry.reason) };
}

function warningFinding(warning: PlanWarning, level: 'error' | 'warning', placeOf: PlaceOf): SarifFinding {
  const hint = warning.hint === null ? '' : ` Hint: ${oneLine(warning.hint)}`;
  const text = `${oneLine(warning.message)}.${hint}`;
  const place = whereOfWarning(warning);
  const where = place && repositoryWhere(place, placeOf);
  const outside = where !== null && where.file === undefined;
  const located = outside ? `${oneLine(where.what ?? '')}: ${text}` : text;
  return { ...finding(warning.code, level, located), where };
}
