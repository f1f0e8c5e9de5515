import { chmod, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  loadState,
  makeState,
  openSandbox,
  saveState,
  seedState,
  serveSandbox,
  stateFile,
} from '../../src/sandbox/index.js';
import { lockFolder } from '../../src/sandbox/folder-lock.js';
import { ANALYST, inProcess, ROLES, SEARCH } from './support.js';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'sandbox-'));
});
afterEach(() => rm(root, { recursive: true }));

describe('the folder', () => {
  it('keeps the instance after it is closed and opened again', async () => {
    const folder = join(root, 'deep', 'down');
    const first = await openSandbox({ folder });
    await inProcess(first)('POST', ROLES, { name: 'Kept' });
    const again = await openSandbox({ folder });
    expect(again.state()).toEqual(first.state());
    expect(again.state().roles.map((role) => role.name)).toContain('Kept');
  });

  it('is private to its owner', async () => {
    const folder = join(root, 'mine');
    await openSandbox({ folder });
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect((await stat(stateFile(folder))).mode & 0o777).toBe(0o600);
  });

  it('stores every write before its response is sent', async () => {
    const folder = join(root, 'mine');
    const sandbox = await openSandbox({ folder });
    const call = inProcess(sandbox);
    for (const name of ['One', 'Two', 'Three']) {
      await call('POST', ROLES, { name });
      const kept = JSON.parse(await readFile(stateFile(folder), 'utf8')) as { roles: { name: string }[] };
      expect(kept.roles.map((role) => role.name)).toContain(name);
    }
  });

  it('stores all of many concurrent writes', async () => {
    const folder = join(root, 'mine');
    const sandbox = await openSandbox({ folder });
    const call = inProcess(sandbox);
    await Promise.all(Array.from({ length: 25 }, (_, n) => call('POST', ROLES, { name: `R${n}` })));
    expect(await loadState(folder)).toEqual(sandbox.state());
  });

  it('stores the edit of another person at the next request or on closing', async () => {
    const folder = join(root, 'mine');
    const sandbox = await openSandbox({ folder });
    const names = async () => (await loadState(folder))?.roles.map((role) => role.name);
    sandbox.edit({ edit: 'create-role', name: 'Theirs' });
    await inProcess(sandbox)('GET', ROLES);
    expect(await names()).toContain('Theirs');
    sandbox.edit({ edit: 'create-role', name: 'Theirs too' });
    await sandbox.close();
    expect(await names()).toContain('Theirs too');
  });

  it('is shared: a sandbox takes over what another one has stored there', async () => {
    const folder = join(root, 'mine');
    const [served, command] = [await openSandbox({ folder }), await openSandbox({ folder })];
    const names = async (sandbox: typeof served) => {
      const answer = await inProcess(sandbox)('GET', ROLES);
      return ((await answer.json()) as { name: string }[]).map(({ name }) => name);
    };
    await inProcess(served)('POST', ROLES, { name: 'Served' });
    await inProcess(command)('POST', ROLES, { name: 'Command' });
    await inProcess(served)('POST', ROLES, { name: 'Served again' });
    for (const sandbox of [served, command])
      expect(await names(sandbox)).toEqual(expect.arrayContaining(['Served', 'Command', 'Served again']));
    await saveState(folder, seedState());
    expect(await names(served)).not.toContain('Served');
    // A damaged file changes nothing.
    await writeFile(stateFile(folder), '{');
    expect(await names(served)).not.toContain('Served');
  });

  it('is shared by sandboxes that write at the same time, and keeps every write of each', async () => {
    const folder = join(root, 'mine');
    const shared = await Promise.all([1, 2, 3].map(() => openSandbox({ folder })));
    const statuses = await Promise.all(
      shared.flatMap((sandbox, which) =>
        Array.from({ length: 15 }, async (_, n) => {
          const { status } = await inProcess(sandbox)('POST', ROLES, { name: `R${which}-${n}` });
          await inProcess(sandbox)('GET', ROLES);
          return status;
        }),
      ),
    );
    expect(new Set(statuses)).toEqual(new Set([200]));
    const kept = (await loadState(folder))?.roles.map(({ name }) => name) ?? [];
    expect(kept.filter((name) => /^R\d-/u.test(name))).toHaveLength(45);
    expect(new Set((await loadState(folder))?.roles.map(({ id }) => id)).size).toBe(kept.length);
    expect(await readdir(folder)).toEqual(['sandbox.json']);
  });

  it('is not seeded again by a sandbox that opens while another one writes to it', async () => {
    const folder = join(root, 'mine');
    const opened = await Promise.all(
      Array.from({ length: 8 }, async (_, n) => {
        const sandbox = await openSandbox({ folder });
        await inProcess(sandbox)('POST', ROLES, { name: `R${n}` });
      }),
    );
    const kept = (await loadState(folder))?.roles.filter(({ name }) => name.startsWith('R')) ?? [];
    expect(kept).toHaveLength(opened.length);
  });

  it.each([
    ['a process that ended', { host: hostname(), pid: 2 ** 22 + 1, id: 'x' }, 0],
    ['another machine, long ago', { host: 'elsewhere', pid: process.pid, id: 'x' }, 60_000],
    ['no one, long ago', null, 60_000],
  ])('is written although it is locked by %s', async (_, owner, age) => {
    const folder = join(root, 'mine');
    const sandbox = await openSandbox({ folder });
    const lock = `${stateFile(folder)}.lock`;
    await writeFile(lock, owner === null ? '' : JSON.stringify(owner));
    const at = new Date(Date.now() - age);
    await utimes(lock, at, at);
    expect((await inProcess(sandbox)('POST', ROLES, { name: 'Next' })).status).toBe(200);
    expect(await readdir(folder)).toEqual(['sandbox.json']);
  });

  it('stays locked by a process that holds the lock for long, because the process renews it', async () => {
    const folder = join(root, 'mine');
    const intervals = jest.spyOn(globalThis, 'setInterval');
    try {
      const release = await lockFolder(folder);
      const lock = `${stateFile(folder)}.lock`;
      const at = new Date(Date.now() - 60_000);
      await utimes(lock, at, at);
      for (const [renew] of intervals.mock.calls) renew();
      while ((await stat(lock)).mtimeMs < Date.now() - 20_000) await sleep(1);
      await release();
      expect(await readdir(folder)).toEqual([]);
    } finally {
      intervals.mockRestore();
    }
  });

  it('is read while another process holds its lock, and written afterwards', async () => {
    const folder = join(root, 'mine');
    const sandbox = await openSandbox({ folder });
    const release = await lockFolder(folder);
    const written = inProcess(sandbox)('POST', ROLES, { name: 'Later' });
    expect((await inProcess(sandbox)('GET', ROLES)).status).toBe(200);
    expect((await loadState(folder))?.roles.map(({ name }) => name)).not.toContain('Later');
    await release();
    expect((await written).status).toBe(200);
    expect((await loadState(folder))?.roles.map(({ name }) => name)).toContain('Later');
  });

  it('is not written by a sandbox that changes nothing', async () => {
    const folder = join(root, 'mine');
    await openSandbox({ folder });
    const before = await stat(stateFile(folder), { bigint: true });
    const sandbox = await openSandbox({ folder });
    await inProcess(sandbox)('GET', ROLES);
    await sandbox.close();
    expect((await stat(stateFile(folder), { bigint: true })).ino).toBe(before.ino);
  });

  it('takes precedence over a given state, which reset restores', async () => {
    const folder = join(root, 'mine');
    const kept = await openSandbox({ folder });
    await inProcess(kept)('DELETE', `${ROLES}/158233404`);
    const state = makeState({ roles: 2, people: 3 });
    const opened = await openSandbox({ folder, state });
    expect(opened.state().roles).toHaveLength(9);
    await opened.reset();
    expect((await loadState(folder))?.roles).toHaveLength(7);
  });

  it.each([
    ['half a file', (text: string) => text.slice(0, text.length / 2), 'is damaged: it is not JSON'],
    ['an empty file', () => '', 'is damaged: it is not JSON'],
    ['another document', () => '{"kind":"plan"}', '"formatVersion" is missing'],
    [
      'another version',
      (text: string) => text.replace('"formatVersion":1', '"formatVersion":2'),
      'has format 2, and this version of domo-roles reads format 1',
    ],
    [
      'a role without a name',
      (text: string) => text.replace('"name":"Admin"', '"nom":"Admin"'),
      'roles[0]: "name" is missing',
    ],
    ['a list', () => '[]', 'it is not a JSON object'],
  ])('with %s is a clear error without the content of the file', async (_what, damage, message) => {
    const folder = join(root, 'mine');
    await saveState(folder, { ...seedState(), tokens: { 'planted-7f3a': 1_345_408_000 } });
    const file = stateFile(folder);
    await writeFile(file, damage(await readFile(file, 'utf8')));
    const opening = openSandbox({ folder });
    await expect(opening).rejects.toMatchObject({ name: 'SandboxStateError' });
    await expect(opening).rejects.toThrow(message);
    await expect(opening).rejects.toThrow(file);
    await expect(opening).rejects.not.toThrow('planted');
  });

  it('that cannot be written fails before the first request', async () => {
    await writeFile(join(root, 'file'), '');
    await expect(openSandbox({ folder: join(root, 'file', 'below') })).rejects.toThrow();
    await chmod(root, 0o700);
  });
});

