import type { Grant } from '../../model/grant.js';
import { isSystemRole } from '../../model/role.js';
import type { ExportedPerson } from '../members.js';
import type { OutlinedGrants, OutlinedMembers, OutlinedRole } from '../outline.js';

/** A list of a role in one layer: whole, or what it adds to the layers below. */
export interface LayerGrants extends Pick<OutlinedGrants, 'mode' | 'add'> {
  inherit: boolean;
}

/** The same of people. */
export interface LayerMembers extends Pick<OutlinedMembers, 'mode' | 'people'> {
  inherit: boolean;
}

/** A role in one layer. Null: this layer does not set it. */
export interface LayerRole {
  name: string;
  id: number | null;
  description: string | null;
  grants: LayerGrants | null;
  members: LayerMembers | null;
  notes: readonly string[];
}

/** What lies below a layer, of one role. */
export type Below = Pick<LayerRole, 'description' | 'grants' | 'members'>;

/** Nothing lies below. */
export const NOTHING: Below = { description: null, grants: null, members: null };

/**
 * What these roles of several instances share exactly, beside what they have from below: the description where all have
 * it, the grants and the people that all have. Null where that is nothing.
 */
export function sharedRole(roles: readonly OutlinedRole[], below: Below): LayerRole | null {
  const [first] = roles as [OutlinedRole, ...OutlinedRole[]];
  const layer: LayerRole = {
    name: first.name,
    id: null,
    description: restDescription(sharedDescription(roles), below),
    grants: restGrants(sharedGrants(roles), below),
    members: restMembers(sharedMembers(roles), below),
    notes: [],
  };
  return isEmpty(layer) ? null : layer;
}

/** What one instance has of a role beside what lies below. Null where that is nothing. */
export function ownRole(role: OutlinedRole, below: Below | null): LayerRole | null {
  const under = below ?? NOTHING;
  const layer: LayerRole = {
    name: role.name,
    id: role.pinned ? role.id : null,
    description: restDescription(role.description, under),
    grants: restGrants(role.grants, under),
    members: restMembers(role.members, under),
    notes: role.notes,
  };
  // A role that no layer below has is managed by being named, even if nothing can be said of it.
  return below !== null && isEmpty(layer) ? null : layer;
}

/** A layer over what lies below it. */
export function laidOver(below: Below, layer: LayerRole): Below {
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

/** Not where the modes differ, or one instance does not manage them. Nothing in common is not a list, but for empty lists. */
function sharedGrants(roles: readonly OutlinedRole[]): Grants | null {
  const lists = roles.flatMap(({ grants }) => grants ?? []);
  const [first, ...others] = lists;
  if (!first || lists.length < roles.length || others.some(({ mode }) => mode !== first.mode)) return null;
  const sets = others.map(({ add }) => new Set(add));
  const add = first.add.filter((grant) => sets.every((set) => set.has(grant)));
  return add.length > 0 || lists.every((list) => list.add.length === 0) ? { mode: first.mode, add } : null;
}

type Members = Pick<OutlinedMembers, 'mode' | 'people'>;

/** People by address alone: an id is another person on another instance. */
function sharedMembers(roles: readonly OutlinedRole[]): Members | null {
  const lists = roles.flatMap(({ members }) => members ?? []);
  const [first, ...others] = lists;
  if (!first || lists.length < roles.length || others.some(({ mode }) => mode !== first.mode)) return null;
  const sets = others.map(({ people }) => new Set(people.map(({ email }) => email)));
  const people = first.people.filter(({ email }) => email !== null && sets.every((set) => set.has(email)));
  const empty = lists.filter((list) => list.people.length === 0).length;
  // A custom role that is empty on most instances has an exact list with nobody in it, and the others name their people.
  const isMostlyEmpty = !isSystemRole(roles[0]?.id ?? 0) && empty * 2 >= lists.length;
  return people.length > 0 || empty === lists.length || isMostlyEmpty ? { mode: first.mode, people } : null;
}

function restDescription(own: string | null, below: Below): string | null {
  return own === below.description ? null : own;
}

function restGrants(own: Grants | null, { grants: below }: Below): LayerGrants | null {
  if (own === null) return null;
  if (below === null) return { mode: own.mode, add: own.add, inherit: false };
  const held: ReadonlySet<Grant> = new Set(below.add);
  const add = own.add.filter((grant) => !held.has(grant));
  return add.length === 0 ? null : { mode: own.mode, add, inherit: true };
}

function restMembers(own: Members | null, { members: below }: Below): LayerMembers | null {
  if (own === null) return null;
  if (below === null) return { mode: own.mode, people: own.people, inherit: false };
  const held = new Set(below.people.map(({ email }) => email));
  const isNew = ({ email }: ExportedPerson): boolean => email === null || !held.has(email);
  const people = own.people.filter(isNew);
  return people.length === 0 ? null : { mode: own.mode, people, inherit: below.people.length > 0 };
}
