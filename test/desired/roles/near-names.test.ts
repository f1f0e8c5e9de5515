import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { resolveDesiredState } from '../../../src/desired/resolve.js';
import { visibleText } from '../../../src/model/quoted-name.js';
import type { Manifest, ManifestRole } from '../../../src/manifest/manifest.js';
import type { AcceptedDrift } from '../../../src/model/policy.js';
import { makePlan } from '../../../src/plan/make-plan.js';
import type { Plan } from '../../../src/plan/plan.js';
import { ProblemError } from '../../../src/problem/problem.js';
import type { LiveRole, Snapshot } from '../../../src/model/snapshot.js';
import {
  exactGrants,
  liveRole,
  loadedOf,
  members,
  person,
  snapshotOf,
  wantedRole,
  WIDE_POLICY,
} from '../../support/arbitraries.js';

const TODAY = '2026-02-01';

function planFor(parts: Partial<Manifest>, snapshot: Snapshot): Plan {
  return makePlan(loadedOf({ policy: WIDE_POLICY, ...parts }), snapshot, {
    now: `${TODAY}T00:00:00.000Z`,
    version: '0',
    requestsFor: () => [],
  });
}

/** The codes of refusals, or of the problems that stop the plan. */
function codesFor(parts: Partial<Manifest>, live: readonly LiveRole[]): string[] {
  try {
    return planFor(parts, snapshotOf({ custom: live })).refusals.map(({ code }) => code);
  } catch (error) {
    if (error instanceof ProblemError) return error.problems.map(({ code }) => code);
    throw error;
  }
}

/** Each place of a manifest that names a role: a manifest with the name at that place only. */
const POSITIONS: Record<string, (name: string) => Partial<Manifest>> = {
  roles: (name) => ({ roles: [wantedRole(name)] }),
  removed: (name) => ({ removed: [name] }),
  renamedFrom: (name) => ({ roles: [wantedRole('Other', { renamedFrom: [name] })] }),
  from: (name) => ({ roles: [wantedRole('Other', { grants: { ...exactGrants(), from: [name] } })] }),
  basedOn: (name) => ({ roles: [wantedRole('Other', { basedOn: name })] }),
  defaultRole: (name) => ({ defaultRole: name }),
  allowlist: (name) => ({ allowlist: [name] }),
  removedMembersTo: (name) => ({ policy: { ...WIDE_POLICY, removedMembersTo: name } }),
  acceptedDrift: (name) => ({ policy: { ...WIDE_POLICY, acceptedDrift: [acceptedFor(name)] } }),
};

function acceptedFor(role: string): AcceptedDrift {
  return { role, what: 'members', people: null, reason: 'r', until: '2026-12-31' };
}

const NEAR: [string, string][] = [
  ['finance viewer', 'Finance Viewer'],
  ['Finance  Viewer', 'Finance Viewer'],
  ['Finance\u00a0Viewer', 'Finance Viewer'],
  ['FinanceViewer', 'Finance Viewer'],
  ['Finance Viewer', 'Finance\u200bViewer'],
  ['José', 'Jose\u0301'],
  ['Ｔeam', 'Team'],
  ['participant', 'Participant'],
];

describe.each(Object.entries(POSITIONS))('A name in %s', (position, manifestWith) => {
  const isWanted = position === 'roles';
  const others = position === 'from' || position === 'basedOn' ? 'unknown-role' : null;

  it.each(NEAR)('%j is refused while only %j is live, with the exact name in the hint', (name, near) => {
    const isSystem = near === 'Participant';
    const live = isSystem ? [] : [liveRole(100, near)];
    const { refusals } = planFor(manifestWith(name), snapshotOf({ custom: live }));
    expect(refusals.map(({ code }) => code)).toEqual(['ambiguous-name']);
    expect(refusals[0]?.items).toEqual([visibleText(`${near} (id ${isSystem ? 4 : 100})`)]);
    if (isSystem && isWanted) expect(refusals[0]?.hint).toBe('choose another name');
    else if (near !== 'Finance\u200bViewer' && near !== 'Jose\u0301')
      expect(refusals[0]?.hint).toContain(near);
    if (isSystem && position === 'removed') expect(refusals[0]?.hint).toContain('cannot be removed');
  });

  it('is resolved by an exact match, whatever similar names are live', () => {
    const live = [liveRole(100, 'Finance Viewer'), liveRole(101, 'finance viewer')];
    expect(codesFor(manifestWith('finance viewer'), live)).toEqual([]);
  });

  it.each([
    ['wanted', { roles: [wantedRole('Finance Viewer')] }],
    ['removed', { removed: ['Finance Viewer'] }],
    ['renamed', { roles: [wantedRole('Fin', { renamedFrom: ['Finance Viewer'] })] }],
    ['pinned', { roles: [wantedRole('Fin', { id: 100 })] }],
  ] satisfies [string, Partial<Manifest>][])(
    'does not mean a near live role that another entry has %s',
    (_, entry) => {
      const own = manifestWith('finance viewer');
      const both: Partial<Manifest> = {
        ...own,
        ...entry,
        roles: [...(own.roles ?? []), ...('roles' in entry ? entry.roles : [])],
        removed: [...(own.removed ?? []), ...('removed' in entry ? entry.removed : [])],
      };
      const unknown = ['removed', 'renamedFrom', 'roles'].includes(position) ? [] : ['unknown-role'];
      expect(codesFor(both, [liveRole(100, 'Finance Viewer')])).toEqual(unknown);
    },
  );

  it('is reported as unknown if no similar name is live', () => {
    const codes = codesFor(manifestWith('Finance'), [liveRole(100, 'Finance Viewer')]);
    const isFree = ['roles', 'removed', 'renamedFrom'].includes(position);
    expect(codes).toEqual(isFree ? [] : [others ?? 'unknown-role']);
  });
});

