import { describe, expect, it } from '@jest/globals';
import { withoutUnknown } from '../../src/drift/drift-without-unknown.js';
import type { ManifestGrants } from '../../src/manifest/manifest.js';
import { stateOf } from '../../src/model/state.js';
import { liveRole, loadedOf, snapshotOf, wantedRole, WIDE_POLICY } from '../support/arbitraries.js';

const live = snapshotOf({ custom: [liveRole(100, 'A', ['x.unlisted']), liveRole(101, 'B')] });
const grants = (parts: Partial<ManifestGrants>): ManifestGrants => ({
  mode: 'exact',
  from: [],
  add: [],
  remove: [],
  optional: [],
  ...parts,
});

/** The known grants of each role of a manifest. */
function known(roles: Readonly<Record<string, ManifestGrants | null>>): Record<string, unknown> {
  const loaded = loadedOf({
    roles: Object.entries(roles).map(([name, list]) => wantedRole(name, { grants: list })),
  });
  return Object.fromEntries(
    withoutUnknown(loaded, live, stateOf(live)).manifest.roles.map((role) => [role.name, role.grants]),
  );
}

describe('a manifest without unknown grants and roles', () => {
  it.each<[string, ManifestGrants | null, ManifestGrants | null]>([
    [
      'keeps grants of the catalogue',
      grants({ add: ['a.view'], remove: ['c.use'] }),
      grants({ add: ['a.view'], remove: ['c.use'] }),
    ],
    [
      'keeps grants that the catalogue does not list and a role holds',
      grants({ add: ['x.unlisted'] }),
      grants({ add: ['x.unlisted'] }),
    ],
    [
      'leaves out other grants',
      grants({ add: ['a.view', 'z.gone'], remove: ['z.gone'] }),
      grants({ add: ['a.view'] }),
    ],
    ['keeps a list that is composed of live roles', grants({ from: ['B'] }), grants({ from: ['B'] })],
    [
      'does not compare a list that is composed of a role that is not there',
      grants({ from: ['B', 'Gone'], add: ['a.view'] }),
      null,
    ],
    ['compares no list if the manifest has none', null, null],
  ])('%s', (_, list, expected) => expect(known({ A: list })).toEqual({ A: expected }));

  it('does not compare lists that inherit directly or indirectly from such a list', () => {
    const lists = {
      A: grants({ from: ['B'] }),
      B: grants({ from: ['Editor'] }),
      Editor: grants({ from: ['Gone'] }),
      Social: grants({}),
    };
    expect(known(lists)).toEqual({ A: null, B: null, Editor: null, Social: grants({}) });
  });

  it.each<[string, string | null, string | null]>([
    ['keeps a live destination', 'Social', 'Social'],
    ['leaves out a destination that is not there', 'Gone', null],
    ['has no destination if the manifest has none', null, null],
  ])('%s', (_, removedMembersTo, expected) => {
    const loaded = loadedOf({ policy: { ...WIDE_POLICY, removedMembersTo } });
    expect(withoutUnknown(loaded, live, stateOf(live)).manifest.policy).toEqual({
      ...WIDE_POLICY,
      removedMembersTo: expected,
    });
  });

  it('keeps the locations', () => {
    const loaded = loadedOf({});
    expect(withoutUnknown(loaded, live, stateOf(live)).locate).toBe(loaded.locate);
  });
});
