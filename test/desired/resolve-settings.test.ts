import { describe, expect, it } from '@jest/globals';
import {
  resolveAllowlist,
  resolveDefaultRole,
  managesAllowlist,
  roleNamed,
  warnOfExactDefault,
} from '../../src/desired/resolve-settings.js';
import type { SettingsContext } from '../../src/desired/resolve-settings.js';
import type { Manifest } from '../../src/manifest/manifest.js';
import type { DriftSubject } from '../../src/model/policy.js';
import type { Snapshot } from '../../src/model/snapshot.js';
import { liveRole, members, snapshotOf, wantedRole } from '../support/arbitraries.js';
import { codesOf, contextOf } from '../support/desired.js';
import { placeAt } from '../support/places.js';

function settings(
  parts: Partial<Manifest>,
  live: Partial<Snapshot> = {},
  accepted: DriftSubject[] = [],
): SettingsContext {
  const snapshot = snapshotOf({ custom: [liveRole(100, 'A'), liveRole(101, 'B')], ...live });
  return { ...contextOf(parts, snapshot), accepts: (what) => accepted.includes(what) };
}

describe('resolveDefaultRole', () => {
  it.each<[string, Partial<Manifest>, Partial<Snapshot>, DriftSubject[], string, string[]]>([
    ['the live one if the manifest has none', {}, {}, [], '#4', []],
    ['the one of the manifest', { defaultRole: 'A' }, {}, [], '#100', []],
    ['one that is to be created', { defaultRole: 'New', roles: [wantedRole('New')] }, {}, [], 'new:New', []],
    ['the live one if the difference is accepted', { defaultRole: 'A' }, {}, ['defaultRole'], '#4', []],
    ['the live one if the name is unknown', { defaultRole: 'Gone' }, {}, [], '#4', ['unknown-role']],
    [
      'one that is deleted: refused',
      { removed: ['A'] },
      { defaultRoleId: 100 },
      [],
      '#100',
      ['deletes-default'],
    ],
    [
      'another one next to one that is deleted',
      { removed: ['A'], defaultRole: 'B' },
      { defaultRoleId: 100 },
      [],
      '#101',
      [],
    ],
  ])('%s', (_, parts, live, accepted, key, codes) => {
    const context = settings(parts, live, accepted);
    expect(resolveDefaultRole(context)).toBe(key);
    expect(codesOf(context.findings)).toEqual(codes);
  });

  it('refuses with the name of the role, the key and a fix', () => {
    const context = settings({ removed: ['A'] }, { defaultRoleId: 100 });
    resolveDefaultRole(context);
    expect(context.findings.refusals).toMatchObject([
      {
        message: 'role "A" is the default role and would be deleted',
        key: 'defaultRole',
        hint: 'set another `defaultRole` in the manifest',
      },
    ]);
  });
});

describe('roleNamed', () => {
  it('reports an unknown name at its place', () => {
    const context = settings({});
    expect(roleNamed('A', ['defaultRole'], context)).toBe('#100');
    expect(roleNamed('Gone', ['defaultRole'], context)).toBeNull();
    expect(context.findings.problems).toMatchObject([{ where: placeAt('defaultRole') }]);
  });
});

describe('warnOfExactDefault', () => {
  const exact = [wantedRole('A', { members: members('exact') })];

  it.each<[string, Partial<Manifest>, string[]]>([
    ['exact members', { roles: exact }, ['exact-default-members']],
    ['exact members on a default role that the manifest names', { roles: exact, defaultRole: 'A' }, []],
    ['additive members', { roles: [wantedRole('A', { members: members('additive', 1) })] }, []],
    ['members that are not managed', { roles: [wantedRole('A')] }, []],
    ['exact members on another role', { roles: [wantedRole('B', { members: members('exact') })] }, []],
  ])('%s', (_, parts, codes) => {
    const context = settings(parts);
    warnOfExactDefault('#100', context);
    expect(codesOf(context.findings)).toEqual(codes);
    if (codes.length > 0)
      expect(context.findings.warnings).toMatchObject([
        {
          message: 'role "A" is the default role and its members are exact: new people get this role',
          where: placeAt('roles', 'A', 'members'),
          hint: 'make its members additive, or set another `defaultRole`',
        },
      ]);
  });
});

describe('resolveAllowlist', () => {
  const list = [4, 5, 100];

  it.each<[string, Partial<Manifest>, Partial<Snapshot>, DriftSubject[], string, unknown, string[]]>([
    ['an allowlist that is off, not managed', {}, {}, [], '#101', 'off', []],
    ['one that cannot be read, not managed', {}, { allowlist: 'unreadable' }, [], '#101', 'unreadable', []],
    ['a list, not managed', {}, { allowlist: list }, [], '#4', ['#100', '#4', '#5'], []],
    [
      'a list, not managed, and a new default role',
      {},
      { allowlist: list },
      [],
      '#101',
      ['#100', '#101', '#4', '#5'],
      [],
    ],
    [
      'a list, not managed, of which one is deleted',
      { removed: ['A'] },
      { allowlist: list },
      [],
      '#4',
      ['#4', '#5'],
      [],
    ],
    [
      'a wanted list: Social and the default role are on it',
      { allowlist: ['A'] },
      {},
      [],
      '#4',
      ['#100', '#4', '#5'],
      [],
    ],
    [
      'a wanted list with an unknown name',
      { allowlist: ['A', 'Gone'] },
      {},
      [],
      '#4',
      ['#100', '#4', '#5'],
      ['unknown-role'],
    ],
    [
      'a wanted list with a role to be created',
      { allowlist: ['New'], roles: [wantedRole('New')] },
      {},
      [],
      '#4',
      ['#4', '#5', 'new:New'],
      [],
    ],
    ['wanted off', { allowlist: 'off' }, { allowlist: list }, [], '#4', 'off', []],
    [
      'wanted, and not readable',
      { allowlist: 'off' },
      { allowlist: 'unreadable' },
      [],
      '#4',
      'unreadable',
      ['allowlist-unreadable'],
    ],
    ['accepted', { allowlist: 'off' }, { allowlist: list }, ['allowlist'], '#4', ['#100', '#4', '#5'], []],
    [
      'accepted, and not readable',
      { allowlist: 'off' },
      { allowlist: 'unreadable' },
      ['allowlist'],
      '#4',
      'unreadable',
      [],
    ],
  ])('%s', (_, parts, live, accepted, defaultRole, expected, codes) => {
    const context = settings(parts, live, accepted);
    expect(resolveAllowlist(defaultRole as '#4', context)).toEqual(expected);
    expect(codesOf(context.findings)).toEqual(codes);
  });

  it('refuses an unreadable allowlist with the key and a fix', () => {
    const context = settings({ allowlist: 'off' }, { allowlist: 'unreadable' });
    resolveAllowlist('#4', context);
    expect(context.findings.refusals).toMatchObject([
      {
        message: 'the manifest gives an allowlist, and the one on the instance cannot be read',
        key: 'allowlist',
        hint: 'leave `allowlist` out, or use a token that may read the role settings',
      },
    ]);
  });

  it.each<[Partial<Manifest>, DriftSubject[], boolean]>([
    [{}, [], false],
    [{ allowlist: 'off' }, [], true],
    [{ allowlist: 'off' }, ['allowlist'], false],
    [{ allowlist: 'off' }, ['defaultRole'], true],
  ])('is managed by %j with %j accepted: %s', (parts, accepted, expected) => {
    expect(managesAllowlist(settings(parts, {}, accepted))).toBe(expected);
  });
});
