import type { LoadedManifest, ManifestRole } from '../manifest/manifest.js';
import { nearName } from '../model/names.js';
import { refusal } from '../model/refusal.js';
import { isSystemRole, liveKey, newKey } from '../model/role.js';
import type { RoleKey } from '../model/role.js';
import type { LiveRole } from '../model/snapshot.js';
import { problem, warning } from '../problem/problem.js';
import type { Findings } from './finding.js';

/** Which live role each role of a manifest is. */
export interface RoleMatch {
  /** Role name in the manifest → its key: live, or to be made. */
  keys: ReadonlyMap<string, RoleKey>;
  /** Live roles that a name in `removed` means, by key. */
  removed: ReadonlySet<RoleKey>;
  /** Live custom roles that the manifest neither wants nor removes. */
  unmanaged: readonly LiveRole[];
}

/**
 * Finds the live role of every role in a manifest, by the rules of the design (section 2, *Finding a
 * role*): by `id`, else by the exact name, else by an old name that is given up. The rules are made so
 * that a manifest settles, and so that a role that was deleted by hand never takes another one's name.
 */
export function matchRoles(loaded: LoadedManifest, live: readonly LiveRole[], findings: Findings): RoleMatch {
  const { manifest, locate } = loaded;
  const wanted = new Map(manifest.roles.map((role) => [role.name, role]));
  const liveById = new Map(live.map((role) => [role.id, role]));
  const liveByNames = new Map<string, LiveRole[]>();
  for (const role of live) liveByNames.set(role.name, [...(liveByNames.get(role.name) ?? []), role]);
  const liveByName = new Map(live.map((role) => [role.name, role]));
  const pinnedBy = new Map<number, ManifestRole>();
  for (const role of manifest.roles) if (role.id !== null) pinnedBy.set(role.id, role);

  /** The live role of a name, unless a pin gives it to another role of the manifest. */
  const liveNamed = (name: string, asker: ManifestRole | null): LiveRole | null => {
    const found = liveByName.get(name);
    if (!found) return null;
    const pin = pinnedBy.get(found.id);
    return pin && pin !== asker ? null : found;
  };

  const oldNames = memo<ManifestRole, LiveRole[]>([], (role) =>
    role.renamedFrom.flatMap((name) => {
      const found = liveNamed(name, role);
      if (!found || isSystemRole(found.id)) return [];
      const owner = wanted.get(name);
      return !owner || givesUp(owner) ? [found] : [];
    }),
  );
  // A wanted name is given up only by a role that is another live role in the same plan.
  const givesUp = (owner: ManifestRole): boolean =>
    owner.id !== null
      ? liveByName.get(owner.name)?.id !== owner.id && liveById.has(owner.id)
      : oldNames(owner).length > 0;

  const claims = new Map<string, ManifestRole[]>();
  for (const role of manifest.roles) {
    for (const name of role.renamedFrom) claims.set(name, [...(claims.get(name) ?? []), role]);
  }
  /** Must this role be found under another name than its own? */
  const needsAnother = memo<ManifestRole, boolean>(
    false,
    (role) => !liveNamed(role.name, role) || takenByAnother(role),
  );
  const takenByAnother = (role: ManifestRole): boolean =>
    (claims.get(role.name) ?? []).some(
      (taker) =>
        taker !== role &&
        taker.id === null &&
        needsAnother(taker) &&
        oldNames(taker).some((old) => old.name === role.name),
    );

  const keys = new Map<string, RoleKey>();
  const matched = new Map<number, ManifestRole>();
  const take = (role: ManifestRole, found: LiveRole): void => {
    keys.set(role.name, liveKey(found.id));
    matched.set(found.id, role);
  };

  for (const role of manifest.roles) {
    const where = locate(['roles', role.name]);
    if (role.id !== null) {
      const found = liveById.get(role.id);
      if (!found) {
        findings.problems.push(
          problem('unknown-pin', `role "${role.name}" is pinned to id ${role.id}, which is no live role`, {
            where: locate(['roles', role.name, 'id']) ?? where,
            hint: liveByName.has(role.name)
              ? `the live role of that name has id ${liveByName.get(role.name)?.id}`
              : 'a pin never makes a role; leave the id out to have it made',
          }),
        );
      } else if (isSystemRole(found.id) && found.name !== role.name) {
        findings.problems.push(
          problem(
            'system-role',
            `id ${found.id} is the system role "${found.name}", which cannot be renamed to "${role.name}"`,
            { where },
          ),
        );
      } else {
        take(role, found);
      }
      continue;
    }
    const namesakes = liveByNames.get(role.name) ?? [];
    if (namesakes.length > 1) {
      findings.refusals.push(
        refusal('ambiguous-name', `${namesakes.length} live roles are named "${role.name}"`, {
          items: namesakes.map((one) => `${one.name} (id ${one.id})`),
          hint: 'pin the one you mean with `id:`',
        }),
      );
    }
    const own = liveNamed(role.name, role);
    const olds = oldNames(role);
    if (own && !takenByAnother(role)) {
      take(role, own);
      const extra = olds.filter((old) => !wanted.has(old.name) && !manifest.removed.includes(old.name));
      if (extra.length > 0) refuseRename(role, [own, ...extra], findings);
      continue;
    }
    const [only, ...more] = olds;
    if (!only) {
      keys.set(role.name, newKey(role.name));
      const kept = role.renamedFrom.filter((name) => liveByName.has(name) && wanted.has(name));
      for (const name of kept) {
        findings.warnings.push(
          warning(
            'new-name-instead',
            `role "${role.name}" is made anew: its old name "${name}" stays with the role that the manifest calls so`,
            {
              where: locate(['roles', role.name, 'renamedFrom']) ?? where,
              hint: `pin the live role with \`id: ${liveByName.get(name)?.id}\` to have it renamed instead`,
            },
          ),
        );
      }
    } else if (more.length > 0) {
      refuseRename(role, olds, findings);
      keys.set(role.name, newKey(role.name));
    } else {
      take(role, only);
    }
  }

  refuseTakenNames(manifest.roles, { keys, live, matched, findings });

  const removed = new Set<RoleKey>();
  for (const name of manifest.removed) {
    const found = liveByName.get(name);
    if (found && !matched.has(found.id) && !isSystemRole(found.id)) removed.add(liveKey(found.id));
  }
  const unmanaged = live.filter(
    (role) => !isSystemRole(role.id) && !matched.has(role.id) && !removed.has(liveKey(role.id)),
  );
  return { keys, removed, unmanaged };
}

