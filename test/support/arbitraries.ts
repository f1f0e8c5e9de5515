import fc from 'fast-check';
import type {
  LoadedManifest,
  Manifest,
  ManifestGrants,
  ManifestMember,
  ManifestMembers,
  ManifestRole,
} from '../../src/manifest/manifest.js';
import type { Catalogue, Grant } from '../../src/model/grant.js';
import { byCodeUnit } from '../../src/model/sort.js';
import { grantList } from '../../src/model/grant.js';
import type { Person, PersonKind } from '../../src/model/person.js';
import { DEFAULT_POLICY } from '../../src/model/policy.js';
import type { PersonRef, Policy } from '../../src/model/policy.js';
import type { LiveRole, Snapshot } from '../../src/model/snapshot.js';

/** A small set of grants with a chain, a diamond and a dependency that no catalogue lists. */
export const CATALOGUE: Catalogue = (
  [
    ['a.admin', ['a.edit', 'a.view'], true],
    ['a.edit', ['a.view'], false],
    ['a.view', [], false],
    ['authorization.roles', ['ui.admin'], true],
    ['b.edit', ['b.view', 'ui.datacenter'], false],
    ['b.export', [], false],
    ['b.view', [], false],
    ['c.use', [], null],
    ['user.edit', [], true],
  ] as const
).map(([grant, dependsOn, adminLevel]) => ({
  grant,
  title: `Title of ${grant}`,
  group: 'G',
  dependsOn,
  adminLevel,
  features: [],
}));

export const GRANTS: readonly Grant[] = CATALOGUE.map((entry) => entry.grant);

/** A policy with limits that allow everything, for laws that are not about guards. */
export const WIDE_POLICY: Policy = {
  ...DEFAULT_POLICY,
  minAdmins: 0,
  protectedGrants: [],
  maxDeletes: { count: 1000 },
  maxMoves: { count: 1000 },
  maxGrantChanges: { count: 100000 },
};

/** A loaded manifest without source text. */
export function loadedOf(parts: Partial<Manifest>): LoadedManifest {
  const manifest: Manifest = {
    instance: null,
    defaultRole: null,
    allowlist: null,
    roles: [],
    removed: [],
    leftAlone: [],
    policy: WIDE_POLICY,
    files: [],
    ...parts,
  };
  const roles = [...manifest.roles].sort((a, b) => byCodeUnit(a.name, b.name));
  return {
    manifest: { ...manifest, roles, removed: [...manifest.removed].sort(byCodeUnit) },
    locate: () => null,
    locateGrant: () => null,
    warnings: [],
  };
}

/** A role of a manifest that manages only the given parts. */
export function wantedRole(name: string, parts: Partial<ManifestRole> = {}): ManifestRole {
  return {
    name,
    id: null,
    description: null,
    owner: null,
    basedOn: null,
    renamedFrom: [],
    grants: null,
    members: null,
    ...parts,
  };
}

export function exactGrants(...add: Grant[]): ManifestGrants {
  return { mode: 'exact', from: [], add: grantList(add), remove: [], optional: [] };
}

export function members(mode: 'exact' | 'additive', ...ids: number[]): ManifestMembers {
  return { mode, users: ids.map((id) => memberEntry({ id })) };
}

/** An entry of a role's list. */
export function memberEntry(ref: PersonRef, rest: Partial<ManifestMember> = {}): ManifestMember {
  return {
    ref,
    email: 'email' in ref ? ref.email : null,
    until: null,
    note: null,
    where: null,
    ...rest,
  };
}

/** A live role. */
export function liveRole(id: number, name: string, grants: readonly Grant[] = []): LiveRole {
  return { id, name, description: '', grants: grantList(grants), userCount: null, grantCount: null };
}

export function person(id: number, roleId: number, kind: PersonKind = 'active'): Person {
  return { id, email: `p${id}@acme.com`, name: `P ${id}`, roleId, kind };
}

/** A snapshot with the five system roles and the given parts. */
export function snapshotOf(
  parts: Partial<Snapshot> & { custom?: readonly LiveRole[]; persons?: readonly Person[] },
): Snapshot {
  const { custom = [], persons = [], ...rest } = parts;
  const system = [
    liveRole(1, 'Admin', GRANTS),
    liveRole(2, 'Privileged', ['a.edit', 'a.view', 'b.view']),
    liveRole(3, 'Editor', ['a.view', 'b.view']),
    liveRole(4, 'Participant', ['a.view']),
    liveRole(5, 'Social', ['c.use']),
  ];
  return {
    instance: 'acme',
    sandbox: false,
    me: { id: 1, email: 'p1@acme.com', name: 'P 1' },
    roles: [...system, ...custom].sort((a, b) => a.id - b.id),
    people: {
      scope: 'all',
      list: [...(persons.some((one) => one.id === 1) ? [] : [person(1, 1)]), ...persons].sort(
        (a, b) => a.id - b.id,
      ),
    },
    defaultRoleId: 4,
    allowlist: 'off',
    catalogue: CATALOGUE,
    ...rest,
  };
}

const NAMES = ['Alpha', 'Beta', 'Gamma', 'Delta', 'Epsilon', 'Zeta'] as const;
const someGrants = fc.subarray([...GRANTS]).map(grantList);
const fewGrants = fc.subarray(GRANTS.filter((grant) => grant !== 'authorization.roles')).map(grantList);

