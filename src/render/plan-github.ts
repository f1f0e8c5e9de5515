import type { Problem } from '../problem/problem.js';
import { problem, warning } from '../problem/problem.js';
import { problemsGithub } from './problems-github.js';
import type { PlanDocument } from './words.js';

/** A plan's refusals and warnings as workflow annotations; empty where there are none. */
export function planGithub(document: PlanDocument): string {
  const refusals = document.kind === 'plan' ? document.refusals : [];
  const problems: Problem[] = [
    ...refusals.map(({ code, message, items, hint, flag }) =>
      problem(code, items.length > 0 ? `${message}: ${items.slice(0, 20).join('; ')}` : message, {
        hint: hint ?? flag,
      }),
    ),
    ...document.warnings.map(({ code, message, file, line, column, hint }) =>
      warning(code, message, {
        hint,
        where:
          file === null
            ? null
            : { file, ...(line === null ? {} : { line }), ...(column === null ? {} : { column }) },
      }),
    ),
  ];
  return problemsGithub(problems);
}
