import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { exportManifest, type ExportedFile, type ExportOptions } from '../../src/export/export-manifest.js';
import type { LiveAllowlist, Snapshot } from '../../src/model/snapshot.js';
import { liveRole, person, snapshotOf } from '../support/arbitraries.js';
import { grownCompany } from './golden-company.js';
import { company, LAYOUTS, loadFiles, planOf, roundTrip } from './support.js';

/** All files as one text, each under its path. */
function together(files: readonly ExportedFile[]): string {
  return files.map(({ path, text }) => `=== ${path}\n${text}`).join('');
}

/** Expects the text of the golden file. `BLESS_GOLDEN=1` updates the file for a review. */
function expectGolden(name: string, text: string): void {
  const path = fileURLToPath(new URL(`./golden/${name}`, import.meta.url));
  if (process.env['BLESS_GOLDEN'] === '1') writeFileSync(path, text);
  if (!existsSync(path)) throw new Error(`no golden file ${name}: run with BLESS_GOLDEN=1 and look at it`);
  expect(text).toBe(readFileSync(path, 'utf8'));
}

function single(snapshot: Snapshot, options: ExportOptions = {}): string {
  return exportManifest(snapshot, options)[0]?.text ?? '';
}

interface Read {
  defaultRole?: string;
  allowlist?: unknown;
  policy?: { removedMembersTo?: string };
  roles: Record<string, { id?: number; grants?: unknown; members?: unknown; description?: string } | null>;
}

function read(snapshot: Snapshot): Read {
  return parse(single(snapshot)) as Read;
}

describe('an export', () => {
  it('equals its reviewed golden file, in one file', () => {
    expectGolden('company.yaml', single(grownCompany()));
  });

  it('equals its reviewed golden file, compact', () => {
    expectGolden('company-compact.yaml', single(grownCompany(), { compact: true }));
  });

  it('equals its reviewed golden file, without members', () => {
    expectGolden('company-roles.yaml', single(grownCompany(), { without: ['members'] }));
  });

  it('equals its reviewed golden files, split with members files', () => {
    expectGolden(
      'company-split.txt',
      together(exportManifest(grownCompany(), { split: true, membersFiles: true })),
    );
  });

  it.each(LAYOUTS)(
    'of a company with all unusual cases plans no changes, with the layout %j',
    async (options) => {
      const { plan, errors } = await roundTrip(grownCompany(), options);
      expect(plan.changes).toEqual([]);
      expect(plan.refusals).toEqual([]);
      expect(errors).toEqual([]);
      expect(plan.unmanaged.roles.map(({ name }) => name)).toEqual([
        'Admin\u202enimdA',
        'Bell\u0007\n# roles: {}',
      ]);
    },
  );

  it('starts with the schema line for editors and the given title', () => {
    const options = { schemaUrl: 'https://acme.example/s.json', title: 'Ours\nroles: {}' };
    const [file] = exportManifest(company(), options);
    const lines = file?.text.split('\n') ?? [];
    expect(lines[0]).toBe('# yaml-language-server: $schema=https://acme.example/s.json');
    expect(lines[2]).toBe('# Ours\\nroles: {}');
  });

  it('contains no invisible characters', () => {
    const unseen = /[\p{Cf}\p{Co}\p{Zl}\p{Zp}\p{Cs}]|(?!\n)\p{Cc}/u;
    for (const options of LAYOUTS)
      expect(together(exportManifest(grownCompany(), options))).not.toMatch(unseen);
  });

  it('contains no instance for a sandbox', () => {
    expect(parse(single({ ...company(), sandbox: true }))).not.toHaveProperty('instance');
  });
});

describe('members in an export', () => {
  it('are additive for the default role and exact for all others, including empty ones', () => {
    const { roles } = read(
      snapshotOf({ custom: [liveRole(100, 'Empty', ['a.view'])], persons: [person(7, 4)] }),
    );
    expect(roles['Participant']).toEqual({ members: { mode: 'additive', users: ['p7@acme.com'] } });
    expect(roles['Admin']).toEqual({ members: ['p1@acme.com'] });
    expect(roles['Empty']?.members).toEqual({ mode: 'exact', users: [] });
    expect(roles['Social']?.members).toEqual({ mode: 'exact', users: [] });
  });

  it('leave out support and system accounts, and keep pending ones', () => {
    const persons = [person(7, 3, 'support'), person(8, 3, 'system'), person(9, 3, 'pending')];
    expect(read(snapshotOf({ persons })).roles['Editor']).toEqual({ members: ['p9@acme.com'] });
  });

  it('leave out a default role that is a system role without people', () => {
    expect(read(snapshotOf({})).roles).not.toHaveProperty('Participant');
  });

  it('are left out if not everyone was read', async () => {
    const base = snapshotOf({ custom: [liveRole(100, 'Own', ['a.view'])] });
    const snapshot: Snapshot = { ...base, people: { scope: 'admins', list: base.people.list } };
    expect(read(snapshot).roles).toEqual({ Own: { grants: ['a.view'] } });
    expect(single(snapshot)).toContain('# - members: not everyone was read');
    expect(planOf(await loadFiles(exportManifest(snapshot)), snapshot).changes).toEqual([]);
  });

  it('are by id, with the name, if no one or two people have the address', () => {
    const persons = [
      { ...person(7, 3), email: null },
      { ...person(8, 3), email: 'p9@acme.com' },
      person(9, 2),
    ];
    const snapshot = snapshotOf({ persons });
    expect(read(snapshot).roles['Editor']).toEqual({ members: [{ id: 7 }, { id: 8 }] });
    expect(single(snapshot)).toContain('- id: 7 # P 7, without an address');
    expect(single(snapshot)).toContain('- id: 8 # P 8, p9@acme.com, which others have too');
  });
});