/** Any instance of a few roles and up to fourteen people. */
export const anySnapshot: fc.Arbitrary<Snapshot> = fc
  .record({
    names: fc.subarray([...NAMES]),
    grants: fc.array(fc.oneof(someGrants, fewGrants), { minLength: 6, maxLength: 6 }),
    people: fc.array(
      fc.record({
        place: fc.nat(),
        kind: fc.oneof(
          { weight: 8, arbitrary: fc.constant<PersonKind>('active') },
          { weight: 1, arbitrary: fc.constantFrom<PersonKind>('pending', 'support', 'system') },
        ),
      }),
      { maxLength: 13 },
    ),
    meIn: fc.nat(),
    defaultPlace: fc.nat(),
    list: fc.oneof(fc.constant('off' as const), fc.array(fc.nat(), { maxLength: 4 })),
  })
  .map(({ names, grants, people, meIn, defaultPlace, list }) => {
    const custom = names.map((name, index) => liveRole(100 + index, name, grants[index] ?? []));
    const base = snapshotOf({ custom });
    const at = <T>(all: readonly T[], place: number): T => all[place % all.length] as T;
    const open = base.roles.filter((role) => !role.grants.includes('authorization.roles'));
    const powerful = base.roles.filter((role) => role.grants.includes('authorization.roles'));
    const defaultRoleId = at(open, defaultPlace).id;
    return {
      ...base,
      people: {
        scope: 'all',
        list: [
          person(1, at(powerful, meIn).id),
          ...people.map((one, index) => person(10 + index, at(base.roles, one.place).id, one.kind)),
        ],
      },
      defaultRoleId,
      allowlist:
        list === 'off'
          ? 'off'
          : [...new Set([5, defaultRoleId, ...list.map((place) => at(open, place).id)])].sort(
              (a, b) => a - b,
            ),
    } satisfies Snapshot;
  });

/** Any valid manifest about these names and people. */
export const anyManifest: fc.Arbitrary<LoadedManifest> = fc
  .record({
    fates: fc.array(fc.constantFrom('wanted', 'wanted', 'wanted', 'absent', 'removed'), {
      minLength: 6,
      maxLength: 6,
    }),
    grants: fc.array(
      fc.oneof(
        fc.constant(null),
        fc.record({
          mode: fc.constantFrom('exact' as const, 'additive' as const),
          add: fc.oneof(someGrants, fewGrants),
          remove: fewGrants,
          from: fc.nat(),
        }),
      ),
      { minLength: 6, maxLength: 6 },
    ),
    memberModes: fc.array(fc.constantFrom('none', 'exact', 'additive'), { minLength: 6, maxLength: 6 }),
    placements: fc.array(fc.nat(12), { minLength: 14, maxLength: 14 }),
    renames: fc.array(fc.nat(20), { minLength: 6, maxLength: 6 }),
    defaultRole: fc.option(fc.nat(), { nil: null }),
    allowlist: fc.oneof(fc.constant(null), fc.constant('off' as const), fc.array(fc.nat(), { maxLength: 3 })),
    unmanagedRoles: fc.constantFrom('ignore' as const, 'report' as const, 'delete' as const),
    descriptions: fc.array(fc.option(fc.constantFrom('one', 'two'), { nil: null }), {
      minLength: 6,
      maxLength: 6,
    }),
  })
  .map((raw) => {
    const wanted = NAMES.filter((_, index) => raw.fates[index] === 'wanted');
    const removed = NAMES.filter((_, index) => raw.fates[index] === 'removed');
    const lists = new Map<string, number[]>();
    raw.placements.forEach((place, index) => {
      const name = wanted[place];
      if (name !== undefined) lists.set(name, [...(lists.get(name) ?? []), index === 13 ? 1 : 10 + index]);
    });
    const claimed = new Set<string>();
    const roles = wanted.map((name, order): ManifestRole => {
      const index = NAMES.indexOf(name);
      const grants = raw.grants[index] ?? null;
      // `from` names only earlier roles and `renamedFrom` only later names, so neither forms a cycle.
      const from =
        grants && grants.from % 3 === 0
          ? [order > 0 ? (wanted[grants.from % order] as string) : 'Editor']
          : [];
      const old = NAMES[index + 1 + ((raw.renames[index] ?? 0) % 6)];
      const takes = old !== undefined && !claimed.has(old);
      if (takes) claimed.add(old);
      const mode = raw.memberModes[index];
      return wantedRole(name, {
        description: raw.descriptions[index] ?? null,
        renamedFrom: takes ? [old] : [],
        grants: grants && {
          mode: grants.mode,
          add: grants.add,
          from,
          optional: [],
          // An instance may add a dependency to an additive role, which then keeps it. If another role takes the
          // grants of that one and removes some, two plans are needed: not a case for laws about one plan.
          remove:
            grants.mode === 'exact' &&
            !from.some((one) => raw.grants[NAMES.indexOf(one as never)]?.mode === 'additive')
              ? grants.remove
              : [],
        },
        members: mode === 'none' ? null : members(mode as 'exact' | 'additive', ...(lists.get(name) ?? [])),
      });
    });
    const safe = ['Privileged', 'Editor', 'Participant', 'Social'];
    return loadedOf({
      roles,
      removed,
      defaultRole: raw.defaultRole === null ? null : (safe[raw.defaultRole % safe.length] as string),
      allowlist: Array.isArray(raw.allowlist)
        ? raw.allowlist.map((place) => safe[place % safe.length] as string)
        : raw.allowlist,
      policy: {
        ...WIDE_POLICY,
        unmanagedRoles: wanted.length > 0 ? raw.unmanagedRoles : 'report',
        removedMembersTo: 'Social',
      },
    });
  });
