import { describe, expect, it } from '@jest/globals';
import { warning } from '../../src/problem/problem.js';
import { quotedName, visibleText } from '../../src/model/quoted-name.js';
import { requestsFor } from '../../src/apply/requests-for-change.js';
import { makePlan } from '../../src/plan/make-plan.js';
import { toPlanWarning } from '../../src/plan/plan-warnings.js';
import type { ManifestRole } from '../../src/manifest/manifest.js';
import { HOSTILE_TEXTS } from '../support/hostile-texts.js';
import { exactGrants, liveRole, loadedOf, members, snapshotOf, wantedRole } from '../support/arbitraries.js';

const live = snapshotOf({ custom: [liveRole(100, 'A', ['a.view']), liveRole(101, 'Gone')] });

function warnings(roles: ManifestRole[], removed: string[] = []): [string, string][] {
  const now = '2026-01-01T00:00:00.000Z';
  const plan = makePlan(loadedOf({ roles, removed }), live, { now, version: '0', requestsFor });
  return plan.warnings.map(({ code, message }) => [code, message]);
}

describe('the warnings of a plan', () => {
  it.each<[string, [string, string][], [string, string][]]>([
    ['do not mention a role that stays', warnings([wantedRole('A')]), []],
    [
      'explain the effects of a new name',
      warnings([wantedRole('B', { id: 100 })]),
      [['rename-breaks-saml', '"A" becomes "B": SAML sets roles by name']],
    ],
    ['do not mention a new description', warnings([wantedRole('A', { description: 'new' })]), []],
    [
      'explain the effects of a delete',
      warnings([], ['Gone']),
      [['deletes-break-scim', '"Gone" (id 101) is deleted: SCIM sets roles by id']],
    ],
    [
      'name protected grants of a role without members',
      warnings([wantedRole('A', { grants: exactGrants('a.view', 'authorization.roles') })]),
      [['protected-without-people', 'role "A" has no members and gains protected authorization.roles']],
    ],
    [
      'do not mention protected grants that people gain, which are refused',
      warnings([
        wantedRole('A', {
          grants: exactGrants('a.view', 'authorization.roles'),
          members: members('additive', 1),
        }),
      ]),
      [],
    ],
  ])('%s', (_, found, expected) => {
    expect(found.filter(([code]) => expected.some(([one]) => one === code) || expected.length === 0)).toEqual(
      expected,
    );
  });

  it.each(HOSTILE_TEXTS)('are one clean line each when a name %s', (_, text) => {
    const name = `x${text}`;
    const hostile = snapshotOf({ custom: [liveRole(100, name), liveRole(101, `${name} gone`)] });
    const roles = [wantedRole('B', { id: 100, grants: exactGrants('authorization.roles') })];
    const now = '2026-01-01T00:00:00.000Z';
    const plan = makePlan(loadedOf({ roles, removed: [`${name} gone`] }), hostile, {
      now,
      version: '0',
      requestsFor,
    });
    const shown = [
      ...plan.warnings.flatMap(({ message, hint }) => [message, hint ?? '']),
      ...plan.fingerprints.map(({ label }) => label),
      ...[...plan.refusals, ...plan.allowed].flatMap(({ message, items }) => [message, ...items]),
    ];
    expect(shown.map(visibleText)).toEqual(shown);
    expect(plan.warnings.map(({ message }) => message)).toContain(
      `${quotedName(name)} becomes "B": SAML sets roles by name`,
    );
    expect(plan.fingerprints.map(({ label }) => label)).toContain(`role ${quotedName(name)}`);
  });

  it('contain their place and hint, or null', () => {
    const where = { file: 'a.yaml', line: 3, column: 5 };
    expect(toPlanWarning(warning('split-gap', 'm', { where, hint: 'h' }))).toEqual({
      code: 'split-gap',
      message: 'm',
      ...where,
      hint: 'h',
    });
    expect(toPlanWarning(warning('split-gap', 'm', {}))).toEqual({
      code: 'split-gap',
      message: 'm',
      file: null,
      line: null,
      column: null,
      hint: null,
    });
  });
});
