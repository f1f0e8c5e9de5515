import { isAbsolute, join, relative, sep } from 'node:path';
import type { Problem } from '../problem/problem.js';
import { planGithub } from '../render/plan-github.js';
import { problemsGithub } from '../render/problems-github.js';
import type { ToldProblem } from '../render/problems-json.js';
import type { PlanDocument } from '../render/words.js';
import type { Step } from './step.js';

/** Where files are named from: an annotation needs a path from the top of the repository. */
export interface Places {
  /** The top of the checkout. */
  workspace: string;
  /** Where the command ran. */
  cwd: string;
}

/** All that is wrong or worth knowing as workflow commands, at its place in the repository. */
export function annotationsOf({ document, outcome, problems }: Step, places: Places): string {
  const told = problemsGithub(problems.map((one) => asProblem(one, places)));
  // The refusals of a saved plan are those of the day when it was made; an apply has judged anew.
  if (!document || outcome || problems.length > 0) return told;
  return planGithub(placed(document, places));
}

function placed<D extends PlanDocument>(document: D, places: Places): D {
  const warnings = document.warnings.map((one) => ({ ...one, file: pathOf(one.file, places) }));
  return { ...document, warnings };
}

function asProblem(told: ToldProblem, places: Places): Problem {
  const { code, severity, message, line, column, hint } = told;
  const file = pathOf(told.file, places);
  const place = { ...(line === null ? {} : { line }), ...(column === null ? {} : { column }) };
  return {
    code,
    severity,
    message,
    ...(file === null ? {} : { where: { file, ...place } }),
    ...(hint === null ? {} : { hint }),
  };
}

function pathOf(file: string | null, { workspace, cwd }: Places): string | null {
  if (file === null) return null;
  const path = relative(workspace, isAbsolute(file) ? file : join(cwd, file));
  return path.startsWith('..') ? file : path.split(sep).join('/');
}
