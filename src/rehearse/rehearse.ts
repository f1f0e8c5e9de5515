import type { NewRoleId } from '../model/role-id.js';
import { applyPlan } from '../apply/apply.js';
import { openWriter } from '../apply/live-writer.js';
import type { ApplyOptions, ApplyProgress, Clock } from '../apply/options.js';
import type { Outcome } from '../apply/outcome.js';
import { openReader } from '../live/open-reader.js';
import { withPeople } from '../live/with-people.js';
import type { LiveReader } from '../live/reader.js';
import type { Snapshot } from '../model/snapshot.js';
import type { PlannedRequest } from '../plan/change.js';
import { digestOf } from '../plan/digest.js';
import type { Plan, PlanPerson } from '../plan/plan.js';
import { ProblemError, problem } from '../problem/problem.js';
import { fillFrom } from './fill.js';
import { plannedForm } from './planned-form.js';
import { recordAccess } from './access-history.js';
import type { Excess } from './access-history.js';
import { openRoutes } from '../routes/index.js';
import { isWrite } from '../sandbox/faults.js';
import { openSandbox, SandboxStateError } from '../sandbox/index.js';
import type { LoggedRequest, Sandbox } from '../sandbox/index.js';
import type { PersonId, RoleId } from '../model/ids.js';

/** A write that was sent in a rehearsal. */
export interface RehearsedRequest {
  /** Id of the plan's change that it belongs to. */
  change: string;
  /** As it was sent: roles created in the rehearsal have the ids that they got there. */
  method: string;
  path: string;
  body: unknown;
  /** The same as a plan writes it, with such roles as `{new:NAME}`. */
  planned: PlannedRequest;
  /** The status of the response; null for none. */
  status: number | null;
}

/** People who held too much for a moment: a breach of P1, with their addresses for a report. */
export interface P1Violation extends Omit<Excess, 'people'> {
  people: readonly PlanPerson[];
}

/** The result of a dry run. */
export interface Rehearsal {
  instance: string;
  /** Every write, in order. */
  requests: readonly RehearsedRequest[];
  /** Are these the very requests that the plan announces? */
  asPlanned: boolean;
  /** With `dryRun: true`. */
  outcome: Outcome;
  /** P1, checked after every write that was carried out; must be empty. */
  p1: { writes: number; violations: readonly P1Violation[] };
  /** A new plan made from the state after the rehearsal: must be without changes. */
  again: Plan;
  /** Every change is done, the requests are as planned, P1 held, and the new plan is empty. */
  holds: boolean;
  /** The same as one JSON document. */
  document: RehearsalDocument;
}

/** An outcome with what only a dry run can show. Requests are as plans write them. */
export interface RehearsalDocument extends Outcome {
  rehearsal: {
    holds: boolean;
    asPlanned: boolean;
    requests: readonly (PlannedRequest & { change: string; status: number | null })[];
    p1: Rehearsal['p1'];
    /** The number of changes that the new plan still has. */
    left: number;
  };
}

/** What a rehearsal needs. */
export interface RehearseOptions {
  plan: Plan;
  /** See `ApplyOptions.allowed`. */
  allowed?: Plan['allowed'];
  /** What the plan was made from. */
  snapshot: Snapshot;
  clock: Clock;
  /** What earlier runs of this plan did on the instance: a plan that was interrupted continues where it stopped. */
  resume?: ApplyOptions['resume'];
  /** Makes the plan again, from the state after the rehearsal. Its instance and acting person are the snapshot's. */
  planAgain: (after: Snapshot) => Plan;
  signal?: AbortSignal;
  onProgress?: (progress: ApplyProgress) => void;
}

/**
 * Applies a plan to an embedded instance that is filled with the snapshot: with the code that applies it to the real
 * instance, which is not contacted.
 *
 * @throws ProblemError whatever applying raises before its first write (`stale-plan` where the snapshot is
 *   not what the plan was made from), and `bad-file` for a snapshot that no instance could be in.
 */
export async function rehearse(options: RehearseOptions): Promise<Rehearsal> {
  const { plan, snapshot, clock } = options;
  // Secrets are taken out of the log by value, so the token must be no text that a plan can hold.
  const token = `dry-run-of-${plan.digest}`;
  const { state, quirks, standIn } = fillFrom(snapshot, token);
  const sandbox = await openSandbox({ state, quirks, token, clock: () => clock.now() }).catch(refuseState);
  const bench = openTestBench(sandbox, options);
  try {
    const outcome = await applyPlan({
      plan,
      ...(options.allowed ? { allowed: options.allowed } : {}),
      reader: bench.reader,
      writer: bench.writer,
      journal: bench.journal,
      clock,
      runId: 'dry-run',
      dryRun: true,
      resume: options.resume ?? null,
      // A change shows at once here, or it was not made. One by one, in the plan's order.
      limits: { concurrency: 1, confirmMs: 0, refusedMs: 0 },
      ...(options.signal ? { signal: options.signal } : {}),
      ...(options.onProgress ? { onProgress: options.onProgress } : {}),
    });
    const requests = bench.requests();
    const again = options.planAgain(await readAfter(bench.reader, snapshot, standIn));
    const violations = bench.history.excesses().map((excess) => withPeopleNamed(excess, snapshot));
    return conclude({
      instance: snapshot.instance,
      requests,
      asPlanned: isAsPlanned(requests, plannedWrites(plan, outcome)),
      outcome,
      p1: { writes: bench.history.count(), violations },
      again,
    });
  } finally {
    bench.close();
    await sandbox.close();
  }
}

