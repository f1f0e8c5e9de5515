import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import type { CatalogueEntry } from '../../../src/model/grant.js';
import { catalogueFrom } from '../../../src/routes/parse-catalogue.js';
import { parseCatalogue } from '../../../src/manifest/catalogue-file.js';
import { loadManifest, validateManifest } from '../../../src/manifest/load/load.js';
import { ProblemError } from '../../../src/problem/problem.js';
import { openSandbox } from '../../../src/sandbox/index.js';
import { checkAgainstCatalogue } from '../../../src/manifest/load/loaded-manifest.js';
import { folderOf, HEAD } from '../support.js';

const WHOLE = join(dirname(fileURLToPath(import.meta.url)), '../golden/whole');

function entry(grant: string, rest: Partial<CatalogueEntry> = {}): CatalogueEntry {
  return { grant, title: '', group: '', dependsOn: [], adminLevel: null, features: [], ...rest };
}

async function load(body: string): ReturnType<typeof loadManifest> {
  return loadManifest([], { cwd: await folderOf({ 'domo-roles.yaml': HEAD + body }) });
}

describe('a whole manifest', () => {
  it('is loaded completely and sorted', async () => {
    const { manifest, warnings } = await loadManifest([], { cwd: WHOLE });
    expect(warnings).toEqual([]);
    expect(manifest).toMatchObject({
      instance: 'acme',
      defaultRole: 'Participant',
      allowlist: ['Data Analyst', 'Participant'],
      removed: ['Old Role'],
      policy: {
        unmanagedRoles: 'report',
        removedMembersTo: 'Participant',
        minAdmins: 2,
        requiredAdmins: [{ email: 'root@acme.com' }],
        protectedGrants: ['authorization.roles', 'user.edit'],
        maxDeletes: { count: 5 },
        maxMoves: { percent: 30, floor: 10 },
        maxGrantChanges: { percent: 30, floor: 20 },
        acceptedDrift: [
          {
            role: 'Data Analyst',
            what: 'members',
            people: null,
            reason: 'trial group, TICKET-7',
            until: '2027-01-31',
          },
        ],
      },
    });
    expect(manifest.roles.map(({ name }) => name)).toEqual(['123', 'Base', 'Data Analyst', 'Participant']);
    expect(manifest.roles[2]).toMatchObject({
      id: 810756122,
      description: 'Builds cards and data sets',
      basedOn: null,
      renamedFrom: ['Analyst'],
      grants: {
        mode: 'exact',
        from: ['Editor'],
        add: ['content.card.edit', 'content.page.edit', 'dataset.export'],
        remove: ['content.export'],
        optional: ['ai.services'],
      },
      members: { mode: 'exact', users: [{ ref: { email: 'ana@acme.com' } }, { ref: { id: 1345408759 } }] },
    });
    expect(manifest.files.map(({ path }) => path)).toEqual([
      'domo-roles.yaml',
      'base.yaml',
      'members/participants.txt',
    ]);
    for (const { digest } of manifest.files) expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/u);
  });

  it('records the place of each value, or the nearest place above it', async () => {
    const { locate } = await loadManifest([], { cwd: WHOLE });
    const text = readFileSync(join(WHOLE, 'domo-roles.yaml'), 'utf8').split('\n');
    const textAt = (...path: (string | number)[]): string => {
      const { file = '', line = 0, column = 0, endColumn = 0 } = locate(path) ?? {};
      return file === 'domo-roles.yaml' ? (text[line - 1]?.slice(column - 1, endColumn - 1) ?? '') : file;
    };
    expect(textAt('defaultRole')).toBe('Participant');
    expect(textAt('roles', 'Data Analyst')).toBe('Data Analyst');
    expect(textAt('roles', 'Data Analyst', 'id')).toBe('810756122');
    expect(textAt('roles', 'Data Analyst', 'grants', 'add', 0)).toBe('dataset.export');
    expect(textAt('roles', 'Data Analyst', 'grants', 'add', 7)).toBe('add');
    expect(textAt('roles', 'Base')).toBe('base.yaml');
    expect(textAt('policy', 'maxDeletes')).toBe('5');
    expect(textAt('policy', 'nothing', 'of', 'this')).toBe('policy');
    expect(locate([])).toMatchObject({ file: 'domo-roles.yaml', line: 1, column: 1 });
  });

  it('that is invalid reports all problems at once', async () => {
    const cwd = await folderOf({
      'domo-roles.yaml': `${HEAD}foo: 1\nroles: {A: {members: []}}\nremoved: [Admin]`,
    });
    const failure = await loadManifest([], { cwd }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ProblemError);
    expect((failure as ProblemError).problems.map(({ code }) => code)).toEqual([
      'unknown-key',
      'empty-value',
      'system-role',
    ]);
  });

  it('that warns is loaded with its warnings', async () => {
    const { warnings } = await load('roles: {A: {basedOn: Editor, grants: [a.b]}}');
    expect(warnings.map(({ code }) => code)).toEqual(['based-on-no-effect']);
  });

  it('reads limits as intended: numbers exactly, shares with their minimum, 0% as none', async () => {
    const { manifest } = await load(
      'removed: [X]\npolicy: {maxDeletes: 0%, maxMoves: 100%, maxGrantChanges: 0}',
    );
    expect(manifest.policy).toMatchObject({
      maxDeletes: { count: 0 },
      maxMoves: { percent: 100, floor: 10 },
      maxGrantChanges: { count: 0 },
    });
  });
});

