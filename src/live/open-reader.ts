import { sharedCatalogue } from '../model/shared-catalogue.js';
import type { Snapshot } from '../model/snapshot.js';
import type { Routes } from '../routes/index.js';
import { meFrom } from '../routes/parse-people.js';
import { withOwnGrants } from './own-grants.js';
import { peopleIn, peopleSearch } from './people.js';
import { completeRoles, readCatalogue, readRoleGrants, readRoles, readSettings } from './read-core.js';
import {
  checkFoundActing,
  readAdmins,
  readHiddenMembers,
  readPeopleByIds,
  readRoleMembers,
  type PeopleSource,
} from './read-people.js';
import type { LiveReader, PartialSnapshot } from './reader.js';
import { needsGrantsRead } from './completeness.js';

/** Options of `openReader`. */
export interface ReaderOptions {
  /** Instance name, lower case, without `.domo.com`. */
  instance: string;
  sandbox: boolean;
  /** People per page. Default 5,000; the instance may return fewer. */
  pageSize?: number;
}

/** Opens a reader that reads live state through the routes. */
export function openReader(routes: Routes, options: ReaderOptions): LiveReader {
  const { pageSize = 5_000 } = options;
  const source: PeopleSource = {
    search: peopleSearch(routes, pageSize),
    roleMembers: (roleId) => readRoleMembers(routes, roleId, pageSize),
  };
  let me: Promise<NonNullable<Snapshot['me']>> | null = null;
  const readMe = (): Promise<NonNullable<Snapshot['me']>> => {
    me = routes.whoAmI().then(({ response }) => meFrom(response));
    return me;
  };
  return {
    readCore: () => readCore(routes, options, readMe),
    readPeople: async () => {
      const found = await source.search('active');
      // The acting person is known if the core has been read, or is being read.
      await checkFoundActing(source.search, found, (await me)?.id ?? null);
      return { scope: 'all', list: peopleIn(found) };
    },
    readAdmins: ({ roles }) => readAdmins(source, roles),
    readHiddenMembers: (roleIds, known) => readHiddenMembers(source, roleIds, known),
    readPeopleByIds: (ids) => readPeopleByIds(source.search, ids),
    readRoleGrants: (roleId) => readRoleGrants(routes, roleId),
    readRoles: () => readRoles(routes),
    readRoleMembers: source.roleMembers,
    readSettings: () => readSettings(routes),
    readMatrix: async () => (await readCatalogue(routes)).matrix,
  };
}

/** Reads roles with their grants, catalogue, settings and the acting person in four concurrent requests. */
async function readCore(
  routes: Routes,
  { instance, sandbox }: ReaderOptions,
  readMe: () => Promise<Snapshot['me']>,
): Promise<PartialSnapshot> {
  const [listed, { catalogue, matrix }, settings, me] = await Promise.all([
    readRoles(routes),
    readCatalogue(routes),
    readSettings(routes),
    readMe(),
  ]);
  const complete = await completeRoles(listed, matrix, () => readRoles(routes));
  const roles = await Promise.all(
    complete.map(async (role) => {
      const grants = matrix.get(role.id) ?? [];
      return needsGrantsRead(role, grants)
        ? withOwnGrants(role, (id) => readRoleGrants(routes, id))
        : { ...role, grants };
    }),
  );
  return {
    instance,
    sandbox,
    me,
    roles: roles.filter((role) => role !== null),
    people: null,
    ...settings,
    catalogue: sharedCatalogue(catalogue),
  };
}
