import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { stringify } from 'yaml';
import { resolveDesiredState } from '../../../src/desired/resolve.js';
import { buildManifest } from '../../../src/manifest/build/build-manifest.js';
import { mergeLayers } from '../../../src/manifest/layers/layers.js';
import { mergeFiles } from '../../../src/manifest/layers/merge.js';
import type { Manifest } from '../../../src/manifest/manifest.js';
import { readDraft } from '../../../src/manifest/draft/read-draft.js';
import type { YamlMap } from '../../../src/manifest/yaml/yaml-values.js';
import type { SourceFile } from '../../../src/manifest/files/loaded-files.js';
import { GRANTS, liveRole, loadedOf, person, snapshotOf } from '../../support/arbitraries.js';
import { inputs } from '../../support/law.js';
import { parseText } from '../support.js';

type Body = Record<string, unknown>;
type Roles = Record<string, { grants?: unknown; members?: unknown; description?: unknown } | 'unmanaged'>;

function rootOf(body: Body, file = 'm.yaml'): YamlMap {
  const { root } = parseText(stringify({ apiVersion: 'domo-roles/v1', kind: 'Roles', ...body }), file);
  if (root?.kind !== 'map') throw new TypeError('a manifest is a map');
  return root;
}

/** A layered manifest as plain values, without places. */
function values(root: YamlMap): unknown {
  const manifest = buildManifest(readDraft(root, { whole: true }), []);
  return JSON.parse(JSON.stringify(manifest, (key, value: unknown) => (key === 'where' ? undefined : value)));
}

function laidOf(...bodies: readonly Body[]): YamlMap {
  return mergeLayers(bodies.map((body) => rootOf(body))).root;
}

const name = fc.constantFrom('A', 'B', 'C', '__proto__');
const grant = fc.constantFrom(...GRANTS);
const some = fc.subarray([...GRANTS], { maxLength: 3 });
const source = fc.subarray(['Editor', 'Social'], { minLength: 1 });
const mode = fc.constantFrom('exact', 'additive');
const grantMap = fc.record(
  { inherit: fc.boolean(), from: source, add: some, remove: some, optional: some, mode },
  { requiredKeys: [] },
);
const grants = fc.oneof(fc.array(grant, { minLength: 1, maxLength: 3 }), grantMap, fc.constant('unmanaged'));
const person_ = fc.oneof(
  fc.constantFrom('a@x.y', 'B@x.y', 'c@X.Y'),
  fc.record({ id: fc.constantFrom(7, 8) }),
);
const people = fc.array(person_, { minLength: 1, maxLength: 3 });
const members = fc.oneof(
  people,
  fc.record({ inherit: fc.boolean(), users: people, remove: people, mode }, { requiredKeys: [] }),
  fc.constant('unmanaged'),
);
const role = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ description: fc.constant('x'), grants, members }, { requiredKeys: [] }),
  },
  { weight: 1, arbitrary: fc.constant('unmanaged' as const) },
);
const roles = fc.array(fc.tuple(name, role), { maxLength: 4 }).map((entries) => {
  const result = Object.create(null) as Roles;
  for (const [key, one] of entries) result[key] = one;
  return result;
});
/** A role that one file both wants and removes is a separate problem. */
const body: fc.Arbitrary<Body> = fc
  .record({ roles, removed: fc.subarray(['A', 'B']) }, { requiredKeys: ['roles'] })
  .map((one) =>
    one.removed ? { ...one, removed: one.removed.filter((key) => !Object.hasOwn(one.roles, key)) } : one,
  );

/** An overlay that only inherits every list of a manifest. */
function inheritsAll(below: YamlMap): Body {
  const draft = readDraft(below, { whole: true });
  const inherit = { inherit: true };
  const entries = [...draft.roles.values()].map(({ name: key, grants: list, members: users }) => [
    key,
    { ...(list ? { grants: inherit } : {}), ...(users ? { members: inherit } : {}) },
  ]);
  const all = Object.create(null) as Body;
  for (const [key, value] of entries as [string, unknown][]) all[key] = value;
  return { roles: all };
}

describe('an overlay that only inherits', () => {
  it('equals its base and causes no problems', () => {
    fc.assert(
      fc.property(fc.array(body, { minLength: 1, maxLength: 3 }), (bodies) => {
        const below = laidOf(...bodies);
        const overlay = inheritsAll(below);
        const all = bodies.map((one) => rootOf(one));
        const before = mergeLayers(all);
        const after = mergeLayers([...all, rootOf(overlay)]);
        expect(values(after.root)).toEqual(values(before.root));
        expect(after.problems).toEqual(before.problems);
      }),
      { numRuns: inputs(150) },
    );
  });

  it('does not affect higher layers', () => {
    fc.assert(
      fc.property(fc.array(body, { minLength: 1, maxLength: 2 }), body, (bodies, top) => {
        const overlay = inheritsAll(laidOf(...bodies));
        expect(values(laidOf(...bodies, overlay, top))).toEqual(values(laidOf(...bodies, top)));
      }),
      { numRuns: inputs(150) },
    );
  });
});

