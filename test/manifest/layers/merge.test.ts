import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { stringify } from 'yaml';
import { mergeFiles } from '../../../src/manifest/layers/merge.js';
import { checkDraft } from '../../../src/manifest/rules/check.js';
import { buildManifest } from '../../../src/manifest/build/build-manifest.js';
import type { Manifest } from '../../../src/manifest/manifest.js';
import { joinFiles } from '../../../src/manifest/layers/merge.js';
import { mergeLayers } from '../../../src/manifest/layers/layers.js';
import { readDraft } from '../../../src/manifest/draft/read-draft.js';
import { plainOf, type YamlMap } from '../../../src/manifest/yaml/yaml-values.js';
import type { SourceFile } from '../../../src/manifest/files/loaded-files.js';
import { inputs } from '../../support/law.js';
import { parseText } from '../support.js';

const RUNS = { numRuns: inputs(100) };

type Body = Record<string, unknown>;

function rootOf(body: Body, file = 'm.yaml'): YamlMap {
  const { root } = parseText(stringify({ apiVersion: 'domo-roles/v1', kind: 'Roles', ...body }), file);
  if (root?.kind !== 'map') throw new TypeError('a manifest is a map');
  return root;
}

function manifestOf(root: YamlMap): Manifest {
  return buildManifest(readDraft(root, { whole: true }), []);
}

/** A manifest as plain values, without places. */
function values(manifest: Manifest): unknown {
  return JSON.parse(JSON.stringify(manifest, (key, value: unknown) => (key === 'where' ? undefined : value)));
}

const name = fc.constantFrom('A', 'B', 'C', '__proto__', 'constructor', '1', 'true', 'Ünï');
const grant = fc.constantFrom('a.a', 'b.b', 'c.c', 'd.d', 'authorization.roles');
const grants = fc.oneof(
  fc.array(grant, { minLength: 1, maxLength: 4 }),
  fc.record(
    {
      add: fc.array(grant, { maxLength: 3 }),
      remove: fc.array(grant),
      from: fc.array(name),
      mode: fc.constantFrom('exact', 'additive'),
    },
    { requiredKeys: ['mode'] },
  ),
);
const person = fc.oneof(
  fc.constantFrom('a@x.y', 'B@x.y', 'c@X.Y'),
  fc.record({ id: fc.integer({ min: 1, max: 9 }) }),
);
const members = fc.oneof(
  fc.array(person, { minLength: 1 }),
  fc.record({ mode: fc.constant('additive'), users: fc.array(person) }),
);
const role = fc.record(
  { description: fc.constantFrom('x', ' y '), grants, members, id: fc.integer({ min: 10, max: 20 }) },
  { requiredKeys: [] },
);
const map = <T>(value: fc.Arbitrary<T>) =>
  fc.array(fc.tuple(name, value), { maxLength: 4 }).map((entries) => {
    const result = Object.create(null) as Record<string, T>;
    for (const [key, one] of entries) result[key] = one;
    return result;
  });
const body: fc.Arbitrary<Body> = fc.record(
  {
    instance: fc.constantFrom('one', 'two'),
    defaultRole: name,
    allowlist: fc.oneof(fc.constant('off'), fc.array(name, { minLength: 1 })),
    roles: map(role),
    grantSets: map(fc.array(grant)),
    removed: fc.array(name),
    policy: fc.record({ minAdmins: fc.nat(3), maxMoves: fc.constantFrom(1, '5%') }, { requiredKeys: [] }),
  },
  { requiredKeys: [] },
);

function shuffled(value: unknown, seed: () => number): unknown {
  if (Array.isArray(value)) return mixed(value as unknown[], seed).map((one) => shuffled(one, seed));
  if (typeof value !== 'object' || value === null) return value;
  const result = Object.create(null) as Body;
  for (const [key, one] of mixed(Object.entries(value), seed)) result[key] = shuffled(one, seed);
  return result;
}

function mixed<T>(list: readonly T[], seed: () => number): T[] {
  return list
    .map((one) => ({ one, at: seed() }))
    .sort((a, b) => a.at - b.at)
    .map(({ one }) => one);
}

