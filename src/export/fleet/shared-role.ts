import type { Grant } from '../../model/grant.js';
import { isSystemRole } from '../../model/role.js';
import type { ExportedPerson } from '../members.js';
import type { OutlinedGrants, OutlinedMembers, OutlinedRole } from '../outline.js';

/** The grants of a role in one layer: the full list, or additions to the layers below (`inherit`). */
export interface LayerGrants extends Pick<OutlinedGrants, 'mode' | 'add'> {
  inherit: boolean;
}

/** The members of a role in one layer. */
export interface LayerMembers extends Pick<OutlinedMembers, 'mode' | 'people'> {
  inherit: boolean;
}

/** A role in one layer. Null if the layer does not set a value. */
export interface LayerRole {
  name: string;
  id: number | null;
  description: string | null;
  grants: LayerGrants | null;
  members: LayerMembers | null;
  notes: readonly string[];
}

/** A role in the layers below. */
export type LowerLayer = Pick<LayerRole, 'description' | 'grants' | 'members'>;

/** A role that no layer below defines. */
export const EMPTY_LAYER: LowerLayer = { description: null, grants: null, members: null };

/**
 * What these roles of several instances share over the layers below: an equal description, and common grants and
 * people. Null if there is nothing.
 */
export function sharedRole(roles: readonly OutlinedRole[], below: LowerLayer): LayerRole | null {
  const [first] = roles as [OutlinedRole, ...OutlinedRole[]];
  const layer: LayerRole = {
    name: first.name,
    id: null,
    description: remainingDescription(sharedDescription(roles), below),
    grants: remainingGrants(sharedGrants(roles), below),
    members: remainingMembers(sharedMembers(roles), below),
    notes: [],
  };
  return isEmpty(layer) ? null : layer;
}

/** What one instance defines for a role over the layers below. Null if there is nothing. */
export function remainingRole(role: OutlinedRole, below: LowerLayer | null): LayerRole | null {
  const under = below ?? EMPTY_LAYER;
  const layer: LayerRole = {
    name: role.name,
    id: role.pinned ? role.id : null,
    description: remainingDescription(role.description, under),
    grants: remainingGrants(role.grants, under),
    members: remainingMembers(role.members, under),
    notes: role.notes,
  };
  // A role that no layer below defines needs an entry to be managed, even an empty one.
  return below !== null && isEmpty(layer) ? null : layer;
}

/** Applies a layer to the layers below. */
export function overlay(below: LowerLayer, layer: LayerRole): LowerLayer {
  const { grants, members } = layer;
  return {
    description: layer.description ?? below.description,
    grants:
      grants?.inherit && below.grants
        ? { ...grants, add: [...below.grants.add, ...grants.add] }
        : (grants ?? below.grants),
    members:
      members?.inherit && below.members
        ? { ...members, people: [...below.members.people, ...members.people] }
        : (members ?? below.members),
  };
}

function isEmpty({ id, description, grants, members }: LayerRole): boolean {
  return id === null && description === null && grants === null && members === null;
}

function sharedDescription(roles: readonly OutlinedRole[]): string | null {
  const [first] = roles;
  return first && roles.every(({ description }) => description === first.description)
    ? first.description
    : null;
}

type Grants = Pick<OutlinedGrants, 'mode' | 'add'>;

/** The common grants; null if the modes differ, an instance does not manage them, or non-empty lists share nothing. */
function sharedGrants(roles: readonly OutlinedRole[]): Grants | null {
  const lists = roles.flatMap(({ grants }) => grants ?? []);
  const [first, ...others] = lists;
  if (!first || lists.length < roles.length || others.some(({ mode }) => mode !== first.mode)) return null;
  const sets = others.map(({ add }) => new Set(add));
  const add = first.add.filter((grant) => sets.every((set) => set.has(grant)));
  return add.length > 0 || lists.every((list) => list.add.length === 0) ? { mode: first.mode, add } : null;
}

type Members = Pick<OutlinedMembers, 'mode' | 'people'>;

/** The common people, only by address, because ids differ between instances. */
function sharedMembers(roles: readonly OutlinedRole[]): Members | null {
  const lists = roles.flatMap(({ members }) => members ?? []);
  const [first, ...others] = lists;
  if (!first || lists.length < roles.length || others.some(({ mode }) => mode !== first.mode)) return null;
  const sets = others.map(({ people }) => new Set(people.map(({ email }) => email)));
  const people = first.people.filter(({ email }) => email !== null && sets.every((set) => set.has(email)));
  const empty = lists.filter((list) => list.people.length === 0).length;
  // A custom role without members on most instances has an empty exact list; the other instances add their people.
  const isMostlyEmpty = !isSystemRole(roles[0]?.id ?? 0) && empty * 2 >= lists.length;
  return people.length > 0 || empty === lists.length || isMostlyEmpty ? { mode: first.mode, people } : null;
}

function remainingDescription(own: string | null, below: LowerLayer): string | null {
  return own === below.description ? null : own;
}

function remainingGrants(own: Grants | null, { grants: below }: LowerLayer): LayerGrants | null {
  if (own === null) return null;
  if (below === null) return { mode: own.mode, add: own.add, inherit: false };
  const held: ReadonlySet<Grant> = new Set(below.add);
  const add = own.add.filter((grant) => !held.has(grant));
  return add.length === 0 ? null : { mode: own.mode, add, inherit: true };
}

function remainingMembers(own: Members | null, { members: below }: LowerLayer): LayerMembers | null {
  if (own === null) return null;
  if (below === null) return { mode: own.mode, people: own.people, inherit: false };
  const held = new Set(below.people.map(({ email }) => email));
  const isNew = ({ email }: ExportedPerson): boolean => email === null || !held.has(email);
  const people = own.people.filter(isNew);
  return people.length === 0 ? null : { mode: own.mode, people, inherit: below.people.length > 0 };
}
