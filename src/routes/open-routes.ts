import type { HttpClient } from '../http/client.js';
import { getAuditLog } from './audit.js';
import { passwordAuth, tokenAuth, type Auth, type ConnectionOptions } from './auth.js';
import type { RouteResponse } from './call.js';
import { getAuthorities, getRoleGrants, setRoleGrants } from './grants.js';
import type { RoleIdLike } from './ids.js';
import { getRoleMembership, roleMembershipAddUsers, type MembershipOptions } from './members.js';
import { printIsToken } from './print-is-token.js';
import { createRole, deleteRole, getRoleById, getRoles, updateRoleMetadata } from './roles.js';
import { getDefaultRole, getRoleSettings, setDefaultRole, setRoleSettings } from './settings.js';
import { searchUsers, whoAmI, type SearchOptions, type UserSearch } from './users.js';
import type { WireMember, WireMembership, WireUser, WireUserPage } from './wire.js';

/** An access token, or a user name and a password. */
export type Secret = { accessToken: string } | { username: string; password: string };

/** Options of `openRoutes`, in addition to those of the connection. */
export interface OpenRoutesOptions extends ConnectionOptions {
  instance: string;
  /** Default `https://INSTANCE.domo.com`. */
  baseUrl?: string;
  auth: Secret;
}

/** A route without its parameter `auth`. */
type Bound<F> = F extends (auth: Auth, ...rest: infer Rest) => infer Result
  ? (...rest: Rest) => Result
  : never;

/** Every route, bound to one instance. */
export interface Routes {
  readonly instance: string;
  readonly auth: Auth;
  readonly client: HttpClient;
  getRoles: Bound<typeof getRoles>;
  getRoleById: Bound<typeof getRoleById>;
  getRoleGrants: Bound<typeof getRoleGrants>;
  getRoleMembership(
    roleId: RoleIdLike,
    options: MembershipOptions & { returnRaw: true },
  ): Promise<RouteResponse<WireMembership>>;
  getRoleMembership(
    roleId: RoleIdLike,
    options?: MembershipOptions & { returnRaw?: false },
  ): Promise<RouteResponse<readonly WireMember[]>>;
  getRoleMembership(
    roleId: RoleIdLike,
    options?: MembershipOptions,
  ): Promise<RouteResponse<readonly WireMember[] | WireMembership>>;
  createRole: Bound<typeof createRole>;
  deleteRole: Bound<typeof deleteRole>;
  getDefaultRole: Bound<typeof getDefaultRole>;
  setDefaultRole: Bound<typeof setDefaultRole>;
  updateRoleMetadata: Bound<typeof updateRoleMetadata>;
  setRoleGrants: Bound<typeof setRoleGrants>;
  roleMembershipAddUsers: Bound<typeof roleMembershipAddUsers>;
  getAuthorities: Bound<typeof getAuthorities>;
  getRoleSettings: Bound<typeof getRoleSettings>;
  setRoleSettings: Bound<typeof setRoleSettings>;
  searchUsers<U = WireUser>(
    search: UserSearch,
    options?: SearchOptions<U>,
  ): Promise<RouteResponse<WireUserPage<U>>>;
  whoAmI: Bound<typeof whoAmI>;
  printIsToken: Bound<typeof printIsToken>;
  getAuditLog: Bound<typeof getAuditLog>;
  /** Cancels pending requests and retries, and closes the connections. */
  close(): void;
}

/** Opens the routes of one instance without sending anything. Raises `bad-target` for an invalid address. */
export function openRoutes(options: OpenRoutesOptions): Routes {
  const { instance, baseUrl, auth: secret, ...connection } = options;
  const target = { instance, connection, ...(baseUrl === undefined ? {} : { baseUrl }) };
  const auth =
    'accessToken' in secret ? tokenAuth({ ...target, ...secret }) : passwordAuth({ ...target, ...secret });
  const client = auth.client();
  return {
    instance,
    auth,
    client,
    getRoles: (given) => getRoles(auth, given),
    getRoleById: (roleId, given) => getRoleById(auth, roleId, given),
    getRoleGrants: (roleId, given) => getRoleGrants(auth, roleId, given),
    getRoleMembership: getRoleMembership.bind(null, auth) as Routes['getRoleMembership'],
    createRole: (role, given) => createRole(auth, role, given),
    deleteRole: (roleId, given) => deleteRole(auth, roleId, given),
    getDefaultRole: (given) => getDefaultRole(auth, given),
    setDefaultRole: (role, given) => setDefaultRole(auth, role, given),
    updateRoleMetadata: (role, given) => updateRoleMetadata(auth, role, given),
    setRoleGrants: (role, given) => setRoleGrants(auth, role, given),
    roleMembershipAddUsers: (role, given) => roleMembershipAddUsers(auth, role, given),
    getAuthorities: (given) => getAuthorities(auth, given),
    getRoleSettings: (given) => getRoleSettings(auth, given),
    setRoleSettings: (settings, given) => setRoleSettings(auth, settings, given),
    searchUsers: (search, given) => searchUsers(auth, search, given),
    whoAmI: (given) => whoAmI(auth, given),
    printIsToken: (given) => printIsToken(auth, given),
    getAuditLog: (query, given) => getAuditLog(auth, query, given),
    close: () => client.close(),
  };
}
