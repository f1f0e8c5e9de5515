import { describe, expect, it } from '@jest/globals';
import { nameRules } from '../../../src/desired/roles/name-rules.js';
import type { ManifestRole } from '../../../src/manifest/manifest.js';
import { liveRole, wantedRole } from '../../support/arbitraries.js';

const role = (name: string, renamedFrom: string[] = [], id: number | null = null): ManifestRole =>
  wantedRole(name, { renamedFrom, id });
const LIVE = [liveRole(3, 'Editor'), liveRole(100, 'A'), liveRole(101, 'B'), liveRole(102, 'B')];

interface Row {
  reason: string;
  roles: ManifestRole[];
  /** Of the first role. */
  own: number[];
  old: number[];
  loses: boolean;
}

describe('nameRules', () => {
  it.each<Row>([
    { reason: 'its name', roles: [role('A')], own: [100], old: [], loses: false },
    { reason: 'a name of two', roles: [role('B')], own: [101, 102], old: [], loses: false },
    {
      reason: 'a name that another pins',
      roles: [role('B'), role('C', [], 101)],
      own: [102],
      old: [],
      loses: false,
    },
    {
      reason: 'a name that it pins itself',
      roles: [role('B', [], 101)],
      own: [101, 102],
      old: [],
      loses: false,
    },
    { reason: 'old names', roles: [role('C', ['A', 'B'])], own: [], old: [100, 101, 102], loses: false },
    {
      reason: 'an old name that another pins',
      roles: [role('C', ['A']), role('D', [], 100)],
      own: [],
      old: [],
      loses: false,
    },
    {
      reason: 'the old name of a system role',
      roles: [role('C', ['Editor'])],
      own: [],
      old: [],
      loses: false,
    },
    {
      reason: 'an old name that its role keeps',
      roles: [role('C', ['A']), role('A')],
      own: [],
      old: [],
      loses: false,
    },
    {
      reason: 'an old name that its role gives up',
      roles: [role('C', ['A']), role('A', ['B'])],
      own: [],
      old: [100],
      loses: false,
    },
    {
      reason: 'a name that another takes',
      roles: [role('A', ['B']), role('C', ['A'])],
      own: [100],
      old: [101, 102],
      loses: true,
    },
    {
      reason: 'a name that another with an id claims',
      roles: [role('A', ['B']), role('C', ['A'], 101)],
      own: [100],
      old: [102],
      loses: false,
    },
    {
      reason: 'a name that another claims without need',
      roles: [role('A', ['Z']), role('B', ['A'])],
      own: [100],
      old: [],
      loses: false,
    },
    { reason: 'a cycle', roles: [role('A', ['B']), role('B', ['A'])], own: [100], old: [], loses: false },
    { reason: 'itself as its old name', roles: [role('A', ['A'])], own: [100], old: [], loses: false },
  ])('$reason', ({ roles, own, old, loses }) => {
    const rules = nameRules({ roles, leftAlone: [] }, LIVE);
    const [first] = roles as [ManifestRole];
    const ids = (list: readonly { id: number }[]): number[] => list.map(({ id }) => id);
    expect(ids(rules.own(first))).toEqual(own);
    expect(ids(rules.old(first))).toEqual(old);
    expect(rules.losesItsName(first)).toBe(loses);
  });

  it('indexes live roles and wanted names', () => {
    const rules = nameRules({ roles: [role('A')], leftAlone: [] }, LIVE);
    expect(rules.byId.get(101)?.name).toBe('B');
    expect(rules.byName.get('B')).toHaveLength(2);
    expect(rules.wanted.get('A')?.name).toBe('A');
  });
});
