import { byCodeUnit } from '../model/sort.js';
import { peopleByRole, personAt } from '../model/person.js';
import { quotedName, visibleText } from '../model/quoted-name.js';
import type { Snapshot } from '../model/snapshot.js';
import { digestOf } from './digest.js';
import { objectText } from './object-ref.js';
import type { ObjectRef } from './object-ref.js';
import type { Fingerprint } from './plan.js';
import type { RoleId } from '../model/ids.js';

/** What a fingerprint says of its object. */
type Known = Omit<Fingerprint, 'object' | 'of'>;

/** The role and kind of a person, as fields, and their digest. */
type Place = Omit<Known, 'label'>;

/** Opens the fingerprints of one snapshot; its indexes are built once, because plans rely on thousands of people. */
function fingerprinter(snapshot: Snapshot): (of: ObjectRef) => Known {
  const roles = new Map(snapshot.roles.map((role) => [role.id, role]));
  const byName = new Map(snapshot.roles.map((role) => [role.name, role]));
  // Thousands of people have the same role and kind, and so the same fields and digest.
  const places = new Map<string, Place>();
  const placeOf = (roleId: RoleId | null, kind: string | null): Place => {
    const key = `${kind} ${roleId}`;
    const known = places.get(key);
    if (known) return known;
    const fields = { roleId, kind };
    const place = { fields, digest: digestOf(fields) };
    places.set(key, place);
    return place;
  };
  const roleLabel = (id: RoleId): string => {
    const role = roles.get(id);
    return role ? `role ${quotedName(role.name)}` : `role ${id}`;
  };

  return (of) => {
    switch (of.kind) {
      case 'role': {
        const role = roles.get(of.roleId);
        const fields = role
          ? { name: role.name, description: role.description, grants: [...role.grants] }
          : { name: null, description: null, grants: null };
        return seal(roleLabel(of.roleId), fields);
      }
      case 'members': {
        const people = (peopleByRole(snapshot.people.list).get(of.roleId) ?? []).map((person) => person.id);
        return seal(roleLabel(of.roleId), { people: people.sort((a, b) => a - b) });
      }
      case 'name':
        return seal(`the name ${quotedName(of.name)}`, { roleId: byName.get(of.name)?.id ?? null });
      case 'person': {
        const person = personAt(snapshot.people.list, of.personId);
        const label = person?.email ? visibleText(person.email) : `person ${of.personId}`;
        const { fields, digest } = placeOf(person?.roleId ?? null, person?.kind ?? null);
        return { label, fields, digest };
      }
      case 'defaultRole':
        return seal('the default role', { roleId: snapshot.defaultRoleId });
      case 'allowlist':
        return seal('the roles allowlist', {
          roleIds:
            typeof snapshot.allowlist === 'string'
              ? snapshot.allowlist
              : [...snapshot.allowlist].sort((a, b) => a - b),
        });
    }
  };
}

/** The objects' fingerprints, sorted by object, each once. */
export function fingerprintsOf(snapshot: Snapshot, objects: Iterable<ObjectRef>): Fingerprint[] {
  const knownOf = fingerprinter(snapshot);
  const refs = new Map<string, ObjectRef>();
  for (const of of objects) refs.set(objectText(of), of);
  return [...refs]
    .sort((a, b) => byCodeUnit(a[0], b[0]))
    .map(([object, of]) => {
      const { label, fields, digest } = knownOf(of);
      return { object, of, label, fields, digest };
    });
}

function seal(label: string, fields: Record<string, unknown>): Known {
  return { label, fields, digest: digestOf(fields) };
}
