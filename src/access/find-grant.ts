import { grantsByTitle } from '../manifest/grant-titles.js';
import { suggest } from '../manifest/suggest.js';
import type { Catalogue, Grant } from '../model/grant.js';
import { quotedName, visibleText } from '../model/names.js';
import { planRoleId } from '../model/role.js';
import type { Role } from '../model/role.js';
import { compareRoleIds } from '../model/role-id.js';
import { byCodeUnit } from '../model/sort.js';
import { ProblemError, problem } from '../problem/problem.js';
import type { AccessView } from './view.js';

/** A grant that a question is about. */
export interface FoundGrant {
  grant: Grant;
  /** Its title on Domo's page; null where the catalogue does not list it. */
  title: string | null;
  /** Roles that hold it, by name. */
  holders: readonly Role[];
}

/**
 * Finds a grant by its id, else by its title ("Edit Cards", in any case). Raises `not-found` for one that is in
 * neither the catalogue nor a role, and for a title of several grants, which are then listed.
 */
export function findGrant(view: AccessView, asked: string): FoundGrant {
  const known = knownGrants(view);
  const grant = known.has(asked) ? asked : byTitle(view, asked, known);
  return {
    grant,
    title: view.catalogue.find((one) => one.grant === grant)?.title ?? null,
    holders: [...view.state.roles.values()]
      .filter((role) => role.grants.includes(grant))
      .sort((a, b) => byCodeUnit(a.name, b.name) || compareRoleIds(planRoleId(a), planRoleId(b))),
  };
}

/** Grants of the catalogue, and those that roles hold all the same. */
function knownGrants({ state, catalogue }: AccessView): ReadonlySet<Grant> {
  const known = new Set(catalogue.map((one) => one.grant));
  for (const role of state.roles.values()) for (const held of role.grants) known.add(held);
  return known;
}

function byTitle({ catalogue }: AccessView, asked: string, known: ReadonlySet<Grant>): Grant {
  const titled = grantsByTitle(catalogue)(asked);
  const [grant, ...more] = titled.filter((one) => known.has(one));
  if (grant === undefined) throw unknownGrant({ catalogue, known, titled }, asked);
  if (more.length === 0) return grant;
  const list = [grant, ...more].sort(byCodeUnit).map(visibleText);
  throw new ProblemError(
    problem('not-found', `${quotedName(asked)} is the title of ${list.length} grants`, {
      hint: `ask for one of them: ${list.join(', ')}`,
    }),
  );
}

interface Known {
  catalogue: Catalogue;
  known: ReadonlySet<Grant>;
  /** Grants of which the text is the title on other instances. */
  titled: readonly Grant[];
}

function unknownGrant({ catalogue, known, titled }: Known, asked: string): ProblemError {
  const usual = titled.length > 0 ? ` (the title of ${titled.map(visibleText).join(', ')})` : '';
  return new ProblemError(
    problem('not-found', `the instance has no grant ${quotedName(asked)}${usual}`, {
      hint: closestGrant(asked, catalogue, known) ?? 'list them with `domo-roles get authorities`',
    }),
  );
}

/** The grant that was most likely meant, by id or title. */
function closestGrant(asked: string, catalogue: Catalogue, known: ReadonlySet<Grant>): string | null {
  const titles = new Map(catalogue.map(({ grant, title }) => [title, grant]));
  const meant = suggest(asked, [...known, ...titles.keys()]);
  if (meant === null) return null;
  const grant = known.has(meant) ? undefined : titles.get(meant);
  return `did you mean ${quotedName(meant)}${grant === undefined ? '' : ` (${visibleText(grant)})`}?`;
}
