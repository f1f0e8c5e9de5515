import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { applyPlan } from '../../src/apply/apply.js';
import { openWriter } from '../../src/apply/live-writer.js';
import type { Outcome } from '../../src/apply/outcome.js';
import { openRun } from '../../src/journal/folder.js';
import { readResume } from '../../src/journal/runs.js';
import { unfinishedCreates } from '../../src/journal/unfinished.js';
import { openReader } from '../../src/live/open-reader.js';
import { loadManifest } from '../../src/manifest/load/load.js';
import type { LoadedManifest } from '../../src/manifest/manifest.js';
import type { Snapshot } from '../../src/model/snapshot.js';
import { makePlan } from '../../src/plan/make-plan.js';
import type { Plan } from '../../src/plan/plan.js';
import { readSnapshot } from '../../src/reconcile/read-live-state.js';
import { openRoutes } from '../../src/routes/index.js';
import { requestsFor } from '../../src/apply/requests-for-change.js';
import { openSandbox } from '../../src/sandbox/index.js';
import type { Quirks } from '../../src/sandbox/index.js';
import { stride } from '../support/law.js';
import { countedNames, withStateFolder } from '../support/state-folder.js';

const MANIFEST = `
apiVersion: domo-roles/v1
kind: Roles
defaultRole: Participant
roles:
  Data Analyst:
    description: Builds cards
    grants: [alert.edit, content.card.edit, content.page.edit, dataset.manage]
    members: [ana@acme.com, uma@acme.com, vera@acme.com]
  Finance Reader:
    renamedFrom: [Finance Viewer]
    grants: [alert.edit, content.export]
  Copy of Editor:
    basedOn: Editor
  Auditor:
    grants: { from: [Participant], add: [audit] }
    members: { mode: additive, users: [carl@acme.com] }
allowlist: [Participant, Social, Auditor, Copy of Editor]
removed: [Old Reporting]
policy: { removedMembersTo: Participant, maxGrantChanges: 500, maxMoves: 500 }
`;

const HOSTILE: Partial<Quirks> = {
  updateAnswers400: true,
  grantsAnswer400: true,
  deleteAnswers400: true,
  fromRoleIdIgnored: true,
  startsWithFew: true,
  impliedAuthorities: true,
  idsAsText: true,
  lateVisibility: 1_500,
};

