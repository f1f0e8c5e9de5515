import type { Grant } from '../model/grant.js';
import { grantList } from '../model/grant.js';
import { requireSelected, selectionOf } from '../manifest/selection.js';
import type { Selection, SelectionRequest } from '../manifest/selection.js';
import type { RoleId } from '../model/ids.js';
import { isSystemRole } from '../model/role.js';
import type { LiveRole, Snapshot } from '../model/snapshot.js';
import { exportedRoles } from './exported-roles.js';
import type { ExportedRoles } from './exported-roles.js';
import { allowlistOf, defaultRoleOf, destinationOf, instanceOf } from './exported-settings.js';
import { factorGrants, plainGrants, type Factored, type FactoredGrants } from './factor.js';
import { membersByRole, type ExportedMembers } from './members.js';
import { canExpressDescription, canExpressGrant } from './expressible.js';
import { inComment } from './yaml-document.js';

/** A role to write. */
export interface OutlinedRole {
  id: RoleId;
  name: string;
  /** Another live role has a near name, so the id is needed. */
  pinned: boolean;
  /** Null if left out. */
  description: string | null;
  grants: OutlinedGrants | null;
  members: OutlinedMembers | null;
  /** Notes about what a manifest cannot express. */
  notes: readonly string[];
}

/** Grants with their mode: additive if the role holds some that a manifest cannot express. */
export interface OutlinedGrants extends FactoredGrants {
  mode: 'exact' | 'additive';
}

/** Members with their mode. */
export interface OutlinedMembers extends ExportedMembers {
  mode: 'exact' | 'additive';
}

/** The content of an export, before it is split into files. */
export interface Outline {
  selection: Selection;
  instance: string | null;
  defaultRole: string | null;
  /** Names, sorted; null if left out. */
  allowlist: readonly string[] | 'off' | null;
  removedMembersTo: string | null;
  grantSets: ReadonlyMap<string, readonly Grant[]>;
  /** System roles by id, then the others by name. */
  roles: readonly OutlinedRole[];
  /** Notes about what a manifest cannot express. */
  notes: readonly string[];
  /** The group of a grant on Domo's page; empty if the catalogue has none. */
  groupOf: (grant: Grant) => string;
}

/** Options of `outlineOf`. */
export interface OutlineOptions extends SelectionRequest {
  /** Factors grants into sets and `from`; otherwise every role has a plain list. */
  compact?: boolean | undefined;
}

/**
 * Determines the content of an export, so that a plan from it has no changes. Leaves out, with a note, what a manifest
 * cannot express or would change. Raises `usage` and `not-found` for an invalid selection.
 */
export function outlineOf(snapshot: Snapshot, { compact = false, ...request }: OutlineOptions = {}): Outline {
  const selection = selectionOf(request);
  requireSelected(selection, namesOf(snapshot));
  const notes: string[] = [];
  const exported = exportedRoles(snapshot.roles, selection, notes);
  const listing = listingOf(snapshot);
  const drafts = draftRoles(exported, { snapshot, selection, notes });
  const factored = selection.without.has('grants')
    ? NO_GRANTS
    : grantsFor(drafts, { ...listing, compact, selection });
  const roles = drafts.map(({ live, ...draft }): OutlinedRole => ({
    ...draft,
    grants: grantsOf(live, factored.roles.get(live.id), { ...listing, notes: draft.notes }),
  }));
  return {
    selection,
    ...settingsOf(snapshot, exported.roles, { selection, notes }),
    grantSets: factored.sets,
    roles: roles.filter(isWritten),
    notes,
    groupOf: listing.groupOf,
  };
}

function namesOf({ roles }: Snapshot): string[] {
  return roles.map(({ name }) => name);
}

/** Lookups in the catalogue. */
interface Listing {
  /** The group of a grant on Domo's page; empty if the catalogue has none. */
  groupOf: (grant: Grant) => string;
  /** May a manifest list this grant? */
  canList: (grant: Grant) => boolean;
}

function listingOf({ catalogue }: Snapshot): Listing {
  const groups = new Map(catalogue.map((entry) => [entry.grant, entry.group]));
  return {
    groupOf: (grant) => groups.get(grant) ?? '',
    canList: (grant) => groups.has(grant) && canExpressGrant(grant),
  };
}

/** A role without its grants, and its live role. */
interface RoleDraft extends Omit<OutlinedRole, 'grants'> {
  live: LiveRole;
  notes: string[];
}

