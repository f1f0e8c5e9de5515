import type { Grant } from '../model/grant.js';
import type { ExistingRole, NewRole, RoleKey } from '../model/role.js';
import type { AllowlistKeys } from '../model/state.js';
import type { PersonId } from '../model/ids.js';

/** One respect in which two states differ, independent of requests and their order. */
export type Difference =
  | { kind: 'role-missing'; after: NewRole }
  | { kind: 'role-extra'; before: ExistingRole }
  | { kind: 'text'; key: RoleKey; before: ExistingRole; after: ExistingRole }
  | {
      kind: 'grants';
      key: RoleKey;
      before: ExistingRole;
      after: ExistingRole;
      added: readonly Grant[];
      removed: readonly Grant[];
    }
  | { kind: 'placement'; person: PersonId; from: RoleKey; to: RoleKey }
  | { kind: 'default-role'; before: RoleKey; after: RoleKey }
  | { kind: 'allowlist'; before: AllowlistKeys; after: AllowlistKeys };
