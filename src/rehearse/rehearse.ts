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
import { fillSandbox } from './fill-sandbox.js';
import { toPlannedRequest } from './to-planned-request.js';
import { recordAccess } from './access-history.js';
import type { Excess } from './access-history.js';
import { openRoutes } from '../routes/index.js';
import { isWrite } from '../sandbox/faults.js';
import { openSandbox, SandboxStateError } from '../sandbox/index.js';
import type { LoggedRequest, Sandbox } from '../sandbox/index.js';
import type { PersonId, RoleId } from '../model/ids.js';

/** A write of a rehearsal. */
export interface RehearsedRequest {
  /** Id of the change in the plan. */
  change: string;
  /** The request as sent, with the ids of roles that the rehearsal created. */
  method: string;
  path: string;
  body: unknown;
  /** The same request in the form of a plan, with such roles as `{new:NAME}`. */
  planned: PlannedRequest;
  /** The status of the response; null without one. */
  status: number | null;
}

/** A breach of P1, with the addresses of its people. */
export interface P1Violation extends Omit<Excess, 'people'> {
  people: readonly PlanPerson[];
}

/** The result of a dry run. */
export interface Rehearsal {
  instance: string;
  /** Every write, in order. */
  requests: readonly RehearsedRequest[];
  /** Are these exactly the requests that the plan lists? */
  asPlanned: boolean;
  /** With `dryRun: true`. */
  outcome: Outcome;
  /** P1, checked after every write. `violations` is empty if it holds. */
  p1: { writes: number; violations: readonly P1Violation[] };
  /** A new plan from the state after the rehearsal. Has no changes if the rehearsal holds. */
  again: Plan;
  /** All changes are done, the requests are as planned, P1 holds, and the new plan is empty. */
  holds: boolean;
  /** The result as one JSON document. */
  document: RehearsalDocument;
}

/** An outcome with the results of a dry run. Requests are in the form of plans. */
export interface RehearsalDocument extends Outcome {
  rehearsal: {
    holds: boolean;
    asPlanned: boolean;
    requests: readonly (PlannedRequest & { change: string; status: number | null })[];
    p1: Rehearsal['p1'];
    /** The number of changes in the new plan. */
    left: number;
  };
}

/** Options of `rehearse`. */
export interface RehearseOptions {
  plan: Plan;
  /** See `ApplyOptions.allowed`. */
  allowed?: Plan['allowed'];
  /** The snapshot that the plan was made from. */
  snapshot: Snapshot;
  clock: Clock;
  /** The journals of earlier runs of this plan, which the rehearsal continues. */
  resume?: ApplyOptions['resume'];
  /** Plans again from the state after the rehearsal, which has the instance and acting person of the snapshot. */
  planAgain: (after: Snapshot) => Plan;
  signal?: AbortSignal;
  onProgress?: (progress: ApplyProgress) => void;
}

/**
 * Applies a plan to a sandbox that is filled from the snapshot, with the same code as a real apply. Does not contact
 * the instance.
 *
 * @throws ProblemError any error of `applyPlan` before its first write (`stale-plan` if the plan was not made from this
 *   snapshot), and `bad-file` for an impossible snapshot.
 */
export async function rehearse(options: RehearseOptions): Promise<Rehearsal> {
  const { plan, snapshot, clock } = options;
  // Secrets are redacted from the log by value, so the token must not occur in a plan.
  const token = `dry-run-of-${plan.digest}`;
  const { state, quirks, standIn } = fillSandbox(snapshot, token);
  const sandbox = await openSandbox({ state, quirks, token, clock: () => clock.now() }).catch(refuseState);
  const harness = openHarness(sandbox, options);
  try {
    const outcome = await applyPlan({
      plan,
      ...(options.allowed ? { allowed: options.allowed } : {}),
      reader: harness.reader,
      writer: harness.writer,
      journal: harness.journal,
      clock,
      runId: 'dry-run',
      dryRun: true,
      resume: options.resume ?? null,
      // Changes are visible immediately. Without concurrency, the order is that of the plan.
      limits: { concurrency: 1, confirmMs: 0, refusedMs: 0 },
      ...(options.signal ? { signal: options.signal } : {}),
      ...(options.onProgress ? { onProgress: options.onProgress } : {}),
    });
    const requests = harness.requests();
    const again = options.planAgain(await readAfter(harness.reader, snapshot, standIn));
    const violations = harness.history.excesses().map((excess) => withAddresses(excess, snapshot));
    return toRehearsal({
      instance: snapshot.instance,
      requests,
      asPlanned: isAsPlanned(requests, plannedWrites(plan, outcome)),
      outcome,
      p1: { writes: harness.history.count(), violations },
      again,
    });
  } finally {
    harness.close();
    await sandbox.close();
  }
}

function toRehearsal(found: Omit<Rehearsal, 'holds' | 'document'>): Rehearsal {
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

/** The requests of a plan, without changes that an interrupted run already made. */
function plannedWrites(plan: Plan, outcome: Outcome): PlannedWrite[] {
  const status = new Map(outcome.changes.map((change) => [change.id, change.status]));
  return plan.changes.flatMap(({ id, requests }) =>
    status.get(id) === 'already' ? [] : requests.map((request) => ({ change: id, request })),
  );
}

/** Were exactly these requests sent, in this order? A conditional request may be missing. */
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

/** A reader and a writer on the real routes, with a recording of their requests and of access. */
function openHarness(sandbox: Sandbox, { plan, snapshot, clock }: RehearseOptions) {
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
    writer: openWriter(routes, () => clock.now()),
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
          planned: toPlannedRequest({ method, path, body }, created),
          status,
        })),
    close: () => routes.close(),
  };
}

/** Reads the state after the rehearsal as for a plan, with the hidden accounts of the snapshot. */
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
    // Grants that are not in the catalogue are only in the role's own list.
    const isPartial = role.grantCount !== null && role.grantCount !== role.grants.length;
    roles.push(isPartial ? { ...role, grants: await reader.readRoleGrants(role.id) } : role);
  }
  const people = { scope, list: list.filter(({ id }) => id !== standIn) };
  return { ...core, me: snapshot.me, roles, people };
}

function withAddresses({ people, ...rest }: Excess, snapshot: Snapshot): P1Violation {
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