interface DraftContext {
  snapshot: Snapshot;
  selection: Selection;
  notes: string[];
}

function draftRoles({ roles, isPinned }: ExportedRoles, context: DraftContext): RoleDraft[] {
  const { snapshot, selection } = context;
  const hasMembers = !selection.without.has('members');
  const members = hasMembers ? membersByRole(snapshot.people, { ids: !selection.partial }) : null;
  if (hasMembers && !members) context.notes.push('members: not everyone was read');
  return roles.map((live): RoleDraft => {
    const { id, name } = live;
    const notes: string[] = [];
    const hasDescription = !isSystemRole(id) && !selection.without.has('descriptions');
    return {
      live,
      id,
      name,
      pinned: isPinned(live),
      description: hasDescription ? descriptionOf(live, notes) : null,
      members: members && membersOf(live, members.get(id) ?? NO_MEMBERS, { ...context, notes }),
      notes,
    };
  });
}

/** Does the role need an entry? A system role always exists, so it needs one only for its members. */
function isWritten({ id, members }: Pick<OutlinedRole, 'id' | 'members'>): boolean {
  return members !== null || !isSystemRole(id);
}

const NO_GRANTS: Factored = { roles: new Map(), sets: new Map() };

function grantsFor(
  drafts: readonly RoleDraft[],
  { groupOf, canList, compact, selection }: Listing & { compact: boolean; selection: Selection },
): Factored {
  const sources = drafts.map((draft) => {
    const { id, name, grants } = draft.live;
    const whole = grants.every(canList);
    return {
      id,
      name,
      grants: grantList(grants.filter(canList)),
      system: isSystemRole(id),
      // On another instance, a role that is not written may have other grants or not exist.
      open: whole && (!selection.partial || isWritten(draft)),
      exact: whole,
    };
  });
  return compact ? factorGrants(sources, groupOf) : plainGrants(sources);
}

function settingsOf(
  snapshot: Snapshot,
  roles: readonly LiveRole[],
  { selection, notes }: { selection: Selection; notes: string[] },
): Pick<Outline, 'instance' | 'defaultRole' | 'allowlist' | 'removedMembersTo'> {
  const names = new Map(roles.map((role) => [role.id, role.name]));
  const { without, partial } = selection;
  const turnsListOff = snapshot.allowlist === 'off' && !without.has('allowlist');
  const defaultRole = without.has('defaultRole')
    ? null
    : defaultRoleOf(snapshot, names, { turnsListOff, notes });
  return {
    instance: partial ? null : instanceOf(snapshot, notes),
    defaultRole,
    allowlist: without.has('allowlist') ? null : allowlistOf(snapshot, names, notes),
    removedMembersTo: partial ? null : destinationOf(snapshot, defaultRole, notes),
  };
}

function descriptionOf({ description }: LiveRole, notes: string[]): string | null {
  if (description === '') return null;
  if (canExpressDescription(description)) return description;
  notes.push(`its description cannot be expressed: "${inComment(description)}"`);
  return null;
}

function grantsOf(
  role: LiveRole,
  factored: FactoredGrants | undefined,
  { canList, notes }: { canList: (grant: Grant) => boolean; notes: string[] },
): OutlinedGrants | null {
  if (!factored) return null;
  const inexpressible = grantList(role.grants.filter((grant) => !canList(grant)));
  if (inexpressible.length === 0) return { ...factored, mode: 'exact' };
  const list = inexpressible.map(inComment).join(', ');
  const holds = `it also holds what the catalogue does not list: ${list}`;
  // An empty additive list has no effect, and the manifest schema forbids it.
  if (inexpressible.length === new Set(role.grants).size) {
    notes.push(`${holds}; so its grants are left out`);
    return null;
  }
  notes.push(`${holds}; so its grants are additive`);
  return { ...factored, mode: 'additive' };
}

const NO_MEMBERS: ExportedMembers = { people: [], inexpressible: 0 };

function membersOf(
  role: LiveRole,
  exported: ExportedMembers,
  { snapshot, selection, notes }: DraftContext,
): OutlinedMembers | null {
  const { people, inexpressible } = exported;
  const without = selection.partial ? ' without an id' : '';
  if (inexpressible > 0)
    notes.push(`${inexpressible} in it cannot be named${without}, so its members are additive`);
  const isOpen = role.id === snapshot.defaultRoleId || inexpressible > 0;
  if (!isOpen) return { ...exported, mode: 'exact' };
  return people.length > 0 ? { ...exported, mode: 'additive' } : null;
}
