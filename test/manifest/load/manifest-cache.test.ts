import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { validateManifest } from '../../../src/manifest/load/load.js';
import type { OverlayLayer } from '../../../src/manifest/load/load.js';
import { openManifestCache } from '../../../src/manifest/load/manifest-cache.js';
import type { ManifestCache } from '../../../src/manifest/load/manifest-cache.js';
import { inputs, sawEvery } from '../../support/law.js';
import { folderOf, parseText } from '../support.js';

type Body = Record<string, unknown>;

const ROLES = ['A', 'B', 'C', 'a', 'Admin', '__proto__'];
/** Values without problems are more frequent than others. */
const mostly = <T, U>(good: fc.Arbitrary<T>, bad: fc.Arbitrary<U>): fc.Arbitrary<T | U> =>
  fc.oneof({ weight: 12, arbitrary: good }, { weight: 1, arbitrary: bad });
const GRANTS = ['dataset.export', 'authorization.roles', 'content.card.edit'];
const role = mostly(fc.constantFrom('A', 'B', 'C'), fc.constantFrom(...ROLES));
const someRoles = fc.uniqueArray(role, { maxLength: 2 });
const grants = fc.uniqueArray(fc.constantFrom(...GRANTS), { maxLength: 2 });
const ownPerson = fc.integer({ min: 1, max: 1_000_000 }).map((number) => `p${number}@x.yz`);
const person = mostly(ownPerson, fc.constantFrom('a@x.yz', 'B@x.yz', 'no address'));
const until = mostly(fc.constant('2027-01-31'), fc.constant('2027-02-31'));
const member = fc.oneof(person, fc.record({ email: person, until }));
const people = fc.array(member, { maxLength: 2 });

const grantMap = fc.record(
  {
    inherit: mostly(fc.constant(false), fc.constant(true)),
    from: mostly(fc.constant(['Social']), someRoles),
    sets: mostly(fc.constant([]), fc.constant(['Set'])),
    add: grants,
    remove: grants,
  },
  { requiredKeys: ['add'] },
);
const membersMap = fc.record(
  {
    inherit: mostly(fc.constant(false), fc.constant(true)),
    users: people,
    file: mostly(fc.constant('people.txt'), fc.constantFrom('broken.txt', 'missing.txt')),
    remove: fc.array(person, { maxLength: 1 }),
  },
  { requiredKeys: [] },
);
const oneRole = fc.oneof(
  { weight: 1, arbitrary: fc.constant('unmanaged') },
  {
    weight: 6,
    arbitrary: fc.record(
      {
        id: fc.integer({ min: 100, max: 1_000_000 }),
        description: fc.constantFrom('one', 'two'),
        renamedFrom: mostly(fc.constant([]), someRoles),
        grants: fc.oneof(grants, grantMap),
        members: fc.oneof(people, membersMap),
      },
      { requiredKeys: [] },
    ),
  },
);
const policy = fc.record(
  {
    minAdmins: mostly(fc.integer({ min: 1, max: 3 }), fc.constant(-1)),
    requiredAdmins: fc.array(person, { maxLength: 1 }),
    removedMembersTo: role,
    unmanagedRoles: mostly(fc.constantFrom('delete', 'report'), fc.constant('nonsense')),
    protectedGrants: grants,
    acceptedDrift: fc.array(
      fc.record({
        role,
        what: fc.constantFrom('grants', 'rule'),
        rule: fc.constant('one'),
        reason: fc.constant('r'),
        until,
      }),
      { maxLength: 1 },
    ),
    rules: fc.constantFrom(
      { one: { grants: ['dataset.export'], onlyRoles: ['A'] } },
      {
        one: { role: 'B', maxPeople: 0 },
        two: { neverTogether: [['dataset.export'], ['content.card.edit']] },
      },
    ),
  },
  { requiredKeys: [] },
);
const keyed = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<Body> =>
  fc.array(fc.tuple(role, value), { maxLength: 3 }).map((entries) => {
    const made = Object.create(null) as Body;
    for (const [key, one] of entries) made[key] = one;
    return made;
  });
const body: fc.Arbitrary<Body> = fc.record(
  {
    defaultRole: role,
    allowlist: mostly(fc.constant('off'), someRoles),
    grantSets: fc.constantFrom({ Set: ['dataset.export'] }, { Other: ['alert.edit'] }),
    roles: keyed(oneRole),
    removed: mostly(fc.constant(['Z']), someRoles),
    policy,
  },
  { requiredKeys: [] },
);

