import { MANAGE_ROLES, type Grant } from '../../model/grant.js';
import { isSystemRoleName, SYSTEM_ROLES } from '../../model/role.js';
import type { SourceRange } from '../yaml/yaml-values.js';
import type { ManifestDraft, DraftRole, GrantLayer } from './draft.js';

/** The end-state grants of a role, as far as the manifest alone determines them. */
export interface ComposedGrants {
  grants: ReadonlySet<Grant>;
  /** False if they also depend on live state: additive, unmanaged, or taken from such a role. */
  complete: boolean;
}

/**
 * The grants that a role lists itself, with sets expanded and `remove` ignored, each with its place. Entries of higher
 * layers come first.
 */
export function ownGrants(draft: ManifestDraft, grants: GrantLayer): SourceRange<Grant>[] {
  const sets = grants.sets.flatMap(({ value }) => draft.grantSets.get(value)?.grants ?? []);
  return [...(grants.add ?? []), ...sets, ...grants.optional];
}

/**
 * Composes the grants of these roles and of the roles in their `from`, each once. In a cycle of `from` (reported
 * separately) a role that is reached again counts as unknown. Iterative, so that long chains do not exhaust the stack.
 */
export function composeDraftGrants(
  draft: ManifestDraft,
  names: Iterable<string> = draft.roles.keys(),
): ReadonlyMap<string, ComposedGrants> {
  const done = new Map<string, ComposedGrants>();
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

/** Does a role certainly hold `authorization.roles`, judged by the manifest alone? Of the system roles, Admin does. */
export function certainlyManagesRoles(composed: ReadonlyMap<string, ComposedGrants>, name: string): boolean {
  if (isSystemRoleName(name) && SYSTEM_ROLES[name] === SYSTEM_ROLES.Admin) return true;
  return composed.get(name)?.grants.has(MANAGE_ROLES) ?? false;
}

function sourcesOf(role: DraftRole): string[] {
  return (role.grants?.from ?? []).map(({ value }) => value);
}

function compose(
  draft: ManifestDraft,
  role: DraftRole,
  done: ReadonlyMap<string, ComposedGrants>,
): ComposedGrants {
  if (!role.grants) return { grants: new Set(), complete: false };
  const grants = new Set<Grant>();
  let complete = role.grants.mode === 'exact';
  for (const layer of role.grants.layers) {
    for (const { value } of ownGrants(draft, layer)) grants.add(value);
    for (const { value: source } of layer.from) {
      const part = done.get(source);
      for (const grant of part?.grants ?? []) grants.add(grant);
      if (certainlyManagesRoles(done, source)) grants.add(MANAGE_ROLES);
      complete &&= part?.complete ?? false;
    }
    for (const { value } of layer.remove) grants.delete(value);
  }
  return { grants, complete };
}
