import { describe, expect, it } from '@jest/globals';
import { throwIfCutShort } from '../../../src/apply/recheck/cut-short.js';
import type { StaleField } from '../../../src/apply/recheck/stale-plan.js';
import type { PartialSnapshot } from '../../../src/live/reader.js';
import { applyWorld } from '../../support/apply-world.js';

const ANALYST = 100;

/** The Analyst as the plan recorded it, and what its own list shows now. */
async function comparedWith(
  now: readonly string[],
  later: { own?: string[]; count?: number | null; catalogue?: string[] } = {},
) {
  const world = applyWorld();
  const core = await world.reader.readCore();
  const before = core.roles.find(({ id }) => id === ANALYST)?.grants ?? [];
  const field: StaleField = {
    of: { kind: 'role', roleId: ANALYST },
    label: 'role "Analyst"',
    field: 'grants',
    before,
    now,
  };
  const counted = (roles: PartialSnapshot['roles']): PartialSnapshot['roles'] =>
    roles.map((role) => ({
      ...role,
      grantCount: later.count === undefined ? role.grantCount : later.count,
      grants: later.catalogue ?? role.grants,
    }));
  const reader = {
    ...world.reader,
    readCore: async () => ({ ...core, roles: counted(core.roles) }),
    readRoleGrants: async () => later.own ?? now,
  };
  return { before, check: (more: readonly StaleField[] = []) => throwIfCutShort([field, ...more], reader) };
}

describe('a role whose own list lacks grants', () => {
  it('was cut short if the catalogue and the count are as recorded and the list still lacks them', async () => {
    const { check, before } = await comparedWith([]);
    await expect(check()).rejects.toMatchObject({
      problems: [
        {
          code: 'short-list',
          message: `the list of grants of role "Analyst" is incomplete: it lacks ${before.join(', ')}, which the catalogue lists for the role`,
          hint: 'try again; an incomplete list is never used',
        },
      ],
    });
  });

  it.each<[string, (length: number) => number | null]>([
    ['is one higher, as on some instances', (length) => length + 1],
    ['is not sent', () => null],
  ])('was cut short also if the count %s', async (_, countOf) => {
    const { before } = await comparedWith([]);
    const { check } = await comparedWith([], { count: countOf(before.length) });
    await expect(check()).rejects.toMatchObject({ problems: [{ code: 'short-list' }] });
  });

  it.each<[string, readonly string[], { own?: string[]; count?: number; catalogue?: string[] }]>([
    ['the catalogue lists other grants than recorded', [], { catalogue: ['z.other'] }],
    ['the count of grants has changed too', [], { count: 0 }],
    ['the list holds a grant that was not recorded', ['z.other'], {}],
  ])('has changed if %s', async (_, now, later) => {
    await expect((await comparedWith(now, later)).check()).resolves.toBeUndefined();
  });

  it('has changed if a second reading of the list is complete', async () => {
    const { before } = await comparedWith([]);
    await expect((await comparedWith([], { own: [...before] })).check()).resolves.toBeUndefined();
  });
});

describe('other fields', () => {
  it.each<[string, StaleField]>([
    ['a name', { of: { kind: 'role', roleId: ANALYST }, label: 'r', field: 'name', before: 'A', now: 'B' }],
    [
      'a deleted role',
      { of: { kind: 'role', roleId: 9 }, label: 'r', field: 'grants', before: ['a'], now: [] },
    ],
  ])('%s is no list that was cut short', async (_, field) => {
    await expect(throwIfCutShort([field], applyWorld().reader)).resolves.toBeUndefined();
  });
});
