import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'yaml';
import { exportManifest, type ExportOptions } from '../../src/export/export-manifest.js';
import { PARTS } from '../../src/manifest/selection.js';
import type { Snapshot } from '../../src/model/snapshot.js';
import { isSystemRole } from '../../src/model/role.js';
import { ProblemError } from '../../src/problem/problem.js';
import { anySnapshot, liveRole, person, snapshotOf } from '../support/arbitraries.js';
import { inputs, sawEvery } from '../support/law.js';
import { hostileSnapshot } from './hostile.js';
import { company, LAYOUTS, loadFiles, planOf, roundTrip } from './support.js';

interface Read {
  defaultRole?: string;
  allowlist?: unknown;
  grantSets?: Record<string, string[]>;
  roles?: Record<string, Record<string, unknown> | null>;
}

function textOf(snapshot: Snapshot, options: ExportOptions): string {
  return exportManifest(snapshot, options)[0]?.text ?? '';
}

function read(snapshot: Snapshot, options: ExportOptions): Read {
  return parse(textOf(snapshot, options)) as Read;
}

/** The message of the problem that an export raises; null for a successful export. */
function failure(snapshot: Snapshot, options: ExportOptions): string | null {
  try {
    exportManifest(snapshot, options);
    return null;
  } catch (error) {
    if (error instanceof ProblemError) return error.message;
    throw error;
  }
}

const COMPANY = company();
const NAMES = COMPANY.roles.map(({ name }) => name);

const WIDE = ['a.edit', 'a.view', 'b.edit', 'b.export', 'b.view', 'c.use'];

describe('a partial export', () => {
  it.each<[string, ExportOptions, string[]]>([
    ['members', { without: ['members'] }, ['allowlist', 'apiVersion', 'defaultRole', 'kind', 'roles']],
    ['settings', { without: ['defaultRole', 'allowlist'] }, ['apiVersion', 'kind', 'roles']],
    ['roles', { only: ['Data Analyst', 'Editor'] }, ['apiVersion', 'kind', 'roles']],
  ])('of %s has no policy, id or instance', (_, options, keys) => {
    const snapshot: Snapshot = { ...COMPANY, defaultRoleId: 4, allowlist: [4, 5] };
    expect(Object.keys(read(snapshot, options)).sort()).toEqual(keys);
    expect(textOf(snapshot, options)).not.toMatch(/^\s*(?:- )?(?:id|policy|instance):/mu);
  });

  it.each<[string, string, string[]]>([
    ['members', 'members', ['description', 'grants']],
    ['grants', 'grants', ['description', 'members']],
    ['descriptions', 'descriptions', ['grants', 'members']],
    ['members and grants', 'members,grants', ['description']],
  ])('without %s contains nothing of it', (_, without, keys) => {
    const roles = read(COMPANY, { without: [without], compact: true }).roles ?? {};
    expect(Object.keys(roles['Data Analyst'] ?? {}).sort()).toEqual(keys);
    if (without.includes('members')) expect(Object.keys(roles)).not.toContain('Editor');
  });

  it('without any parts of a role still names the role', async () => {
    const options = { only: ['Data Analyst'], without: ['members,grants,descriptions'] };
    expect(read(COMPANY, options).roles).toEqual({ 'Data Analyst': {} });
    expect((await loadFiles(exportManifest(COMPANY, options))).manifest.roles).toHaveLength(1);
  });

  it('writes the requested roles, in its own order', () => {
    const options = { only: ['Old Reporting', 'Editor', 'Data Analyst'] };
    expect(Object.keys(read(COMPANY, options).roles ?? {})).toEqual([
      'Editor',
      'Data Analyst',
      'Old Reporting',
    ]);
    expect(textOf(COMPANY, options)).toBe(textOf(COMPANY, { only: [...options.only].reverse() }));
  });

  it('takes grants from a role that is written, and lists them if it is not', () => {
    const custom = [liveRole(100, 'Wide', WIDE), liveRole(101, 'Wider', WIDE)];
    const snapshot = snapshotOf({ custom });
    const both = read(snapshot, { only: ['Wide', 'Wider'], compact: true });
    expect(both.roles?.['Wider']?.['grants']).toEqual({ from: ['Wide'] });
    const one = read(snapshot, { only: ['Wider'], compact: true });
    expect(one.roles?.['Wider']?.['grants']).toEqual(WIDE);
  });

  it('takes grants from a system role only if that role is written too', () => {
    const role = liveRole(100, 'Copy', ['a.edit', 'a.view', 'b.export', 'b.view']);
    const base = snapshotOf({ custom: [role] });
    const snapshot: Snapshot = {
      ...base,
      roles: base.roles.map((one) => (one.id === 3 ? { ...one, grants: role.grants } : one)),
    };
    const grants = (options: ExportOptions): unknown =>
      read(snapshot, { compact: true, ...options }).roles?.['Copy']?.['grants'];
    expect(grants({})).toEqual({ from: ['Editor'] });
    expect(grants({ only: ['Copy', 'Editor'] })).toEqual({ from: ['Editor'] });
    expect(grants({ only: ['Copy'] })).toEqual(role.grants);
    expect(grants({ without: ['members'] })).toEqual(role.grants);
  });

  it('leaves out roles that only ids distinguish, and keeps such a role if it is the only one requested', async () => {
    const custom = [liveRole(100, 'Team A', ['a.view']), liveRole(101, 'team a', ['b.view'])];
    const snapshot = snapshotOf({ custom });
    expect(read(snapshot, { without: ['members'], only: ['Team A'] }).roles).toEqual({
      'Team A': { grants: ['a.view'] },
    });
    const { plan } = await roundTrip(snapshot, { only: ['Team A'] });
    expect([plan.changes, plan.refusals]).toEqual([[], []]);
    expect(textOf(snapshot, { without: ['descriptions'] })).toContain('its name is near another one');
    expect(failure(snapshot, { only: ['Team A', 'team a'] })).toMatch(
      /^nothing is left to write; role "Team A"/u,
    );
  });

  it('names people only by address', () => {
    const persons = [person(7, 3), { ...person(8, 3), email: null }];
    const snapshot = snapshotOf({ persons });
    expect(read(snapshot, { only: ['Editor'] }).roles?.['Editor']).toEqual({
      members: { mode: 'additive', users: ['p7@acme.com'] },
    });
    expect(textOf(snapshot, { only: ['Editor'] })).toContain(
      '# 1 in it cannot be named without an id, so its members are additive',
    );
  });

  it.each<[string, ExportOptions, string]>([
    ['an unknown role', { only: ['Data Analyts'] }, 'there is no role "Data Analyts"'],
    ['a role in different case', { only: ['editor'] }, 'there is no role "editor"'],
    ['an unknown part', { without: ['people'] }, '--without does not accept "people"'],
    ['a system role without members', { only: ['Editor'], without: ['members'] }, 'nothing is left to write'],
  ])('is refused for %s', (_, options, message) => {
    expect(failure(COMPANY, options)).toBe(message);
  });
});

