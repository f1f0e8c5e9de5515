import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { factorGrants, type Factored } from '../../src/export/factor.js';
import type { GrantSource } from '../../src/export/grant-source.js';
import { grantList } from '../../src/model/grant.js';
import { inputs } from '../support/law.js';

const GRANTS = Array.from({ length: 24 }, (_, index) => `${index < 12 ? 'card' : 'data'}.g${index + 10}`);
const CARDS = GRANTS.slice(0, 12);
const groupOf = (grant: string): string => (grant.startsWith('card') ? 'CARDS' : 'DATA');

function role(
  id: number,
  name: string,
  grants: readonly string[],
  rest: Partial<GrantSource> = {},
): GrantSource {
  return { id, name, grants: grantList(grants), system: id <= 5, open: true, exact: true, ...rest };
}

/** The grants that the composition of a role results in, including those of its source. */
function composed(factored: Factored, roles: readonly GrantSource[], name: string, depth = 0): string[] {
  if (depth > roles.length) throw new Error('a circle');
  const source = roles.find((one) => one.name === name);
  const outlined = factored.roles.get(source?.id ?? 0);
  if (!outlined) return [...(source?.grants ?? [])];
  const taken = outlined.from === null ? [] : composed(factored, roles, outlined.from, depth + 1);
  const listed = [...taken, ...outlined.sets.flatMap((set) => factored.sets.get(set) ?? []), ...outlined.add];
  return grantList(listed.filter((grant) => !outlined.remove.includes(grant)));
}

const anyRoles: fc.Arbitrary<GrantSource[]> = fc
  .array(
    fc.record({
      blocks: fc.subarray([GRANTS.slice(0, 6), GRANTS.slice(4, 12), GRANTS.slice(12, 17), GRANTS.slice(15)]),
      more: fc.subarray(GRANTS, { maxLength: 2 }),
      less: fc.subarray(GRANTS, { maxLength: 2 }),
      open: fc.nat(5).map((one) => one > 0),
      exact: fc.nat(5).map((one) => one > 0),
    }),
    { minLength: 8, maxLength: 16 },
  )
  .map((all) =>
    all.map(({ blocks, more, less, open, exact }, index) =>
      role(
        index + 1,
        `R${index}`,
        [...blocks.flat(), ...more].filter((grant) => !less.includes(grant)),
        { open, exact },
      ),
    ),
  );

describe('factored grants', () => {
  it('result in exactly the grants of each role, for any roles', () => {
    let factoredRoles = 0;
    fc.assert(
      fc.property(anyRoles, (roles) => {
        const factored = factorGrants(roles, groupOf);
        for (const { id, name, grants, system, exact } of roles) {
          const outlined = factored.roles.get(id);
          expect(outlined === undefined).toBe(system);
          expect(composed(factored, roles, name)).toEqual(grants);
          if (outlined && !exact) expect(outlined.remove).toEqual([]);
          const source = roles.find((one) => one.name === outlined?.from);
          if (source) expect(source.open).toBe(true);
          if (outlined && (outlined.from !== null || outlined.sets.length > 0)) factoredRoles += 1;
        }
      }),
      { numRuns: inputs(250) },
    );
    // Without any composition the law would prove nothing.
    expect(factoredRoles).toBeGreaterThan(inputs(250) / 5);
  });

  it('never need more lines than plain lists', () => {
    fc.assert(
      fc.property(anyRoles, (roles) => {
        const { roles: outlined, sets } = factorGrants(roles, groupOf);
        const plain = roles
          .filter(({ system }) => !system)
          .reduce((sum, { grants }) => sum + grants.length, 0);
        const block = (list: readonly unknown[]): number => (list.length > 0 ? 1 + list.length : 0);
        let lines = [...sets.values()].reduce((sum, grants) => sum + 1 + grants.length, 0);
        for (const { from, sets: used, add, remove } of outlined.values()) {
          const isPlain = from === null && used.length === 0;
          lines += isPlain
            ? add.length
            : Number(from !== null) + Number(used.length > 0) + block(add) + block(remove);
        }
        expect(lines).toBeLessThanOrEqual(plain + sets.size);
      }),
    );
  });

  it('do not depend on the order of the roles', () => {
    fc.assert(
      fc.property(anyRoles, (roles) => {
        const one = factorGrants(roles, groupOf);
        const other = factorGrants([...roles].reverse(), groupOf);
        expect([...other.sets]).toEqual([...one.sets]);
        for (const [id, outlined] of one.roles) expect(other.roles.get(id)).toEqual(outlined);
      }),
    );
  });

  it.each([
    ['adds to a system role', [...CARDS, 'data.g22'], { from: 'Editor', add: ['data.g22'], remove: [] }],
    ['copies a system role', CARDS, { from: 'Editor', add: [], remove: [] }],
    ['takes one away from a system role', CARDS.slice(1), { from: 'Editor', add: [], remove: ['card.g10'] }],
    ['shares too little with it', CARDS.slice(8), { from: null, add: CARDS.slice(8), remove: [] }],
    ['holds nothing', [], { from: null, add: [], remove: [] }],
  ])('compose a role that %s', (_, grants, wanted) => {
    const { roles } = factorGrants([role(3, 'Editor', CARDS), role(9, 'Own', grants)], groupOf);
    expect(roles.get(9)).toEqual({ ...wanted, sets: [] });
  });

  it('inherit from a smaller custom role, never in a cycle', () => {
    const { roles } = factorGrants(
      [role(8, 'Lead', [...CARDS, 'data.g22']), role(9, 'Member', CARDS)],
      groupOf,
    );
    expect(roles.get(8)).toEqual({ from: 'Member', sets: [], add: ['data.g22'], remove: [] });
    expect(roles.get(9)).toEqual({ from: null, sets: [], add: CARDS, remove: [] });
  });

  it('name a block that several roles share after its group', () => {
    const own = (from: number): string[] => [...CARDS.slice(0, 6), ...GRANTS.slice(from, from + 4)];
    const { roles, sets } = factorGrants(
      [role(7, 'A', own(12)), role(8, 'B', own(16)), role(9, 'C', own(20))],
      groupOf,
    );
    expect([...sets]).toEqual([['cards', CARDS.slice(0, 6)]]);
    expect(roles.get(8)).toEqual({ from: null, sets: ['cards'], add: GRANTS.slice(16, 20), remove: [] });
  });
});
