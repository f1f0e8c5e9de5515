import type { ManifestMember } from '../../manifest/manifest.js';
import type { PersonId } from '../../model/ids.js';
import { isOrdinary, refText } from '../../model/person.js';
import type { Person } from '../../model/person.js';
import { quotedName } from '../../model/quoted-name.js';
import { liveKey } from '../../model/role.js';
import type { RoleKey } from '../../model/role.js';
import { warning } from '../../problem/problem.js';
import type { Findings } from '../findings.js';
import type { FindPeople } from '../people/find-people.js';
import { compareAddress } from '../people/stated-address.js';
import { nearestOf } from './missing-people.js';
import type { MissingMember } from './missing-people.js';

/** Compares the address given with an id in a role's list with the live address of that id. */
export function checkStatedAddress(
  { member, role }: { member: ManifestMember; role: string },
  person: Person,
  { find, findings }: { find: FindPeople; findings: Findings },
): void {
  const { ref, email, where } = member;
  if (!('id' in ref) || email === null) return;
  const stated = { id: ref.id, email, place: `role ${quotedName(role)}`, where };
  const found = compareAddress(stated, person, find({ email }));
  if (found && 'refusal' in found) findings.refusals.push(found.refusal);
  else if (found) findings.warnings.push(found.warning);
}

/** The people and roles in which unlisted accounts are searched. */
interface Unlisted {
  people: readonly Person[];
  keys: ReadonlyMap<string, RoleKey>;
  isListed: (id: PersonId) => boolean;
  findings: Findings;
}

/** Warns if a missing person and an unlisted member of the role may be the same person with a new address. */
export function warnOfSamePeople(
  missing: readonly MissingMember[],
  { people, keys, isListed, findings }: Unlisted,
): void {
  if (missing.length === 0) return;
  const roles = new Set(missing.map(({ role }) => keys.get(role)));
  const unlisted = people.filter(
    (one) => one.email !== null && isOrdinary(one) && !isListed(one.id) && roles.has(liveKey(one.roleId)),
  );
  for (const { role, ref, where } of missing) {
    if ('id' in ref) continue;
    const inRole = unlisted.filter((one) => liveKey(one.roleId) === keys.get(role));
    const same = mayBeSame(ref.email, inRole);
    if (!same) continue;
    const message = `${refText(ref)} of role ${quotedName(role)} is not on the instance, and ${same.email ?? ''}, who is in it and not listed, may be the same person`;
    findings.warnings.push(
      warning('may-be-same-person', message, {
        where,
        hint: `if so, write { id: ${same.id}, email: ${same.email ?? ''} }`,
      }),
    );
  }
}

/** The person with the nearest address; else the only one with the same domain and first name. */
function mayBeSame(address: string, people: readonly Person[]): Person | null {
  const nearest = nearestOf(
    address,
    people.flatMap(({ email }) => email ?? []),
  );
  if (nearest !== null) return people.find(({ email }) => email === nearest) ?? null;
  const alike = people.filter(({ email }) => email !== null && firstName(email) === firstName(address));
  return firstName(address) !== null && alike.length === 1 ? (alike[0] ?? null) : null;
}

/** `ana@acme.com` for `ana.silva@acme.com`; null if the first name has fewer than three letters. */
function firstName(address: string): string | null {
  const [local = '', domain = ''] = address.split('@');
  const [name = ''] = local.split(/[._-]/u);
  return name.length < 3 ? null : `${name}@${domain}`;
}
