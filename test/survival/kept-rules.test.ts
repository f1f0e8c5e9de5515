import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { openWriter } from '../../src/apply/live-writer.js';
import type { Outcome } from '../../src/apply/outcome.js';
import { openReader } from '../../src/live/open-reader.js';
import type { Plan } from '../../src/plan/plan.js';
import {
  applyManifest,
  applySavedPlan,
  openRuntime,
  planManifest,
  readManifest,
  Refused,
} from '../../src/reconcile/index.js';
import type { Connection } from '../../src/reconcile/index.js';
import { openRoutes } from '../../src/routes/index.js';
import { isWrite } from '../../src/sandbox/faults.js';
import { blankState, openSandbox } from '../../src/sandbox/index.js';
import type { Sandbox, SandboxState } from '../../src/sandbox/index.js';
import { exitOfOutcome } from '../../src/shell/exit.js';
import { inputs, sawEvery } from '../support/law.js';
import { withStateFolder } from '../support/state-folder.js';
import { account, customRole } from '../support/survival.js';

const GRANTS = ['alert.edit', 'content.export', 'dataset.export'];
const ROLES = ['A', 'B', 'C'];
const PEOPLE = ['ana', 'bo', 'cleo', 'dan'];
const FIRST_ROLE = 200_000_001;

/** A rule as written in a manifest, and whether it holds in the state of an instance, judged by its text alone. */
interface Kept {
  rule: object;
  holds: (state: SandboxState) => boolean;
}

const holding = ({ roles }: SandboxState, ...grants: string[]) =>
  roles.filter(({ authorities }) => grants.every((grant) => authorities.includes(grant)));
const inside = ({ users }: SandboxState, roles: readonly { id: number }[]) =>
  users.filter(({ roleId }) => roles.some(({ id }) => id === roleId));

const RULES: Readonly<Record<string, Kept>> = {
  neverTogether: {
    rule: { neverTogether: [['content.export'], ['dataset.export']], exceptRoles: ['Admin'] },
    holds: (state) =>
      inside(
        state,
        holding(state, 'content.export', 'dataset.export').filter(({ name }) => name !== 'Admin'),
      ).length === 0,
  },
  onlyRoles: {
    rule: { grants: ['dataset.export'], onlyRoles: ['Admin', 'Privileged', 'Editor', 'A', 'New'] },
    holds: (state) => holding(state, 'dataset.export').every(({ name }) => name !== 'B' && name !== 'C'),
  },
  maxPeople: {
    rule: { grants: ['dataset.export'], maxPeople: 3 },
    holds: (state) => inside(state, holding(state, 'dataset.export')).length <= 3,
  },
  'maxPeople of a role': {
    rule: { role: 'A', maxPeople: 2 },
    holds: (state) =>
      inside(
        state,
        state.roles.filter(({ name }) => name === 'A'),
      ).length <= 2,
  },
};

/** An instance with three custom roles, four people in them, and two administrators. */
const anyInstance = fc.record({
  grants: fc.tuple(...ROLES.map(() => fc.subarray(GRANTS))),
  places: fc.tuple(...PEOPLE.map(() => fc.nat({ max: ROLES.length - 1 }))),
});

function instanceOf({ grants, places }: { grants: string[][]; places: number[] }): SandboxState {
  const blank = blankState();
  const admins = ['root', 'keeper'].map((name, index) => account(1_345_000_001 + index, name, 1));
  return {
    ...blank,
    roles: [
      ...blank.roles,
      ...ROLES.map((name, index) => customRole(FIRST_ROLE + index, name, grants[index] ?? [])),
    ],
    users: [
      ...admins,
      ...PEOPLE.map((name, index) => account(1_345_000_010 + index, name, FIRST_ROLE + (places[index] ?? 0))),
    ],
  };
}

/** A manifest for these roles and one more, with or without grants and people for each. */
const anyManifest = fc.record({
  grants: fc.tuple(
    ...[...ROLES, 'New'].map(() =>
      fc.option(fc.record({ list: fc.subarray(GRANTS, { minLength: 1 }), isExact: fc.boolean() })),
    ),
  ),
  places: fc.tuple(...PEOPLE.map(() => fc.option(fc.nat({ max: ROLES.length })))),
  isExact: fc.boolean(),
  removes: fc.boolean(),
});

type ManifestParts = typeof anyManifest extends fc.Arbitrary<infer T> ? T : never;

function manifestOf({ grants, places, isExact, removes }: ManifestParts, rule: object): string {
  const roles = [...ROLES, 'New'].map((name, index) => {
    const given = grants[index];
    const users = PEOPLE.filter((_, person) => places[person] === index).map((one) => `${one}@acme.com`);
    return [
      name,
      {
        description: 'As wanted',
        ...(given ? { grants: { mode: given.isExact ? 'exact' : 'additive', add: given.list } } : {}),
        ...(users.length > 0 ? { members: { mode: isExact ? 'exact' : 'additive', users } } : {}),
      },
    ] as const;
  });
  const isGone = (name: string): boolean => removes && name === 'C' && !places.includes(2);
  return JSON.stringify({
    apiVersion: 'domo-roles/v1',
    kind: 'Roles',
    roles: Object.fromEntries(roles.filter(([name]) => !isGone(name))),
    ...(isGone('C') ? { removed: ['C'] } : {}),
    policy: {
      removedMembersTo: 'Participant',
      maxGrantChanges: 500,
      maxMoves: 500,
      maxDeletes: 5,
      rules: { kept: rule },
    },
  });
}

