import type { ManifestMember } from '../../manifest/manifest.js';
import { refText } from '../../model/person.js';
import { quotedName } from '../../model/quoted-name.js';
import { byCodeUnit } from '../../model/sort.js';
import { dayOf, endOf } from '../../model/until.js';
import { warning } from '../../problem/problem.js';
import type { Problem } from '../../problem/problem.js';

/** The most people that a warning names. */
const MOST_NAMED = 20;

/** A timed entry, and the role that lists it. */
export interface TimedEntry {
  role: string;
  member: ManifestMember;
}

/** One warning per day and role with entries that end soon, the earliest first. */
export function endsSoonWarnings(entries: readonly TimedEntry[]): Problem[] {
  return groups(entries, (one) => `${dayOf(untilOf(one))}\n${one.role}`).map((group) => {
    const [first] = group;
    const end = group.length === 1 ? '1 membership ends' : `${group.length} memberships end`;
    const message = `role ${quotedName(first.role)}: ${end} on ${dayOf(untilOf(first))}: ${namesOf(group)}`;
    return warning('ends-soon', message, {
      where: first.member.where,
      hint: 'to keep someone longer, give a later `until`',
    });
  });
}

/** One warning per role with ended entries that have no further effect. */
export function endedEntryWarnings(entries: readonly TimedEntry[]): Problem[] {
  return groups(entries, ({ role }) => role).map((group) => {
    const [first] = group;
    const ended =
      group.length === 1
        ? '1 entry has ended and has no more effect'
        : `${group.length} entries have ended and have no more effect`;
    return warning('ended-entry', `role ${quotedName(first.role)}: ${ended}: ${namesOf(group)}`, {
      where: first.member.where,
      hint: group.length === 1 ? 'remove it from the manifest' : 'remove them from the manifest',
    });
  });
}

/** How a message names the person of an entry. */
export function memberText({ ref, email }: ManifestMember): string {
  return email ?? refText(ref);
}

function groups(
  entries: readonly TimedEntry[],
  keyOf: (entry: TimedEntry) => string,
): [TimedEntry, ...TimedEntry[]][] {
  const found = new Map<string, [TimedEntry, ...TimedEntry[]]>();
  for (const entry of [...entries].sort(inOrder)) {
    const group = found.get(keyOf(entry));
    if (group) group.push(entry);
    else found.set(keyOf(entry), [entry]);
  }
  return [...found.values()];
}

function inOrder(a: TimedEntry, b: TimedEntry): number {
  return (
    endOf(untilOf(a)) - endOf(untilOf(b)) ||
    byCodeUnit(a.role, b.role) ||
    byCodeUnit(memberText(a.member), memberText(b.member))
  );
}

function untilOf({ member }: TimedEntry): string {
  return member.until ?? '';
}

/** The people of a group, each with when the entry ends and its note. */
function namesOf(group: readonly TimedEntry[]): string {
  const names = group
    .slice(0, MOST_NAMED)
    .map(
      ({ member }) =>
        `${memberText(member)} (${[`until ${member.until ?? ''}`, member.note ?? []].flat().join(', ')})`,
    );
  const more = group.length - names.length;
  return `${names.join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}
