import { distance } from 'fastest-levenshtein';
import type { LoadedManifest } from '../../manifest/manifest.js';
import { groupBy } from '../../model/group.js';
import { isOrdinary, refText } from '../../model/person.js';
import type { Person } from '../../model/person.js';
import type { PersonRef } from '../../model/policy.js';
import { quotedName } from '../../model/quoted-name.js';
import { refusal } from '../../model/refusal.js';
import type { RoleKey } from '../../model/role.js';
import { byCodeUnit } from '../../model/sort.js';
import { hasPassed } from '../../model/until.js';
import { placeNote } from '../../problem/problem.js';
import type { Where } from '../../problem/problem.js';
import type { Findings } from '../findings.js';

/** An entry of a role's list that matches no person. */
export interface MissingMember {
  role: string;
  ref: PersonRef;
  /** The place of the entry, which may be a line of a members file. */
  where: Where | null;
  /** The live address that most resembles it; null if none is near enough. */
  nearest: string | null;
}

/** The list item for a missing person: address or id, role, place, and the nearest live address. */
export function missingItem({ role, ref, where, nearest }: MissingMember): string {
  const who = refText(ref);
  return `${who} in role ${quotedName(role)}${placeNote(where)}${nearest === null ? '' : `; ${nearestHint(nearest)}`}`;
}

/** The hint that goes with a missing person. */
export function nearestHint(nearest: string): string {
  return `the nearest live address is ${nearest}`;
}

/** The most addresses compared in one plan: about one second of work. */
const MOST_COMPARED = 1_000_000;

/**
 * Finds the live address that a missing one most likely stands for: the same part before the `@` and a similar domain,
 * or a difference of one or two letters. People that the manifest already names are not suggested.
 */
export function nearestAddress(
  people: readonly Person[],
  named: ReadonlySet<string>,
): (address: string) => string | null {
  let addresses: readonly string[] | null = null;
  let compared = 0;
  return (address) => {
    addresses ??= people
      .flatMap((person) => (isOrdinary(person) && person.email !== null ? [person.email] : []))
      .filter((one) => !named.has(one))
      .sort(byCodeUnit);
    compared += addresses.length;
    return compared > MOST_COMPARED ? null : nearestOf(address, addresses);
  };
}

/**
 * The candidate that differs in one or two letters, or has the same part before the `@`; null if there is none. Of
 * several that differ as much, the one with the longest start in common.
 */
export function nearestOf(address: string, candidates: readonly string[]): string | null {
  const [local = ''] = address.split('@');
  const most = Math.max(1, Math.min(3, Math.floor(local.length / 3)));
  let best: string | null = null;
  let least = Number.POSITIVE_INFINITY;
  let longest = 0;
  for (const candidate of candidates) {
    const limit = candidate.startsWith(`${local}@`) ? 4 : most;
    if (Math.abs(candidate.length - address.length) > limit) continue;
    const changed = distance(address, candidate);
    if (changed > limit || changed > least) continue;
    const start = commonStart(address, candidate);
    if (changed === least && start <= longest) continue;
    best = candidate;
    least = changed;
    longest = start;
  }
  return best;
}

function commonStart(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length += 1;
  return length;
}

interface EmptiedInput {
  loaded: LoadedManifest;
  /** ISO 8601, UTC. Entries that ended before it are ignored. */
  now: string;
  keys: ReadonlyMap<string, RoleKey>;
  findings: Findings;
}

/** Refuses exact lists none of whose people are on the instance; returns the keys of their roles. */
export function refuseEmptied(
  { loaded, now, keys, findings }: EmptiedInput,
  missing: readonly MissingMember[],
): ReadonlySet<RoleKey> {
  const byRole = groupBy(missing, ({ role }) => role);
  const found = new Set<RoleKey>();
  for (const { name, members } of loaded.manifest.roles) {
    const list = byRole.get(name) ?? [];
    const key = keys.get(name);
    if (!key || members?.mode !== 'exact' || list.length === 0) continue;
    const count = members.users.filter(({ until }) => until === null || !hasPassed(until, now)).length;
    if (list.length < count) continue;
    found.add(key);
    const message = `no one listed in role ${quotedName(name)} is on the instance, and an exact list without people would empty the role`;
    findings.refusals.push(
      refusal('missing-people', message, {
        figure: list.length,
        limit: 0,
        items: list.map(missingItem),
        hint: 'correct the addresses; if the role is meant to be empty, write members: {mode: exact, users: []}',
      }),
    );
  }
  return found;
}
