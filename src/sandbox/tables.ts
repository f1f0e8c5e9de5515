import type { SandboxRole, SandboxSettings, SandboxState, SandboxUser } from './state.js';

/** A changed row. Rows are replaced and never changed in place. */
export type Mutation =
  | { kind: 'role'; role: SandboxRole }
  | { kind: 'role-gone'; id: number }
  | { kind: 'user'; user: SandboxUser }
  | { kind: 'settings'; settings: SandboxSettings }
  | { kind: 'customer-state'; name: string; value: string };

/** The rows of one instance, indexed for fast lookups. */
export interface Tables {
  apply(mutation: Mutation): void;
  role(id: number): SandboxRole | undefined;
  roleNamed(name: string): SandboxRole | undefined;
  /** Sorted by id. */
  roles(): SandboxRole[];
  user(id: number | null | undefined): SandboxUser | undefined;
  /** All accounts, including deleted ones, sorted by id. */
  userIds(): readonly number[];
  /** The account with this address, in any case. Deleted accounts are left out. */
  liveUserWithEmail(email: string): SandboxUser | undefined;
  /** Accounts in the role that are not deleted, sorted by id. */
  memberIds(roleId: number): number[];
  memberCount(roleId: number): number;
  /** Ids of the roles that hold the authority, sorted. */
  holders(authority: string): number[];
  settings(): SandboxSettings;
  customerStates(): ReadonlyMap<string, string>;
  /** Increases with every change to an account, so that cached results can be invalidated. */
  userVersion(): number;
  copy(): Tables;
}

type Rows = Pick<SandboxState, 'roles' | 'users' | 'settings' | 'customerStates'>;

const byNumber = (a: number, b: number): number => a - b;

/** The rows and their indexes. */
interface Indexes {
  roles: Map<number, SandboxRole>;
  users: Map<number, SandboxUser>;
  names: Map<string, number>;
  emails: Map<string, number>;
  members: Map<number, Set<number>>;
  holders: Map<string, Set<number>>;
  customerStates: Map<string, string>;
  settings: SandboxSettings;
  /** Null after an account was added. */
  sortedUserIds: number[] | null;
  version: number;
}

/** Builds the tables of an instance. The rows are not copied. */
export function openTables(rows: Rows): Tables {
  const indexes: Indexes = {
    roles: new Map(),
    users: new Map(),
    names: new Map(),
    emails: new Map(),
    members: new Map(),
    holders: new Map(),
    customerStates: new Map(Object.entries(rows.customerStates)),
    settings: rows.settings,
    sortedUserIds: null,
    version: 0,
  };
  for (const role of rows.roles) putRole(indexes, role);
  for (const user of rows.users) putUser(indexes, user);
  return tablesOver(indexes);
}

function tablesOver(indexes: Indexes): Tables {
  const { roles, users, names, emails, members, holders, customerStates } = indexes;
  return {
    apply: (mutation) => applyMutation(indexes, mutation),
    role: (id) => roles.get(id),
    roleNamed: (name) => lookUp(roles, names.get(name)),
    roles: () => [...roles.values()].sort((a, b) => a.id - b.id),
    user: (id) => lookUp(users, id),
    userIds: () => (indexes.sortedUserIds ??= [...users.keys()].sort(byNumber)),
    liveUserWithEmail: (email) => lookUp(users, emails.get(email.toLowerCase())),
    memberIds: (roleId) => [...(members.get(roleId) ?? [])].sort(byNumber),
    memberCount: (roleId) => members.get(roleId)?.size ?? 0,
    holders: (authority) => [...(holders.get(authority) ?? [])].sort(byNumber),
    settings: () => indexes.settings,
    customerStates: () => customerStates,
    userVersion: () => indexes.version,
    copy: () =>
      openTables({
        roles: [...roles.values()],
        users: [...users.values()],
        settings: indexes.settings,
        customerStates: Object.fromEntries(customerStates),
      }),
  };
}

function lookUp<T>(rows: ReadonlyMap<number, T>, id: number | null | undefined): T | undefined {
  return id === null || id === undefined ? undefined : rows.get(id);
}

function applyMutation(indexes: Indexes, mutation: Mutation): void {
  switch (mutation.kind) {
    case 'role':
      return putRole(indexes, mutation.role);
    case 'role-gone':
      return removeRole(indexes, mutation.id);
    case 'user':
      return putUser(indexes, mutation.user);
    case 'settings':
      indexes.settings = mutation.settings;
      return;
    case 'customer-state':
      indexes.customerStates.set(mutation.name, mutation.value);
      return;
  }
}

function putRole(indexes: Indexes, role: SandboxRole): void {
  removeRole(indexes, role.id);
  indexes.roles.set(role.id, role);
  indexes.names.set(role.name, role.id);
  for (const authority of role.authorities) setFor(indexes.holders, authority).add(role.id);
}

function removeRole({ roles, names, holders }: Indexes, id: number): void {
  const before = roles.get(id);
  if (!before) return;
  if (names.get(before.name) === id) names.delete(before.name);
  for (const authority of before.authorities) holders.get(authority)?.delete(id);
  roles.delete(id);
}

function putUser(indexes: Indexes, user: SandboxUser): void {
  const { users, members, emails } = indexes;
  const before = users.get(user.id);
  if (before) {
    members.get(before.roleId)?.delete(user.id);
    const address = before.email?.toLowerCase();
    if (address !== undefined && emails.get(address) === user.id) emails.delete(address);
  } else {
    indexes.sortedUserIds = null;
  }
  users.set(user.id, user);
  indexes.version += 1;
  if (user.deleted) return;
  setFor(members, user.roleId).add(user.id);
  if (user.email !== null) emails.set(user.email.toLowerCase(), user.id);
}

function setFor<K>(map: Map<K, Set<number>>, key: K): Set<number> {
  const found = map.get(key);
  if (found) return found;
  const made = new Set<number>();
  map.set(key, made);
  return made;
}