describe('hints', () => {
  const hintOf = async (body: string): Promise<(string | undefined)[]> => {
    const { problems } = await validateManifest([], {
      cwd: await folderOf({ 'domo-roles.yaml': HEAD + body }),
    });
    return problems.map(({ hint }) => hint);
  };

  it.each([
    ['a key', 'rolse: {A: {}}\nremoved: [X]', 'did you mean "roles"?'],
    [
      'a grant set',
      'grantSets: {authoring: [a.b]}\nroles: {A: {grants: {sets: [authorin]}}}',
      'did you mean "authoring"?',
    ],
    ['a word', 'removed: [X]\npolicy: {unmanagedRoles: reprot}', 'did you mean "report"?'],
    ['quotes', 'defaultRole: 5', 'put it in quotes: "5"'],
    ['the form of an id', 'roles: {A: {members: [5]}}', 'for a user id write "id: 5"'],
    ['no quotes', 'roles: {A: {id: "55"}}', 'write it without quotes'],
    ['the new name', 'defaultRole: Old\nroles: {New: {renamedFrom: [Old]}}', 'write "New"'],
    ['basedOn', 'roles: {A: {renamedFrom: [Editor]}}', 'to start as a copy of it write basedOn: Editor'],
    ['a missing key', 'removed: [X]\nkind2: 1', 'did you mean "kind"?'],
  ])('explain %s', async (_, body, hint) => {
    expect(await hintOf(body)).toEqual([hint]);
  });
});

