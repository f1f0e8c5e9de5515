import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { loadManifest, validateManifest } from '../../../src/manifest/load/load.js';
import { folderOf, HEAD } from '../support.js';
import { inputs } from '../../support/law.js';

/** Files of one folder, as validation reads them. */
async function validated(files: Readonly<Record<string, string>>, paths: readonly string[] = []) {
  return validateManifest(paths, { cwd: await folderOf(files) });
}

async function codesOf(text: string): Promise<string[]> {
  const { problems } = await validated({ 'domo-roles.yaml': `${HEAD}${text}` });
  return problems.map(({ code }) => code);
}

const WHOLE = `x-team: data
defaultRole: Participant
grantSets:
  authoring: [content.card.edit]
roles:
  Analyst:
    x-ticket: { id: 7, 8: [] }
    owner: finance
    grants: { x-why: null, sets: [authoring] }
    members:
      x-from: HR
      mode: additive
      users: [ana@acme.com, { id: 7, x-name: Bo }]
policy:
  x-reviewed: 2026-01-01
  removedMembersTo: Participant
  requiredAdmins: [{ id: 1, x-name: Root }]
  acceptedDrift:
    - { x-by: ana, role: Analyst, what: members, reason: trial, until: 2027-01-31 }
`;

describe('a key that begins with x-', () => {
  it('has no effect in any map with fixed keys', async () => {
    const bare = WHOLE.replaceAll(/x-[a-z]+: (?:\{[^}]*\}|[^,}\n]+)(?:, )?/gu, '').replaceAll(/, \}/gu, ' }');
    expect(bare).not.toMatch(/x-/u);
    const load = async (text: string) => {
      const cwd = await folderOf({ 'domo-roles.yaml': `${HEAD}${text}` });
      const { manifest, warnings } = await loadManifest([], { cwd });
      const withoutPlaces = JSON.stringify({ ...manifest, files: [] }, (key, value: unknown) =>
        key === 'where' ? null : value,
      );
      return { manifest: withoutPlaces, warnings };
    };
    expect(await load(WHOLE)).toEqual(await load(bare));
  });

  it('is allowed by the schema in every map with fixed keys', () => {
    const schema: unknown = JSON.parse(
      readFileSync(new URL('../../../schemas/manifest.v1.schema.json', import.meta.url), 'utf8'),
    );
    const closed: unknown[] = [];
    JSON.stringify(schema, (_key, value: unknown) => {
      if (typeof value === 'object' && value !== null && 'additionalProperties' in value)
        if (value.additionalProperties === false) closed.push(value);
      return value;
    });
    expect(closed.length).toBeGreaterThan(6);
    for (const map of closed)
      expect(map).toMatchObject({ patternProperties: { '^x-': { $ref: '#/$defs/extension' } } });
  });

  it.each([
    ['a manifest', 'x-a: 1\n', ['manages-nothing']],
    ['the grants of a role', 'roles: { A: { grants: { x-a: [content.card.edit] } } }\n', ['empty-value']],
    ['the members of a role', 'roles: { A: { members: { x-a: [ana@acme.com] } } }\n', ['empty-value']],
    ['a system role', 'roles: { Admin: { x-a: 1 } }\n', ['manages-nothing']],
    ['a person', 'roles: { A: { members: [{ x-id: 7 }] } }\n', ['missing-key']],
    [
      'accepted drift',
      'removed: [A]\npolicy: { acceptedDrift: [{ x-a: 1 }] }\n',
      Array(3).fill('missing-key'),
    ],
  ])('does not replace what %s lacks', async (_name, text, codes) => {
    expect(await codesOf(text)).toEqual(codes);
  });

  it.each([
    ['a role', 'roles: { x-ray: { grants: [content.card.edit] } }\n', []],
    ['an invalid role', 'roles: { x-ray: 7 }\n', ['bad-value']],
    ['a grant set', 'grantSets: { x-set: 7 }\nremoved: [A]\n', ['bad-value']],
  ])('is the name of %s in maps whose keys are names', async (_name, text, codes) => {
    expect(await codesOf(text)).toEqual(codes);
  });

  it.each(['X-a', 'x_a', 'xa', ' x-a'])('is written differently from %j', async (key) => {
    expect(await codesOf(`removed: [A]\n"${key}": 1\n`)).toEqual(['unknown-key']);
  });

  it('may be in several files of one manifest and in a base', async () => {
    const files = {
      'a.yaml': `${HEAD}extends: ./sub/base.yaml\nx-a: 1\nremoved: [A]\npolicy: { x-a: 1 }\n`,
      'b.yaml': `${HEAD}x-a: [2]\nremoved: [B]\npolicy: { x-a: 2 }\n`,
      'sub/base.yaml': `${HEAD}x-a: { b: 3 }\nroles: { C: { x-a: 1 } }\n`,
    };
    const { problems, manifest } = await validated(files, ['a.yaml', 'b.yaml']);
    expect(problems).toEqual([]);
    expect(manifest?.manifest.removed).toEqual(['A', 'B']);
  });

  it('may contain an anchor that the rest of the file uses', async () => {
    const cwd = await folderOf({
      'domo-roles.yaml': `${HEAD}x-edit: &edit [content.card.edit]\nroles: { A: { grants: *edit } }\n`,
    });
    const { manifest } = await loadManifest([], { cwd });
    expect(manifest.roles[0]?.grants?.add).toEqual(['content.card.edit']);
  });

  it('may contain anything', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ maxDepth: 4 }), fc.string(), async (value, name) => {
        const key = JSON.stringify(
          `x-${name}`.replaceAll(/[\p{Cc}\u{fffe}\u{ffff}\p{Cs}]/gu, '').slice(0, 500),
        );
        const codes = await codesOf(`${key}: ${JSON.stringify(value)}\nremoved: [A]\n`);
        expect(codes).toEqual([]);
      }),
      { numRuns: inputs(20) },
    );
  });
});

describe('the owner of a role', () => {
  it.each([
    ['finance-data', 'finance-data'],
    ['"  Ana & Co  "', 'Ana & Co'],
    ['"<b>*ana*</b>"', '<b>*ana*</b>'],
  ])('is text: %s', async (text, owner) => {
    const cwd = await folderOf({ 'domo-roles.yaml': `${HEAD}roles: { A: { owner: ${text} } }\n` });
    expect((await loadManifest([], { cwd })).manifest.roles[0]?.owner).toBe(owner);
  });

  it.each([
    '7',
    'true',
    '[ana]',
    '{ name: ana }',
    '""',
    '"  "',
    '"a\\nb"',
    '"\\u001b[31m"',
    `"${'a'.repeat(201)}"`,
  ])('must be one line and not blank, unlike %s', async (text) => {
    expect(await codesOf(`roles: { A: { owner: ${text} } }\n`)).toEqual(['bad-value']);
  });

  it('cannot be left without a value', async () => {
    expect(await codesOf('roles: { A: { owner: } }\n')).toEqual(['empty-value']);
  });

  it('may be set on a system role, which stays unmanaged', async () => {
    expect(await codesOf('removed: [B]\nroles: { Admin: { owner: it } }\n')).toEqual([]);
    expect(await codesOf('roles: { Admin: { owner: it } }\n')).toEqual(['manages-nothing']);
  });
});
