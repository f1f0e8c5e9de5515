import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { openReader } from '../../src/live/open-reader.js';
import type { Snapshot } from '../../src/model/snapshot.js';
import { fillSandbox } from '../../src/rehearse/fill-sandbox.js';
import { toPlannedRequest } from '../../src/rehearse/to-planned-request.js';
import { openRoutes } from '../../src/routes/index.js';
import { openSandbox } from '../../src/sandbox/index.js';
import { anySnapshot, person, snapshotOf } from '../support/arbitraries.js';
import { inputs } from '../support/law.js';

/** The snapshot of an instance that was filled with this snapshot. */
async function readBack(snapshot: Snapshot): Promise<Snapshot> {
  const { state, quirks } = fillSandbox(snapshot, 'some-token');
  const sandbox = await openSandbox({ state, quirks, token: 'some-token' });
  const routes = openRoutes({
    instance: snapshot.instance,
    baseUrl: 'http://127.0.0.1',
    auth: { accessToken: 'some-token' },
    fetch: (request) => sandbox.fetch(request),
  });
  const reader = openReader(routes, { instance: snapshot.instance, sandbox: snapshot.sandbox });
  const ids = snapshot.people.list.map(({ id }) => id);
  const [core, list] = await Promise.all([reader.readCore(), reader.readPeopleByIds(ids)]);
  await sandbox.close();
  return { ...core, people: { scope: 'all', list } };
}

/** The snapshot without counts, which the instance computes itself. */
const withoutCounts = (snapshot: Snapshot): Snapshot => ({
  ...snapshot,
  roles: snapshot.roles.map((role) => ({ ...role, userCount: null, grantCount: null })),
});

describe('an instance filled from a snapshot', () => {
  it('reads back as that snapshot, with ids, kinds of people, settings and catalogue', async () => {
    await fc.assert(
      fc.asyncProperty(anySnapshot, async (snapshot) => {
        const filled = { ...snapshot, me: { id: 1, email: 'p1@acme.com', name: 'P 1' } };
        expect(withoutCounts(await readBack(filled))).toEqual(withoutCounts(filled));
      }),
      { numRuns: inputs(40) },
    );
  });

  it('has an unreadable allowlist if the snapshot has one', async () => {
    expect(await readBack(snapshotOf({ allowlist: 'unreadable' }))).toMatchObject({
      allowlist: 'unreadable',
      defaultRoleId: 4,
    });
  });

  it.each([
    ['no one acts in the snapshot', null, 78],
    ['the acting person is in no list of it', { id: 500, email: null, name: 'x' }, 500],
  ])('has a stand-in user outside all lists when %s', async (_when, me, id) => {
    const snapshot = snapshotOf({ me, persons: [person(77, 3)] });
    expect(fillSandbox(snapshot, 't').standIn).toBe(id);
    const read = await readBack(snapshot);
    expect(read.me?.id).toBe(id);
    expect(read.people.list.map((one) => one.id)).toEqual([1, 77]);
  });

  it('contains grants that the catalogue does not list', () => {
    const snapshot = snapshotOf({});
    const odd = { ...snapshot, roles: snapshot.roles.map((role) => ({ ...role, grants: ['not.listed'] })) };
    expect(fillSandbox(odd, 't').state.roles[0]?.authorities).toEqual(['not.listed']);
  });
});

describe('the planned form of a request', () => {
  const made = new Map([[810, 'new:Made'] as const, [811, 'new:Made too'] as const]);

  it.each([
    [
      'grants',
      { method: 'PUT', path: '/roles/810/authorities', body: ['810', 'a.edit'] },
      { method: 'PUT', path: '/roles/{new:Made}/authorities', body: ['810', 'a.edit'] },
    ],
    [
      'people, one of whom has the number of the role',
      { method: 'PUT', path: '/roles/810/users', body: [1, 810] },
      { method: 'PUT', path: '/roles/{new:Made}/users', body: [1, 810] },
    ],
    [
      'settings',
      {
        method: 'PUT',
        path: '/roles/settings',
        body: { defaultRoleId: 810, allowlistRoleIds: [5, 810, 900] },
      },
      {
        method: 'PUT',
        path: '/roles/settings',
        body: { defaultRoleId: '{new:Made}', allowlistRoleIds: [5, 900, '{new:Made}'] },
      },
    ],
    [
      'settings with a name that is a prefix of another one',
      {
        method: 'PUT',
        path: '/roles/settings',
        body: { defaultRoleId: 4, allowlistRoleIds: [4, 5, 811, 810] },
      },
      {
        method: 'PUT',
        path: '/roles/settings',
        body: { defaultRoleId: 4, allowlistRoleIds: [4, 5, '{new:Made}', '{new:Made too}'] },
      },
    ],
    [
      'settings that turn the list off',
      { method: 'PUT', path: '/roles/settings', body: { defaultRoleId: 4, allowlistRoleIds: null } },
      { method: 'PUT', path: '/roles/settings', body: { defaultRoleId: 4, allowlistRoleIds: null } },
    ],
    [
      'the default role as text',
      { method: 'PUT', path: '/states/x', body: { name: 'user.roleid.default', value: '810' } },
      { method: 'PUT', path: '/states/x', body: { name: 'user.roleid.default', value: '{new:Made}' } },
    ],
    [
      'a role whose name is a number',
      { method: 'POST', path: '/roles', body: { name: '810', description: '810', fromRoleId: 5 } },
      { method: 'POST', path: '/roles', body: { name: '810', description: '810', fromRoleId: 5 } },
    ],
  ])('refers to created roles by name: %s', (_what, sent, planned) => {
    expect(toPlannedRequest(sent, made)).toEqual(planned);
  });
});
