import type { Grant } from '../../src/model/grant.js';
import { byCodeUnit } from '../../src/model/sort.js';
import { DEFAULT_POLICY } from '../../src/model/policy.js';
import type { Snapshot } from '../../src/model/snapshot.js';
import type {
  AllowlistSet,
  Change,
  DefaultRoleSet,
  GrantsSet,
  GrantStage,
  MembersMove,
  PlanRoleId,
  RoleCreate,
  RoleDelete,
  RoleUpdate,
} from '../../src/plan/change.js';
import { digestOf } from '../../src/plan/digest.js';
import { fingerprintsOf } from '../../src/plan/fingerprint.js';
import { PLAN_FORMAT } from '../../src/plan/plan.js';
import type { Plan } from '../../src/plan/plan.js';
import { reliedOn } from '../../src/plan/relied-on.js';
import { summarise } from '../../src/plan/review/summary.js';
import { asChangeId, asChangeIds } from './change-ids.js';

const REST = { risk: { level: 'low', reasons: [] }, requests: [] } as const;

/** Builds the changes of a plan by hand, from live state. */
export function changesOn(snapshot: Snapshot) {
  const byName = (name: string): Snapshot['roles'][number] => {
    const role = snapshot.roles.find((one) => one.name === name);
    if (!role) throw new TypeError(`no role ${name}`);
    return role;
  };
  const idOf = (name: string): PlanRoleId =>
    snapshot.roles.find((one) => one.name === name)?.id ?? `new:${name}`;
  return {
    create(
      name: string,
      more: { from?: string; description?: string; dependsOn?: string[] } = {},
    ): RoleCreate {
      const from = byName(more.from ?? 'Social');
      return {
        id: asChangeId(`role.create:${name}`),
        step: null,
        kind: 'role.create',
        role: name,
        roleId: `new:${name}`,
        before: null,
        after: {
          name,
          description: more.description ?? '',
          startsFrom: { name: from.name, roleId: from.id },
          grants: from.grants,
        },
        dependsOn: asChangeIds(more.dependsOn),
        ...REST,
      };
    },
    update(
      name: string,
      to: string,
      more: { id?: string; step?: RoleUpdate['step']; from?: string; dependsOn?: string[] } = {},
    ): RoleUpdate {
      const role = byName(name);
      return {
        id: asChangeId(more.id ?? `role.update:${to}`),
        step: more.step ?? null,
        kind: 'role.update',
        role: to,
        roleId: role.id,
        before: { name: more.from ?? name, description: role.description },
        after: { name: to, description: role.description },
        dependsOn: asChangeIds(more.dependsOn),
        ...REST,
      };
    },
    grants(
      name: string,
      after: Grant[],
      more: {
        before?: readonly Grant[];
        stage?: GrantStage;
        step?: GrantStage;
        dependsOn?: string[];
        id?: string;
      } = {},
    ): GrantsSet {
      const roleId = idOf(name);
      return {
        id: asChangeId(more.id ?? `grants.set:${name}`),
        step: more.step ?? null,
        kind: 'grants.set',
        role: name,
        roleId,
        before: more.before ?? (typeof roleId === 'number' ? byName(name).grants : byName('Social').grants),
        after: [...after].sort(byCodeUnit),
        stage: more.stage ?? 'before-moves',
        note: null,
        dependsOn: asChangeIds(more.dependsOn),
        ...REST,
      };
    },
    move(name: string, ids: readonly number[], dependsOn: string[] = []): MembersMove {
      const people = ids.map((id) => {
        const person = snapshot.people.list.find((one) => one.id === id);
        const fromId = person?.roleId ?? 0;
        const from = snapshot.roles.find((role) => role.id === fromId)?.name ?? '';
        return { id, email: person?.email ?? null, from, fromId, why: 'listed' as const, until: null };
      });
      return {
        id: asChangeId(`members.move:${name}`),
        step: null,
        kind: 'members.move',
        role: name,
        roleId: idOf(name),
        before: [],
        after: { role: name, people: people.length },
        people,
        dependsOn: asChangeIds(dependsOn),
        ...REST,
      };
    },
    setDefault(name: string, dependsOn: string[] = []): DefaultRoleSet {
      return {
        id: asChangeId('defaultRole.set'),
        step: null,
        kind: 'defaultRole.set',
        role: name,
        roleId: idOf(name),
        before: '',
        after: name,
        allowlistIds: snapshot.allowlist,
        dependsOn: asChangeIds(dependsOn),
        ...REST,
      };
    },
    allowlist(names: readonly string[] | 'off', defaultName: string, dependsOn: string[] = []): AllowlistSet {
      return {
        id: asChangeId('allowlist.set'),
        step: null,
        kind: 'allowlist.set',
        role: null,
        roleId: null,
        before: 'off',
        after: names,
        afterIds: names === 'off' ? null : names.map(idOf),
        defaultRoleId: idOf(defaultName),
        dependsOn: asChangeIds(dependsOn),
        ...REST,
      };
    },
    remove(name: string, dependsOn: string[] = []): RoleDelete {
      const { id, description, grants } = byName(name);
      return {
        id: asChangeId(`role.delete:${name}`),
        step: null,
        kind: 'role.delete',
        role: name,
        roleId: id,
        before: { name, description, grants },
        after: null,
        dependsOn: asChangeIds(dependsOn),
        ...REST,
      };
    },
  };
}

