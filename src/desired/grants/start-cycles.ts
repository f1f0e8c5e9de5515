import type { LoadedManifest, ManifestRole } from '../../manifest/manifest.js';
import { cyclesOf } from '../../model/cycles.js';
import { quotedName } from '../../model/quoted-name.js';
import type { ExistingRole, RoleKey } from '../../model/role.js';
import { problem } from '../../problem/problem.js';
import type { Problem } from '../../problem/problem.js';

/** The input of the search for cycles. */
interface StartCyclesInput {
  loaded: LoadedManifest;
  live: ReadonlyMap<RoleKey, ExistingRole>;
  /** Role name in the manifest → key. */
  keys: ReadonlyMap<string, RoleKey>;
}

/**
 * Roles to be created whose start depends on their own grants. `validate` cannot find them, because `basedOn` has no effect
 * on a role that is live.
 */
export function startCycles({ loaded, live, keys }: StartCyclesInput): Problem[] {
  const { roles } = loaded.manifest;
  const starting = new Map<string, string>();
  for (const { name, basedOn, grants } of roles) {
    const key = keys.get(name);
    const keepsStart = grants === null || grants.mode === 'additive';
    if (basedOn !== null && keepsStart && key && !live.has(key)) starting.set(name, basedOn);
  }
  if (starting.size === 0) return [];
  const byName = new Map<string, ManifestRole>(roles.map((role) => [role.name, role]));
  const next = (name: string): string[] => {
    const start = starting.get(name);
    const from = byName.get(name)?.grants?.from ?? [];
    return start === undefined ? [...from] : [...from, start];
  };
  return cyclesOf([...byName.keys()], next).map((cycle) => {
    const first = cycle.find((name) => starting.has(name)) ?? '';
    const names = cycle.map((name) => quotedName(name)).join(', ');
    return problem('from-cycle', `basedOn closes a cycle: ${names}`, {
      where: loaded.locate(['roles', first, 'basedOn']),
      hint: 'remove basedOn, or use another role',
    });
  });
}
