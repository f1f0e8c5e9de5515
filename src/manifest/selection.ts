import { quotedName } from '../model/names.js';
import { ProblemError, problem } from '../problem/problem.js';
import { didYouMean } from './suggest.js';

/** Parts of an instance that can be left out, as `--without` names them. */
export const PARTS = ['members', 'grants', 'descriptions', 'defaultRole', 'allowlist'] as const;

export type Part = (typeof PARTS)[number];

/** A selection as it is asked for. */
export interface SelectionRequest {
  /** Names of roles; without it, all roles. */
  only?: readonly string[] | undefined;
  /** Words of `PARTS`, each alone or several with commas between them. */
  without?: readonly string[] | undefined;
}

/** Which roles, and which parts of them, are written or compared. */
export interface Selection {
  /** Names of roles; null: all. */
  roles: ReadonlySet<string> | null;
  without: ReadonlySet<Part>;
  /** False: everything is selected. */
  partial: boolean;
}

/**
 * Reads a selection. With `only`, the settings of the instance are left out too: they are about all roles. Raises
 * `usage` for a word that is not a part.
 */
export function selectionOf({ only = [], without = [] }: SelectionRequest = {}): Selection {
  const parts = new Set(without.flatMap((word) => word.split(',')).map(partOf));
  const roles = only.length > 0 ? new Set(only) : null;
  const partial = roles !== null || parts.size > 0;
  if (roles) parts.add('defaultRole').add('allowlist');
  return { roles, without: parts, partial };
}

function partOf(text: string): Part {
  const word = text.trim();
  const part = PARTS.find((one) => one === word);
  if (part) return part;
  throw new ProblemError(
    problem('usage', `--without does not take ${quotedName(word)}`, {
      where: { what: '--without' },
      hint: didYouMean(word, PARTS) ?? `it takes ${PARTS.join(', ')}`,
    }),
  );
}

/** Does a selection contain the role of this name? */
export function selects({ roles }: Selection, name: string): boolean {
  return roles === null || roles.has(name);
}

/** Raises `not-found` for every selected role that is none of these. */
export function requireSelected({ roles }: Selection, names: Iterable<string>): void {
  if (roles === null) return;
  const known = new Set(names);
  const unknown = [...roles].filter((name) => !known.has(name));
  if (unknown.length === 0) return;
  throw new ProblemError(
    unknown.map((name) =>
      problem('not-found', `there is no role ${quotedName(name)}`, {
        where: { what: '--only' },
        hint: didYouMean(name, known) ?? 'list them with `domo-roles get roles`',
      }),
    ),
  );
}