function conclude(found: Omit<Rehearsal, 'holds' | 'document'>): Rehearsal {
  const { requests, asPlanned, outcome, p1, again } = found;
  const { done, already, changes } = outcome.summary;
  const holds =
    asPlanned && p1.violations.length === 0 && again.changes.length === 0 && done + already === changes;
  const shown = requests.map(({ change, planned, status }) => ({ change, ...planned, status }));
  const rehearsal = { holds, asPlanned, requests: shown, p1, left: again.changes.length };
  return { ...found, holds, document: { ...outcome, rehearsal } };
}

interface PlannedWrite {
  change: string;
  request: PlannedRequest;
}

/** The requests of a plan, without those that an interrupted run of it has done already. */
function plannedWrites(plan: Plan, outcome: Outcome): PlannedWrite[] {
  const status = new Map(outcome.changes.map((change) => [change.id, change.status]));
  return plan.changes.flatMap(({ id, requests }) =>
    status.get(id) === 'already' ? [] : requests.map((request) => ({ change: id, request })),
  );
}

/** Were exactly these requests sent, in this order? One with a condition may be missing. */
function isAsPlanned(sent: readonly RehearsedRequest[], wanted: readonly PlannedWrite[]): boolean {
  let next = 0;
  for (const { change, request } of wanted) {
    const { when, ...shown } = request;
    const found = sent[next];
    if (found && found.change === change && digestOf(found.planned) === digestOf(shown)) next += 1;
    else if (when === undefined) return false;
  }
  return next === sent.length;
}

/** Reader and writer over the real routes, and what records their requests and their effect. */
function openTestBench(sandbox: Sandbox, { plan, snapshot, clock }: RehearseOptions) {
  const history = recordAccess(sandbox.access());
  sandbox.onWrite(() => history.record(sandbox.access()));
  const created = new Map<RoleId, NewRoleId>();
  const symbols = new Map(
    plan.changes.flatMap(({ id, kind, roleId }) => (kind === 'role.create' ? [[id, roleId]] : [])),
  );
  /** The change of each write, in the order of the log. */
  const changeOf: string[] = [];
  let sending = '';
  const routes = openRoutes({
    instance: snapshot.instance,
    baseUrl: 'http://127.0.0.1',
    auth: { accessToken: sandbox.token },
    fetch: (request) => {
      if (isWrite(request.method, new URL(request.url).pathname)) changeOf.push(sending);
      return sandbox.fetch(request);
    },
    sleep: (ms) => clock.sleep(ms),
    now: () => clock.now(),
    random: () => 0,
  });
  return {
    history,
    reader: openReader(routes, { instance: snapshot.instance, sandbox: snapshot.sandbox }),
    writer: openWriter(routes),
    journal: {
      append: async (entry: Parameters<Parameters<typeof applyPlan>[0]['journal']['append']>[0]) => {
        if (entry.kind === 'about-to-send') sending = entry.change;
        if (entry.kind !== 'confirmed' || entry.roleId === null) return;
        const symbol = symbols.get(entry.change);
        if (symbol) created.set(entry.roleId, symbol);
      },
    },
    requests: (): RehearsedRequest[] =>
      sandbox
        .log()
        .filter(({ method, path }) => isWrite(method, path))
        .map(({ method, path, body, status }: LoggedRequest, index) => ({
          change: changeOf[index] ?? '',
          method,
          path,
          body,
          planned: plannedForm({ method, path, body }, created),
          status,
        })),
    close: () => routes.close(),
  };
}

/** The state after the rehearsal, read as for a plan, with the hidden accounts that the snapshot has. */
async function readAfter(
  reader: LiveReader,
  snapshot: Snapshot,
  standIn: PersonId | null,
): Promise<Snapshot> {
  const core = await reader.readCore();
  const found = snapshot.people.scope === 'all' ? await reader.readPeople() : await reader.readAdmins(core);
  const known = snapshot.people.list.map(({ id }) => id);
  const { scope, list } = await withPeople(reader, found, known);
  const roles = [];
  for (const role of core.roles) {
    // What the catalogue does not list is only in the role's own list.
    const odd = role.grantCount !== null && role.grantCount !== role.grants.length;
    roles.push(odd ? { ...role, grants: await reader.readRoleGrants(role.id) } : role);
  }
  const people = { scope, list: list.filter(({ id }) => id !== standIn) };
  return { ...core, me: snapshot.me, roles, people };
}

function withPeopleNamed({ people, ...rest }: Excess, snapshot: Snapshot): P1Violation {
  const emails = new Map(snapshot.people.list.map(({ id, email }) => [id, email]));
  return { ...rest, people: people.map((id) => ({ id, email: emails.get(id) ?? null })) };
}

function refuseState(error: unknown): never {
  if (!(error instanceof SandboxStateError)) throw error;
  throw new ProblemError(
    problem('bad-file', `the snapshot cannot be rehearsed: ${error.message}`, {
      hint: 'take the snapshot again',
    }),
    { cause: error },
  );
}
