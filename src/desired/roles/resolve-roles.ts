import type { Manifest } from '../../manifest/manifest.js';
import type { Grant } from '../../model/grant.js';
import { newRole } from '../../model/role.js';
import type { ExistingRole, Role, RoleKey } from '../../model/role.js';
import { byCodeUnit } from '../../model/sort.js';
import type { RoleMatch } from './match-roles.js';

/** The roles of the end state by name, and their names by key. */
interface ResolvedNames {
  /** The role that each name in the manifest refers to, including near names, which are refused. */
  byName: ReadonlyMap<string, RoleKey>;
  /** By key, because two live roles may share a name. */
  names: ReadonlyMap<RoleKey, string>;
  /** Live names that no role has in the end state, and the new name of that role; null for a deleted role. */
  gone: ReadonlyMap<string, string | null>;
}

/** The names in the end state: those of the manifest, and of every other live role that stays. */
export function resolveNames(
  live: ReadonlyMap<RoleKey, ExistingRole>,
  match: Pick<RoleMatch, 'keys' | 'near'>,
  deleted: ReadonlySet<RoleKey>,
): ResolvedNames {
  const byName = new Map<string, RoleKey>();
  const names = new Map<RoleKey, string>();
  const add = (name: string, key: RoleKey): void => {
    byName.set(name, key);
    names.set(key, name);
  };
  const managed = new Set(match.keys.values());
  for (const [key, { name }] of live) if (!deleted.has(key) && !managed.has(key)) add(name, key);
  for (const [name, key] of match.keys) add(name, key);
  for (const [name, key] of match.near) if (names.has(key) && !byName.has(name)) byName.set(name, key);
  const gone = new Map<string, string | null>();
  for (const [key, { name }] of live) if (!byName.has(name)) gone.set(name, names.get(key) ?? null);
  return { byName, names, gone };
}

/** The input of the end-state roles. */
interface RoleInput {
  manifest: Pick<Manifest, 'roles'>;
  live: ReadonlyMap<RoleKey, ExistingRole>;
  keys: ReadonlyMap<string, RoleKey>;
  names: ReadonlyMap<RoleKey, string>;
  grants: ReadonlyMap<RoleKey, readonly Grant[]>;
  /** Is the difference of this role's description accepted? */
  keepsText: (role: string) => boolean;
}

/** Every role of the end state with its name, description and grants; in the order of names. */
export function resolveRoles(input: RoleInput): ReadonlyMap<RoleKey, Role> {
  const { live, names, grants, keepsText } = input;
  const descriptions = new Map(
    input.manifest.roles.map(({ name, description }) => [input.keys.get(name), description]),
  );
  const inOrder = [...names].sort(([a, one], [b, other]) => byCodeUnit(one, other) || byCodeUnit(a, b));
  return new Map(
    inOrder.map(([key, name]): [RoleKey, Role] => {
      const before = live.get(key);
      const wanted = descriptions.get(key) ?? null;
      const list = grants.get(key) ?? before?.grants ?? [];
      if (!before) return [key, newRole({ name, description: wanted ?? '', grants: list })];
      const description = wanted === null || keepsText(name) ? before.description : wanted;
      return [key, { ...before, name, description, grants: list }];
    }),
  );
}
