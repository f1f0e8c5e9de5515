import { describe, expect, it } from '@jest/globals';
import { compareInstance } from '../../src/fleet/compare-instance.js';
import { NO_DIFFERENCE } from '../../src/fleet/compare-role.js';
import type { InstanceStates, WantedState } from '../../src/fleet/compared-instance.js';
import type { ComparisonDocument, RoleDifference } from '../../src/fleet/comparison.js';
import { makeComparison } from '../../src/fleet/make-comparison.js';
import { liveKey, newKey } from '../../src/model/role.js';
import type { Role, RoleKey } from '../../src/model/role.js';
import { placementOf } from '../../src/model/placement.js';
import type { Person } from '../../src/model/person.js';
import type { State } from '../../src/model/state.js';
import { checkSchema } from '../support/check-schema.js';
import { fleetRow } from '../support/fleet-rows.js';

type Roles = Readonly<Record<string, readonly string[] | null>>;

const IDS: Readonly<Record<string, number>> = { Viewer: 101, Auditor: 102, viewer: 103, Other: 104 };

const PEOPLE: readonly Person[] = [1, 2, 3].map((id) => ({
  id,
  email: `p${id}@acme.com`,
  name: `P ${id}`,
  roleId: IDS.Viewer ?? 0,
  kind: 'active',
}));

function stateWith(roles: Roles, rest: Partial<State> = {}): State {
  const list = Object.entries(roles).flatMap(([name, grants]): [RoleKey, Role][] => {
    const id = IDS[name] ?? 999;
    return grants ? [[liveKey(id), { key: liveKey(id), id, name, description: '', grants }]] : [];
  });
  return {
    roles: new Map(list),
    people: placementOf([]),
    defaultRole: liveKey(IDS.Viewer ?? 0),
    allowlist: 'off',
    ...rest,
  };
}

/** The end state of a manifest that names these roles; null marks a role to remove. */
function wanted(roles: Roles, rest: Partial<WantedState> = {}): WantedState {
  return {
    state: stateWith(roles),
    roles: new Map(
      Object.entries(roles).flatMap(([name, grants]) => (grants ? [[name, liveKey(IDS[name] ?? 999)]] : [])),
    ),
    removed: new Set(Object.keys(roles).filter((name) => roles[name] === null)),
    leftAlone: new Set(),
    unmanagedRoles: 'report',
    managesDefaultRole: false,
    managesAllowlist: false,
    ...rest,
  };
}

type Some = Partial<Omit<InstanceStates, 'own'>> & Pick<InstanceStates, 'live'> & { own?: WantedState };

const BASE = { Viewer: ['a.one', 'b.two'] };

const statesOf = ({ own, ...some }: Some): InstanceStates => ({
  base: wanted(BASE),
  own: () => own ?? wanted(BASE),
  extendsBase: true,
  ...some,
});

function comparison(instances: Readonly<Record<string, Some>>): ComparisonDocument {
  const names = Object.keys(instances);
  const document = makeComparison({
    madeBy: '0.0.0',
    madeAt: '2026-11-26T12:00:00Z',
    fleet: 'customers',
    inventory: {
      file: 'fleet.yaml',
      digest: `sha256:${'0'.repeat(64)}`,
      instances: names.length,
      minInstances: null,
      maxInstances: null,
    },
    selection: { flags: {}, digest: `sha256:${'0'.repeat(64)}`, names, shard: null },
    source: 'live',
    base: 'base.yaml',
    rows: names.map((name) => fleetRow(name, 'clean', { exit: 0 })),
    compared: names.map((name) => compareInstance(name, statesOf(instances[name] as Some))),
  });
  expect(checkSchema('comparison', document)).toEqual([]);
  return document;
}

/** `2 as-base`, or the differences. `*` marks differences that an overlay asks for. */
function shown({ roles }: ComparisonDocument): Record<string, string[]> {
  const marks = ({
    presence,
    name,
    added,
    removed,
    membersAdded,
    membersRemoved,
  }: RoleDifference): string[] => [
    ...(presence === null ? [] : [presence]),
    ...(name === null ? [] : [`~${name}`]),
    ...added.map((grant) => `+${grant}`),
    ...removed.map((grant) => `-${grant}`),
    ...(membersAdded + membersRemoved > 0 ? [`${membersAdded}/${membersRemoved}`] : []),
  ];
  return Object.fromEntries(
    roles.map(({ role, copy, variants }) => [
      copy === 1 ? role : `${role} ${copy}`,
      variants.map(({ standing, asked, unasked, instances }) =>
        [...[instances.length, standing], ...marks(asked).map((mark) => `${mark}*`), ...marks(unasked)].join(
          ' ',
        ),
      ),
    ]),
  );
}

