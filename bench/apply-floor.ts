import { groupsOf } from '../src/apply/groups.js';
import { inParallel } from '../src/apply/parallel.js';
import { DEFAULT_LIMITS } from '../src/apply/options.js';
import type { HttpRequest } from '../src/http/request.js';
import type { Change } from '../src/plan/change.js';
import { readSnapshot } from '../src/reconcile/read-live-state.js';
import { connect, load, planOf, TODAY } from './connect.js';
import { measure, task } from './measure.js';
import { CORE, openBenchClient, pageRequest, readAll, roleRequests } from './requests.js';

/** The lower bound of an apply: the same requests in the same phases, without a journal or any computation. */
const { reader, close } = connect(task());
const plan = planOf(await load(task()), await readSnapshot(reader, await load(task()), { now: TODAY }));
close();
const client = openBenchClient(task());
const { concurrency } = DEFAULT_LIMITS;
const sendAll = async (requests: readonly HttpRequest[], at: number): Promise<number> =>
  (await inParallel(requests, at, (request) => client.send(request).then(() => undefined))).length;

/** The reads that confirm a group: the matrix, or a search for the people who moved. */
function confirming(group: readonly Change[]): HttpRequest[] {
  const ids = group.flatMap((change) =>
    change.kind === 'members.move' ? change.people.map(({ id }) => id) : [],
  );
  if (ids.length === 0) return CORE.slice(1, 2);
  const batches = Math.ceil(ids.length / 1_000);
  return Array.from({ length: batches }, (_, index) =>
    pageRequest(0, ids.slice(index * 1_000, (index + 1) * 1_000)),
  );
}

await measure(async () => {
  await readAll(client);
  const written = plan.changes.flatMap((change) =>
    change.kind === 'grants.set' && typeof change.roleId === 'number' ? [change.roleId] : [],
  );
  let requests = await sendAll(
    written.flatMap((id) => roleRequests(id).slice(0, 1)),
    concurrency,
  );
  for (const group of groupsOf(plan.changes)) {
    const writes = group.flatMap((change) => change.requests);
    requests += await sendAll(
      writes.map((request) => ({ ...request, answer: 'any' })),
      concurrency,
    );
    requests += await sendAll(confirming(group), 8);
  }
  return { requests };
});
client.close();
