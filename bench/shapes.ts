import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyPlan } from '../src/apply/apply.js';
import { openWriter } from '../src/apply/live-writer.js';
import { openReader } from '../src/live/open-reader.js';
import { loadManifest } from '../src/manifest/load/load.js';
import { makePlan } from '../src/plan/make-plan.js';
import { readSnapshot } from '../src/reconcile/read-live-state.js';
import { openRoutes } from '../src/routes/index.js';
import { requestsFor } from '../src/apply/requests-for-change.js';
import { makeState, openSandbox, SANDBOX_PASSWORD } from '../src/sandbox/index.js';
import type { Quirks, SandboxState } from '../src/sandbox/index.js';

/** A workload: an instance, a manifest, and the minimum number of requests. */
export interface Shape {
  name: string;
  /** Custom roles and people. Default 20 and 120. */
  size?: { roles: number; people: number };
  quirks?: Partial<Quirks>;
  /** People per page. Default 50. */
  page?: number;
  password?: boolean;
  /** The manifest's text below `kind`. */
  manifestBody: (state: SandboxState) => string;
  /** Minimum requests of `plan`, and of `apply` after it, by purpose. */
  plan: (facts: Facts) => Requests;
  apply?: (facts: Facts) => Requests;
}

/** The values that a minimum is computed from. */
interface Facts {
  /** `ceil(people / page)`. */
  pages: number;
}

/** Number of requests by purpose. */
export type Requests = Readonly<Record<string, number>>;

/** The requests that were sent, and the minimum. */
export interface Counted {
  plan: { sent: readonly string[]; least: Requests };
  apply: { sent: readonly string[]; least: Requests } | null;
  /** Number of changes in the plan, and number of those that were done. */
  changes: number;
  done: number;
}

const CORE: Requests = { roles: 1, catalogue: 1, settings: 1, 'who am I': 1 };

const allPeople = ({ pages }: Facts): Requests => ({ ...CORE, 'pages of people': pages });

/** For plans that do not depend on people: only those who manage roles are read. */
const ONLY_ADMINS: Requests = {
  ...CORE,
  'list of the only role that manages roles': 1,
  'search for its people': 1,
};

/** The requests that write the grants of five roles. */
const fiveLists = (facts: Facts): Requests => ({
  ...allPeople(facts),
  'own list of each role that is written': 5,
  'write of grants': 5,
  'the matrix, which confirms them all': 1,
});

const team = (index: number): string => `Team ${String(index).padStart(4, '0')}`;

/** Exact lists for the first teams, each with one grant less than live. */
function fewerGrants({ roles }: SandboxState, count: number): string {
  const named = roles.filter(({ id }) => id > 5).slice(0, count);
  return named
    .map(({ name, authorities }) => `  ${name}: { grants: [${authorities.slice(1).join(', ')}] }`)
    .join('\n');
}

/** Members of these teams: people who are in other roles now. */
function newMembers({ roles, users }: SandboxState, teams: number, each: number): string {
  const targets = roles.filter(({ id }) => id > 5).slice(0, teams);
  const taken = new Set([...targets.map(({ id }) => id), 1]);
  const movers = users.filter(({ roleId }) => !taken.has(roleId));
  return targets
    .map(({ name }, index) => {
      const addresses = movers.slice(index * each, (index + 1) * each).map(({ email }) => email);
      return `  ${name}: { members: { mode: additive, users: [${addresses.join(', ')}] } }`;
    })
    .join('\n');
}

