import type { Accepted, UnmanagedRole } from '../model/standing.js';
import { without } from '../model/closure.js';
import type { AcceptedDrift } from '../model/policy.js';
import type { Role, RoleKey } from '../model/role.js';
import type { Snapshot } from '../model/snapshot.js';
import type { State } from '../model/state.js';

/** What a difference is judged by: live state, and the end state as it would be if nothing were accepted. */
interface Sides {
  live: State;
  full: { state: State; unmanaged: readonly UnmanagedRole[]; homeless?: ReadonlySet<number> };
  snapshot: Snapshot;
}

/** The accepted drift that really is there, each with the difference in a sentence. In the manifest's order. */
export function acceptedDifferences(drift: readonly AcceptedDrift[], sides: Sides): Accepted[] {
  return drift.flatMap((one) =>
    differences(one, sides).map(({ role, difference }) => ({
      what: one.what,
      role,
      reason: one.reason,
      until: one.until,
      difference,
    })),
  );
}

function differences(
  drift: AcceptedDrift,
  { live, full }: Sides,
): { role: string | null; difference: string }[] {
  if (drift.what === 'defaultRole') {
    if (full.state.defaultRole === live.defaultRole) return [];
    return [
      {
        role: null,
        difference: `the default role is ${nameIn(live, live.defaultRole)}, not ${nameIn(full.state, full.state.defaultRole)}`,
      },
    ];
  }
  if (drift.what === 'allowlist') {
    if (String(full.state.allowlist) === String(live.allowlist)) return [];
    return [{ role: null, difference: `the allowlist is ${listed(live)}, not ${listed(full.state)}` }];
  }
  if (drift.what === 'unmanaged') {
    return full.unmanaged
      .filter((role) => drift.role === null || role.name === drift.role)
      .map((role) => ({ role: role.name, difference: 'the role is not in the manifest' }));
  }
  const after = [...full.state.roles.values()].find((role) => role.name === drift.role);
  const before = after && live.roles.get(after.key);
  if (!after || !before) return [];
  const difference = ofRole(drift.what, { before, after, live, full });
  return difference === null ? [] : [{ role: after.name, difference }];
}

function ofRole(
  what: 'grants' | 'members' | 'description',
  { before, after, live, full }: { before: Role; after: Role; live: State; full: Sides['full'] },
): string | null {
  if (what === 'description')
    return before.description === after.description ? null : 'the description differs';
  if (what === 'grants') {
    const extra = without(before.grants, after.grants);
    const missing = without(after.grants, before.grants);
    const parts = [
      ...(extra.length > 0 ? [`holds ${extra.join(', ')} beyond the manifest`] : []),
      ...(missing.length > 0 ? [`lacks ${missing.join(', ')}`] : []),
    ];
    return parts.length > 0 ? parts.join('; ') : null;
  }
  let more = 0;
  let fewer = 0;
  for (const person of live.people.read) {
    const key = live.people.of(person);
    const end = full.state.people.of(person);
    if (key === after.key && (end !== after.key || full.homeless?.has(person.id) === true)) more += 1;
    if (key !== after.key && end === after.key) fewer += 1;
  }
  const parts = [
    ...(more > 0 ? [`${more} more than the manifest lists`] : []),
    ...(fewer > 0 ? [`${fewer} listed and not in it`] : []),
  ];
  return parts.length > 0 ? parts.join('; ') : null;
}

function nameIn(state: State, key: RoleKey): string {
  return state.roles.get(key)?.name ?? key;
}

function listed(state: State): string {
  if (typeof state.allowlist === 'string') return state.allowlist;
  return state.allowlist.map((key) => nameIn(state, key)).join(', ');
}