type Input = [base: Body, own: Body, overlays: Body[], hasPolicy: boolean];
const A = { A: { grants: ['dataset.export'], members: { file: 'people.txt' } } };
/** A valid input, because few random ones are valid. */
const VALID: Input = [{ roles: A }, {}, [{ policy: { minAdmins: 3 } }], false];
const WRONG: Input = [{ roles: A }, {}, [{ removed: ['A'], roles: A }], true];

const HEAD = { apiVersion: 'domo-roles/v1', kind: 'Roles' };

async function staged(base: Body, own: Body): Promise<string> {
  return folderOf({
    'base.yaml': stringify({ ...HEAD, ...base }),
    'own.yaml': stringify({ ...HEAD, extends: 'base.yaml', ...own }),
    'policy.yaml': stringify({ apiVersion: 'domo-roles/v1', kind: 'Policy', policy: { minAdmins: 2 } }),
    'people.txt': 'a@x.yz\nc@x.yz\n',
    'broken.txt': 'a@x.yz\nno address\n',
  });
}

/** Overlays one below the other in a file, each with its own places. */
function overlaysOf(bodies: readonly Body[], cwd: string): OverlayLayer[] {
  const text = stringify(bodies);
  const { root } = parseText(text, 'fleet.yaml');
  const file = { path: 'fleet.yaml', digest: 'sha256:0' };
  if (root?.kind !== 'list') return [];
  return root.items.flatMap((one) =>
    one.kind === 'map' ? [{ root: one, file, path: join(cwd, 'fleet.yaml'), text, problems: [] }] : [],
  );
}

/** The complete result of loading a manifest, as text. */
async function found(
  cwd: string,
  overlay: OverlayLayer | undefined,
  { cache, policy }: { cache?: ManifestCache; policy?: string },
): Promise<string> {
  const { manifest, sources, ...rest } = await validateManifest(['own.yaml'], {
    cwd,
    overlay,
    cache,
    policy,
  });
  const places = manifest && [
    ...[[], ['policy'], ['roles', 'A'], ['roles', 'A', 'grants']].map((path) => manifest.locate(path)),
    ...ROLES.map((name) => manifest.locateGrant(name, 'dataset.export')),
  ];
  return JSON.stringify({ ...rest, sources: [...sources], manifest, places }, null, 1);
}

describe('the cache for manifests of one run', () => {
  let valid = 0;
  let wrong = 0;

  it('does not affect any problem, place, file or value', async () => {
    await fc.assert(
      fc.asyncProperty(
        body,
        body,
        fc.array(fc.oneof(body, fc.record({ policy })), { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        async (base, own, bodies, hasPolicy) => {
          const cwd = await staged(base, own);
          const policy = hasPolicy ? { policy: 'policy.yaml' } : {};
          const cache = openManifestCache();
          // The first one again at the end, when everything is cached.
          const overlays = [undefined, ...overlaysOf(bodies, cwd)];
          for (const overlay of [...overlays, ...overlays.slice(0, 2)]) {
            const alone = await found(cwd, overlay, policy);
            if (alone.includes('"manifest": null')) wrong += 1;
            else valid += 1;
            expect(await found(cwd, overlay, { ...policy, cache })).toBe(alone);
          }
        },
      ),
      { numRuns: inputs(40), examples: [VALID, WRONG] },
    );
    expect(sawEvery(valid, wrong)).toBe(true);
  });

  it('works for manifests that are loaded at the same time', async () => {
    const roles = { A: { members: { file: 'people.txt' } }, B: { grants: ['dataset.export'] } };
    const cwd = await staged({ roles }, {});
    const overlays = overlaysOf([{ policy: { minAdmins: 3 } }, { roles: { B: { description: 'x' } } }], cwd);
    const cache = openManifestCache();
    const together = await Promise.all(overlays.map((overlay) => found(cwd, overlay, { cache })));
    for (const [index, overlay] of overlays.entries())
      expect(together[index]).toBe(await found(cwd, overlay, {}));
  });

  it('reads each file from disk once', async () => {
    const cwd = await staged({ roles: { A: { members: { file: 'people.txt' } } } }, {});
    const cache = openManifestCache();
    const [overlay] = overlaysOf([{ policy: { minAdmins: 3 } }], cwd);
    await found(cwd, undefined, { cache });
    const before = await found(cwd, overlay, {});
    await writeFile(join(cwd, 'people.txt'), 'other@x.yz\n');
    await writeFile(join(cwd, 'base.yaml'), 'nothing');
    expect(await found(cwd, overlay, { cache })).toBe(before);
  });
});