/** A plan of these changes, with the fingerprints that a planner would record. */
export function planOf(snapshot: Snapshot, changes: readonly Change[]): Plan {
  const body: Omit<Plan, 'digest'> = {
    formatVersion: PLAN_FORMAT,
    kind: 'plan',
    madeBy: 'domo-roles 0.0.0',
    madeAt: '2026-01-01T00:00:00.000Z',
    instance: snapshot.instance,
    sandbox: snapshot.sandbox,
    me: snapshot.me && { id: snapshot.me.id, email: snapshot.me.email },
    offline: false,
    manifest: { files: [] },
    summary: summarise(changes, { refusals: 0, warnings: 0, unchanged: 0 }),
    changes,
    impact: [],
    impactLimit: 100,
    refusals: [],
    allowed: [],
    weakenedGuards: [],
    rules: [],
    acceptedDrift: [],
    accepted: [],
    warnings: [],
    unmanaged: { policy: 'report', roles: [] },
    owners: [],
    missingPeople: [],
    held: [],
    policy: DEFAULT_POLICY,
    fingerprints: fingerprintsOf(snapshot, changes.flatMap(reliedOn)),
  };
  return { ...body, digest: digestOf({ ...body, madeAt: null }) };
}

/** A plan with every kind of change, including a split, a cycle of names, another default role and a deletion. */
export async function planOfEverything(
  snapshot: Snapshot,
  hidden: Snapshot['people']['list'],
): Promise<Plan> {
  const all: Snapshot = { ...snapshot, people: { scope: 'all', list: [...snapshot.people.list, ...hidden] } };
  const on = changesOn(all);
  const temporary = '~domo-roles 103';
  return planOf(all, [
    on.update('Ring A', temporary, { id: 'role.update/temporary:Ring B', step: 'temporary' }),
    on.update('Ring B', 'Ring A', { dependsOn: ['role.update/temporary:Ring B'] }),
    on.update('Ring A', 'Ring B', {
      from: temporary,
      dependsOn: ['role.update:Ring A', 'role.update/temporary:Ring B'],
    }),
    on.create('Copy', { from: 'Analyst', description: 'keeps its start' }),
    on.create('New', { description: 'gets its own list' }),
    on.grants('Analyst', ['a.edit', 'a.view'], {
      stage: 'before-moves',
      step: 'before-moves',
      id: 'grants.set/before-moves:Analyst',
    }),
    on.grants('New', ['a.admin', 'a.view'], { dependsOn: ['role.create:New'] }),
    on.move('Analyst', [11], ['grants.set/before-moves:Analyst']),
    on.move('New', [10, 13], ['grants.set:New', 'role.create:New']),
    on.move('Participant', [12, 14]),
    on.grants('Analyst', ['a.edit', 'a.view', 'b.edit'], {
      before: ['a.edit', 'a.view'],
      stage: 'after-moves',
      step: 'after-moves',
      id: 'grants.set/after-moves:Analyst',
      dependsOn: ['grants.set/before-moves:Analyst', 'members.move:New'],
    }),
    on.setDefault('Copy', ['role.create:Copy']),
    on.allowlist(['Copy', 'New', 'Social'], 'Copy', [
      'defaultRole.set',
      'role.create:Copy',
      'role.create:New',
    ]),
    on.remove('Old', ['allowlist.set', 'members.move:Participant']),
  ]);
}
