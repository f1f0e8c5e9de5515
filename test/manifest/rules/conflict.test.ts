import { describe, expect, it } from '@jest/globals';
import { validateManifest } from '../../../src/manifest/load/load.js';
import { folderOf, HEAD, unmark } from '../support.js';

/** A manifest and its base. The marked place is the one to change. */
type Case = [title: string, over: string, base: string, code: string];

const CASES: Case[] = [
  [
    'a name near one of the base',
    'roles: { ⟦data analyst⟧: {} }',
    'roles: { Data Analyst: {} }',
    'near-names',
  ],
  [
    'a name near one of the base, in capitals',
    'roles: { ⟦Data Analyst⟧: {} }',
    'roles: { data analyst: {} }',
    'near-names',
  ],
  [
    'a base whose name has an invisible space',
    'roles: { Data Analyst: {} }',
    'roles: { ⟦Data\u00a0Analyst⟧: {} }',
    'near-names',
  ],
  [
    'a person whom the base lists elsewhere',
    'roles: { A: { members: [⟦a@x.y⟧] } }',
    'roles: { A: {}, B: { members: [a@x.y] } }',
    'duplicate-person',
  ],
  [
    'an id that the base pins elsewhere',
    'roles: { A: { id: ⟦10⟧ } }',
    'roles: { A: {}, B: { id: 10 } }',
    'duplicate-role',
  ],
  [
    'an old name that the base claims elsewhere',
    'roles: { A: { renamedFrom: [⟦X⟧] } }',
    'roles: { A: {}, B: { renamedFrom: [X] } }',
    'rename-claim',
  ],
  [
    'the removal of a role that the base uses',
    'removed: [⟦B⟧]',
    'roles: { A: { grants: { from: [B] } } }',
    'unknown-role',
  ],
  [
    'the rename of a role that the base uses',
    'roles: { C: { renamedFrom: [⟦B⟧] } }',
    'allowlist: [Social, B]',
    'unknown-role',
  ],
  ['the use of a role that the base removes', 'allowlist: [Social, ⟦B⟧]', 'removed: [B]', 'unknown-role'],
];

describe('the place of a conflict between a manifest and its base', () => {
  it.each(CASES)('is for %s where the user can change it', async (_, over, base, code) => {
    const [top, bottom] = [unmark(`${HEAD}extends: base.yaml\n${over}`), unmark(HEAD + base)];
    const cwd = await folderOf({ 'domo-roles.yaml': top.text, 'base.yaml': bottom.text });
    const { problems } = await validateManifest([], { cwd });
    const [file, mark] = top.marks[0] ? ['domo-roles.yaml', top.marks[0]] : ['base.yaml', bottom.marks[0]];
    expect(problems.map((one) => [one.code, one.where])).toEqual([[code, { file, ...mark }]]);
  });
});
