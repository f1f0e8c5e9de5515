import { quotedName } from '../model/quoted-name.js';
import type { Refusal } from '../model/refusal.js';
import { suggest } from '../model/suggest.js';
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

/** The names of the end state, and the live names that are not among them. */
export interface KnownNames {
  byName: { keys(): Iterable<string> };
  /** The new name of each such live role; null for a deleted role. */
  gone: ReadonlyMap<string, string | null>;
}

/** The problem for a name that no role has in the end state. */
export function unknownRole(name: string, { byName, gone }: KnownNames, where: Where | null): Problem {
  const text = `there is no role ${quotedName(name)} in the end state`;
  const newName = gone.get(name);
  if (newName !== undefined)
    return newName === null
      ? problem('unknown-role', `${text}: it is deleted`, { where, hint: 'use a role that stays' })
      : problem('unknown-role', `${text}: it is renamed to ${quotedName(newName)}`, {
          where,
          hint: `write ${quotedName(newName)}`,
        });
  const close = suggest(name, byName.keys());
  const hint = close ? `did you mean ${quotedName(close)}?` : 'it is neither in the manifest nor live';
  return problem('unknown-role', text, { where, hint });
}