const layout = fc.constantFrom(...LAYOUTS);
const parts = fc.subarray([...PARTS]);

/** A selection of an instance: some or all of its roles, without some parts. */
function selectionFor(snapshot: Snapshot): fc.Arbitrary<ExportOptions> {
  const names = [...new Set(snapshot.roles.map(({ name }) => name))];
  const only = fc.option(fc.subarray(names, { minLength: 1 }), { nil: undefined });
  return fc
    .record({ layout, only, without: parts })
    .map(({ layout: laid, ...rest }) => ({ ...laid, ...rest }));
}

/** The same instance with a role whose name differs from that of another only in case. */
function withNearName(snapshot: Snapshot): Snapshot {
  const first = snapshot.roles.find(({ id }) => !isSystemRole(id));
  const name = first?.name.toUpperCase() ?? '';
  if (!first || snapshot.roles.some((role) => role.name === name)) return snapshot;
  return { ...snapshot, roles: [...snapshot.roles, liveRole(5000, name, ['a.view'])] };
}

const anySelection = fc
  .tuple(fc.oneof(anySnapshot, hostileSnapshot), fc.boolean())
  .map(([snapshot, near]) => (near ? withNearName(snapshot) : snapshot))
  .chain((snapshot) => selectionFor(snapshot).map((options) => ({ snapshot, options })));

describe('any partial export', () => {
  it('is valid, and planned on the same instance changes nothing', async () => {
    let made = 0;
    await fc.assert(
      fc.asyncProperty(anySelection, async ({ snapshot, options }) => {
        if (failure(snapshot, options)?.startsWith('nothing is left')) return;
        const { plan, errors } = await roundTrip(snapshot, options);
        expect(plan.changes).toEqual([]);
        expect(plan.refusals).toEqual([]);
        expect(errors).toEqual([]);
        made += 1;
      }),
      { numRuns: inputs(40) },
    );
    expect(sawEvery(made)).toBe(true);
  });

  it('without members, planned on any other instance, moves no one', async () => {
    let planned = 0;
    await fc.assert(
      fc.asyncProperty(anySnapshot, anySnapshot, parts, async (source, target, more) => {
        const options = { without: ['members', ...more] };
        if (failure(source, options) !== null) return;
        const loaded = await loadFiles(exportManifest(source, options));
        expect(loaded.manifest.roles.filter(({ members }) => members !== null)).toEqual([]);
        const { changes } = planOf(loaded, { ...target, instance: 'elsewhere' });
        expect(changes.filter(({ kind }) => kind === 'members.move')).toEqual([]);
        planned += changes.length;
      }),
      { numRuns: inputs(40) },
    );
    expect(sawEvery(planned)).toBe(true);
  });

  it('names only roles of the selection', () => {
    fc.assert(
      fc.property(fc.subarray(NAMES, { minLength: 1 }), (only) => {
        expect(Object.keys(read(COMPANY, { only, compact: true }).roles ?? {}).sort()).toEqual(
          [...only].sort(),
        );
      }),
      { numRuns: inputs(20) },
    );
  });
});
