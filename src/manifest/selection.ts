import { quotedName } from '../model/quoted-name.js';
import { didYouMean } from '../model/suggest.js';
import { checkList } from '../problem/given.js';
import { ProblemError, problem, usageError } from '../problem/problem.js';

/** The parts that `--without` can leave out. */
export const PARTS = ['members', 'grants', 'descriptions', 'defaultRole', 'allowlist'] as const;

type Part = (typeof PARTS)[number];

/** A selection as given by flags. */
export interface SelectionRequest {
  /** Names of roles. Default: all roles. */
  only?: readonly string[] | undefined;
  /** Values of `PARTS`, separately or comma-separated. */
  without?: readonly string[] | undefined;
}

/** The roles and parts that are exported or compared. */
export interface Selection {
  /** Names of roles; null: all. */
  roles: ReadonlySet<string> | null;
  without: ReadonlySet<Part>;
  /** False if everything is selected. */
  partial: boolean;
}

/**
 * Parses a selection. `only` also leaves out the settings of the instance, which concern all roles. Raises `usage` for an
 * unknown part.
 */
export function selectionOf({ only = [], without = [] }: SelectionRequest = {}): Selection {
  checkList('only', only);
  checkList('without', without);
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
  throw usageError(`--without does not accept ${quotedName(word)}`, {
    what: '--without',
    hint: didYouMean(word, PARTS) ?? `valid values: ${PARTS.join(', ')}`,
  });
}

/** Does a selection contain the role of this name? */
export function selects({ roles }: Selection, name: string): boolean {
  return roles === null || roles.has(name);
}

/** Raises `not-found` for every selected role that is not in `names`. */
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
