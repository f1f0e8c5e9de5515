import { byCodeUnit } from '../model/sort.js';
import { peopleByRole, personAt } from '../model/person.js';
import { quotedName, visibleText } from '../model/names.js';
import type { Snapshot } from '../model/snapshot.js';
import { digestOf } from './digest.js';
import { objectText } from './object-ref.js';
import type { ObjectRef } from './object-ref.js';
import type { Fingerprint } from './plan.js';
import type { RoleId } from '../model/ids.js';

/** Opens the fingerprints of one snapshot; its indexes are built once, because plans rely on thousands of people. */
function fingerprinter(snapshot: Snapshot): (of: ObjectRef) => Fingerprint {
  const roles = new Map(snapshot.roles.map((role) => [role.id, role]));
  const byName = new Map(snapshot.roles.map((role) => [role.name, role]));
  // Thousands of people have the same role and kind, and so the same digest.
  const digests = new Map<string, string>();
  const digestOfPlace = (fields: { roleId: RoleId | null; kind: string | null }): string => {
    const key = `${fields.kind} ${fields.roleId}`;
    const known = digests.get(key) ?? digestOf(fields);
    digests.set(key, known);
    return known;
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
        return seal(of, roleLabel(of.roleId), fields);
      }
      case 'members': {
        const people = (peopleByRole(snapshot.people.list).get(of.roleId) ?? []).map((person) => person.id);
        return seal(of, roleLabel(of.roleId), { people: people.sort((a, b) => a - b) });
      }
      case 'name':
        return seal(of, `the name ${quotedName(of.name)}`, { roleId: byName.get(of.name)?.id ?? null });
      case 'person': {
        const person = personAt(snapshot.people.list, of.personId);
        const fields = { roleId: person?.roleId ?? null, kind: person?.kind ?? null };
        const label = person?.email ? visibleText(person.email) : `person ${of.personId}`;
        return { object: objectText(of), of, label, fields, digest: digestOfPlace(fields) };
      }
      case 'defaultRole':
        return seal(of, 'the default role', { roleId: snapshot.defaultRoleId });
      case 'allowlist':
        return seal(of, 'the roles allowlist', {
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
  const one = fingerprinter(snapshot);
  const refs = new Map<string, ObjectRef>();
  for (const of of objects) refs.set(objectText(of), of);
  return [...refs.keys()].sort(byCodeUnit).map((text) => one(refs.get(text) as ObjectRef));
}

function seal(of: ObjectRef, label: string, fields: Record<string, unknown>): Fingerprint {
  return { object: objectText(of), of, label, fields, digest: digestOf(fields) };
}
