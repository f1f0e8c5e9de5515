import { afterEach, describe, expect, it } from '@jest/globals';
import { readAudit } from '../../src/live/audit.js';
import type { AuditEvent } from '../../src/model/audit.js';
import { openReader } from '../../src/live/open-reader.js';
import { attribute } from '../../src/drift/attribute.js';
import { makeDrift } from '../../src/drift/make-drift.js';
import { readWholeSnapshot } from '../../src/reconcile/read-live-state.js';
import { openRoutes } from '../../src/routes/index.js';
import type { Routes } from '../../src/routes/index.js';
import { requestsFor } from '../../src/apply/requests-for-change.js';
import { openSandbox, seedState } from '../../src/sandbox/index.js';
import type { Edit, Sandbox, SandboxState } from '../../src/sandbox/index.js';
import { loadedOf, memberEntry, wantedRole, WIDE_POLICY } from '../support/arbitraries.js';
import { everyDrift } from '../support/drift.js';

const OPTIONS = { now: '2026-02-01T00:00:00.000Z', version: '0.0.0', requestsFor };
const NOON = Date.parse('2026-01-31T12:00:00.000Z');

const open: Sandbox[] = [];
afterEach(async () => {
  for (const sandbox of open.splice(0)) await sandbox.close();
});

async function company(
  state: SandboxState = seedState(),
): Promise<{ sandbox: Sandbox; routes: Routes; later: (ms: number) => void }> {
  let time = NOON;
  const sandbox = await openSandbox({ state, token: 'a-token', clock: () => time });
  open.push(sandbox);
  const routes = openRoutes({
    instance: 'acme',
    baseUrl: 'http://127.0.0.1',
    auth: { accessToken: 'a-token' },
    fetch: (request) => sandbox.fetch(request),
    retries: 0,
  });
  return { sandbox, routes, later: (ms) => void (time += ms) };
}

/** A manifest that matches the current roles of the seeded company. */
async function manifestOf(routes: Routes) {
  const { roles, defaultRoleId, people } = await readWholeSnapshot(
    openReader(routes, { instance: 'acme', sandbox: false }),
  );
  return loadedOf({
    defaultRole: roles.find(({ id }) => id === defaultRoleId)?.name ?? null,
    allowlist: 'off',
    roles: roles.map(({ id, name, grants, description }) =>
      wantedRole(name, {
        ...(id > 5
          ? { description, grants: { mode: 'exact', from: [], add: grants, remove: [], optional: [] } }
          : {}),
        members: {
          mode: 'additive',
          users: people.list
            .filter(({ roleId, kind }) => roleId === id && kind === 'active')
            .map((one) => memberEntry({ id: one.id })),
        },
      }),
    ),
    policy: { ...WIDE_POLICY, unmanagedRoles: 'delete', removedMembersTo: 'Social' },
  });
}

const ANALYST = 810_756_122;
const OLD_REPORTING = 158_233_404;
const ana = seedState().users.find(({ email }) => email === 'ana@acme.com')?.id ?? 0;

describe('the author of drift', () => {
  it.each<[string, Edit]>([
    ['grants.set', { edit: 'set-grants', roleId: ANALYST, authorities: ['user.edit'] }],
    ['role.update', { edit: 'update-role', roleId: ANALYST, description: 'Another one' }],
    ['members.move', { edit: 'move-users', roleId: 4, userIds: [ana] }],
    ['defaultRole.set', { edit: 'set-default-role', roleId: 3 }],
    ['allowlist.set', { edit: 'set-allowlist', roleIds: [2, 4] }],
    ['role.create', { edit: 'delete-role', roleId: OLD_REPORTING }],
    ['role.delete', { edit: 'create-role', name: 'Shadow', authorities: ['user.edit'] }],
  ])('is found in the audit log: %s', async (kind, edit) => {
    const { sandbox, routes, later } = await company();
    const loaded = await manifestOf(routes);
    // Makes the log contain a separate event for grants.
    sandbox.edit({ edit: 'set-grants', roleId: OLD_REPORTING, authorities: ['audit'] });
    later(60_000);
    sandbox.edit(edit);
    later(60_000);
    const live = await readWholeSnapshot(openReader(routes, { instance: 'acme', sandbox: false }));
    const drift = attribute(
      makeDrift(loaded, live, OPTIONS),
      await readAudit(routes, { since: 0, now: NOON + 999_999 }),
    );
    const found =
      drift.changes.findLast((change) => change.kind === kind && change.role !== 'Old Reporting') ??
      drift.changes.find((change) => change.kind === kind);
    expect(found).toMatchObject({ by: expect.stringMatching(/\w/u), at: '2026-01-31T12:01:00.000Z' });
    expect(found?.by).toBe(sandbox.state().audit.at(-1)?.actorName);
    expect(drift.attribution).toEqual({ available: true, note: null });
  });

  it('is the author of the last change', async () => {
    const { sandbox, routes, later } = await company();
    const loaded = await manifestOf(routes);
    sandbox.edit({ edit: 'set-grants', roleId: OLD_REPORTING, authorities: ['audit'] });
    for (const description of ['first', 'second']) {
      later(60_000);
      sandbox.edit({ edit: 'update-role', roleId: ANALYST, description });
    }
    const live = await readWholeSnapshot(openReader(routes, { instance: 'acme', sandbox: false }));
    const { changes } = attribute(
      makeDrift(loaded, live, OPTIONS),
      await readAudit(routes, { since: 0, now: NOON + 999_999 }),
    );
    const update = changes.find(({ kind }) => kind === 'role.update');
    expect(update).toMatchObject({ at: '2026-01-31T12:02:00.000Z' });
  });

  it.each([
    ['may not read it', 'a-token', /audit/u],
    ['is not accepted', 'another-token', /token/u],
  ])('is no one, and no error, with a token that %s', async (_what, accessToken, note) => {
    const { sandbox } = await company({ ...seedState(), tokens: { 'a-token': ana } });
    const routes = openRoutes({
      instance: 'acme',
      baseUrl: 'http://127.0.0.1',
      auth: { accessToken },
      fetch: (request) => sandbox.fetch(request),
    });
    const log = await readAudit(routes, { since: 0, now: NOON });
    expect(log).toMatchObject({ events: [], available: false, note: expect.stringMatching(note) });
  });
});

