import { MANAGE_ROLES, type Grant } from '../model/grant.js';
import type { Person } from '../model/person.js';
import type { LivePeople, LiveRole, Snapshot } from '../model/snapshot.js';
import type { Routes } from '../routes/index.js';
import { isSettingsUnreadable } from '../routes/index.js';
import {
  allowlistFrom,
  catalogueFrom,
  grantsFrom,
  idFrom,
  meFrom,
  rolesFrom,
  sortedById,
} from './normalise.js';
import { peopleIn, peopleSearch, searchByIds, type FoundAccount } from './people.js';
import { ProblemError, problem } from '../problem/problem.js';
import type { LiveReader, PartialSnapshot } from './reader.js';
import { checkMatrix, checkRoles, isFarOff, lacksActingPerson } from './whole.js';

/** What a reader tells of the instance, and how it pages. */
export interface ReaderOptions {
  /** Instance name, lower case, without `.domo.com`. */
  instance: string;
  sandbox: boolean;
  /** People asked for at once. Default 5,000; the instance may give less. */
  pageSize?: number;
}

/** Reads live state over the routes. */
export function openReader(routes: Routes, options: ReaderOptions): LiveReader {
  const { pageSize = 5_000 } = options;
  const search = peopleSearch(routes, pageSize);

  const readRoles = async (): Promise<Omit<LiveRole, 'grants'>[]> => [
    ...checkRoles(rolesFrom((await routes.getRoles()).response)),
  ];

  const readCatalogue = async (): Promise<ReturnType<typeof catalogueFrom>> => {
    const found = catalogueFrom((await routes.getAuthorities()).response);
    checkMatrix(found.matrix);
    return found;
  };

  const readRoleGrants = async (roleId: number): Promise<readonly Grant[]> => {
    const { response } = await routes.getRoleGrants(roleId);
    return grantsFrom(response, `the grants of role ${roleId}`);
  };

  let me: Promise<ReturnType<typeof meFrom>> | null = null;
  const readMe = (): Promise<ReturnType<typeof meFrom>> => {
    me = routes.whoAmI().then(({ response }) => meFrom(response));
    return me;
  };

  const readSettings = async (): Promise<Pick<Snapshot, 'defaultRoleId' | 'allowlist'>> => {
    const settings = await routes.getRoleSettings().then(
      ({ response }) => response,
      (error: unknown) => {
        if (isSettingsUnreadable(error)) return null;
        throw error;
      },
    );
    const given = settings?.defaultRoleId ?? (await routes.getDefaultRole()).response;
    return {
      defaultRoleId: idFrom(given, 'the default role'),
      allowlist: allowlistFrom(settings?.allowlistRoleIds),
    };
  };

  /**
   * The list of roles declares no total, but the matrix names every role that holds a grant: one that the list
   * lacks was made in between, or the list was cut short.
   */
  const wholeRoles = async (
    listed: Awaited<ReturnType<typeof readRoles>>,
    matrix: ReadonlyMap<number, readonly Grant[]>,
  ): ReturnType<typeof readRoles> => {
    const lacks = (list: typeof listed): number | undefined => {
      const ids = new Set(list.map(({ id }) => id));
      return [...matrix.keys()].find((id) => !ids.has(id));
    };
    if (lacks(listed) === undefined) return listed;
    const again = await readRoles();
    const missing = lacks(again);
    if (missing === undefined) return again;
    throw new ProblemError(
      problem('short-list', `the list of roles is not whole: role ${missing} holds grants and is not in it`, {
        hint: 'try again; a list that was cut short is never taken for the truth',
      }),
    );
  };

  const readCore = async (): Promise<PartialSnapshot> => {
    const [first, { catalogue, matrix }, settings, acting] = await Promise.all([
      readRoles(),
      readCatalogue(),
      readSettings(),
      readMe(),
    ]);
    const roles = await wholeRoles(first, matrix);
    return {
      instance: options.instance,
      sandbox: options.sandbox,
      me: acting,
      roles: await Promise.all(
        roles.map(async (role) => {
          const held = matrix.get(role.id) ?? [];
          return { ...role, grants: isFarOff(role, held) ? await readRoleGrants(role.id) : held };
        }),
      ),
      people: null,
      ...settings,
      catalogue,
    };
  };

  const readRoleMembers = async (roleId: number): Promise<number[]> => {
    // Whoever asks has the list of roles before them; and in a role that went since there is nobody.
    const { response } = await routes.getRoleMembership(roleId, { pageSize, checkEmpty: false });
    return response.map(({ userId }) => idFrom(userId, `a person of role ${roleId}`)).sort((a, b) => a - b);
  };

  /** Everybody, the acting person among them unless theirs is an account that only the other search finds. */
  const readEverybody = async (): Promise<FoundAccount[]> => {
    const found = await search('active');
    // Who reads people reads the rest too, at the same time or before.
    const id = (await me)?.id ?? null;
    if (id === null && found.length > 0) return found;
    if (id === null) throw lacksActingPerson(null);
    if (found.some((one) => one.id === id)) return found;
    const isIn = async (kind: 'active' | 'support'): Promise<boolean> =>
      (await search(kind, [id])).some((one) => one.id === id);
    if ((await isIn('active')) || !(await isIn('support'))) throw lacksActingPerson(id);
    return found;
  };

  const readAdmins = async ({ roles }: PartialSnapshot): Promise<LivePeople> => {
    const holding = roles.filter(({ grants }) => grants.includes(MANAGE_ROLES)).map(({ id }) => id);
    const ids = (await Promise.all(holding.map(readRoleMembers))).flat().sort((a, b) => a - b);
    const { people, filtered } = await searchByIds(search, ids, 'active');
    // An instance that takes no notice of the filter has just told everybody.
    if (!filtered) return { scope: 'all', list: people };
    return { scope: 'admins', list: people.filter(({ roleId }) => holding.includes(roleId)) };
  };

  const readHidden = async (ids: readonly number[]): Promise<Person[]> => {
    const wanted = new Set(ids);
    const { people } = await searchByIds(search, ids, 'support');
    return people.filter(({ id }) => wanted.has(id));
  };

  const readHiddenMembers = async (roleId: number, known: readonly Person[]): Promise<Person[]> => {
    const seen = new Set(known.map(({ id }) => id));
    const hidden = await readHidden((await readRoleMembers(roleId)).filter((id) => !seen.has(id)));
    return hidden.filter((person) => person.roleId === roleId);
  };

  const readPeopleByIds = async (ids: readonly number[]): Promise<Person[]> => {
    const wanted = new Set(ids);
    const { people } = await searchByIds(search, ids, 'active');
    const found = people.filter(({ id }) => wanted.has(id));
    for (const { id } of found) wanted.delete(id);
    return sortedById([...found, ...(await readHidden([...wanted]))], 'person');
  };

  return {
    readCore,
    readPeople: async () => ({ scope: 'all', list: peopleIn(await readEverybody()) }),
    readAdmins,
    readHiddenMembers,
    readPeopleByIds,
    readRoleGrants,
    readRoles,
    readRoleMembers,
    readSettings,
    readMatrix: async () => (await readCatalogue()).matrix,
  };
}
