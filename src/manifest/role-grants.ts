import type { Grant } from '../model/grant.js';
import { MANAGE_ROLES } from '../model/grant.js';
import { SYSTEM_ROLES } from '../model/role.js';
import type { ManifestDraft, DraftRole, GrantLayer } from './draft.js';
import type { SourceRange } from './yaml-values.js';

/** What a role will hold as far as the manifest alone says. */
export interface ResolvedGrants {
  grants: ReadonlySet<Grant>;
  /** False where live state has a say: additive, not managed, or from a role of which that is so. */
  complete: boolean;
}

/**
 * The grants that a role says by itself, sets taken apart, each where it is written; without `remove`. Of what a role
 * inherits the uppermost entries come first.
 */
export function ownGrants(draft: ManifestDraft, grants: GrantLayer): SourceRange<Grant>[] {
  const sets = grants.sets.flatMap(({ value }) => draft.grantSets.get(value)?.grants ?? []);
  return [...(grants.add ?? []), ...sets, ...grants.optional];
}

/**
 * Composes the grants of roles of a manifest, each once: of these names and of what they take over. In a circle of `from` (a problem of its own)
 * a role that is met again counts as unknown. Long chains cost no stack.
 */
export function resolveGrants(
  draft: ManifestDraft,
  names: Iterable<string> = draft.roles.keys(),
): ReadonlyMap<string, ResolvedGrants> {
  const done = new Map<string, ResolvedGrants>();
  const begun = new Set<string>();
  for (const name of names) {
    const open = [name];
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      const role = draft.roles.get(top);
      const first = role !== undefined && !begun.has(top);
      begun.add(top);
      const wanted = first
        ? sourcesOf(role).filter((source) => draft.roles.has(source) && !begun.has(source))
        : [];
      if (wanted.length > 0) {
        for (const source of wanted) open.push(source);
        continue;
      }
      if (role && !done.has(top)) done.set(top, compose(draft, role, done));
      open.pop();
    }
  }
  return done;
}

/** Does a role surely hold `authorization.roles`, by the manifest alone? Of the system roles Admin does. */
export function surelyManagesRoles(composed: ReadonlyMap<string, ResolvedGrants>, name: string): boolean {
  if (SYSTEM_ROLES.Admin === (SYSTEM_ROLES as Readonly<Record<string, number>>)[name]) return true;
  return composed.get(name)?.grants.has(MANAGE_ROLES) ?? false;
}

function sourcesOf(role: DraftRole): string[] {
  return (role.grants?.from ?? []).map(({ value }) => value);
}

function compose(
  draft: ManifestDraft,
  role: DraftRole,
  done: ReadonlyMap<string, ResolvedGrants>,
): ResolvedGrants {
  if (!role.grants) return { grants: new Set(), complete: false };
  const grants = new Set<Grant>();
  let complete = role.grants.mode === 'exact';
  for (const layer of role.grants.layers) {
    for (const { value } of ownGrants(draft, layer)) grants.add(value);
    for (const { value: source } of layer.from) {
      const part = done.get(source);
      for (const grant of part?.grants ?? []) grants.add(grant);
      if (surelyManagesRoles(done, source)) grants.add(MANAGE_ROLES);
      complete &&= part?.complete ?? false;
    }
    for (const { value } of layer.remove) grants.delete(value);
  }
  return { grants, complete };
}
