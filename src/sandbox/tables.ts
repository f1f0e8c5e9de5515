import type { SandboxRole, SandboxSettings, SandboxState, SandboxUser } from './state.js';

/** One row that changes. Rows are replaced whole and never changed in place. */
export type Mutation =
  | { kind: 'role'; role: SandboxRole }
  | { kind: 'role-gone'; id: number }
  | { kind: 'user'; user: SandboxUser }
  | { kind: 'settings'; settings: SandboxSettings }
  | { kind: 'customer-state'; name: string; value: string };

/** The rows of one instance with the indexes that keep every question quick. */
export interface Tables {
  apply(mutation: Mutation): void;
  role(id: number): SandboxRole | undefined;
  roleNamed(name: string): SandboxRole | undefined;
  /** Sorted by id. */
  roles(): SandboxRole[];
  user(id: number): SandboxUser | undefined;
  /** All accounts, deleted ones too, sorted by id. */
  userIds(): readonly number[];
  /** The account with this address, in any case, that is not deleted. */
  liveUserWithEmail(email: string): SandboxUser | undefined;
  /** Accounts in the role that are not deleted, sorted by id. */
  memberIds(roleId: number): number[];
  memberCount(roleId: number): number;
  /** Ids of the roles that hold the authority, sorted. */
  holders(authority: string): number[];
  settings(): SandboxSettings;
  customerStates(): ReadonlyMap<string, string>;
  /** Grows with every change to an account: answers worked out before are stale after. */
  userVersion(): number;
  copy(): Tables;
}

type Rows = Pick<SandboxState, 'roles' | 'users' | 'settings' | 'customerStates'>;

const byNumber = (a: number, b: number): number => a - b;

/** Builds the tables of an instance. The rows are taken over, not copied. */
export function openTables(rows: Rows): Tables {
  const roles = new Map<number, SandboxRole>();
  const users = new Map<number, SandboxUser>();
  const names = new Map<string, number>();
  const emails = new Map<string, number>();
  const members = new Map<number, Set<number>>();
  const holders = new Map<string, Set<number>>();
  const customerStates = new Map(Object.entries(rows.customerStates));
  let settings = rows.settings;
  let sortedUserIds: number[] | null = null;
  let version = 0;

  const setFor = <K>(map: Map<K, Set<number>>, key: K): Set<number> => {
    const found = map.get(key);
    if (found) return found;
    const made = new Set<number>();
    map.set(key, made);
    return made;
  };
  const forgetRole = (id: number): void => {
    const before = roles.get(id);
    if (!before) return;
    if (names.get(before.name) === id) names.delete(before.name);
    for (const authority of before.authorities) holders.get(authority)?.delete(id);
    roles.delete(id);
  };
  const putRole = (role: SandboxRole): void => {
    forgetRole(role.id);
    roles.set(role.id, role);
    names.set(role.name, role.id);
    for (const authority of role.authorities) setFor(holders, authority).add(role.id);
  };
  const putUser = (user: SandboxUser): void => {
    const before = users.get(user.id);
    if (before) {
      members.get(before.roleId)?.delete(user.id);
      const address = before.email?.toLowerCase();
      if (address !== undefined && emails.get(address) === user.id) emails.delete(address);
    } else {
      sortedUserIds = null;
    }
    users.set(user.id, user);
    version += 1;
    if (user.deleted) return;
    setFor(members, user.roleId).add(user.id);
    if (user.email !== null) emails.set(user.email.toLowerCase(), user.id);
  };

  rows.roles.forEach(putRole);
  rows.users.forEach(putUser);

  return {
    apply(mutation) {
      switch (mutation.kind) {
        case 'role':
          return putRole(mutation.role);
        case 'role-gone':
          return forgetRole(mutation.id);
        case 'user':
          return putUser(mutation.user);
        case 'settings':
          settings = mutation.settings;
          return;
        case 'customer-state':
          customerStates.set(mutation.name, mutation.value);
          return;
      }
    },
    role: (id) => roles.get(id),
    roleNamed: (name) => roles.get(names.get(name) ?? 0),
    roles: () => [...roles.values()].sort((a, b) => a.id - b.id),
    user: (id) => users.get(id),
    userIds: () => (sortedUserIds ??= [...users.keys()].sort(byNumber)),
    liveUserWithEmail: (email) => users.get(emails.get(email.toLowerCase()) ?? 0),
    memberIds: (roleId) => [...(members.get(roleId) ?? [])].sort(byNumber),
    memberCount: (roleId) => members.get(roleId)?.size ?? 0,
    holders: (authority) => [...(holders.get(authority) ?? [])].sort(byNumber),
    settings: () => settings,
    customerStates: () => customerStates,
    userVersion: () => version,
    copy: () =>
      openTables({
        roles: [...roles.values()],
        users: [...users.values()],
        settings,
        customerStates: Object.fromEntries(customerStates),
      }),
  };
}