describe('attribution', () => {
  const event = (parts: Partial<AuditEvent>): AuditEvent => ({
    at: '2026-01-31T12:00:00.000Z',
    by: 'Root Keeper',
    action: 'update',
    subject: 'person',
    objectId: '10',
    objectName: '',
    text: '',
    mentions: ['role'],
    ...parts,
  });

  it('has the newest time if several people made moves', () => {
    const events = [
      event({ text: 'moved P 10 from Beta to Alpha', at: '2026-01-30T00:00:00.000Z', by: 'Ines' }),
      event({ objectId: '11', text: 'moved P 11 from Beta to Alpha', by: 'Tomas' }),
    ];
    const { changes } = attribute(everyDrift(), { events, available: true, note: null });
    const move = changes.find(({ kind }) => kind === 'members.move');
    expect(move).toMatchObject({ by: 'Ines, Tomas', at: '2026-01-31T12:00:00.000Z' });
  });

  it('leaves drift unchanged if the log could not be read', () => {
    const drift = everyDrift();
    expect(attribute(drift, { events: [], available: false, note: 'no' })).toEqual({
      ...drift,
      attribution: { available: false, note: 'no' },
    });
  });

  it.each([
    [{ actorName: 'Ana', userName: 'Bo', actorId: 1, userId: '2' }, 'Ana'],
    [{ actorName: '', userName: 'Bo', actorId: 0, userId: '2' }, 'Bo'],
    [{ actorName: '', userName: '', actorId: 0, userId: '2' }, 'person 2'],
    [{ userId: '2' }, 'person 2'],
    [{ actorId: 7 }, 'person 7'],
    [{ actorName: '', userName: '', actorId: 0 }, undefined],
  ])('reads the author from %j: %s', async (fields, by) => {
    const response = [{ ...fields, time: 1000, objectType: 'ROLE', actionType: 'UPDATED' }];
    const empty = { status: 200, isSuccess: true, parentClass: null };
    const log = await readAudit(
      {
        getAuditLog: async ({ objectType }) => ({
          ...empty,
          response: objectType === 'ROLE' ? response : [],
        }),
      },
      { since: 0, now: 2000 },
    );
    expect(log.events[0]?.by).toBe(by);
  });

  it('ignores invalid lines of the log', async () => {
    const odd = [
      null,
      {},
      { actorName: 'x' },
      { actorName: 'x', time: 'soon' },
      { time: 1 },
      { actorName: 'x', time: 1e300 },
      { actorId: 7, time: 1000, objectType: 'role', actionType: 'updated', objectId: 5 },
    ];
    const log = await readAudit(
      {
        getAuditLog: async ({ objectType }) => ({
          status: 200,
          isSuccess: true,
          parentClass: null,
          response: objectType === 'ROLE' ? odd.filter((one) => one !== null) : [],
        }),
      },
      { since: 0, now: 1 },
    );
    expect(log.events).toEqual([
      {
        at: '1970-01-01T00:00:01.000Z',
        by: 'person 7',
        action: 'update',
        subject: 'role',
        objectId: '5',
        objectName: '',
        text: '',
        mentions: [],
      },
    ]);
  });
});
