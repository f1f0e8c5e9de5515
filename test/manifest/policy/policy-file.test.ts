import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { validateManifest } from '../../../src/manifest/load/load.js';
import { parsePolicy, readPolicyFile } from '../../../src/manifest/policy/policy-file.js';
import type { PolicySource } from '../../../src/manifest/policy/policy-source.js';
import { overlayPolicy, policyOn } from '../../../src/model/policy-overlay.js';
import { CATALOGUE } from '../../support/arbitraries.js';
import { inputs } from '../../support/law.js';
import { codeAndMark, folderOf, HEAD, unmark } from '../support.js';

const POLICY = 'apiVersion: domo-roles/v1\nkind: Policy\n';
const ROLES = `${HEAD}roles: { A: { members: { mode: additive, users: [a@x.com] } } }\n`;

function sourceOf(text: string): PolicySource {
  return { text, path: 'p.yaml', digest: 'sha256:', commit: null, isBeside: () => Promise.resolve(false) };
}

describe('a policy file', () => {
  it.each<[string, string, string]>([
    ['an unknown key', `${POLICY}policy: { ⟦minAdmin⟧: 1 }\n`, 'unknown-key'],
    ['a base', `${POLICY}⟦extends⟧: a.yaml\npolicy: {}\n`, 'unknown-key'],
    ['roles', `${POLICY}⟦roles⟧: {}\npolicy: {}\n`, 'unknown-key'],
    ['an invalid limit', `${POLICY}policy: { maxMoves: ⟦many⟧ }\n`, 'bad-limit'],
    ['a policy without a value', `${POLICY}⟦policy⟧:\n`, 'empty-value'],
    [
      'an invalid day',
      `${POLICY}policy: { acceptedDrift: [{ what: unmanaged, reason: r, until: ⟦2027-02-30⟧ }] }\n`,
      'bad-date',
    ],
    ['the kind of a manifest', 'apiVersion: domo-roles/v1\nkind: ⟦Roles⟧\npolicy: {}\n', 'bad-value'],
    ['another kind', 'apiVersion: domo-roles/v1\nkind: ⟦Policies⟧\npolicy: {}\n', 'bad-value'],
    ['a duplicate key', `${POLICY}policy: { minAdmins: 1, ⟦minAdmins⟧: 2 }\n`, 'duplicate-key'],
    ['a prototype key', `${POLICY}policy: { ⟦__proto__⟧: 1 }\n`, 'unknown-key'],
    ['a list for the policy', `${POLICY}⟦policy⟧: [minAdmins]\n`, 'bad-value'],
  ])('is invalid with %s, at the right place', async (_, marked, code) => {
    const { text, marks } = unmark(marked);
    const { problems, overlay } = await parsePolicy(sourceOf(text));
    expect(problems.map(codeAndMark)).toEqual([[code, marks[0]]]);
    expect(overlay).toBeNull();
  });

  it.each([
    ['{ minAdmin: 1 }', 'did you mean "minAdmins"?'],
    ['{ rules: { a: { roles: Admin } } }', 'did you mean "role"?'],
    [
      '{ nothing: 1 }',
      'known keys: unmanagedRoles, removedMembersTo, minAdmins, requiredAdmins, protectedGrants, maxDeletes, maxMoves, maxGrantChanges, acceptedDrift, rules',
    ],
  ])('has a hint for the unknown key in %s, as a manifest has', async (policy, hint) => {
    const { problems } = await parsePolicy(sourceOf(`${POLICY}policy: ${policy}\n`));
    expect(problems.find(({ code }) => code === 'unknown-key')?.hint).toBe(hint);
  });

  it('must contain a policy', async () => {
    expect((await parsePolicy(sourceOf(POLICY))).problems).toMatchObject([
      { code: 'missing-key', message: 'the file lacks the key "policy"' },
    ]);
  });

  it('sets only what it contains, without defaults, and keys that begin with x- have no effect', async () => {
    const text = `${POLICY}x-owner: security\npolicy: { x-why: { a: 1 }, acceptedDrift: [], maxMoves: "0%" }\n`;
    const { overlay, problems } = await parsePolicy(sourceOf(text));
    expect(problems).toEqual([]);
    expect(overlay).toEqual({ acceptedDrift: [], maxMoves: { count: 0 } });
  });

  it.each([
    [
      'aliases that multiply',
      `${POLICY}x-a: &a [1,1,1,1,1,1,1,1,1]\nx-b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nx-c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nx-d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\nx-e: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nx-f: [*e,*e,*e,*e,*e,*e,*e,*e,*e]\npolicy: {}\n`,
    ],
    ['lists in lists', `${POLICY}policy: ${'['.repeat(5000)}\n`],
    ['a control character', `${POLICY}policy: {}\u0000\n`],
    ['two documents', `${POLICY}policy: {}\n---\n${POLICY}policy: {}\n`],
    ['nothing', ''],
    ['a number', 'apiVersion: domo-roles/v1'],
  ])('that is %s is rejected early', async (_, text) => {
    const { problems, overlay } = await parsePolicy(sourceOf(text));
    expect(problems.length).toBeGreaterThan(0);
    expect(overlay).toBeNull();
  });

  it('never exposes the content of another kind of file', async () => {
    const cwd = await folderOf({
      secret: 'password: hunter2\n',
      'plan.json': '{"formatVersion": 1, "kind": "plan"}',
    });
    for (const name of ['secret', 'plan.json']) {
      const { problems, sources } = await readPolicyFile(name, { cwd });
      expect(problems).toMatchObject([{ code: 'missing-key', where: { file: name } }]);
      expect(sources.size).toBe(0);
      expect(JSON.stringify(problems)).not.toContain('hunter2');
    }
  });

  it.each([
    ['there is none', 'none.yaml', 'policy-not-found'],
    ['it is a folder', 'folder', 'bad-file'],
    ['it is a device', '/dev/null', 'bad-file'],
    ['its name is empty', '', 'usage'],
    ['its name has control characters', 'a\u0000b:c', 'usage'],
    ['its revision has no name', ':policy.yaml', 'policy-not-found'],
    ['its revision looks like an option', '--output=x:policy.yaml', 'usage'],
  ])('cannot be read when %s', async (_, name, code) => {
    const cwd = await folderOf({ 'folder/a.yaml': '' });
    const { problems, source } = await readPolicyFile(name, { cwd });
    expect(problems.map((one) => one.code)).toEqual([code]);
    expect(source).toBeNull();
  });
});