describe('the order of keys and lists', () => {
  it('does not affect a manifest', () => {
    fc.assert(
      fc.property(body, fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (one, stream) => {
        const other = shuffled(one, () => stream.next().value as number) as Body;
        expect(values(manifestOf(rootOf(other)))).toEqual(values(manifestOf(rootOf(one))));
      }),
      RUNS,
    );
  });
});

describe('merging a file over its base', () => {
  const merged = (lower: Body, upper: Body): YamlMap => mergeLayers([rootOf(lower), rootOf(upper)]).root;

  it('changes nothing if one of them is empty, except what the file defines', () => {
    fc.assert(
      fc.property(body, (one) => {
        const alone = values(manifestOf(rootOf(one)));
        expect(values(manifestOf(merged({}, one)))).toEqual(alone);
        expect(values(manifestOf(merged(one, {})))).toEqual(alone);
      }),
      RUNS,
    );
  });

  it('is idempotent and associative', () => {
    fc.assert(
      fc.property(body, body, body, (a, b, c) => {
        expect(values(manifestOf(merged(a, a)))).toEqual(values(manifestOf(rootOf(a))));
        const left = mergeLayers([mergeLayers([rootOf(a), rootOf(b)]).root, rootOf(c)]).root;
        const whole: SourceFile = {
          file: 'c',
          root: rootOf(c),
          bases: [a, b].map((one) => ({ file: 'x', root: rootOf(one), bases: [] })),
        };
        expect(plainOf(mergeFiles([whole]).root)).toEqual(plainOf(left));
      }),
      RUNS,
    );
  });

  it('keeps every key of the file', () => {
    fc.assert(
      fc.property(body, body, (lower, upper) => {
        const result = values(manifestOf(merged(lower, upper))) as Body;
        const alone = values(manifestOf(rootOf(upper))) as Body;
        for (const key of ['instance', 'defaultRole', 'allowlist', 'removed']) {
          if (key in upper) expect(result[key]).toEqual(alone[key]);
        }
      }),
      RUNS,
    );
  });

  it('never leaves a role both wanted and removed unless one file does both', () => {
    fc.assert(
      fc.property(body, body, (lower, upper) => {
        const clash = (root: YamlMap): number =>
          checkDraft(readDraft(root, { whole: true })).filter(({ code }) => code === 'removed-and-wanted')
            .length;
        fc.pre(clash(rootOf(lower)) === 0 && clash(rootOf(upper)) === 0);
        expect(clash(merged(lower, upper))).toBe(0);
      }),
      RUNS,
    );
  });
});

describe('combining files', () => {
  const parts = (prefix: string) =>
    fc.record({ roles: map(role), grantSets: map(fc.array(grant)), removed: fc.array(name) }).map((one) => ({
      roles: Object.fromEntries(Object.entries(one.roles).map(([key, value]) => [prefix + key, value])),
      grantSets: Object.fromEntries(
        Object.entries(one.grantSets).map(([key, value]) => [prefix + key, value]),
      ),
      removed: one.removed,
    }));

  it('gives the same manifest in either order if nothing is defined twice', () => {
    fc.assert(
      fc.property(body, parts('other '), (a, b) => {
        const one = joinFiles([rootOf({ ...a }, 'a'), rootOf(b, 'b')]);
        const other = joinFiles([rootOf(b, 'b'), rootOf({ ...a }, 'a')]);
        expect([one.problems, other.problems]).toEqual([[], []]);
        expect(values(manifestOf(other.root))).toEqual(values(manifestOf(one.root)));
      }),
      RUNS,
    );
  });

  it('reports each thing that is defined twice once', () => {
    const twice = {
      instance: 'x',
      roles: { A: {}, B: {} },
      grantSets: { s: [] },
      removed: ['Q'],
      policy: { minAdmins: 1 },
    };
    const { problems } = joinFiles([rootOf(twice, 'a'), rootOf(twice, 'b')]);
    expect(problems.map(({ code, where }) => [code, where?.file])).toEqual([
      ['said-twice', 'b'],
      ['duplicate-role', 'b'],
      ['duplicate-role', 'b'],
      ['said-twice', 'b'],
      ['said-twice', 'b'],
    ]);
  });
});
