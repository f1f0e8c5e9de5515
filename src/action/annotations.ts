import type { Problem } from '../problem/problem.js';
import type { PlaceOf } from '../render/ci/places.js';
import { planGithub } from '../render/ci/plan-github.js';
import { problemsGithub } from '../render/ci/problems-github.js';
import type { ProblemDocument } from '../render/ci/problems-json.js';
import { shownDocument } from './input-names.js';
import type { Step } from './step.js';

/** Returns the problems, refusals and changes of a step as workflow commands, each at its place in the repository. */
export function annotationsOf({ document, outcome, problems }: Step, placeOf: PlaceOf): string {
  const commands = problemsGithub(problems.map(asProblem), placeOf);
  // The refusals in a saved plan date from when it was made; the apply has checked the guards again.
  if (!document || outcome || problems.length > 0) return commands;
  return planGithub(shownDocument(document), placeOf);
}

function asProblem({ code, severity, message, file, line, column, hint }: ProblemDocument): Problem {
  const place = { ...(line === null ? {} : { line }), ...(column === null ? {} : { column }) };
  return {
    code,
    severity,
    message,
    ...(file === null ? {} : { where: { file, ...place } }),
    ...(hint === null ? {} : { hint }),
  };
}
