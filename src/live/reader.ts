import type { Grant } from '../model/grant.js';
import type { LivePeople, LiveRole, Snapshot } from '../model/snapshot.js';
import type { Person } from '../model/person.js';
import type { PersonId, RoleId } from '../model/ids.js';

/** A snapshot whose people may not have been read yet. */
export interface PartialSnapshot extends Omit<Snapshot, 'people'> {
  people: LivePeople | null;
}

/**
 * Reads an instance. Planning gets only this interface, so it cannot write. Every method returns normalised, sorted values and
 * raises `ProblemError`; a truncated list is an error.
 */
export interface LiveReader {
  /** Roles, catalogue, settings and the acting person: four concurrent requests. */
  readCore(): Promise<PartialSnapshot>;
  /** All people, in `ceil(people / page)` requests. */
  readPeople(): Promise<LivePeople>;
  /** Only people in roles that hold `authorization.roles`. */
  readAdmins(core: PartialSnapshot): Promise<LivePeople>;
  /**
   * Accounts in these roles that user search leaves out (support accounts), from the member lists of the roles, sorted by id.
   * `known` are the people of the roles that are known already.
   */
  readHiddenMembers(roleIds: readonly RoleId[], known: readonly Person[]): Promise<readonly Person[]>;
  /** The list of grants of one role, not read from the matrix. */
  readRoleGrants(roleId: RoleId): Promise<readonly Grant[]>;
  /** Names, descriptions and counts of all roles, without grants. One request. */
  readRoles(): Promise<readonly Omit<LiveRole, 'grants'>[]>;
  /** Ids of the accounts in one role, including support accounts. */
  readRoleMembers(roleId: RoleId): Promise<readonly PersonId[]>;
  /** People by id, including support accounts; unknown ids are left out. */
  readPeopleByIds(ids: readonly PersonId[]): Promise<readonly Person[]>;
  /** Default role and allowlist. */
  readSettings(): Promise<Pick<Snapshot, 'defaultRoleId' | 'allowlist'>>;
  /** The matrix: role id → grants. One request. */
  readMatrix(): Promise<ReadonlyMap<RoleId, readonly Grant[]>>;
}
