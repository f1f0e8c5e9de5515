import type { PersonId, RoleId } from '../model/ids.js';

/**
 * A live object that a plan can rely on: a role (name, description, grants), the members of a role, the role with a
 * name, a person (their role and kind of account), the default role, the roles allowlist.
 */
export type ObjectRef =
  | { kind: 'role' | 'members'; roleId: RoleId }
  | { kind: 'name'; name: string }
  | { kind: 'person'; personId: PersonId }
  | { kind: 'defaultRole' | 'allowlist' };

/** The object as one text for documents: `role:810756122`. Unique per object; never parsed. */
export function objectText(ref: ObjectRef): string {
  switch (ref.kind) {
    case 'role':
    case 'members':
      return `${ref.kind}:${ref.roleId}`;
    case 'name':
      return `name:${ref.name}`;
    case 'person':
      return `person:${ref.personId}`;
    case 'defaultRole':
    case 'allowlist':
      return ref.kind;
  }
}