describe('a manifest with a policy file', () => {
  const checked = async (manifest: string, policy: string) => {
    const cwd = await folderOf({ 'm/roles.yaml': manifest, 'away/p.yaml': policy });
    return validateManifest(['m/roles.yaml'], { cwd, policy: 'away/p.yaml' });
  };

  it('has the combined policy, and each value has the place in the file it comes from', async () => {
    const { manifest, policyFile, problems } = await checked(
      `${ROLES}policy: { minAdmins: 0, requiredAdmins: [r@x.com], maxMoves: 3 }\n`,
      `${POLICY}policy: { minAdmins: 2, requiredAdmins: [s@x.com] }\n`,
    );
    expect(problems).toEqual([]);
    expect(manifest?.manifest.policy).toMatchObject({
      ...{ minAdmins: 2, maxMoves: { count: 3 } },
      requiredAdmins: [{ email: 'r@x.com' }, { email: 's@x.com' }],
    });
    expect(manifest?.locate(['policy', 'minAdmins'])?.file).toBe('away/p.yaml');
    expect(manifest?.locate(['policy', 'maxMoves'])?.file).toBe('m/roles.yaml');
    expect(policyFile?.overrides.map(({ key }) => key)).toEqual([
      'policy.minAdmins',
      'policy.requiredAdmins',
    ]);
    expect(manifest?.manifest.policyFile).toEqual(policyFile);
    expect(manifest?.manifest.files.map(({ path }) => path)).toEqual(['m/roles.yaml']);
  });

  it('is validated as one, with problems of the policy file at their places', async () => {
    const { problems } = await checked(
      `${ROLES}removed: [Gone]\n`,
      `${POLICY}policy: { removedMembersTo: Gone }\n`,
    );
    expect(problems).toMatchObject([{ code: 'wrong-destination', where: { file: 'away/p.yaml', line: 3 } }]);
  });

  it('reports the problems of both files at once, without duplicates', async () => {
    const { problems } = await checked(
      `${HEAD}role: {}\n`,
      `${POLICY}policy: { minAdmin: 2, acceptedDrift: [{ what: unmanaged, reason: r, until: 2027-02-30 }] }\n`,
    );
    expect(problems.map(({ code, where }) => [code, where?.file])).toEqual([
      ['unknown-key', 'm/roles.yaml'],
      ['unknown-key', 'away/p.yaml'],
      ['bad-date', 'away/p.yaml'],
    ]);
  });

  it('warns when the policy file comes from the same folder', async () => {
    const cwd = await folderOf({
      'repo/.git/HEAD': '',
      'repo/roles.yaml': ROLES,
      'p.yaml': `${POLICY}policy: {}\n`,
    });
    await symlink('../p.yaml', join(cwd, 'repo/p.yaml'));
    const found = async (policy: string) =>
      (await validateManifest(['repo/roles.yaml'], { cwd, policy })).problems.map(({ code }) => code);
    expect(await found('repo/p.yaml')).toEqual(['policy-in-working-tree']);
    expect(await found('p.yaml')).toEqual([]);
  });

  it('has the same values whether files or parsed values are merged', async () => {
    const keys = fc.record(
      {
        unmanagedRoles: fc.constantFrom('report', 'fail'),
        minAdmins: fc.nat(3),
        requiredAdmins: fc.subarray(['a@x.com', 'b@x.com', 'c@x.com']),
        protectedGrants: fc.subarray(['a.a', 'b.b']),
        maxMoves: fc.constantFrom(1, '5%'),
        acceptedDrift: fc.subarray([{ what: 'unmanaged', role: 'Q', reason: 'r', until: '2027-01-31' }]),
        rules: fc.dictionary(
          fc.constantFrom('p', 'q'),
          fc.record({ role: fc.constant('Admin'), maxPeople: fc.nat(3) }),
        ),
      },
      { requiredKeys: [] },
    );
    const cwd = await folderOf({});
    const write = async (name: string, text: string): Promise<void> => {
      const { writeFile } = await import('node:fs/promises');
      await writeFile(join(cwd, name), text);
    };
    await fc.assert(
      fc.asyncProperty(keys, keys, async (below, above) => {
        await write('m.yaml', `${ROLES}policy: ${JSON.stringify(below)}\n`);
        await write('p.yaml', `${POLICY}policy: ${JSON.stringify(above)}\n`);
        const own = await validateManifest(['m.yaml'], { cwd });
        const both = await validateManifest(['m.yaml'], { cwd, policy: 'p.yaml' });
        const { overlay } = await readPolicyFile('p.yaml', { cwd });
        if (!own.manifest || !both.manifest || !overlay) throw new Error('not valid');
        const merged = overlayPolicy(own.manifest.manifest.policy, overlay);
        expect(policyOn(both.manifest.manifest.policy, CATALOGUE)).toEqual(policyOn(merged, CATALOGUE));
      }),
      { numRuns: inputs(40) },
    );
  });
});