describe('a state', () => {
  it('is a copy: changing it does not change the instance', async () => {
    const given = seedState();
    const sandbox = await openSandbox({ state: given });
    given.roles.length = 0;
    sandbox.state().users.length = 0;
    await sandbox.reset();
    expect([sandbox.state().roles.length, sandbox.state().users.length]).toEqual([10, 40]);
  });

  it('is the same for the same size and seed, and different for others', () => {
    const size = { roles: 20, people: 200 };
    expect(makeState({ ...size, seed: 4 })).toEqual(makeState({ ...size, seed: 4 }));
    expect(makeState({ ...size, seed: 4 })).not.toEqual(makeState({ ...size, seed: 5 }));
  });

  it('of the company has every kind of account, and custom roles with nine-digit ids', () => {
    const { users, roles } = seedState();
    const kinds = ['deleted', 'isSupport', 'isSystemUser', 'isPending'] as const;
    for (const kind of kinds) expect(users.filter((user) => user[kind])).toHaveLength(1);
    expect(users.filter((user) => user.roleId === 1).length).toBeGreaterThan(5);
    for (const role of roles.slice(5)) expect(String(role.id)).toMatch(/^\d{9}$/);
    expect(new Set(users.map((user) => user.id)).size).toBe(users.length);
    expect(new Set(users.map((user) => user.email)).size).toBe(users.length);
  });

  it('may be large: a hundred roles and five thousand people are read page by page', async () => {
    const sandbox = await openSandbox({ state: makeState({ roles: 100, people: 5_000 }) });
    const call = inProcess(sandbox);
    const seen = new Set<number>();
    for (let offset = 0; offset < 5_000; offset += 1000) {
      const answer = await call('POST', SEARCH, {
        offset,
        limit: 1000,
        sort: { field: 'displayName', order: 'ASC' },
      });
      for (const user of ((await answer.json()) as { users: { id: number }[] }).users) seen.add(user.id);
    }
    expect(seen.size).toBe(5_000);
    const roles = (await (await call('GET', ROLES)).json()) as { userCount: number }[];
    expect(roles.reduce((sum, role) => sum + role.userCount, 0)).toBe(5_000);
    const moved = await call('PUT', `${ROLES}/4/users`, [...seen].slice(1));
    expect(moved.status).toBe(204);
  });
});

