import { asChangeId } from './change-ids.js';
import type { Change, Move, Risk } from '../../src/plan/change.js';

const CALM: Risk = { level: 'low', reasons: [] };

/** The names in a plan, which may be hostile. */
export interface Names {
  made: string;
  renamed: string;
  old: string;
  gone: string;
  person: string;
  text: string;
}

/** Ordinary names. */
export const PLAIN_NAMES: Names = {
  made: 'Data Analyst',
  renamed: 'Report Author',
  old: 'Analyst',
  gone: 'Old Role',
  person: 'ana@acme.com',
  text: 'Builds cards and data sets',
};

/** The same hostile text for every name, distinguished by an index. */
export function hostileNames(text: string): Names {
  const name = (index: number): string => `${text}${index}`;
  return { made: name(1), renamed: name(2), old: name(3), gone: name(4), person: name(5), text };
}

function move(
  id: number,
  email: string,
  [from, fromId]: [string, number],
  why: Move['why'] = 'listed',
): Move {
  return { id, email, from, fromId, why, until: null };
}

/** One change of every kind, and two writes of one role's grants. */
export function everyChange(names: Names = PLAIN_NAMES): Change[] {
  const { made, renamed, old, gone, text } = names;
  const roles = '/api/authorization/v1/roles';
  const madeGrants = ['content.card.edit', 'content.page.edit', 'dataset.export', 'dataset.view'];
  return [
    {
      kind: 'role.create',
      id: asChangeId(`role.create:${made}`),
      step: null,
      role: made,
      roleId: `new:${made}`,
      before: null,
      after: {
        name: made,
        description: text,
        startsFrom: { name: 'Social', roleId: 5 },
        grants: ['dataset.view'],
      },
      dependsOn: [],
      risk: CALM,
      requests: [{ method: 'POST', path: roles, body: { name: made, description: text, fromRoleId: 5 } }],
    },
    {
      kind: 'role.update',
      id: asChangeId(`role.update:${renamed}`),
      step: null,
      role: renamed,
      roleId: 810756122,
      before: { name: old, description: `Reads reports\n${text}\nAsk ops` },
      after: { name: renamed, description: `Writes reports\n${text}\nAsk ops` },
      dependsOn: [],
      risk: { level: 'medium', reasons: [`"${old}" loses its name, which SAML mappings go by`] },
      requests: [
        {
          method: 'PUT',
          path: `${roles}/810756122`,
          body: { id: 810756122, name: renamed, description: text },
        },
      ],
    },
    {
      kind: 'grants.set',
      id: asChangeId(`grants.set:${made}`),
      step: null,
      role: made,
      roleId: `new:${made}`,
      before: ['dataset.view'],
      after: madeGrants,
      stage: 'before-moves',
      note: null,
      dependsOn: [asChangeId(`role.create:${made}`)],
      risk: CALM,
      requests: [{ method: 'PUT', path: `${roles}/{new:${made}}/authorities`, body: madeGrants }],
    },
    {
      kind: 'grants.set',
      id: asChangeId(`grants.set/before-moves:${renamed}`),
      step: 'before-moves',
      role: renamed,
      roleId: 810756122,
      before: ['buzz.admin', 'content.card.edit', 'dataset.view'],
      after: ['content.card.edit', 'dataset.view'],
      stage: 'before-moves',
      note: 'written twice: no one may hold buzz.admin and user.edit at once',
      dependsOn: [asChangeId(`role.update:${renamed}`)],
      risk: CALM,
      requests: [
        {
          method: 'PUT',
          path: `${roles}/810756122/authorities`,
          body: ['content.card.edit', 'dataset.view'],
        },
      ],
    },
    {
      kind: 'members.move',
      id: asChangeId(`members.move:${made}`),
      step: null,
      role: made,
      roleId: `new:${made}`,
      before: [
        { role: gone, people: 1 },
        { role: 'Social', people: 2 },
      ],
      after: { role: made, people: 3 },
      people: [
        move(1345408759, names.person, ['Social', 5]),
        move(1345408760, 'bo@acme.com', ['Social', 5]),
        move(1345408761, 'cy@acme.com', [gone, 910756123], 'role-deleted'),
      ],
      dependsOn: [asChangeId(`grants.set:${made}`)],
      risk: CALM,
      requests: [
        { method: 'PUT', path: `${roles}/{new:${made}}/users`, body: [1345408759, 1345408760, 1345408761] },
      ],
    },
    {
      kind: 'grants.set',
      id: asChangeId(`grants.set/after-moves:${renamed}`),
      step: 'after-moves',
      role: renamed,
      roleId: 810756122,
      before: ['content.card.edit', 'dataset.view'],
      after: ['content.card.edit', 'dataset.view', 'user.edit'],
      stage: 'after-moves',
      note: null,
      dependsOn: [asChangeId(`members.move:${made}`)],
      risk: { level: 'highest', reasons: ['it comes to hold user.edit, which is protected'] },
      requests: [
        {
          method: 'PUT',
          path: `${roles}/810756122/authorities`,
          body: ['content.card.edit', 'dataset.view', 'user.edit'],
        },
      ],
    },
    {
      kind: 'defaultRole.set',
      id: asChangeId('defaultRole.set'),
      step: null,
      role: made,
      roleId: `new:${made}`,
      before: 'Privileged',
      after: made,
      allowlistIds: [5],
      dependsOn: [asChangeId(`members.move:${made}`)],
      risk: { level: 'medium', reasons: ['newcomers land in another role'] },
      requests: [
        {
          method: 'PUT',
          path: `${roles}/settings`,
          body: { defaultRoleId: `{new:${made}}`, allowlistRoleIds: [5] },
        },
      ],
    },
    {
      kind: 'allowlist.set',
      id: asChangeId('allowlist.set'),
      step: null,
      role: null,
      roleId: null,
      before: [gone, 'Social'],
      after: [made, 'Social'],
      afterIds: [`new:${made}`, 5],
      defaultRoleId: `new:${made}`,
      dependsOn: [asChangeId('defaultRole.set')],
      risk: CALM,
      requests: [
        {
          method: 'PUT',
          path: `${roles}/settings`,
          body: { defaultRoleId: `{new:${made}}`, allowlistRoleIds: [`{new:${made}}`, 5] },
        },
      ],
    },
    {
      kind: 'role.delete',
      id: asChangeId(`role.delete:${gone}`),
      step: null,
      role: gone,
      roleId: 910756123,
      before: { name: gone, description: text, grants: ['content.page.edit', 'dataset.export'] },
      after: null,
      dependsOn: [asChangeId(`members.move:${made}`)],
      risk: { level: 'high', reasons: ['a deleted role comes back under another id only'] },
      requests: [{ method: 'DELETE', path: `${roles}/910756123`, body: null }],
    },
  ];
}
