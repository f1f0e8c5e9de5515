import { ProblemError } from '../problem/problem.js';
import { InvalidManifest, policyFileOf, refusalsOf } from '../reconcile/errors.js';
import { problemDocument } from '../render/ci/problems-json.js';
import { policyFileText, problemsText } from '../render/text/problems.js';
import { exitOfProblems } from '../shell/exit.js';
import { inputNames } from './input-names.js';
import { isFleetStep } from './inputs.js';
import { EMPTY_STEP } from './step.js';
import type { Step, StepContext } from './step.js';

/** Prints a problem to the log as the command does, and returns the step that it stopped. Rethrows other errors. */
export async function stoppedStep(error: unknown, { runner, inputs }: StepContext): Promise<Step> {
  if (!(error instanceof ProblemError)) throw error;
  const names = inputNames({ isFleet: isFleetStep(inputs) });
  const problems = error.problems.map(names.problem);
  const sources = error instanceof InvalidManifest ? error.sources : new Map<string, string>();
  await runner.log(
    `${problemsText(problems, { sources, colour: false })}${policyFileText(policyFileOf(error))}`,
  );
  return {
    ...EMPTY_STEP,
    exit: exitOfProblems(problems),
    problems: problems.map(problemDocument),
    refusals: refusalsOf(error).map(names.refusal),
  };
}
