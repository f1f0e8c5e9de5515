import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { endView, explainPerson, viewOf } from '../../src/access/index.js';
import type { PersonDetails } from '../../src/access/index.js';
import { loadManifest } from '../../src/manifest/load/load.js';
import { liveRole, person, snapshotOf } from '../support/arbitraries.js';

const NOW = '2026-02-01T00:00:00.000Z';

const live = snapshotOf({
  custom: [
    liveRole(100, 'Old Alpha', ['a.edit', 'a.view', 'b.view', 'c.use', 'not.listed']),
    liveRole(101, 'Gone', ['a.view']),
  ],
  persons: [person(10, 100), person(11, 101, 'pending'), person(12, 3), person(13, 5), person(14, 2)],
});

const FILES = {
  'domo-roles.yaml': `apiVersion: domo-roles/v1
kind: Roles
extends: base.yaml
roles:
  Alpha:
    renamedFrom: [Old Alpha]
    grants:
      from: [Participant, Social]
      sets: [edits]
      add: [b.view]
    members:
      mode: additive
      users: [{ email: P10@acme.com, note: TICKET-7 }]
      file: more.txt
  Privileged:
    members:
      mode: additive
      users:
        - { email: p13@acme.com, until: 2026-02-28, note: break glass }
        - { email: p14@acme.com, until: 2026-01-31 }
  Social:
    members: { mode: additive, users: [p13@acme.com, p14@acme.com] }
removed: [Gone]
policy: { removedMembersTo: Participant }
`,
  'base.yaml': `apiVersion: domo-roles/v1
kind: Roles
grantSets:
  edits:
    - a.edit
`,
  'more.txt': `# more
p12@acme.com
`,
};

async function explain(user: string): Promise<PersonDetails> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'domo-roles-explain-')));
  try {
    for (const [name, text] of Object.entries(FILES)) await writeFile(join(folder, name), text);
    const loaded = await loadManifest([], { cwd: folder });
    const end = endView(loaded, live, { now: NOW });
    return explainPerson(viewOf(live), user, { loaded, end, now: NOW });
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe('the details of a person', () => {
  it('have the entry that lists them, and for each grant the entry that gives it to the role', async () => {
    expect(await explain('p10@ACME.com')).toEqual({
      id: 10,
      email: 'p10@acme.com',
      name: 'P 10',
      pending: false,
      role: 'Old Alpha',
      roleId: 100,
      plannedRole: 'Alpha',
      plannedRoleId: 100,
      entries: [
        {
          role: 'Alpha',
          until: null,
          ended: false,
          note: 'TICKET-7',
          file: 'domo-roles.yaml',
          line: 13,
        },
      ],
      grants: [
        { grant: 'a.edit', title: 'Title of a.edit', file: 'base.yaml', line: 5 },
        { grant: 'a.view', title: 'Title of a.view', file: 'domo-roles.yaml', line: 8 },
        { grant: 'b.view', title: 'Title of b.view', file: 'domo-roles.yaml', line: 10 },
        { grant: 'c.use', title: 'Title of c.use', file: 'domo-roles.yaml', line: 8 },
        { grant: 'not.listed', title: null, file: null, line: null },
      ],
    });
  });

  it('have the line of a members file, and the role after a plan', async () => {
    expect(await explain('12')).toMatchObject({
      role: 'Editor',
      plannedRole: 'Alpha',
      entries: [{ role: 'Alpha', file: 'more.txt', line: 2 }],
      grants: [
        { grant: 'a.view', file: null, line: null },
        { grant: 'b.view', file: null, line: null },
      ],
    });
  });

  it('have no entries if the manifest does not list them', async () => {
    expect(await explain('p11@acme.com')).toMatchObject({
      pending: true,
      role: 'Gone',
      plannedRole: 'Participant',
      entries: [],
      grants: [{ grant: 'a.view', file: null }],
    });
  });

  it.each([
    ['13', 'Social', 'Privileged', { until: '2026-02-28', ended: false, note: 'break glass', line: 19 }],
    ['14', 'Privileged', 'Social', { until: '2026-01-31', ended: true, note: null, line: 20 }],
  ])('of person %s with a timed entry has both entries', async (id, role, plannedRole, timed) => {
    expect(await explain(id)).toMatchObject({
      role,
      plannedRole,
      entries: [
        { role: 'Privileged', ...timed },
        { role: 'Social', until: null, ended: false, line: 22 },
      ],
    });
  });

  it('are those of live state without a manifest', () => {
    expect(explainPerson(viewOf(live), 'p12@acme.com', null)).toMatchObject({
      role: 'Editor',
      plannedRole: null,
      entries: [],
      grants: [{ grant: 'a.view', file: null, line: null }, { grant: 'b.view' }],
    });
  });

  it('are refused for an unknown person', () => {
    expect(() => explainPerson(viewOf(live), 'p1O@acme.com', null)).toThrow('there is no person');
  });
});