describe('settings in an export', () => {
  it.each<[string, Partial<Snapshot>, unknown, string | null]>([
    ['off', { allowlist: 'off' }, 'off', null],
    ['on', { allowlist: [3, 4, 5] }, ['Editor', 'Participant', 'Social'], null],
    ['unreadable', { allowlist: 'unreadable' }, undefined, 'allowlist: it could not be read'],
    ['without Social', { allowlist: [4] }, undefined, 'it lacks the default role or Social'],
    [
      'with a role that was deleted',
      { allowlist: [4, 5, 999] },
      undefined,
      'a role on it is not in this manifest',
    ],
    ['with an administrator', { allowlist: [1, 4, 5] }, undefined, 'a role on it holds authorization.roles'],
  ])('express an allowlist that is %s as far as a manifest can', (_, parts, wanted, note) => {
    const snapshot = snapshotOf(parts);
    expect(read(snapshot).allowlist).toEqual(wanted);
    if (note === null) expect(single(snapshot)).not.toContain('Live, but left out');
    else expect(single(snapshot)).toContain(note);
  });

  it('move removed people to the default role, unless it manages roles', () => {
    expect(read(snapshotOf({ defaultRoleId: 5 })).policy?.removedMembersTo).toBe('Social');
    const powerful = read(snapshotOf({ defaultRoleId: 1 }));
    expect(powerful.defaultRole).toBe('Admin');
    expect(powerful.policy).toBeUndefined();
  });

  it.each<[string, LiveAllowlist, string[]]>([
    ['if the allowlist cannot be read', 'unreadable', []],
    ['if the list is off and left out', 'off', ['allowlist']],
  ])('leave out a default role that a manifest cannot name, %s', (_, allowlist, without) => {
    const text = single(snapshotOf({ defaultRoleId: 1, allowlist }), { without });
    expect((parse(text) as Read).defaultRole).toBeUndefined();
    expect(text).toContain('defaultRole: "Admin" holds authorization.roles');
  });
});

describe('roles in an export', () => {
  it('are pinned by id only if names are near', () => {
    const custom = [
      liveRole(100, 'Team A', ['a.view']),
      liveRole(101, 'team a', ['b.view']),
      liveRole(102, 'Team B'),
    ];
    const { roles } = read(snapshotOf({ custom }));
    expect(roles['Team A']?.id).toBe(100);
    expect(roles['team a']?.id).toBe(101);
    expect(roles['Team B']).not.toHaveProperty('id');
  });

  it('keep grants that the catalogue does not list, by an additive list and a comment', async () => {
    const custom = [liveRole(100, 'Odd', ['a.view', 'not.listed']), liveRole(101, 'Odder', ['x\ny'])];
    const snapshot = snapshotOf({ custom });
    expect(read(snapshot).roles['Odd']?.grants).toEqual({ mode: 'additive', add: ['a.view'] });
    expect(read(snapshot).roles['Odder']).not.toHaveProperty('grants');
    expect(single(snapshot)).toContain('does not list: not.listed; so its grants are additive');
    expect(single(snapshot)).toContain('does not list: x\\ny; so its grants are left out');
    expect(planOf(await loadFiles(exportManifest(snapshot)), snapshot).changes).toEqual([]);
  });

  it('express that a role holds nothing', () => {
    const { roles } = read(snapshotOf({ custom: [liveRole(100, 'Nothing')] }));
    expect(roles['Nothing']?.grants).toEqual({ mode: 'exact', add: [] });
  });

  it.each([
    ['Windows line ends', 'one\r\ntwo', 'description: "one\\r\\ntwo"'],
    ['a blank before a line end', 'one \ntwo', 'description: "one\\ \\ntwo"'],
    ['a tab', 'one\ttwo', 'description: one\ttwo'],
    ['the line end of mainframes', 'one\u0085two', 'description: "one\\u0085two"'],
    ['a line separator', 'one\u2028two', 'description: "one\\u2028two"'],
    ['plain line ends', 'one\ntwo', 'description: |-\n      one\n      two'],
  ])('have a description with %s as a value', (_, description, line) => {
    const snapshot = snapshotOf({ custom: [{ ...liveRole(100, 'A'), description }] });
    expect(single(snapshot)).toContain(line);
    expect(read(snapshot).roles['A']?.description).toBe(description);
  });

  it('leave a description out if there is none, or if a manifest cannot express it', () => {
    const custom = [liveRole(100, 'A'), { ...liveRole(101, 'B'), description: 'a\u0007\nroles: {}' }];
    const snapshot = snapshotOf({ custom });
    expect(read(snapshot).roles['A']).not.toHaveProperty('description');
    expect(read(snapshot).roles['B']).not.toHaveProperty('description');
    expect(single(snapshot)).toContain('# its description cannot be expressed: "a\\u{7}\\nroles: {}"');
  });
});