/** The workloads of docs/explanation/performance.md, and a few more. */
export const SHAPES: readonly Shape[] = [
  {
    name: 'grants of five roles of twenty',
    manifestBody: (state) => `roles:\n${fewerGrants(state, 5)}`,
    plan: allPeople,
    apply: fiveLists,
  },
  {
    name: 'the same five roles among three hundred',
    size: { roles: 300, people: 120 },
    manifestBody: (state) => `roles:\n${fewerGrants(state, 5)}`,
    plan: allPeople,
    apply: fiveLists,
  },
  {
    name: 'people into three roles',
    manifestBody: (state) => `roles:\n${newMembers(state, 3, 15)}`,
    plan: allPeople,
    apply: (facts) => ({
      ...allPeople(facts),
      'moves into each target': 3,
      'search for the people moved': 1,
    }),
  },
  {
    name: 'more people into one role than one request takes',
    size: { roles: 5, people: 2_600 },
    page: 1_000,
    manifestBody: (state) => `roles:\n${newMembers(state, 1, 1_500)}`,
    plan: allPeople,
    apply: (facts) => ({
      ...allPeople(facts),
      'moves, a thousand people each': 2,
      'searches for a thousand people each': 2,
    }),
  },
  {
    name: 'only descriptions, for which people do not matter',
    manifestBody: () => `roles:\n  ${team(1)}: { description: One }\n  ${team(2)}: { description: Two }`,
    plan: () => ONLY_ADMINS,
    apply: () => ({
      ...ONLY_ADMINS,
      'write of each description': 2,
      'the roles, which confirm them': 1,
    }),
  },
  {
    name: 'a new role with its own grants',
    manifestBody: () => 'roles:\n  Brand New: { grants: [alert.edit, content.export] }',
    plan: () => ONLY_ADMINS,
    apply: () => ({
      ...ONLY_ADMINS,
      create: 1,
      'the roles, which confirm it': 1,
      'the new role’s own list': 1,
      'write of its grants': 1,
      'its own list, which confirms them': 1,
    }),
  },
  {
    name: 'two deleted roles with people',
    manifestBody: () => `removed: [${team(1)}, ${team(2)}]\npolicy: { removedMembersTo: Participant }`,
    plan: allPeople,
    apply: (facts) => ({
      ...allPeople(facts),
      'own list of each role to delete': 2,
      'moves into the single target': 1,
      'search for the people moved': 1,
      'each role, its grants and its people, read again before it is deleted': 6,
      delete: 2,
      'the roles, which confirm them': 1,
    }),
  },
  {
    name: 'default role and allowlist',
    manifestBody: () => `defaultRole: Participant\nallowlist: [Participant, ${team(1)}]`,
    plan: () => ONLY_ADMINS,
    apply: () => ({
      ...ONLY_ADMINS,
      'write of default and of allowlist': 2,
      'the settings, after each of them': 2,
    }),
  },
  {
    name: 'a password instead of a token',
    password: true,
    manifestBody: (state) => `roles:\n${fewerGrants(state, 1)}`,
    plan: (facts) => ({ login: 1, ...allPeople(facts) }),
  },
  {
    name: 'settings that cannot be read',
    quirks: { settingsAbsent: true },
    manifestBody: (state) => `roles:\n${fewerGrants(state, 1)}`,
    plan: (facts) => ({ ...allPeople(facts), 'the default role by its older form': 1 }),
  },
  {
    name: 'counts of grants that disagree with the matrix',
    quirks: { authorityCountOneHigher: true },
    manifestBody: (state) => `roles:\n${fewerGrants(state, 2)}`,
    plan: (facts) => ({ ...allPeople(facts), 'own list of each such role that will be written': 2 }),
  },
  {
    name: 'an instance that gives twenty people a page',
    quirks: { userPageCap: 20 },
    page: 20,
    manifestBody: (state) => `roles:\n${fewerGrants(state, 1)}`,
    plan: allPeople,
  },
  {
    name: 'nothing to do',
    manifestBody: ({ roles }) =>
      `roles:\n  ${team(1)}: { grants: [${roles[5]?.authorities.join(', ') ?? ''}] }`,
    plan: () => ONLY_ADMINS,
    apply: () => ({}),
  },
];

/** Runs a workload on an embedded instance and returns the requests that were sent, as `GET /api/…`. */
export async function countRequests(shape: Shape): Promise<Counted> {
  const { page = 50, quirks = {} } = shape;
  const made = makeState(shape.size ?? { roles: 20, people: 120 });
  const root = made.users[0] as (typeof made.users)[number];
  const passwords = { [root.email ?? '']: { password: SANDBOX_PASSWORD, userId: root.id, locked: false } };
  const state = shape.password ? { ...made, passwords } : made;
  const folder = await mkdtemp(join(tmpdir(), 'domo-roles-shape-'));
  const sandbox = await openSandbox({ state, quirks });
  const routes = openRoutes({
    instance: 'sandbox',
    baseUrl: 'http://127.0.0.1',
    fetch: sandbox.fetch,
    auth: shape.password
      ? { username: root.email ?? '', password: SANDBOX_PASSWORD }
      : { accessToken: sandbox.token },
  });
  try {
    await writeFile(join(folder, 'domo-roles.yaml'), manifestText(shape, state));
    const loaded = await loadManifest([], { cwd: folder });
    const reader = openReader(routes, { instance: 'sandbox', sandbox: true, pageSize: page });
    const facts: Facts = { pages: Math.ceil(state.users.length / page) };
    const takeLog = (): string[] => {
      const sent = sandbox.log().map(({ method, path }) => `${method} ${path}`);
      sandbox.clearLog();
      return sent;
    };
    const snapshot = await readSnapshot(reader, loaded, { now: '2026-01-01T00:00:00.000Z' });
    const plan = makePlan(loaded, snapshot, { now: '2026-01-01T00:00:00.000Z', version: '0', requestsFor });
    const planned = { sent: takeLog(), least: shape.plan(facts) };
    const counts = { plan: planned, changes: plan.changes.length };
    if (!shape.apply) return { ...counts, apply: null, done: 0 };
    const outcome = await applyPlan({
      plan,
      reader,
      writer: openWriter(routes),
      journal: { append: async () => undefined },
      clock: { now: Date.now, sleep: async () => undefined },
      runId: 'dry-run',
    });
    const done = outcome.changes.filter(({ status }) => status === 'done').length;
    return { ...counts, apply: { sent: takeLog(), least: shape.apply(facts) }, done };
  } finally {
    routes.close();
    await sandbox.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function manifestText(shape: Shape, state: SandboxState): string {
  const manifestBody = shape.manifestBody(state);
  const limits = 'maxMoves: 100000, maxGrantChanges: 100000, maxDeletes: 100';
  const policy = manifestBody.includes('policy: {')
    ? manifestBody.replace('policy: {', `policy: { ${limits},`)
    : `policy: { ${limits} }\n${manifestBody}`;
  return `apiVersion: domo-roles/v1\nkind: Roles\n${policy}\n`;
}

/** Returns the total number of requests. */
export function sum(requests: Requests): number {
  return Object.values(requests).reduce((all, one) => all + one, 0);
}