function refuseRename(role: ManifestRole, found: readonly LiveRole[], findings: Findings): void {
  findings.refusals.push(
    refusal('ambiguous-rename', `role "${role.name}" could be any of several live roles`, {
      items: found.map((one) => `${one.name} (id ${one.id})`),
      hint: 'pin the one you mean with `id:`, or put the other name under `removed`',
    }),
  );
}

interface NameCheck {
  keys: ReadonlyMap<string, RoleKey>;
  live: readonly LiveRole[];
  matched: ReadonlyMap<number, ManifestRole>;
  findings: Findings;
}

/** A name that a role is to get must not be, or nearly be, that of a live role which keeps it. */
function refuseTakenNames(
  roles: readonly ManifestRole[],
  { keys, live, matched, findings }: NameCheck,
): void {
  const free = new Map<string, LiveRole[]>();
  for (const role of live) {
    if (!matched.has(role.id))
      free.set(nearName(role.name), [...(free.get(nearName(role.name)) ?? []), role]);
  }
  const liveNames = new Map(live.map((role) => [liveKey(role.id), role.name]));
  for (const role of roles) {
    const key = keys.get(role.name);
    if (!key || liveNames.get(key) === role.name) continue;
    const others = free.get(nearName(role.name)) ?? [];
    if (others.length === 0) continue;
    const same = others.some((other) => other.name === role.name);
    findings.refusals.push(
      refusal(
        'ambiguous-name',
        `role "${role.name}" ${same ? 'would get the name of' : 'is not live, but nearly so named is'} another live role`,
        {
          items: others.map((other) => `${other.name} (id ${other.id})`),
          hint: same
            ? 'rename or remove the other role first, in a plan of its own'
            : `if it is the same role, write \`renamedFrom: [${JSON.stringify(others[0]?.name)}]\` or pin its \`id\``,
        },
      ),
    );
  }
}

/** Remembers answers. A question that comes back to itself (only pinned circles can) is answered by `inCircle`. */
function memo<K extends object, V>(inCircle: V, compute: (key: K) => V): (key: K) => V {
  const known = new Map<K, V>();
  return (key) => {
    const hit = known.get(key);
    if (hit !== undefined) return hit;
    known.set(key, inCircle);
    const value = compute(key);
    known.set(key, value);
    return value;
  };
}
