import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { applyPlan } from '../../src/apply/apply.js';
import { openWriter } from '../../src/apply/live-writer.js';
import type { Outcome } from '../../src/apply/outcome.js';
import { openReader } from '../../src/live/open-reader.js';
import type { Snapshot } from '../../src/model/snapshot.js';
import type { Plan } from '../../src/plan/plan.js';
import { fillSandbox } from '../../src/rehearse/fill-sandbox.js';
import { toPlannedRequest } from '../../src/rehearse/to-planned-request.js';
import type { SentRequest } from '../../src/rehearse/to-planned-request.js';
import { openRoutes } from '../../src/routes/index.js';
import { isWrite } from '../../src/sandbox/faults.js';
import { openSandbox } from '../../src/sandbox/index.js';
import type { Quirks, Sandbox } from '../../src/sandbox/index.js';
import { anyManifest, anySnapshot, liveRole, loadedOf, snapshotOf } from '../support/arbitraries.js';
import { memoryJournal } from '../support/apply-run.js';
import { inputs, sawEvery } from '../support/law.js';
import { planFor, stillClock } from '../support/rehearsal.js';
import { RUN_ID } from '../support/state-folder.js';

const TOKEN = 'some-token';
const SETTINGS = '/api/authorization/v1/roles/settings';
const STATE = '/api/content/v1/customer-states/user.roleid.default';

/** How an endpoint answers a write. `not-done`: 200 without an effect. */
type Answers = 'works' | 404 | 405 | 400 | 'not-done';
const ANSWERS: readonly Answers[] = ['works', 404, 405, 400, 'not-done'];

interface Run {
  writes: SentRequest[];
  outcome: Outcome;
  plan: Plan;
  sandbox: Sandbox;
}

/** Applies a plan to a sandbox filled with the snapshot; `answers` replaces the answers to its writes. */
async function applied(
  make: (live: Snapshot) => Plan,
  snapshot: Snapshot,
  given: { quirks?: Partial<Quirks>; answers?: (sent: SentRequest) => Answers; hidden?: number[] },
): Promise<Run> {
  const filled = fillSandbox(snapshot, TOKEN);
  const quirks = { ...filled.quirks, ...given.quirks };
  if (given.hidden) filled.state.settings.allowlistRoleIds = given.hidden;
  const sandbox = await openSandbox({ state: filled.state, quirks, token: TOKEN });
  const clock = stillClock();
  const writes: SentRequest[] = [];
  const routes = openRoutes({
    instance: snapshot.instance,
    baseUrl: 'http://127.0.0.1',
    auth: { accessToken: TOKEN },
    fetch: async (request) => {
      const { method } = request;
      const path = new URL(request.url).pathname;
      if (!isWrite(method, path)) return sandbox.fetch(request);
      const text = await request.clone().text();
      const sent = { method, path, body: text === '' ? null : (JSON.parse(text) as unknown) };
      writes.push(sent);
      const how = given.answers?.(sent) ?? 'works';
      if (how === 'works') return sandbox.fetch(request);
      return new Response('', { status: how === 'not-done' ? 200 : how });
    },
    sleep: (ms) => clock.sleep(ms),
    now: () => clock.now(),
    random: () => 0,
  });
  const reader = openReader(routes, { instance: snapshot.instance, sandbox: snapshot.sandbox });
  const plan = make(snapshot);
  const outcome = await applyPlan({
    plan,
    reader,
    writer: openWriter(routes),
    journal: memoryJournal(),
    clock,
    runId: RUN_ID,
  });
  routes.close();
  await sandbox.close();
  return { writes, outcome, plan, sandbox };
}

/** Writes that the plan does not list, with symbolic ids of created roles. */
function unplanned({ writes, plan, sandbox }: Run): string[] {
  const ids = new Map(sandbox.state().roles.map(({ name, id }) => [name, id]));
  const made = new Map(
    plan.changes.flatMap((change) => {
      const id = change.kind === 'role.create' ? ids.get(change.after.name) : undefined;
      return id === undefined || change.kind !== 'role.create' ? [] : [[id, change.roleId] as const];
    }),
  );
  const shown = new Set(
    plan.changes.flatMap(({ requests }) => requests.map(({ when: _when, ...one }) => JSON.stringify(one))),
  );
  return writes
    .map((sent) => JSON.stringify(toPlannedRequest(sent, made)))
    .filter((sent) => !shown.has(sent));
}

