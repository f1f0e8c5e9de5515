import { grantsByTitle } from '../manifest/form/grant-titles.js';
import { suggest } from '../model/suggest.js';
import type { Catalogue, Grant } from '../model/grant.js';
import { quotedName, visibleText } from '../model/quoted-name.js';
import { planRoleId } from '../model/role.js';
import type { Role } from '../model/role.js';
import { compareRoleIds } from '../model/role-id.js';
import { byCodeUnit } from '../model/sort.js';
import { ProblemError, problem } from '../problem/problem.js';
import type { AccessView } from './view.js';

/** A grant that was found by its id or title. */
interface FoundGrant {
  grant: Grant;
  /** Its title in Domo's user interface; null if the catalogue does not list it. */
  title: string | null;
  /** Roles that hold it, by name. */
  holders: readonly Role[];
}

/**
 * Finds a grant by its id, otherwise by its title ("Edit Cards", in any case). Raises `not-found` for a grant that is in
 * neither the catalogue nor a role, and for the title of several grants; the hint then lists them.
 */
export function findGrant(view: AccessView, text: string): FoundGrant {
  const known = knownGrants(view);
  const grant = known.has(text) ? text : byTitle(view, text, known);
  return {
    grant,
    title: view.catalogue.find((one) => one.grant === grant)?.title ?? null,
    holders: [...view.state.roles.values()]
      .filter((role) => role.grants.includes(grant))
      .sort((a, b) => byCodeUnit(a.name, b.name) || compareRoleIds(planRoleId(a), planRoleId(b))),
  };
}

/** Grants of the catalogue, and grants that roles hold though the catalogue does not list them. */
function knownGrants({ state, catalogue }: AccessView): ReadonlySet<Grant> {
  const known = new Set(catalogue.map((one) => one.grant));
  for (const role of state.roles.values()) for (const held of role.grants) known.add(held);
  return known;
}

function byTitle({ catalogue }: AccessView, text: string, known: ReadonlySet<Grant>): Grant {
  const titled = grantsByTitle(catalogue)(text);
  const [grant, ...more] = titled.filter((one) => known.has(one));
  if (grant === undefined) throw unknownGrant({ catalogue, known, titled }, text);
  if (more.length === 0) return grant;
  const list = [grant, ...more].sort(byCodeUnit).map(visibleText);
  throw new ProblemError(
    problem('not-found', `${quotedName(text)} is the title of ${list.length} grants`, {
      hint: `use one of their ids: ${list.join(', ')}`,
    }),
  );
}

interface KnownGrants {
  catalogue: Catalogue;
  known: ReadonlySet<Grant>;
  /** Grants that have this title on other instances. */
  titled: readonly Grant[];
}

function unknownGrant({ catalogue, known, titled }: KnownGrants, text: string): ProblemError {
  const titleNote = titled.length > 0 ? ` (the title of ${titled.map(visibleText).join(', ')})` : '';
  return new ProblemError(
    problem('not-found', `the instance has no grant ${quotedName(text)}${titleNote}`, {
      hint: closestGrant(text, catalogue, known) ?? 'list them with `domo-roles get authorities`',
    }),
  );
}

/** A hint with the grant whose id or title is closest. */
function closestGrant(text: string, catalogue: Catalogue, known: ReadonlySet<Grant>): string | null {
  const titles = new Map(catalogue.map(({ grant, title }) => [title, grant]));
  const meant = suggest(text, [...known, ...titles.keys()]);
  if (meant === null) return null;
  const grant = known.has(meant) ? undefined : titles.get(meant);
  return `did you mean ${quotedName(meant)}${grant === undefined ? '' : ` (${visibleText(grant)})`}?`;
}
