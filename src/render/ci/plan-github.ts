import type { PlanWarning, Refusal } from '../../plan/plan.js';
import type { Problem } from '../../problem/problem.js';
import { problem, warning } from '../../problem/problem.js';
import { acceptedSummary } from '../facts/accepted.js';
import { driftItems } from '../facts/drift-items.js';
import { problemsOf } from '../facts/notes.js';
import { needsAttention, policyNotices } from '../facts/policy-notices.js';
import { allowedOf, reasonText, refusalSummary, refusalsOf } from '../facts/refusal-facts.js';
import type { PlanDocument } from '../vocabulary.js';
import { unchangedPlace, whereOfWarning, type PlaceOf } from './places.js';
import { noticeGithub, problemsGithub } from './problems-github.js';

/**
 * A plan as workflow commands, which GitHub shows as annotations: refusals as errors, warnings at their
 * place in the manifest; in a drift document each difference is an error. What a flag has allowed and what the
 * manifest accepts are notices. Annotations show what needs a reviewer's attention; changes alone have none.
 */
export function planGithub(document: PlanDocument, placeOf: PlaceOf = unchangedPlace): string {
  const notices = policyNotices(document);
  const problems = [
    ...refusalsOf(document).map(refusalProblem),
    ...problemsOf(document).map((one) => located(one, problem)),
    ...driftItems(document).map(({ text }) => problem('drift', text)),
    ...notices.filter(needsAttention).map(({ code, text }) => warning(code, text)),
    ...document.warnings.map((one) => located(one, warning)),
  ];
  const records = [
    ...notices.filter((one) => !needsAttention(one)).map(({ code, text }) => noticeGithub(code, text)),
    ...allowedOf(document).map((refusal) =>
      noticeGithub(refusal.code, `allowed: ${refusalSummary(refusal)}; reason: ${reasonText(refusal)}`),
    ),
    ...document.accepted.map((entry) => noticeGithub('accepted-drift', acceptedSummary(entry))),
  ];
  return `${problemsGithub(problems, placeOf)}${records.join('')}`;
}

function located(one: PlanWarning, make: typeof problem): Problem {
  return make(one.code, one.message, { hint: one.hint, where: whereOfWarning(one) });
}

function refusalProblem(refusal: Refusal): Problem {
  return problem(refusal.code, refusalSummary(refusal), { hint: refusal.hint });
}
