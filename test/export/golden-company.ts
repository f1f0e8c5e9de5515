import { grantList } from '../../src/model/grant.js';
import type { Person, PersonKind } from '../../src/model/person.js';
import type { LiveRole, Snapshot } from '../../src/model/snapshot.js';
import { company } from './support.js';

const CARDS = ['content.card.analyzerview', 'content.card.edit', 'content.page.edit', 'content.export'];
const DATA = ['dataset.manage', 'dataset.export', 'dataflow.manage', 'dataflow.magic'];

/** A company with every case of an export: near names, copies, unusual people and texts. */
export function grownCompany(): Snapshot {
  const base = company();
  const held = (name: string): readonly string[] => base.roles.find((one) => one.name === name)?.grants ?? [];
  const role = (id: number, name: string, grants: readonly string[], description = ''): LiveRole => ({
    ...{ id, name, description, userCount: null, grantCount: null },
    grants: grantList(grants),
  });
  const person = (id: number, email: string | null, roleId: number, kind: PersonKind = 'active'): Person => ({
    id,
    email,
    name: `Person ${id}`,
    roleId,
    kind,
  });
  return {
    ...base,
    defaultRoleId: 4,
    allowlist: [4, 5, 604_118_927],
    roles: [
      ...base.roles,
      role(300_000_001, 'Content Lead', [...held('Editor'), 'user.invite'], 'Keeps the pages in order'),
      role(300_000_002, 'Auditor', held('Participant'), 'Looks, and does not touch:\n- cards\n- pages'),
      role(300_000_003, 'Sales EU', [...CARDS, ...DATA, 'buzz.admin']),
      role(300_000_004, 'Sales US', [...CARDS, ...DATA, 'alert.edit']),
      role(300_000_005, 'sales us', [...CARDS, ...DATA, 'goal.edit'], 'no'),
      role(300_000_006, 'no', ['not.in.catalogue', 'alert.edit']),
      role(300_000_007, 'Bell\u0007\n# roles: {}', ['alert.edit']),
      role(300_000_008, 'Admin\u202enimdA', []),
    ],
    people: {
      scope: 'all',
      list: [
        ...base.people.list,
        person(1_400_000_001, 'shared@acme.com', 300_000_003),
        person(1_400_000_002, 'shared@acme.com', 300_000_004),
        person(1_400_000_003, null, 300_000_004),
        person(1_400_000_004, '#first@acme.com', 300_000_004, 'pending'),
        { ...person(1_400_000_005, null, 300_000_006), name: 'x\n  - evil@acme.com\u001b[31m' },
        person(1_400_000_006, 'helper@domo.com', 300_000_004, 'support'),
        person(1_400_000_007, 'lost@acme.com', 300_000_007),
      ],
    },
  };
}
