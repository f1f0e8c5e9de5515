import { suggest } from '../manifest/suggest.js';
import { quotedName } from '../model/names.js';
import type { Refusal } from '../model/refusal.js';
import { problem } from '../problem/problem.js';
import type { Problem, Where } from '../problem/problem.js';

/** The findings of resolving a manifest against live state, collected so that all are reported at once. */
export interface Findings {
  /** The manifest names something that the instance does not have: exit 3. */
  problems: Problem[];
  refusals: Refusal[];
  warnings: Problem[];
}

/** An empty collection. */
export function noFindings(): Findings {
  return { problems: [], refusals: [], warnings: [] };
}

/** The problem for a name that no role has in the end state. */
export function unknownRole(name: string, names: Iterable<string>, where: Where | null): Problem {
  const close = suggest(name, names);
  return problem('unknown-role', `there is no role ${quotedName(name)} in the end state`, {
    where,
    hint: close
      ? `did you mean ${quotedName(close)}?`
      : 'it is neither in the manifest nor live, or this plan removes or renames it',
  });
}
