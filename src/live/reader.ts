import type { Grant } from '../model/grant.js';
import type { LivePeople, LiveRole, Snapshot } from '../model/snapshot.js';
import type { Person } from '../model/person.js';
import type { PersonId, RoleId } from '../model/ids.js';

/** A snapshot whose people are read only when they are needed. */
export interface PartialSnapshot extends Omit<Snapshot, 'people'> {
  people: LivePeople | null;
}

/**
 * All that planning may do to an instance: read it. Every method gives normalised, sorted values and
 * raises `ProblemError`; a list that was cut short is an error, never a smaller truth.
 */
export interface LiveReader {
  /** Roles, catalogue, settings and who am I: four requests, at once. */
  readCore(): Promise<PartialSnapshot>;
  /** All people, in `ceil(people / page)` requests. */
  readPeople(): Promise<LivePeople>;
  /** Only people in roles that hold `authorization.roles`, by those roles. */
  readAdmins(core: PartialSnapshot): Promise<LivePeople>;
  /**
   * Accounts in this role that user search leaves out (support accounts), by the role's own list.
   * `known` are the people already seen in it.
   */
  readHiddenMembers(roleId: RoleId, known: readonly Person[]): Promise<readonly Person[]>;
  /** The role's own list of grants, not the matrix. */
  readRoleGrants(roleId: RoleId): Promise<readonly Grant[]>;
  /** Name, description and counts of all roles; without their grants. One request. */
  readRoles(): Promise<readonly Omit<LiveRole, 'grants'>[]>;
  /** Ids of the accounts in one role, hidden ones too. */
  readRoleMembers(roleId: RoleId): Promise<readonly PersonId[]>;
  /** These people as they are now, hidden ones too; ids that are not on the instance are left out. */
  readPeopleByIds(ids: readonly PersonId[]): Promise<readonly Person[]>;
  /** Default role and allowlist. */
  readSettings(): Promise<Pick<Snapshot, 'defaultRoleId' | 'allowlist'>>;
  /** The matrix: role id → grants. One request. */
  readMatrix(): Promise<ReadonlyMap<RoleId, readonly Grant[]>>;
}
