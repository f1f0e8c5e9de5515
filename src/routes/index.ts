export { getAuditLog, type AuditQuery } from './audit.js';
export { passwordAuth, tokenAuth, type Auth, type AuthTarget, type ConnectionOptions } from './auth.js';
export type { RouteOptions, RouteResponse } from './call.js';
export type { RoleIdLike, UserIdLike } from './ids.js';
export { RoleCrudError, RoleNotRetrieved, RouteError, type RouteErrorFields } from './errors.js';
export { getAuthorities, getRoleGrants, setRoleGrants } from './grants.js';
export { getRoleMembership, roleMembershipAddUsers, type MembershipOptions } from './members.js';
export { openRoutes, type OpenRoutesOptions, type Routes, type Secret } from './open-routes.js';
export { readPages, incompleteList, type Page } from './paging.js';
export { printIsToken, type PrintIsTokenOptions } from './print-is-token.js';
export type { WriteOptions } from './settle.js';
export { checkRoles, createRole, deleteRole, getRoleById, getRoles, updateRoleMetadata } from './roles.js';
export {
  getDefaultRole,
  getRoleSettings,
  isSettingsUnreadable,
  setDefaultRole,
  setRoleSettings,
} from './settings.js';
export { searchUsers, whoAmI, type SearchOptions, type UserSearch } from './users.js';
export type {
  NewRole,
  WireAuditEvent,
  WireAuthority,
  WireMember,
  WireMembership,
  WireRecord,
  WireRole,
  WireUser,
  WireUserPage,
} from './wire.js';