describe('the order of bases', () => {
  const file = (root: YamlMap, bases: readonly SourceFile[] = []): SourceFile => ({
    file: root.at.file,
    root,
    bases,
  });

  it('does not change when a file only groups some of them', () => {
    fc.assert(
      fc.property(body, body, body, body, (a, b, c, top) => {
        const [one, two, three, four] = [a, b, c, top].map((each) => rootOf(each)) as [
          YamlMap,
          YamlMap,
          YamlMap,
          YamlMap,
        ];
        const empty = rootOf({});
        const left = file(empty, [file(one), file(two)]);
        const right = file(empty, [file(two), file(three)]);
        const flat = mergeLayers([one, two, three, four]);
        for (const bases of [
          [left, file(three)],
          [file(one), right],
        ])
          expect(values(mergeFiles([file(four, bases)]).root)).toEqual(values(flat.root));
      }),
      { numRuns: inputs(80) },
    );
  });

  it('contains each file once, however many files extend it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(body, fc.array(fc.nat(), { maxLength: 3 })), { minLength: 2, maxLength: 5 }),
        (given) => {
          const files: SourceFile[] = [];
          for (const [index, [each, picks]] of given.entries()) {
            const bases = index === 0 ? [] : picks.map((pick) => files[pick % index] as SourceFile);
            files.push(file(rootOf(each, `${index}.yaml`), bases));
          }
          const top = files.at(-1) as SourceFile;
          const order = afterBases(top).filter((one, at, all) => all.indexOf(one) === at);
          const merged = mergeLayers(order.map(({ root }) => root));
          expect(values(mergeFiles([top]).root)).toEqual(values(merged.root));
        },
      ),
      { numRuns: inputs(80) },
    );
  });
});

/** Every file after the files that it extends, as often as it is extended. */
function afterBases(file: SourceFile): SourceFile[] {
  return [...file.bases.flatMap(afterBases), file];
}

/** One layer of a role, for the law about lists written by hand. */
const layer = fc.record({
  from: fc.subarray(['Editor', 'Privileged', 'Social']),
  add: some,
  remove: some,
  users: fc.subarray([101, 102, 103, 104]),
  out: fc.subarray([101, 102, 103, 104]),
});

describe('a manifest in layers', () => {
  const snapshot = snapshotOf({
    custom: [liveRole(100, 'A', ['b.view', 'b.export'])],
    persons: [101, 102, 103, 104].map((id) => person(id, id % 2 === 0 ? 100 : 4)),
  });
  const held = new Map(snapshot.roles.map(({ name: key, grants: list }) => [key, list]));
  const end = (manifest: Manifest): unknown => {
    const { target, findings } = resolveDesiredState(loadedOf(manifest), snapshot, {
      now: '2026-01-01T00:00:00Z',
    });
    const ends = [...target.state.roles.values()].map(({ name: key, grants: list }) => [key, list]);
    const places = snapshot.people.list.map((one) => [one.id, target.state.people.of(one)]);
    return { ends, places, refusals: findings.refusals, problems: findings.problems };
  };

  it('equals the same manifest written by hand', () => {
    fc.assert(
      fc.property(fc.array(layer, { minLength: 1, maxLength: 4 }), (layers) => {
        const list = new Set<string>();
        const users = new Set<number>();
        for (const { from, add, remove, users: here, out } of layers) {
          for (const one of [...from.flatMap((key) => held.get(key) ?? []), ...add]) list.add(one);
          for (const one of remove) list.delete(one);
          for (const one of here) users.add(one);
          for (const one of out) users.delete(one);
        }
        const policy = { removedMembersTo: 'Social' };
        const bodies = layers.map(({ from, add, remove, users: here, out }, index): Body => {
          const first = index === 0 ? {} : { inherit: true };
          const some = (ids: readonly number[]): object[] => ids.map((id) => ({ id }));
          return {
            policy,
            roles: {
              A: {
                grants: { ...first, from, add, remove },
                members: { ...first, users: some(here), remove: some(out) },
              },
            },
          };
        });
        const byHand = {
          policy,
          roles: {
            A: {
              grants: { mode: 'exact', add: [...list] },
              members: { mode: 'exact', users: [...users].map((id) => ({ id })) },
            },
          },
        };
        const manifestOf = (root: YamlMap): Manifest => buildManifest(readDraft(root, { whole: true }), []);
        expect(end(manifestOf(laidOf(...bodies)))).toEqual(end(manifestOf(laidOf(byHand))));
      }),
      { numRuns: inputs(150) },
    );
  });
});