let folder = '';
let loaded: LoadedManifest;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'domo-roles-apply-'));
  await writeFile(join(folder, 'domo-roles.yaml'), MANIFEST);
  loaded = await loadManifest([], { cwd: folder });
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** A sandbox behind the real routes, and a process that is killed at its nth write. */
async function stage(state: string, quirks: Partial<Quirks>) {
  const time = { now: Date.UTC(2026, 0, 1) };
  const sleep = async (ms: number): Promise<void> => void (time.now += ms);
  const sandbox = await openSandbox({ quirks, clock: () => time.now });
  const random = countedNames();
  const kill = { left: Infinity, moment: 'after', dead: false };
  const fetch = async (request: Request): Promise<Response> => {
    if (kill.dead) throw new Error('dead');
    const isWrite = request.method !== 'GET' && !request.url.endsWith('/users/search');
    if (!isWrite || --kill.left > 0) return sandbox.fetch(request);
    if (kill.moment === 'after') await sandbox.fetch(request);
    kill.dead = true;
    throw new Error('dead');
  };
  const routes = openRoutes({ instance: 'sandbox', auth: { accessToken: sandbox.token }, fetch, sleep });
  const reader = openReader(routes, { instance: 'sandbox', sandbox: true });

  const unfinished = async (snapshot: Snapshot): Promise<ReadonlyMap<number, readonly string[]>> => {
    const starts = new Map<number, readonly string[]>();
    for (const left of await unfinishedCreates(state, 'sandbox')) {
      const role = snapshot.roles.find((one) =>
        left.roleId === null ? one.name === left.name && !left.knownIds.has(one.id) : one.id === left.roleId,
      );
      if (role) starts.set(role.id, left.start);
    }
    return starts;
  };
  const plan = async (): Promise<Plan> => {
    const snapshot = await readSnapshot(reader, loaded, {
      now: '2026-01-01T00:00:00.000Z',
      allowMissing: false,
    });
    const starts = await unfinished(snapshot);
    return makePlan(loaded, snapshot, {
      now: new Date(time.now).toISOString(),
      version: '0.0.0',
      requestsFor,
      ...(starts.size > 0 ? { unfinished: starts } : {}),
    });
  };
  const apply = async (what: Plan): Promise<Outcome | null> => {
    const run = await openRun(state, what, { now: time.now++, random });
    try {
      return await applyPlan({
        plan: what,
        reader,
        writer: openWriter(routes),
        journal: { append: (entry) => (kill.dead ? Promise.reject(new Error('dead')) : run.append(entry)) },
        clock: { now: () => time.now, sleep },
        runId: run.id,
        resume: await readResume(state, what),
        limits: { concurrency: 1 },
        beforeWrite: (fresh) => run.writeBefore(fresh),
      });
    } finally {
      await run.close();
    }
  };
  return {
    sandbox,
    plan,
    apply,
    /** Runs until the nth write. Late writes are visible before the next run. */
    async killAt(write: number, moment: 'before' | 'after', what: Plan): Promise<boolean> {
      Object.assign(kill, { left: write, moment, dead: false });
      await apply(what).catch(() => undefined);
      const died = kill.dead;
      Object.assign(kill, { left: Infinity, dead: false });
      time.now += 10_000;
      return died;
    },
    writes: () =>
      sandbox.log().filter(({ method, path }) => method !== 'GET' && !path.endsWith('/users/search')).length,
    /** Live state by names. */
    picture(): unknown {
      const { roles, users, settings } = sandbox.state();
      const name = (id: number): string => roles.find((role) => role.id === id)?.name ?? `role ${id}`;
      return {
        roles: roles.map((role) => [role.name, role.description, [...role.authorities].sort()]).sort(),
        people: users.map((user) => [user.id, name(user.roleId)]),
        settings: JSON.stringify(settings, (key, value: unknown) =>
          key.endsWith('Ids') && Array.isArray(value) ? value.map((id) => name(Number(id))).sort() : value,
        ),
      };
    },
    async close(): Promise<void> {
      routes.close();
      await sandbox.close();
    },
  };
}

describe('an apply on the sandbox, over the real routes', () => {
  it.each([
    ['a friendly instance', {}],
    ['an instance with every quirk', HOSTILE],
  ])('applies a plan completely on %s, and the next plan is empty', async (_, quirks) => {
    await withStateFolder(async (state) => {
      const world = await stage(state, quirks);
      const plan = await world.plan();
      expect(plan.refusals).toEqual([]);
      expect(new Set(plan.changes.map((change) => change.kind)).size).toBe(7);

      const outcome = await world.apply(plan);
      const again = await world.plan();

      expect(outcome?.changes.filter((change) => change.status !== 'done')).toEqual([]);
      expect(again.changes).toEqual([]);
      await world.close();
    });
  });

  it.each(['the saved plan', 'the manifest'])(
    'killed at every write, and run again from %s, reaches the same end state',
    async (from) => {
      const wanted = await withStateFolder(async (state) => {
        const world = await stage(state, HOSTILE);
        await world.apply(await world.plan());
        const end = { picture: world.picture(), writes: world.writes() };
        await world.close();
        return end;
      });
      for (let write = 1; write <= wanted.writes; write += stride(3)) {
        for (const moment of ['before', 'after'] as const) {
          await withStateFolder(async (state) => {
            const world = await stage(state, HOSTILE);
            const plan = await world.plan();
            const died = await world.killAt(write, moment, plan);
            const outcome = await world.apply(from === 'the manifest' ? await world.plan() : plan);

            expect(died).toBe(true);
            const undone = outcome?.changes.filter(({ status }) => status !== 'done' && status !== 'already');
            expect([write, moment, undone]).toEqual([write, moment, []]);
            expect([write, moment, world.picture()]).toEqual([write, moment, wanted.picture]);
            await world.close();
          });
        }
      }
    },
    120_000,
  );
});
