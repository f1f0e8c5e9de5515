import { personFinder } from '../desired/people/find-people.js';
import type { LoadedManifest, ManifestMember, ManifestRole } from '../manifest/manifest.js';
import type { Grant } from '../model/grant.js';
import { hasPassed } from '../model/until.js';
import type { RoleId } from '../model/ids.js';
import type { Person } from '../model/person.js';
import type { Role } from '../model/role.js';
import type { Where } from '../problem/problem.js';
import { findPerson } from './ask.js';
import { roleOf } from './view.js';
import type { AccessView } from './view.js';

/** A place in a manifest; both are null if no manifest sets the value. */
interface ManifestPlace {
  file: string | null;
  line: number | null;
}

/** An entry of a manifest that names a person. */
export interface PersonEntry extends ManifestPlace {
  role: string;
  /** A day, or a time with a zone; null if the membership has no end. */
  until: string | null;
  /** True if its end has passed. */
  ended: boolean;
  note: string | null;
}

/** A grant that a person holds, and the entry of a manifest that gives it to the role. */
export interface ExplainedGrant extends ManifestPlace {
  grant: Grant;
  /** Its title in Domo's user interface; null if the catalogue does not list it. */
  title: string | null;
}

/** What a person may do, with the manifest entries that grant it. */
export interface PersonDetails {
  id: number;
  email: string | null;
  name: string;
  pending: boolean;
  /** The role that they are in. */
  role: string;
  roleId: RoleId | null;
  /** The role that they are in at the end of a plan of the manifest; null without a manifest. */
  plannedRole: string | null;
  /** Its id, which distinguishes a renamed role from another one; null without a manifest, and for a role to be created. */
  plannedRoleId: RoleId | null;
  /** Entries that name them, in the order of roles; empty without a manifest. */
  entries: readonly PersonEntry[];
  /** The grants that they hold now, sorted. */
  grants: readonly ExplainedGrant[];
}

/** A manifest and its end state. */
interface ManifestContext {
  loaded: LoadedManifest;
  end: AccessView;
  /** ISO 8601: decides which entries have ended. */
  now: string;
}

/**
 * Returns what a person may do now, and which entries of the manifest grant it. `user` is an address in any case, or an id.
 * Raises `not-found` for an unknown person, `ambiguous-person` for an address of several people.
 */
export function explainPerson(
  view: AccessView,
  user: string,
  manifest: ManifestContext | null,
): PersonDetails {
  const person = findPerson(view, user);
  const role = roleOf(view, person);
  const planned = manifest && roleOf(manifest.end, person);
  const titles = new Map(view.catalogue.map(({ grant, title }) => [grant, title]));
  const placeOf = manifest ? grantPlaces(manifest, role) : () => NO_PLACE;
  return {
    id: person.id,
    email: person.email,
    name: person.name,
    pending: person.kind === 'pending',
    role: role.name,
    roleId: role.id,
    plannedRole: planned?.name ?? null,
    plannedRoleId: planned?.id ?? null,
    entries: manifest ? entriesOf(manifest, person) : [],
    grants: role.grants.map((grant) => ({ grant, title: titles.get(grant) ?? null, ...placeOf(grant) })),
  };
}

const NO_PLACE: ManifestPlace = { file: null, line: null };

function placeIn(where: Where | null): ManifestPlace {
  return { file: where?.file ?? null, line: where?.line ?? null };
}

function entriesOf({ loaded, now }: ManifestContext, person: Person): PersonEntry[] {
  const find = personFinder([person]);
  const names = ({ ref }: ManifestMember): boolean => find(ref).length > 0;
  return loaded.manifest.roles.flatMap(({ name, members }) =>
    (members?.users ?? []).filter(names).map(({ until, note, where }) => ({
      role: name,
      until,
      ended: until !== null && hasPassed(until, now),
      note,
      ...placeIn(where),
    })),
  );
}

/** Finds the entry that gives a grant to a live role: in its own list, in a grant set, or in `from`. */
function grantPlaces({ loaded, end }: ManifestContext, live: Role): (grant: Grant) => ManifestPlace {
  const name = end.state.roles.get(live.key)?.name;
  const wanted = loaded.manifest.roles.find((role) => role.name === name);
  if (!wanted?.grants) return () => NO_PLACE;
  return (grant) =>
    placeIn(loaded.locateGrant(wanted.name, grant) ?? sourcePlace(wanted, grant, { loaded, end }));
}

function sourcePlace(
  { name, grants }: ManifestRole,
  grant: Grant,
  { loaded, end }: Pick<ManifestContext, 'loaded' | 'end'>,
): Where | null {
  const holds = (source: string): boolean =>
    [...end.state.roles.values()].some((role) => role.name === source && role.grants.includes(grant));
  const source = grants?.from.find(holds);
  return source === undefined ? null : loaded.locate(['roles', name, 'grants', 'from', source]);
}