describe('a folder of manifests', () => {
  const FLEET = 'apiVersion: domo-roles/v1\nkind: Fleet\nmanifest: [a.yaml]\n';

  it('skips files of kind Policy and Fleet, valid or not, and counts them as read', async () => {
    const cwd = await folderOf({
      'f/a.yaml': ROLES,
      'f/fleet.yaml': FLEET,
      'f/policy.yaml': `${POLICY}policy: { nonsense: 1 }\n`,
      'f/broken.yml': `${POLICY}policy: [\n`,
    });
    const { problems, files, inputs: read } = await validateManifest(['f'], { cwd });
    expect(problems).toEqual([]);
    expect(files.map(({ path }) => path)).toEqual(['f/a.yaml']);
    expect([...read].sort()).toEqual(['f/a.yaml', 'f/broken.yml', 'f/fleet.yaml', 'f/policy.yaml']);
  });

  it('is not a manifest if all its files are of other kinds', async () => {
    const cwd = await folderOf({ 'f/policy.yaml': `${POLICY}policy: {}\n` });
    const { problems } = await validateManifest(['f'], { cwd });
    expect(problems).toMatchObject([{ code: 'manifest-not-found' }]);
  });

  it.each([
    ['named', ['f/policy.yaml'], {}],
    ['extended', ['f'], { 'f/z.yaml': `${ROLES}extends: ./policy.yaml\n` }],
  ])('reports such a file if it is %s', async (_, paths, more) => {
    const cwd = await folderOf({ 'f/policy.yaml': `${POLICY}policy: {}\n`, ...more });
    const { problems } = await validateManifest(paths, { cwd });
    expect(problems).toMatchObject([
      {
        code: 'bad-value',
        message: 'this file is a policy file (kind: "Policy"), not a manifest',
        where: { file: 'f/policy.yaml', line: 2, column: 7 },
        hint: 'pass it with --policy; a manifest has kind: Roles',
      },
    ]);
  });
});
