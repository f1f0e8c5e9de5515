import { describe, expect, it } from '@jest/globals';
import type { PeopleSearch } from '../../src/live/people.js';
import {
  checkFoundActing,
  readAdmins,
  readHiddenMembers,
  readPeopleByIds,
  readRoleMembers,
} from '../../src/live/read-people.js';
import { liveRole, person } from '../support/arbitraries.js';

const ACTIVE = [person(1, 1), person(2, 4), person(3, 1)];
const SUPPORT = [person(8, 1, 'support'), person(9, 4, 'support')];

const search: PeopleSearch = async (kind, ids) =>
  (kind === 'active' ? ACTIVE : SUPPORT).filter(({ id }) => ids?.includes(id) ?? true);
const roleMembers = async (roleId: number): Promise<number[]> =>
  [...ACTIVE, ...SUPPORT].filter((one) => one.roleId === roleId).map(({ id }) => id);
const ids = (people: readonly { id: number }[]): number[] => people.map(({ id }) => id);

describe('the acting person', () => {
  it.each<[string, readonly { id: number }[], number | null, boolean]>([
    ['is among those found', ACTIVE, 2, true],
    ['is a support account, which only the other search finds', ACTIVE, 9, true],
    ['is missing from those found', [ACTIVE[0]!], 2, false],
    ['is not an account', ACTIVE, 77, false],
    ['is not known, and someone is found', ACTIVE, null, true],
    ['is not known, and no one is found', [], null, false],
  ])('%s', async (_, found, actingId, fine) => {
    const checked = checkFoundActing(
      search,
      ACTIVE.filter((one) => found.includes(one)),
      actingId,
    );
    if (fine) await expect(checked).resolves.toBeUndefined();
    else await expect(checked).rejects.toMatchObject({ problems: [{ code: 'short-list' }] });
  });
});

describe('administrators', () => {
  const roles = [liveRole(1, 'Admin', ['authorization.roles']), liveRole(4, 'Participant', ['a.view'])];

  it('are the people in roles that hold authorization.roles', async () => {
    const { scope, list } = await readAdmins({ search, roleMembers }, roles);
    expect([scope, ids(list)]).toEqual(['admins', [1, 3]]);
  });

  it('leave out people who moved in the meantime', async () => {
    const late = async (): Promise<number[]> => [1, 2, 3];
    expect(ids((await readAdmins({ search, roleMembers: late }, roles)).list)).toEqual([1, 3]);
  });

  it('are all people if the instance ignores the ids', async () => {
    const whole: PeopleSearch = async () => ACTIVE;
    const { scope, list } = await readAdmins({ search: whole, roleMembers }, roles);
    expect([scope, ids(list)]).toEqual(['all', [1, 2, 3]]);
  });
});

describe('hidden accounts', () => {
  it('are members of a role that user search leaves out', async () => {
    expect(ids(await readHiddenMembers({ search, roleMembers }, [1], [ACTIVE[0]!, ACTIVE[2]!]))).toEqual([8]);
  });

  it('leave out accounts that moved to another role', async () => {
    const late = async (): Promise<number[]> => [8, 9];
    expect(ids(await readHiddenMembers({ search, roleMembers: late }, [1], []))).toEqual([8]);
  });

  it('of several roles are listed once if one moves while the roles are read', async () => {
    let moved = false;
    const moving: PeopleSearch = async (kind, ids) => {
      const role = moved ? 4 : 1;
      moved = true;
      return kind === 'support' && ids?.includes(8) ? [person(8, role, 'support')] : [];
    };
    // It is in both lists: the second one is read after it moved.
    const found = await readHiddenMembers({ search: moving, roleMembers: async () => [8] }, [1, 4], []);
    expect(found.map(({ id, roleId }) => [id, roleId])).toEqual([[8, 1]]);
  });

  it('are found by id with the others, sorted, without duplicates', async () => {
    expect(ids(await readPeopleByIds(search, [9, 3, 1, 77]))).toEqual([1, 3, 9]);
    expect(ids(await readPeopleByIds(async () => [...ACTIVE, ...SUPPORT], [9, 2]))).toEqual([2, 9]);
  });
});

describe('the members of one role', () => {
  it('are sorted ids, and may be empty', async () => {
    const getRoleMembership = (...asked: unknown[]) => {
      expect(asked).toEqual([7, { pageSize: 50, checkEmpty: false }]);
      return Promise.resolve({
        status: 200,
        isSuccess: true,
        parentClass: null,
        response: [{ userId: 9 }, { userId: 3 }],
      });
    };
    expect(await readRoleMembers({ getRoleMembership }, 7, 50)).toEqual([3, 9]);
  });
});
