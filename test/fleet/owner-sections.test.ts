import { describe, expect, it } from '@jest/globals';
import { groupChange } from '../../src/fleet/group-changes.js';
import { openOwnerSections, type OwnerSection } from '../../src/fleet/owner-sections.js';
import type { RoleOwner } from '../../src/model/standing.js';
import type { Change } from '../../src/plan/change.js';
import { creation, defaultRoleSet } from '../support/changes.js';
import { documentOf } from '../support/fleet-documents.js';
import { fleetRow } from '../support/fleet-rows.js';

/** A plan that creates these roles, with their owners. */
function planOf(owners: Readonly<Record<string, string | null>>, more: readonly Change[] = []) {
  const changes = [...Object.keys(owners).map((role) => creation(role, ['a.b'])), ...more];
  const list = Object.entries(owners).flatMap(([role, owner]): RoleOwner[] =>
    owner === null ? [] : [{ role, roleId: `new:${role}`, owner }],
  );
  return { changes, owners: list };
}

type Planned = ReturnType<typeof planOf>;

/** The sections of a fleet whose instances have these plans; `null` is a plan that the folder lacks. */
function sectionsOf(plans: Readonly<Record<string, Planned>>, lost: readonly string[] = []): OwnerSection[] {
  const rows = Object.keys(plans).map((instance) => fleetRow(instance, 'changes'));
  const document = documentOf(rows, {
    plans: Object.fromEntries(Object.entries(plans).map(([instance, { changes }]) => [instance, changes])),
  });
  const collector = openOwnerSections(document);
  for (const [instance, plan] of Object.entries(plans))
    collector.add(instance, lost.includes(instance) ? null : plan);
  return collector.sections();
}

const inShort = (sections: readonly OwnerSection[]): unknown =>
  sections.map(({ of, roles, groups }) => ({
    ...{ of: of.kind === 'owner' ? of.owner : `(${of.kind})`, roles },
    groups: groups.map(({ instances, changes }) => [...instances, ...changes.map(({ role }) => role)]),
  }));

describe('changes by owner', () => {
  it('put the changes of an owner together, whatever else the plans change', () => {
    const both = planOf({ Viewer: 'finance', Editor: 'media', Plain: null }, [defaultRoleSet(7, 'B')]);
    const one = planOf({ Viewer: 'finance' });
    expect(inShort(sectionsOf({ a: both, b: both, c: one }))).toEqual([
      { of: 'finance', roles: 1, groups: [['a', 'b', 'c', 'Viewer']] },
      { of: 'media', roles: 1, groups: [['a', 'b', 'Editor']] },
      { of: '(none)', roles: 1, groups: [['a', 'b', 'Plain']] },
      { of: '(settings)', roles: 1, groups: [['a', 'b', 'B']] },
    ]);
  });

  it('put equal changes together, whatever else their instances are warned of', () => {
    const plan = planOf({ Viewer: 'finance' });
    const rows = [fleetRow('a', 'changes'), fleetRow('b', 'changes', { warnings: ['idp-role'] })];
    const document = documentOf(rows, { plans: { a: plan.changes, b: plan.changes } });
    const collector = openOwnerSections(document);
    for (const instance of ['a', 'b']) collector.add(instance, plan);
    expect(inShort(collector.sections())).toEqual([
      { of: 'finance', roles: 1, groups: [['a', 'b', 'Viewer']] },
    ]);
  });

  it('put a role under the owner that its instance names', () => {
    expect(inShort(sectionsOf({ a: planOf({ Viewer: 'x' }), b: planOf({ Viewer: 'y' }) }))).toEqual([
      { of: 'x', roles: 1, groups: [['a', 'Viewer']] },
      { of: 'y', roles: 1, groups: [['b', 'Viewer']] },
    ]);
  });

  it('never give changes to an owner without the plan that names it', () => {
    const plans = { a: planOf({ Viewer: 'x' }), b: planOf({ Viewer: 'x' }) };
    expect(inShort(sectionsOf(plans, ['b']))).toEqual([
      { of: 'x', roles: 1, groups: [['a', 'Viewer']] },
      { of: '(unknown)', roles: 1, groups: [['b', 'Viewer']] },
    ]);
  });

  it('do not use a plan with other changes than the fleet document', () => {
    const rows = [fleetRow('a', 'changes')];
    const document = documentOf(rows, { plans: { a: planOf({ Viewer: null }).changes } });
    const collector = openOwnerSections(document);
    collector.add('a', planOf({ Editor: 'x' }));
    expect(inShort(collector.sections())).toEqual([{ of: '(unknown)', roles: 1, groups: [['a', 'Viewer']] }]);
  });

  it('have all changes of the document, each once', () => {
    const plans = { a: planOf({ X: 'x', Y: null }), b: planOf({ X: 'y', Z: 'x' }) };
    const found = sectionsOf(plans).flatMap(({ groups }) =>
      groups.flatMap(({ instances, changes }) =>
        instances.flatMap((instance) => changes.map((change) => JSON.stringify([instance, change]))),
      ),
    );
    const planned = Object.entries(plans).flatMap(([instance, { changes }]) =>
      changes.map((change) => JSON.stringify([instance, groupChange(change)])),
    );
    expect(found.sort()).toEqual(planned.sort());
  });
});