const LIKE_BASE: Some = { live: stateWith(BASE) };

describe('a comparison', () => {
  const more = { Viewer: ['a.one', 'b.two', 'c.three'] };

  it('counts the variants of a role, most frequent first, with separate counts for overlays', () => {
    const found = comparison({
      acme: LIKE_BASE,
      globex: LIKE_BASE,
      hooli: { live: stateWith(more) },
      initech: { live: stateWith(more), own: wanted(more) },
      umbrella: { live: stateWith({}) },
    });
    expect(shown(found)).toEqual({
      Viewer: ['2 as-base', '1 differs +c.three', '1 by-overlay +c.three*', '1 differs absent'],
    });
    expect(found.summary).toMatchObject({ instances: 5, asBase: 2, byOverlay: 1, differs: 2, exit: 2 });
    expect(found.rows.map(({ status }) => status)).toEqual(['clean', 'clean', 'drift', 'clean', 'drift']);
  });

  it.each<[string, Some, string]>([
    ['a missing grant', { live: stateWith({ Viewer: ['a.one'] }) }, '1 differs -b.two'],
    [
      'a missing grant that the overlay removes',
      { live: stateWith({ Viewer: ['a.one'] }), own: wanted({ Viewer: ['a.one'] }) },
      '1 by-overlay -b.two*',
    ],
    [
      'more than the overlay asks for',
      { live: stateWith({ Viewer: ['a.one', 'b.two', 'c.three', 'd.four'] }), own: wanted(more) },
      '1 differs +c.three* +d.four',
    ],
    ['less than the overlay asks for', { ...LIKE_BASE, own: wanted(more) }, '1 as-base'],
    [
      'no role, as the overlay removes it',
      { live: stateWith({}), own: wanted({ Viewer: null }) },
      '1 by-overlay absent*',
    ],
    [
      'a role that the overlay leaves alone',
      { live: stateWith({ Viewer: ['z.any'] }), own: wanted({}, { leftAlone: new Set(['Viewer']) }) },
      '1 by-overlay +z.any* -a.one* -b.two*',
    ],
    [
      'a manifest that does not extend the base and does not name the role',
      { live: stateWith(more), own: wanted({}), extendsBase: false },
      '1 differs +c.three',
    ],
    [
      'a missing grant with such a manifest',
      { live: stateWith({ Viewer: ['a.one'] }), own: wanted({}), extendsBase: false },
      '1 differs -b.two',
    ],
    ['a similar name', { live: stateWith({ viewer: ['a.one'] }) }, '1 differs absent ~viewer'],
  ])('shows %s', (_what, some, expected) => {
    expect(shown(comparison({ acme: some })).Viewer).toEqual([expected]);
  });

  it('shows a role by its live name when it is found by id or old name', () => {
    const base = wanted(BASE);
    const live = stateWith(BASE);
    const viewer = live.roles.get(liveKey(101)) as Role;
    const renamed = { ...live, roles: new Map([[viewer.key, { ...viewer, name: 'Old Viewer' }]]) };
    expect(shown(comparison({ acme: { live: renamed, base } }))).toEqual({
      Viewer: ['1 differs ~Old Viewer'],
    });
  });

  it('treats a pin that is not live, and a role to be created, as absent', () => {
    const made = wanted({}, { roles: new Map([['Viewer', newKey('Viewer')]]) });
    const pinned = wanted({}, { roles: new Map([['Viewer', null]]) });
    for (const base of [made, pinned])
      expect(shown(comparison({ acme: { live: stateWith({}), base, own: base } }))).toEqual({
        Viewer: ['1 differs absent'],
      });
  });
});