/** A connection of a program that is killed at its nth write: later requests fail and no response arrives. */
function connectionTo(sandbox: Sandbox, kill: { write: number; isDone: boolean } | null) {
  let writes = 0;
  let isDead = false;
  let die = (): void => undefined;
  let bury = (): void => undefined;
  const died = new Promise<'died'>((resolve) => (die = () => resolve('died')));
  const buried = new Promise<never>((_, reject) => (bury = () => reject(new Error('dead'))));
  buried.catch(() => undefined);
  const fetch = async (request: Request): Promise<Response> => {
    if (isDead) return buried;
    if (!kill || !isWrite(request.method, new URL(request.url).pathname) || ++writes < kill.write)
      return sandbox.fetch(request);
    if (kill.isDone) await sandbox.fetch(request);
    isDead = true;
    die();
    return buried;
  };
  const auth = { accessToken: sandbox.token };
  const routes = openRoutes({ instance: 'sandbox', auth, fetch, sleep: async () => undefined });
  const connection: Connection = {
    instance: 'sandbox',
    sandbox: true,
    address: 'sandbox:kept-rules',
    reader: openReader(routes, { instance: 'sandbox', sandbox: true }),
    writer: openWriter(routes),
    routes,
    budgetMs: null,
    close: async () => routes.close(),
  };
  return { connection, died, bury };
}

/** One program with its own folder for run folders and locks. */
function programIn(folder: string) {
  let time = Date.UTC(2026, 0, 1);
  const runtime = openRuntime({
    now: () => time,
    sleep: async (ms) => void (time += ms),
    env: { HOME: folder, XDG_STATE_HOME: join(folder, 'locks') },
  });
  return { runtime, state: join(folder, '.domo-roles'), limits: { concurrency: 1 } };
}

type Applied = { outcome: Outcome } | 'refused' | 'died';

/** Applies a manifest or a saved plan in a folder with the files of earlier runs. */
async function apply(
  sandbox: Sandbox,
  folder: string,
  { plan, kill = null }: { plan?: Plan; kill?: { write: number; isDone: boolean } | null },
): Promise<Applied> {
  const { connection, died, bury } = connectionTo(sandbox, kill);
  const program = programIn(folder);
  const run = plan
    ? applySavedPlan(plan, connection, program)
    : applyManifest(await readManifest([], folder), connection, program);
  const ended = run.catch((error: unknown) => {
    if (error instanceof Refused) return 'refused' as const;
    throw error;
  });
  const first = await Promise.race([ended, died]);
  if (first === 'died') {
    // The next program finds only what the killed one left on disk, so work still running here is ignored.
    await cp(program.state, join(folder, 'left', '.domo-roles'), { recursive: true });
    bury();
    await run.catch(() => undefined);
  }
  await connection.close();
  return first;
}

/** Resumes a killed run as a new program would: with its run folders and without its locks. */
async function takeUp(sandbox: Sandbox, folder: string, what: { plan?: Plan }): Promise<Applied> {
  const next = join(folder, 'left');
  await cp(join(folder, 'domo-roles.yaml'), join(next, 'domo-roles.yaml'));
  return apply(sandbox, next, what);
}

async function savedPlan(sandbox: Sandbox, folder: string): Promise<Plan> {
  const { connection } = connectionTo(sandbox, null);
  const { plan } = await planManifest(await readManifest([], folder), connection, programIn(folder));
  await connection.close();
  return JSON.parse(JSON.stringify(plan)) as Plan;
}

describe('a rule of level refuse that holds live', () => {
  it('still holds after every successful apply, even one that was killed at any write and resumed', async () => {
    const seen = { refused: 0, kept: 0, takenUp: 0 };
    await fc.assert(
      fc.asyncProperty(
        anyInstance,
        anyManifest,
        fc.constantFrom(...Object.values(RULES)),
        fc.record({ isSaved: fc.boolean(), at: fc.nat({ max: 40 }), isDone: fc.boolean() }),
        async (instance, wanted, { rule, holds }, { isSaved, at, isDone }) => {
          const saved = (plan: Plan): { plan?: Plan } => (isSaved ? { plan } : {});
          const live = instanceOf(instance);
          fc.pre(holds(live));
          await withStateFolder(async (_, root) => {
            await writeFile(join(root, 'domo-roles.yaml'), manifestOf(wanted, rule));
            const whole = await openSandbox({ state: live });
            const plan = await savedPlan(whole, root);
            const applied = await apply(whole, root, saved(plan));
            expect(holds(whole.state())).toBe(true);
            const writes = whole.log().filter(({ method, path }) => isWrite(method, path)).length;
            await whole.close();
            if (applied === 'refused' || applied === 'died') {
              expect(writes).toBe(0);
              seen.refused += 1;
              return;
            }
            seen.kept += 1;
            if (writes === 0) return;
            const kill = { write: (at % writes) + 1, isDone };
            const sandbox = await openSandbox({ state: live });
            await withStateFolder(async (_state, folder) => {
              await writeFile(join(folder, 'domo-roles.yaml'), manifestOf(wanted, rule));
              expect(await apply(sandbox, folder, { ...saved(plan), kill })).toBe('died');
              const again = await takeUp(sandbox, folder, saved(plan));
              if (again === 'refused' || again === 'died' || exitOfOutcome(again.outcome) !== 0) return;
              seen.takenUp += 1;
              expect(holds(sandbox.state())).toBe(true);
            });
            await sandbox.close();
          });
        },
      ),
      { numRuns: inputs(16) },
    );
    expect(sawEvery(seen.refused, seen.kept, seen.takenUp)).toBe(true);
  });
});