describe('an available catalogue', () => {
  const CATALOGUE = [
    entry('dataset.export', { dependsOn: ['dataset.manage', 'ui.datacenter'] }),
    entry('dataset.manage'),
    entry('ai.chat', { features: ['ai-chat'] }),
  ];

  it('makes unknown grants errors, except optional ones', async () => {
    const loaded = await load(
      'grantSets: {s: [datset.manage]}\nroles: {A: {grants: {add: [ai.chatt], remove: [no.such], optional: [new.one]}}}\npolicy: {protectedGrants: [x.y]}',
    );
    const problems = checkAgainstCatalogue(loaded, CATALOGUE);
    expect(problems.map(({ code, message, hint, where }) => [code, message, hint, where?.line])).toEqual([
      ['unknown-grant', 'the instance has no grant "datset.manage"', 'did you mean "dataset.manage"?', 3],
      ['unknown-grant', 'the instance has no grant "ai.chatt"', 'did you mean "ai.chat"?', 4],
      [
        'unknown-grant',
        'the instance has no grant "no.such"',
        'check the spelling, or list it under optional if only some instances have it',
        4,
      ],
      [
        'unknown-grant',
        'the instance has no grant "x.y"',
        'check the spelling, or list it under optional if only some instances have it',
        5,
      ],
    ]);
  });

  it('makes unknown grants of rules warnings, each at its place', async () => {
    const loaded = await load(
      'removed: [X]\npolicy:\n  rules:\n    a: {grants: [dataset.export, ai.chatt], maxPeople: 1}\n    b: {neverTogether: [[ai.chat], [hidden.one]]}',
    );
    const found = checkAgainstCatalogue(loaded, CATALOGUE);
    expect(found.map(({ code, message, hint, where }) => [code, message, hint, where?.line])).toEqual([
      [
        'rule-unknown-name',
        'rule "a" names the grant "ai.chatt", which the instance does not have',
        'did you mean "ai.chat"?',
        6,
      ],
      [
        'rule-unknown-name',
        'rule "b" names the grant "hidden.one", which the instance does not have',
        'correct the name, or remove it',
        7,
      ],
    ]);
    expect(found.map(({ severity }) => severity)).toEqual(['warning', 'warning']);
    expect(checkAgainstCatalogue(loaded, CATALOGUE, new Set(['ai.chatt', 'hidden.one']))).toEqual([]);
  });

  it('knows the grants that live roles hold, listed or not', async () => {
    const loaded = await load('roles: {A: {grants: [hidden.one, ai.chat]}}');
    expect(checkAgainstCatalogue(loaded, CATALOGUE).map(({ code }) => code)).toEqual([
      'unknown-grant',
      'feature-off',
    ]);
    expect(checkAgainstCatalogue(loaded, CATALOGUE, new Set(['hidden.one', 'ai.chat']))).toEqual([]);
  });

  it('reports missing dependencies only between grants that a catalogue lists', async () => {
    const codes = async (body: string): Promise<string[]> =>
      checkAgainstCatalogue(await load(body), CATALOGUE).map(({ code, message }) => `${code}: ${message}`);
    const missing =
      'missing-dependency: grant "dataset.export" of role "A" needs "dataset.manage", which the role does not have';
    expect(await codes('roles: {A: {grants: [dataset.export]}}')).toEqual([missing]);
    expect(await codes('roles: {A: {grants: [dataset.export, dataset.manage]}}')).toEqual([]);
    expect(
      await codes('roles: {A: {grants: {add: [dataset.export], from: [B]}}, B: {grants: [dataset.manage]}}'),
    ).toEqual([]);
    // The live grants of the role and of other roles are not known here.
    expect(await codes('roles: {A: {grants: {add: [dataset.export], from: [Editor]}}}')).toEqual([]);
    expect(await codes('roles: {A: {grants: {add: [dataset.export], mode: additive}}}')).toEqual([]);
    expect(await codes('roles: {A: {grants: {add: [dataset.export], remove: [dataset.manage]}}}')).toEqual([
      'remove-needed: "remove" of role "A" takes away "dataset.manage", which "dataset.export" needs',
    ]);
  });

  it('is part of validation when it is passed in', async () => {
    const cwd = await folderOf({ 'domo-roles.yaml': `${HEAD}roles: {A: {grants: [no.such]}}` });
    expect((await validateManifest([], { cwd })).problems).toEqual([]);
    const { problems, manifest } = await validateManifest([], { cwd, catalogue: CATALOGUE });
    expect([problems.map(({ code }) => code), manifest]).toEqual([['unknown-grant'], null]);
  });

  it('is read from a list, a snapshot or an API response', () => {
    const list = [entry('b.b', { dependsOn: ['a.a'] }), entry('a.a', { adminLevel: true })];
    const sorted = [list[1], list[0]];
    for (const document of [
      list,
      { kind: 'snapshot', catalogue: list },
      { kind: 'answer', answer: { authorities: list } },
    ]) {
      expect(parseCatalogue(JSON.stringify(document), 'c.json')).toEqual(sorted);
    }
    expect(parseCatalogue('[{"grant":"a.a"}]', 'c.json')).toEqual([entry('a.a')]);
  });

  it.each([
    [
      'all fields',
      {
        authority: 'a.b',
        title: ' A B ',
        description: 'd',
        authorityUIGroup: 'DATA',
        userCount: 3,
        roleIds: [1, 2],
        dependsOnAuthorities: ['z.z', 'a.a'],
        implicitAuthorities: ['a.a'],
        dependsOnFeature: 'one, two',
        adminLevel: true,
        assignableByCustomer: true,
        systemGroup: true,
      },
      { title: 'A B', group: 'DATA', dependsOn: ['a.a', 'z.z'], adminLevel: true, features: ['one', 'two'] },
    ],
    [
      'the fields of an older instance',
      {
        authority: 'a.b',
        title: 'A B',
        description: 'd',
        authorityUIGroup: 'DATA',
        userCount: 3,
        roleIds: [1],
      },
      { title: 'A B', group: 'DATA' },
    ],
    ['nothing but its name', { authority: 'a.b' }, { title: 'a.b' }],
    [
      'null for fields that do not apply',
      {
        authority: 'a.b',
        title: null,
        authorityUIGroup: null,
        dependsOnAuthorities: null,
        dependsOnFeature: null,
        adminLevel: null,
      },
      { title: 'a.b' },
    ],
    [
      'a list of features',
      { authority: 'a.b', title: 'A B', dependsOnFeature: ['two', 'one', ''] },
      { title: 'A B', features: ['one', 'two'] },
    ],
  ])('reads an entry of the API with %s', (_name, wire, expected) => {
    const read = parseCatalogue(JSON.stringify([wire]), 'c.json');
    expect(read).toEqual([entry('a.b', expected)]);
    expect(read).toEqual(catalogueFrom([{ roleIds: [1], ...wire }]).catalogue);
  });

  it('is equal from the API and from a snapshot of one instance', async () => {
    const sandbox = await openSandbox();
    const answer = await sandbox.fetch(
      new Request('https://acme.domo.com/api/authorization/v1/authorities', {
        headers: { 'x-domo-developer-token': sandbox.token },
      }),
    );
    const text = await answer.text();
    const live = catalogueFrom(JSON.parse(text) as Readonly<Record<string, unknown>>[]).catalogue;
    expect(live.length).toBeGreaterThan(100);
    expect(parseCatalogue(text, 'c.json')).toEqual(live);
    expect(parseCatalogue(JSON.stringify({ kind: 'snapshot', catalogue: live }), 'c.json')).toEqual(live);
  });

  it('is rejected with the name of the entry without a grant', () => {
    expect(() => parseCatalogue('[{"authority":"a.a"},{"id":5}]', 'c.json')).toThrow(
      'entry 2 of the catalogue has no grant name',
    );
  });

  it.each([
    ['no JSON'],
    ['{}'],
    ['[]'],
    ['[1]'],
    ['{"catalogue":[{"grant":5}]}'],
    ['[{"authority":""}]'],
    ['null'],
  ])('is rejected from %s', (text) => {
    expect(() => parseCatalogue(text, 'c.json')).toThrow(
      expect.objectContaining({
        problems: [expect.objectContaining({ code: 'bad-file', where: { file: 'c.json' } })],
      }),
    );
  });
});
