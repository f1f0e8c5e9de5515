import type { PlanWarning, Refusal } from '../../plan/plan.js';
import type { Problem } from '../../problem/problem.js';
import { problem, warning } from '../../problem/problem.js';
import { policyNotices } from '../facts/policy-notices.js';
import { driftItems } from '../facts/drift-items.js';
import { asNamed, type PlaceOf } from './places.js';
import { problemsGithub } from './problems-github.js';
import { cut, figure, quotedName } from '../format/phrases.js';
import { refusalFacts } from '../facts/refusal-facts.js';
import type { PlanDocument } from '../vocabulary.js';

/** Names that one annotation holds. */
const MOST_ITEMS = 20;

/**
 * A plan as workflow commands, which GitHub shows as annotations: refusals as errors, warnings at their
 * place in the manifest. In a drift document each difference is an error. Empty where nothing is wrong.
 */
export function planGithub(document: PlanDocument, placeOf: PlaceOf = asNamed): string {
  const warnings = [
    ...policyNotices(document).map(({ code, text }) => warning(code, text)),
    ...document.warnings.map((one) => placed(one, warning)),
  ];
  const wrong =
    document.kind === 'plan'
      ? document.refusals.map(refusalProblem)
      : [
          ...document.problems.map((one) => placed(one, problem)),
          ...driftItems(document).map(({ text }) => problem('drift', text)),
        ];
  return problemsGithub([...wrong, ...warnings], placeOf);
}

function placed({ code, message, file, line, column, hint }: PlanWarning, make: typeof problem): Problem {
  const place = { ...(line === null ? {} : { line }), ...(column === null ? {} : { column }) };
  return make(code, message, { hint, where: file === null ? null : { file, ...place } });
}

function refusalProblem(refusal: Refusal): Problem {
  const { shown, more } = cut(refusal.items, MOST_ITEMS);
  const items =
    shown.length > 0
      ? `: ${shown.map(quotedName).join(', ')}${more > 0 ? ` and ${figure(more)} more` : ''}`
      : '';
  const facts = refusalFacts(refusal).map((fact) =>
    fact.value === '' ? fact.label : `${fact.label} ${fact.value}`,
  );
  return problem(refusal.code, `${refusal.message}${items} (${facts.join(', ')})`, { hint: refusal.hint });
}