describe('a role that the base does not have', () => {
  const withOther = (grants: readonly string[]): Some => ({ live: stateWith({ ...BASE, Other: grants }) });
  const withOverlay = (some: Some): Some => ({ ...some, own: wanted({ ...BASE, Other: ['o.one'] }) });

  it.each<[string, Readonly<Record<string, Some>>, string[], number]>([
    [
      'differs if some instances have it and nothing asks for it',
      { acme: withOther(['o.one']), globex: LIKE_BASE },
      ['1 differs extra +o.one', '1 as-base'],
      2,
    ],
    [
      'does not count if it is the same on all instances',
      { acme: withOther(['o.one']), globex: withOther(['o.one']) },
      ['2 unmanaged extra +o.one'],
      0,
    ],
    [
      'differs if it is not the same on all instances',
      { acme: withOther(['o.one']), globex: withOther(['o.two']) },
      ['1 differs extra +o.one', '1 differs extra +o.two'],
      2,
    ],
    [
      'is the overlay’s if one asks for it',
      { acme: withOverlay(withOther(['o.one'])), globex: LIKE_BASE },
      ['1 by-overlay extra* +o.one*', '1 as-base'],
      0,
    ],
    [
      'differs by grants beyond its overlay',
      { acme: withOverlay(withOther(['o.one', 'o.two'])) },
      ['1 differs extra* +o.one* +o.two'],
      2,
    ],
    [
      'does not count if the policy ignores such roles',
      {
        acme: { ...withOther(['o.one']), own: wanted(BASE, { unmanagedRoles: 'ignore' }) },
        globex: LIKE_BASE,
      },
      ['1 unmanaged extra +o.one', '1 as-base'],
      0,
    ],
    [
      'counts if the policy wants none, even if all have it',
      { acme: { ...withOther(['o.one']), own: wanted(BASE, { unmanagedRoles: 'fail' }) } },
      ['1 differs extra +o.one'],
      2,
    ],
    [
      'counts if the base removes it',
      { acme: { ...withOther(['o.one']), base: wanted({ ...BASE, Other: null }) } },
      ['1 differs extra +o.one'],
      2,
    ],
  ])('%s', (_what, instances, variants, exit) => {
    const found = comparison(instances);
    expect(shown(found).Other).toEqual(variants);
    expect(found.summary.exit).toBe(exit);
  });

  it('is drift and not a difference if its overlay is not applied', () => {
    const found = comparison({ acme: withOverlay(LIKE_BASE), globex: withOverlay(withOther(['o.one'])) });
    expect(shown(found).Other).toEqual(['1 as-base', '1 by-overlay extra* +o.one*']);
    expect(shown(comparison({ acme: withOverlay(LIKE_BASE) })).Other).toBeUndefined();
  });

  it('is counted separately if an instance has two roles with that name', () => {
    const live = stateWith({ ...BASE, Other: ['o.one'] });
    const twin = { key: liveKey(900), id: 900, name: 'Viewer', description: '', grants: ['t.win'] };
    const found = comparison({
      acme: { live: { ...live, roles: new Map([...live.roles, [twin.key, twin]]) } },
      globex: { live },
    });
    expect(shown(found)['Viewer 2']).toEqual(['1 differs extra +t.win', '1 as-base']);
  });
});