/** The same name with a typing error or an invisible change. */
const typingError = fc.constantFrom<(name: string) => string>(
  (name) => name.toLowerCase(),
  (name) => name.toUpperCase(),
  (name) => name.replace(' ', '  '),
  (name) => name.replace(' ', '\u00a0'),
  (name) => ` ${name}`,
  (name) => `${name}\u200b`,
  (name) => name.replace('n', 'n\u200d'),
  (name) => name.normalize('NFD'),
  (name) => name.normalize('NFC'),
  (name) => name.replace(/[A-Z]/gu, (letter) => String.fromCodePoint(letter.charCodeAt(0) + 0xfee0)),
  (name) => `\ufeff${name}`,
);
const typingErrors = fc
  .array(typingError, { maxLength: 3 })
  .map((list) => (name: string) => list.reduce((text, one) => one(text), name));

describe('Names that look alike', () => {
  it('never lead to a plan that silently changes nothing or creates a second role', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(POSITIONS)),
        typingErrors,
        typingErrors,
        (position, one, other) => {
          const name = one('Añalyst Numbér');
          const live = other('Añalyst Numbér');
          fc.pre(name !== live);
          expect(codesFor(POSITIONS[position]?.(name) ?? {}, [liveRole(100, live)])).toEqual([
            'ambiguous-name',
          ]);
        },
      ),
    );
  });
});

describe('A role to be created', () => {
  const warnings = (roles: readonly ManifestRole[], snapshot: Snapshot): string[] =>
    resolveDesiredState(loadedOf({ roles, policy: WIDE_POLICY }), snapshot, { now: TODAY })
      .findings.warnings.map(({ code }) => code)
      .filter((code) => code !== 'missing-dependency');
  const live = snapshotOf({
    custom: [liveRole(100, 'Old', ['a.view', 'b.export']), liveRole(101, 'Empty')],
    persons: [person(10, 100), person(11, 100)],
  });
  const grants = exactGrants('a.view', 'b.export');

  it.each<[string, Partial<ManifestRole>, string[]]>([
    ['has an old name that is not live', { renamedFrom: ['Gone'] }, ['old-name-not-live']],
    ['has old names of which one is live', { renamedFrom: ['Gone', 'Old'] }, []],
    ['has the grants of an unmanaged role', { grants }, ['looks-like-rename']],
    ['has its grants and people', { grants, members: members('exact', 10, 11) }, ['looks-like-rename']],
    ['has its people', { members: members('additive', 10, 11) }, ['looks-like-rename']],
    ['has its grants and other people', { grants, members: members('exact', 10) }, []],
    ['has other grants', { grants: exactGrants('a.view'), members: members('exact', 10, 11) }, []],
    [
      'has no grants and no people, like an unmanaged role',
      { members: members('exact'), grants: exactGrants() },
      [],
    ],
    ['has no keys', {}, []],
  ])('warns if it %s', (_, parts, codes) => {
    expect(warnings([wantedRole('New', parts)], live)).toEqual(codes);
  });

  it('does not look like a role that another entry matches', () => {
    expect(warnings([wantedRole('New', { grants }), wantedRole('Old')], live)).toEqual([]);
  });
});

describe('Two live roles of one name', () => {
  const twins = [liveRole(100, 'Twin'), liveRole(101, 'Twin')];

  it.each<[string, Partial<Manifest>, string[]]>([
    ['wanted', { roles: [wantedRole('Twin')] }, ['ambiguous-name']],
    ['wanted with an id', { roles: [wantedRole('Twin', { id: 100 })] }, []],
    ['an old name', { roles: [wantedRole('New', { renamedFrom: ['Twin'] })] }, ['ambiguous-rename']],
    ['an old name with an id', { roles: [wantedRole('New', { id: 100, renamedFrom: ['Twin'] })] }, []],
    ['a reference', { defaultRole: 'Twin' }, ['ambiguous-name']],
    ['a name to be given', { roles: [wantedRole('Twin', { id: 102 })] }, ['ambiguous-name']],
  ])('as %s', (_, parts, codes) => {
    expect(codesFor(parts, [...twins, liveRole(102, 'Third')])).toEqual(codes);
  });

  it('are both deleted when the name is removed', () => {
    const plan = planFor({ removed: ['Twin'] }, snapshotOf({ custom: twins }));
    expect(plan.changes.map(({ kind }) => kind)).toEqual(['role.delete', 'role.delete']);
  });

  it('resolve to the other role if one of them is pinned elsewhere', () => {
    const roles = [wantedRole('Twin', { description: 'x' }), wantedRole('New', { id: 101 })];
    const { target, findings } = resolveDesiredState(loadedOf({ roles }), snapshotOf({ custom: twins }), {
      now: TODAY,
    });
    expect(findings.refusals).toEqual([]);
    expect(target.state.roles.get('#100')).toMatchObject({ name: 'Twin', description: 'x' });
    expect(target.state.roles.get('#101')).toMatchObject({ name: 'New' });
  });
});
