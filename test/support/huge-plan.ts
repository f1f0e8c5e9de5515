import { asChangeId } from './change-ids.js';
import type { Snapshot } from '../../src/model/snapshot.js';
import type { Change, GrantsSet, MembersMove, Risk } from '../../src/plan/change.js';
import type { Plan } from '../../src/plan/plan.js';
import { planOf } from './plan-builder.js';

/** The size of a plan, and a text that is part of every name. */
export interface Size {
  roles: number;
  grants: number;
  people: number;
  text?: string;
}

const LEVELS: readonly Risk['level'][] = ['low', 'low', 'medium', 'high', 'highest'];
const GROUPS = ['COMPANY', 'DATA', 'CONTENT', 'SOCIAL', 'USERS_GROUPS'];

const grantName = (index: number): string => `area${index % 9}.thing${index}.edit`;
const roleName = (index: number, text: string): string =>
  `Team ${String(index).padStart(3, '0')} ${text}`.trim();
const email = (index: number): string => `person.${String(index).padStart(5, '0')}@acme.com`;
const FIRST_ID = 800_000_000;

const someGrants = (count: number, role: number, shift: number): string[] =>
  Array.from({ length: count }, (_, index) => index)
    .filter((index) => (index * 7 + role * 3 + shift) % 5 < 2)
    .map(grantName)
    .sort();

/** A plan that writes the grants of every role and moves every person. */
export function hugePlan({ roles, grants, people, text = '' }: Size): Plan {
  const changes: Change[] = [];
  for (let index = 0; index < roles; index += 1) {
    changes.push(grantsSet(index, grants, text));
    const movers = Array.from({ length: people }, (_, id) => id).filter((id) => id % roles === index);
    if (movers.length > 0) changes.push(membersMove({ index, roles, movers, text }));
  }
  const impact = Array.from({ length: grants }, (_, index) => {
    const some = Array.from({ length: people }, (_unused, id) => id).filter((id) => (id + index) % 3 === 0);
    const gains = some.map((id) => ({ id: id + 1, email: email(id) }));
    const isProtected = index % 40 === 0;
    const listed = isProtected ? gains : gains.slice(0, 100);
    return {
      grant: grantName(index),
      title: `Edit things of kind ${index}`,
      protected: isProtected,
      gains: listed,
      loses: [],
      gainCount: gains.length,
      loseCount: 0,
    };
  });
  return planOf({ changes, impact });
}

function grantsSet(index: number, grants: number, text: string): GrantsSet {
  const after = someGrants(grants, index, 1);
  const name = roleName(index, text);
  const level = LEVELS[index % LEVELS.length] ?? 'low';
  return {
    kind: 'grants.set',
    id: asChangeId(`grants.set:${name}`),
    step: null,
    role: name,
    roleId: FIRST_ID + index,
    before: someGrants(grants, index, 0),
    after,
    stage: 'before-moves',
    note: null,
    dependsOn: [],
    risk: { level, reasons: level === 'low' ? [] : [`it comes to hold ${grantName(0)}`] },
    requests: [
      { method: 'PUT', path: `/api/authorization/v1/roles/${FIRST_ID + index}/authorities`, body: after },
    ],
  };
}

interface Movers {
  index: number;
  roles: number;
  movers: readonly number[];
  text: string;
}

function membersMove({ index, roles, movers, text }: Movers): MembersMove {
  const name = roleName(index, text);
  const from = (index + 1) % roles;
  return {
    kind: 'members.move',
    id: asChangeId(`members.move:${name}`),
    step: null,
    role: name,
    roleId: FIRST_ID + index,
    before: [{ role: roleName(from, text), people: movers.length }],
    after: { role: name, people: movers.length },
    people: movers.map((id) => ({
      id: id + 1,
      email: email(id),
      from: roleName(from, text),
      fromId: FIRST_ID + from,
      why: 'listed' as const,
      until: null,
    })),
    dependsOn: [asChangeId(`grants.set:${name}`)],
    risk: { level: 'low', reasons: [] },
    requests: [
      {
        method: 'PUT',
        path: `/api/authorization/v1/roles/${FIRST_ID + index}/users`,
        body: movers.map((id) => id + 1),
      },
    ],
  };
}

/** The live state that such a plan starts from. */
export function hugeSnapshot({ roles, grants, people, text = '' }: Size): Snapshot {
  const list = Array.from({ length: roles }, (_, index) => ({
    id: FIRST_ID + index,
    name: roleName(index, text),
    description: `What team ${index} needs`,
    grants: someGrants(grants, index, 0),
    userCount: null,
    grantCount: null,
  }));
  return {
    instance: 'acme',
    sandbox: false,
    me: { id: 1, email: email(0), name: 'Person 0' },
    roles: list,
    people: {
      scope: 'all',
      list: Array.from({ length: people }, (_, id) => ({
        id: id + 1,
        email: email(id),
        name: `Person ${id} ${text}`,
        roleId: FIRST_ID + ((id + 1) % Math.max(1, roles)),
        kind: 'active' as const,
      })),
    },
    defaultRoleId: FIRST_ID,
    allowlist: 'off',
    catalogue: Array.from({ length: grants }, (_, index) => ({
      grant: grantName(index),
      title: `Edit things of kind ${index} ${text}`.trim(),
      group: GROUPS[index % GROUPS.length] ?? 'DATA',
      dependsOn: [],
      adminLevel: index % 40 === 0,
      features: [],
    })).sort((a, b) => (a.grant < b.grant ? -1 : 1)),
  };
}