describe('members and settings', () => {
  it('count people that an overlay adds separately from others', () => {
    const [one, two, three] = PEOPLE as [Person, Person, Person];
    const withPeople = (list: readonly Person[]) => ({
      state: stateWith(BASE, {
        people: placementOf(
          PEOPLE,
          new Map(PEOPLE.filter((person) => !list.includes(person)).map(({ id }) => [id, null])),
        ),
      }),
    });
    const found = comparison({
      acme: {
        live: withPeople([one, two]).state,
        base: wanted(BASE, withPeople([three])),
        own: wanted(BASE, withPeople([one, three])),
      },
    });
    const [variant] = found.roles[0]?.variants ?? [];
    expect(variant?.asked).toMatchObject({ membersAdded: 1, membersRemoved: 0 });
    expect(variant?.unasked).toMatchObject({ membersAdded: 1, membersRemoved: 1 });
  });

  it('include the default role and the allowlist when the base has them', () => {
    const manages = { managesDefaultRole: true, managesAllowlist: true };
    const roles = { ...BASE, Other: ['o.one'] };
    const other = { defaultRole: liveKey(104), allowlist: [liveKey(101)] };
    const base = wanted(roles, manages);
    const own = wanted(roles, { ...manages, state: stateWith(roles, other) });
    const found = comparison({
      acme: { base, own: base, live: stateWith(roles) },
      globex: { base, own: base, live: stateWith(roles, other) },
      hooli: { base, own, live: stateWith(roles, other) },
      initech: { base, own: base, live: stateWith(roles, { allowlist: 'unreadable' }) },
    });
    const short = found.settings.map(({ setting, variants }) => [
      setting,
      ...variants.map(({ standing, value, instances }) => [standing, value, ...instances]),
    ]);
    expect(short).toEqual([
      [
        'defaultRole',
        ['as-base', 'Viewer', 'acme', 'initech'],
        ['differs', 'Other', 'globex'],
        ['by-overlay', 'Other', 'hooli'],
      ],
      [
        'allowlist',
        ['as-base', 'off', 'acme'],
        ['differs', ['Viewer'], 'globex'],
        ['by-overlay', ['Viewer'], 'hooli'],
        ['unreadable', 'unreadable', 'initech'],
      ],
    ]);
    expect(found.rows.map(({ status }) => status)).toEqual(['clean', 'drift', 'clean', 'clean']);
    // An allowlist that is not known is no difference, and its instance is not known to be as the base.
    expect(found.summary).toMatchObject({ asBase: 1, byOverlay: 1, differs: 1, partlyCompared: 1, exit: 2 });
    expect(found.rows.map(({ counts }) => [counts?.['as-base'], counts?.unreadable])).toEqual([
      [4, undefined],
      [2, undefined],
      [2, undefined],
      [3, 1],
    ]);
  });

  it('have the allowlist of the base if the first instance does not show its own', () => {
    const manages = { managesAllowlist: true };
    const unread = { allowlist: 'unreadable' } as const;
    const blind = wanted(BASE, { ...manages, state: stateWith(BASE, unread) });
    const base = wanted(BASE, manages);
    const found = comparison({
      acme: { base: blind, own: blind, live: stateWith(BASE, unread) },
      globex: { base, own: base, live: stateWith(BASE) },
    });
    expect(found.settings).toMatchObject([{ base: 'off', variants: [{}, {}] }]);
    expect(found.summary).toMatchObject({ asBase: 1, partlyCompared: 1, exit: 0 });
  });

  it('differ in a default role that is called like what is not known', () => {
    const roles = { ...BASE, unreadable: ['o.one'] };
    const base = wanted(roles, { managesDefaultRole: true });
    const live = stateWith(roles, { defaultRole: liveKey(999) });
    const found = comparison({ acme: { base, own: base, live } });
    expect(found.settings[0]?.variants).toEqual([
      { standing: 'differs', value: 'unreadable', instances: ['acme'] },
    ]);
  });
});

describe('the rows of a comparison', () => {
  it('have no counts for an instance that could not be compared, and exit code 1 precedes 2', () => {
    const facts = {
      madeBy: '0.0.0',
      madeAt: '2026-11-26T12:00:00Z',
      fleet: 'customers',
      inventory: {
        file: 'fleet.yaml',
        digest: `sha256:${'0'.repeat(64)}`,
        instances: 3,
        minInstances: null,
        maxInstances: null,
      },
      selection: { flags: {}, digest: `sha256:${'0'.repeat(64)}`, names: ['a', 'b', 'c'], shard: null },
      source: 'live',
      base: 'base.yaml',
    } as const;
    const differing = compareInstance('b', statesOf({ live: stateWith({}) }));
    const rows = [fleetRow('c', 'suspended'), fleetRow('b', 'clean'), fleetRow('a', 'failed', { exit: 1 })];
    const found = makeComparison({ ...facts, rows, compared: [differing] });
    expect(found.rows.map(({ instance, status, counts }) => [instance, status, counts?.differs])).toEqual([
      ['a', 'failed', undefined],
      ['b', 'drift', 1],
      ['c', 'suspended', undefined],
    ]);
    expect(found.summary).toMatchObject({ unreadable: 1, differs: 1, suspended: 1, exit: 1 });
  });

  it('do not depend on the order of instances', () => {
    const instances = { acme: LIKE_BASE, globex: { live: stateWith({}) }, hooli: LIKE_BASE };
    const reversed = Object.fromEntries(Object.entries(instances).reverse());
    const [one, other] = [comparison(instances), comparison(reversed)];
    expect({ ...other, selection: one.selection }).toEqual(one);
  });

  it('share one object for equal values', () => {
    expect(comparison({ acme: LIKE_BASE }).roles[0]?.variants[0]?.asked).toBe(NO_DIFFERENCE);
  });
});
