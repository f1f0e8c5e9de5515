import { createHash } from 'node:crypto';
import stableStringify from 'safe-stable-stringify';
import { byCodeUnit } from '../model/grant.js';
import { peopleByRole, personAt } from '../model/person.js';
import type { Snapshot } from '../model/snapshot.js';
import type { Fingerprint } from './plan.js';

/**
 * A live object that a plan can rely on:
 * `role:ID` (name, description, grants), `members:ID` (who is in a role that is deleted), `name:NAME` (which role bears it, or none), `person:ID` (the
 * role they are in, and what kind of account they are), `defaultRole`, `allowlist`.
 */
export type ObjectId =
  | `role:${number}`
  | `members:${number}`
  | `name:${string}`
  | `person:${number}`
  | 'defaultRole'
  | 'allowlist';

/** Looks up objects of one snapshot; made once, since plans rely on thousands of people. */
export function fingerprinter(snapshot: Snapshot): (object: ObjectId) => Fingerprint {
  const roles = new Map(snapshot.roles.map((role) => [role.id, role]));
  const byName = new Map(snapshot.roles.map((role) => [role.name, role]));
  // Thousands of people share role and kind, and so their digest.
  const digests = new Map<string, string>();
  const digestOfPlace = (fields: { roleId: number | null; kind: string | null }): string => {
    const key = `${fields.kind} ${fields.roleId}`;
    const known = digests.get(key) ?? digestOf(fields);
    digests.set(key, known);
    return known;
  };
  const roleLabel = (id: number): string => {
    const role = roles.get(id);
    return role ? `role "${role.name}"` : `role ${id}`;
  };

  return (object) => {
    const [what, rest] = cut(object);
    switch (what) {
      case 'role': {
        const id = Number(rest);
        const role = roles.get(id);
        const fields = role
          ? { name: role.name, description: role.description, grants: [...role.grants] }
          : { name: null, description: null, grants: null };
        return seal(object, roleLabel(id), fields);
      }
      case 'members': {
        const id = Number(rest);
        const people = (peopleByRole(snapshot.people.list).get(id) ?? []).map((person) => person.id);
        return seal(object, roleLabel(id), { people: people.sort((a, b) => a - b) });
      }
      case 'name':
        return seal(object, `the name "${rest}"`, { roleId: byName.get(rest)?.id ?? null });
      case 'person': {
        const person = personAt(snapshot.people.list, Number(rest));
        const fields = { roleId: person?.roleId ?? null, kind: person?.kind ?? null };
        return { object, label: person?.email ?? `person ${rest}`, fields, digest: digestOfPlace(fields) };
      }
      case 'defaultRole':
        return seal(object, 'the default role', { roleId: snapshot.defaultRoleId });
      default:
        return seal(object, 'the roles allowlist', {
          roleIds:
            typeof snapshot.allowlist === 'string'
              ? snapshot.allowlist
              : [...snapshot.allowlist].sort((a, b) => a - b),
        });
    }
  };
}

/** The objects' fingerprints, sorted by object, each once. */
export function fingerprintsOf(snapshot: Snapshot, objects: Iterable<ObjectId>): Fingerprint[] {
  const one = fingerprinter(snapshot);
  return [...new Set(objects)].sort(byCodeUnit).map((object) => one(object));
}

/** The digest of any plain value: SHA-256 over its canonical JSON. */
export function digestOf(value: unknown): string {
  return `sha256:${createHash('sha256')
    .update(stableStringify(value) ?? 'null')
    .digest('hex')}`;
}

function seal(object: ObjectId, label: string, fields: Record<string, unknown>): Fingerprint {
  return { object, label, fields, digest: digestOf(fields) };
}

function cut(object: ObjectId): [string, string] {
  const at = object.indexOf(':');
  return at < 0 ? [object, ''] : [object.slice(0, at), object.slice(at + 1)];
}
