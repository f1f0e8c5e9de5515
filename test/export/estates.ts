import fc from 'fast-check';
import type { Person } from '../../src/model/person.js';
import { grantList } from '../../src/model/grant.js';
import type { LiveRole, Snapshot } from '../../src/model/snapshot.js';
import { anySnapshot } from '../support/arbitraries.js';
import { MANY_GRANTS, hostileSnapshot } from './hostile.js';

/** A few instances that only share names, some of them with only hostile texts. */
export const anyInstances: fc.Arbitrary<Snapshot[]> = fc.oneof(
  fc.array(anySnapshot, { minLength: 1, maxLength: 4 }),
  fc.array(hostileSnapshot, { minLength: 1, maxLength: 4 }),
);

const GRANTS = MANY_GRANTS.map(({ grant }) => grant).filter((grant) => /\.use$/u.test(grant));

/** The parts of a role that may differ between instances. */
const anyRoleChange = fc.oneof(
  fc.record({
    kind: fc.constant('more' as const),
    grants: fc.subarray(GRANTS, { minLength: 1, maxLength: 4 }),
  }),
  fc.record({
    kind: fc.constant('less' as const),
    grants: fc.subarray(GRANTS, { minLength: 1, maxLength: 20 }),
  }),
  fc.record({ kind: fc.constant('text' as const), grants: fc.constant<string[]>([]) }),
  fc.record({ kind: fc.constant('gone' as const), grants: fc.constant<string[]>([]) }),
);

type RoleChange = typeof anyRoleChange extends fc.Arbitrary<infer F> ? F : never;

/** Instances that differ from one in at most a fifth of their roles, each with its own people. */
export function similarInstances(count: number): fc.Arbitrary<Snapshot[]> {
  const roles = fc.array(fc.subarray(GRANTS, { minLength: 4 }), { minLength: 10, maxLength: 20 });
  const roleChanges = fc.array(fc.array(fc.tuple(fc.nat(), anyRoleChange), { maxLength: 4 }), {
    minLength: count,
    maxLength: count,
  });
  return fc
    .tuple(roles, roleChanges)
    .map(([lists, all]) =>
      all.map((own, index) => instanceOf(lists, own.slice(0, Math.floor(lists.length / 5)), index)),
    );
}

function instanceOf(
  lists: readonly string[][],
  fates: readonly (readonly [number, RoleChange])[],
  index: number,
): Snapshot {
  const byRole = new Map(fates.map(([place, fate]) => [place % lists.length, fate]));
  const custom = lists.flatMap((grants, at) => variant(at, grants, byRole.get(at)));
  const system = ['Admin', 'Privileged', 'Editor', 'Participant', 'Social'].map((name, at): LiveRole => ({
    ...{ id: at + 1, name, description: '', userCount: null, grantCount: null },
    grants: at === 0 ? MANY_GRANTS.map(({ grant }) => grant) : [],
  }));
  const roles = [...system, ...custom];
  const list = Array.from({ length: 6 }, (_, at): Person => ({
    ...{ id: 10 + at, email: `p${at}@i${index}.com`, name: `P ${at}`, kind: 'active' },
    roleId: roles[(at * 3 + index) % roles.length]?.id ?? 4,
  }));
  const root: Person = { id: 1, email: 'root@vendor.com', name: 'Root', roleId: 1, kind: 'active' };
  return {
    ...{ instance: `i${index}`, sandbox: false, me: null, roles, defaultRoleId: 4, allowlist: 'off' },
    people: { scope: 'all', list: [root, ...list] },
    catalogue: MANY_GRANTS,
  };
}

function variant(at: number, grants: readonly string[], fate: RoleChange | undefined): LiveRole[] {
  const role = {
    id: 1000 + at,
    name: `Role ${at}`,
    description: `Does ${at}`,
    userCount: null,
    grantCount: null,
  };
  switch (fate?.kind) {
    case undefined:
      return [{ ...role, grants: grantList(grants) }];
    case 'more':
      return [{ ...role, grants: grantList([...grants, ...fate.grants]) }];
    case 'less':
      return [{ ...role, grants: grantList(grants.filter((grant) => !fate.grants.includes(grant))) }];
    case 'text':
      return [{ ...role, grants: grantList(grants), description: 'Does something else' }];
    case 'gone':
      return [];
  }
}