describe('the default role and the allowlist in use', () => {
  const live = { on: [4, 5, 100], off: 'off', unreadable: 'unreadable' } as const;
  const table = (['on', 'off', 'unreadable'] as const).flatMap((allowlist) =>
    ANSWERS.flatMap((state) => ANSWERS.map((settings) => ({ allowlist, state, settings }))),
  );

  it.each(table)(
    'allowlist $allowlist, customer state $state, role settings $settings',
    async ({ allowlist, state, settings }) => {
      const snapshot = snapshotOf({ custom: [liveRole(100, 'Alpha')], allowlist: live[allowlist] });
      const run = await applied((seen) => planFor(loadedOf({ defaultRole: 'Alpha' }), seen), snapshot, {
        ...(allowlist === 'unreadable' ? { hidden: [4, 5, 100] } : {}),
        answers: ({ path }) => (path === STATE ? state : path === SETTINGS ? settings : 'works'),
      });
      expect(unplanned(run)).toEqual([]);
      const now = run.sandbox.state().settings;
      expect(now.allowlistRoleIds).toEqual(allowlist === 'off' ? null : [4, 5, 100]);
      const [change] = run.outcome.changes;
      expect(change?.status).toBe(now.defaultRoleId === 100 ? 'done' : 'failed');
      if (allowlist !== 'unreadable') return;
      expect(run.writes.filter(({ path }) => path === SETTINGS)).toEqual([]);
      if (state === 404 || state === 405)
        expect(change?.reason).toContain(
          'use a token that may read the role settings, or set the default role in the web page',
        );
    },
  );

  it('is not lost to another request form if it was turned on in between', async () => {
    const snapshot = snapshotOf({ custom: [liveRole(100, 'Alpha')], allowlist: 'off' });
    let edited: Sandbox | null = null;
    const filled = fillSandbox(snapshot, TOKEN);
    const sandbox = await openSandbox({ state: filled.state, quirks: filled.quirks, token: TOKEN });
    const routes = openRoutes({
      instance: 'acme',
      baseUrl: 'http://127.0.0.1',
      auth: { accessToken: TOKEN },
      fetch: async (request) => {
        if (request.method === 'GET' || new URL(request.url).pathname !== STATE)
          return sandbox.fetch(request);
        edited = sandbox;
        const next = sandbox.state();
        await sandbox.reset({ ...next, settings: { ...next.settings, allowlistRoleIds: [4, 5] } });
        return new Response('', { status: 405 });
      },
    });
    await expect(routes.setDefaultRole({ roleId: 100, allowlist: 'off' })).rejects.toThrow(/not sent/u);
    expect(edited).not.toBeNull();
    expect(sandbox.log().some(({ method, path }) => method === 'PUT' && path === SETTINGS)).toBe(false);
  });
});

describe('for any features and answers of an instance', () => {
  const quirks: fc.Arbitrary<Partial<Quirks>> = fc.record({
    grantsPatchOnly: fc.boolean(),
    fromRoleIdIgnored: fc.boolean(),
    grantsAnswer400: fc.boolean(),
    updateAnswers400: fc.boolean(),
    deleteAnswers400: fc.boolean(),
    impliedAuthorities: fc.boolean(),
  });

  it('only writes of the plan are sent', async () => {
    let runs = 0;
    let conditional = 0;
    await fc.assert(
      fc.asyncProperty(
        anySnapshot,
        anyManifest,
        quirks,
        fc.infiniteStream(fc.constantFrom<Answers>('works', 'works', 'works', 404, 405, 400, 'not-done')),
        async (snapshot, manifest, odd, answers) => {
          const plan = planFor(manifest, snapshot);
          fc.pre(plan.refusals.length === 0 && plan.changes.length > 0);
          const run = await applied(() => plan, snapshot, {
            quirks: odd,
            answers: () => answers.next().value as Answers,
          });
          expect(unplanned(run)).toEqual([]);
          runs += 1;
          const sure = plan.summary.requests;
          if (run.writes.length > sure) conditional += 1;
        },
      ),
      { numRuns: inputs(60) },
    );
    expect(runs).toBe(inputs(60));
    expect(sawEvery(conditional)).toBe(true);
  });
});
