import { afterEach, describe, expect, it } from '@jest/globals';
import { applyPlan } from '../../src/apply/apply.js';
import { openWriter } from '../../src/apply/live-writer.js';
import { openReader } from '../../src/live/open-reader.js';
import type { Plan } from '../../src/plan/plan.js';
import { openRoutes } from '../../src/routes/index.js';
import { isWrite } from '../../src/sandbox/faults.js';
import type { Fault } from '../../src/sandbox/index.js';
import { memoryJournal } from '../support/apply-run.js';
import { changesOn, planOf } from '../support/plans-for-apply.js';
import { stillClock } from '../support/rehearsal.js';
import { ANALYST, OLD_REPORTING, openWorld, type World } from '../routes/world.js';
import { RUN_ID } from '../support/state-folder.js';

let world: World;
afterEach(() => world.close());

const NEVER = { times: 0 } as const;

/** A plan of one kind of change on the small company. */
async function planFor(what: string): Promise<Plan> {
  const reader = openReader(world.routes, { instance: 'sandbox', sandbox: true });
  const [core, people] = await Promise.all([reader.readCore(), reader.readPeople()]);
  const snapshot = { ...core, people };
  const on = changesOn(snapshot);
  const name = (id: number): string => snapshot.roles.find((role) => role.id === id)?.name ?? '';
  const free = people.list.find((person) => person.roleId === 4)?.id ?? 0;
  const inOld = people.list.filter(({ roleId }) => roleId === OLD_REPORTING).map(({ id }) => id);
  const changes = {
    create: () => [on.create('Made')],
    rename: () => [on.update(name(ANALYST), 'Renamed')],
    grants: () => [on.grants(name(ANALYST), ['audit'])],
    move: () => [on.move(name(ANALYST), [free])],
    default: () => [on.setDefault('Social')],
    allowlist: () => [on.allowlist(['Social'], name(core.defaultRoleId))],
    delete: () => [
      ...(inOld.length > 0 ? [on.move('Participant', inOld)] : []),
      on.remove(name(OLD_REPORTING), inOld.length > 0 ? ['members.move:Participant'] : []),
    ],
  };
  return planOf(snapshot, changes[what as keyof typeof changes]());
}

const KINDS = ['create', 'rename', 'grants', 'move', 'default', 'allowlist', 'delete'];

async function applied(plan: Plan, fetch?: (request: Request) => Promise<Response>) {
  const clock = stillClock();
  let sent = false;
  const routes = openRoutes({
    instance: 'sandbox',
    baseUrl: 'http://127.0.0.1',
    auth: { accessToken: world.sandbox.token },
    fetch: fetch ?? ((request) => world.sandbox.fetch(request)),
    sleep: (ms) => clock.sleep(ms),
    now: () => clock.now(),
  });
  const result = await applyPlan({
    plan,
    reader: openReader(routes, { instance: 'sandbox', sandbox: true }),
    writer: openWriter(routes),
    journal: memoryJournal(),
    clock,
    runId: RUN_ID,
    onSent: () => (sent = true),
  }).catch((error: unknown) => error);
  routes.close();
  return { result, sent };
}

describe('an apply whose writes cannot be sent', () => {
  it.each(KINDS)('is an error, not an outcome: %s', async (kind) => {
    world = await openWorld('in-process');
    const plan = await planFor(kind);
    const { result, sent } = await applied(plan, async (request) => {
      if (isWrite(request.method, new URL(request.url).pathname))
        throw Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
      return world.sandbox.fetch(request);
    });
    expect(result).toMatchObject({ problems: [{ code: 'unreachable' }] });
    expect(sent).toBe(false);
  });

  it.each<[string, Fault, boolean]>([
    ['a connection that is refused', { name: 'refused', method: 'PUT', ...NEVER }, false],
    ['one that breaks before anything is done', { name: 'reset', method: 'PUT', ...NEVER }, true],
    ['an answer that is lost', { name: 'answer-lost', method: 'PUT', ...NEVER }, true],
    ['a refusal', { name: '500', method: 'PUT', ...NEVER }, true],
    ['a connection that is refused after one that broke', { name: 'reset', method: 'PUT' }, true],
  ])('counts as sent if a request may have arrived: %s', async (_, fault, wanted) => {
    world = await openWorld('in-process');
    const plan = await planFor('grants');
    const refused: Fault = { name: 'refused', method: 'PUT', nth: 2, times: 0 };
    world.sandbox.setFaults(fault.times === 0 ? [fault] : [fault, refused]);
    const { result, sent } = await applied(plan);
    expect(sent).toBe(wanted);
    expect(result instanceof Error).toBe(!wanted);
  });
});