describe('serving', () => {
  it('listens on loopback only, frees its port, and reports a port that is in use', async () => {
    const sandbox = await openSandbox();
    const served = await serveSandbox(sandbox);
    expect(served.url).toBe(`http://127.0.0.1:${served.port}`);
    await expect(serveSandbox(sandbox, { port: served.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await served.close();
    const again = await serveSandbox(sandbox, { port: served.port });
    await again.close();
  });
});

describe('the log', () => {
  it('has every request with its body, status and person', async () => {
    const sandbox = await openSandbox();
    const call = inProcess(sandbox);
    await call('GET', `${ROLES}/${ANALYST}/users?limit=2&offset=1`);
    await call('PUT', `${ROLES}/${ANALYST}/authorities`, ['alert.edit']);
    const actorId = 1_345_408_000;
    expect(sandbox.log()).toEqual([
      {
        n: 1,
        method: 'GET',
        path: `${ROLES}/${ANALYST}/users`,
        query: { limit: '2', offset: '1' },
        body: null,
        status: 200,
        actorId,
        faults: [],
      },
      {
        n: 2,
        method: 'PUT',
        path: `${ROLES}/${ANALYST}/authorities`,
        query: {},
        body: ['alert.edit'],
        status: 200,
        actorId,
        faults: [],
      },
    ]);
    sandbox.clearLog();
    expect(sandbox.log()).toEqual([]);
  });

  it('calls back after each write until it is unsubscribed', async () => {
    const sandbox = await openSandbox();
    const call = inProcess(sandbox);
    const seen: string[] = [];
    const stop = sandbox.onWrite(({ method, status }) =>
      seen.push(`${method} ${status} ${sandbox.state().roles.length}`),
    );
    await call('GET', ROLES);
    await call('POST', ROLES, { name: 'x' });
    await call('POST', ROLES, { name: 'x' });
    await call('POST', SEARCH, {});
    stop();
    await call('POST', ROLES, { name: 'y' });
    expect(seen).toEqual(['POST 200 11']);
  });
});
