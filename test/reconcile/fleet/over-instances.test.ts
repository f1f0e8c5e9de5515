import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { FleetRow } from '../../../src/fleet/document.js';
import type { InstanceResult } from '../../../src/fleet/rows.js';
import { problem, ProblemError } from '../../../src/problem/problem.js';
import { overInstances } from '../../../src/reconcile/fleet/over-instances.js';
import type { OverInstances } from '../../../src/reconcile/fleet/over-instances.js';
import { openRuntime } from '../../../src/reconcile/runtime.js';
import { fleetEntry } from '../../support/fleet-entry.js';
import { inputs } from '../../support/law.js';

const WELL: InstanceResult = {
  ...{ status: 'clean', exit: 0, summary: null, protected: [], refusals: [], problems: [], warnings: [] },
  ...{ because: null, document: null, digest: null, runId: null },
};

function options(rest: Partial<OverInstances> = {}): OverInstances & { count: { failures: number } } {
  return {
    runtime: openRuntime({ env: {} }),
    ...{ atOnce: 2, instanceBudgetMs: null, maxFailures: null, requests: {}, count: { failures: 0 } },
    ...rest,
  };
}

/** A clock that stands still until it is advanced. Waiting work continues in the order of its times. */
function openClock() {
  const waiting: { at: number; go: () => void }[] = [];
  let now = 0;
  return {
    now: () => now,
    wait: (ms: number) => new Promise<void>((go) => waiting.push({ at: now + ms, go })),
    async run(): Promise<void> {
      for (;;) {
        // Work that does not wait continues first.
        await new Promise((done) => setImmediate(done));
        waiting.sort((a, b) => a.at - b.at);
        const next = waiting.shift();
        if (!next) return;
        now = next.at;
        next.go();
      }
    },
  };
}

const reached = (): ProblemError => new ProblemError(problem('unreachable', 'no response'));

describe('running over instances', () => {
  it('starts nothing once more than --max-failures have failed, and never exceeds the window', async () => {
    const fleets = fc.record({
      work: fc.array(fc.record({ ms: fc.integer({ min: 1, max: 50 }), fails: fc.boolean() }), {
        maxLength: 30,
      }),
      atOnce: fc.integer({ min: 1, max: 6 }),
      maxFailures: fc.integer({ min: 0, max: 5 }),
      // The boundary between two waves.
      cuts: fc.uniqueArray(fc.integer({ min: 1, max: 29 }), { maxLength: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(fleets, async ({ work, atOnce, maxFailures, cuts }) => {
        const clock = openClock();
        const entries = work.map((_, index) => fleetEntry(`i${index}`));
        let [failed, inFlight] = [0, 0];
        // A failed expectation within the work would become a row, so it is checked afterwards.
        const begun: { failed: number; inFlight: number }[] = [];
        const one = async ({ name }: { name: string }): Promise<InstanceResult> => {
          inFlight += 1;
          begun.push({ failed, inFlight });
          const { ms = 1, fails = false } = work[Number(name.slice(1))] ?? {};
          await clock.wait(ms);
          inFlight -= 1;
          if (!fails) return WELL;
          failed += 1;
          throw reached();
        };
        const shared = options({ atOnce, maxFailures });
        const overWaves = async (): Promise<FleetRow[]> => {
          const found: FleetRow[] = [];
          const ends = [...cuts].sort((a, b) => a - b);
          for (const [at, end] of [...ends, work.length].entries())
            found.push(...(await overInstances(entries.slice(ends[at - 1] ?? 0, end), shared, one)));
          return found;
        };
        const run = overWaves();
        await clock.run();
        const rows = await run;
        expect(begun.filter((one) => one.failed > maxFailures || one.inFlight > atOnce)).toEqual([]);
        const left = rows.filter(({ status }) => status === 'not-started');
        // Instances are left over only after too many failures, and every row exists, in order.
        expect(rows.map(({ instance }) => instance)).toEqual(entries.map(({ name }) => name));
        if (left.length > 0) expect(failed).toBeGreaterThan(maxFailures);
        for (const { because } of left) expect(because).toContain('--max-failures');
      }),
      { numRuns: inputs(40) },
    );
  });

  it.each<[string, Error, Partial<FleetRow>]>([
    ['a network', reached(), { status: 'failed', exit: 1 }],
    ['a manifest', new ProblemError(problem('unknown-key', 'no such key')), { status: 'invalid', exit: 3 }],
    ['a refusal', new ProblemError(problem('max-moves', 'too many')), { status: 'refused', exit: 4 }],
    [
      'two errors, one of them worse',
      new ProblemError([problem('max-moves', 'a'), problem('unreachable', 'b')]),
      { status: 'failed', exit: 1 },
    ],
    [
      'an internal error',
      new TypeError('secret words'),
      { status: 'failed', exit: 1, because: 'an internal error of domo-roles', problems: [] },
    ],
    [
      'the system',
      Object.assign(new Error('secret words'), { code: 'EMFILE', path: 'fleet/base.yaml' }),
      {
        status: 'failed',
        exit: 1,
        because: 'fleet/base.yaml cannot be used (EMFILE)',
        problems: [
          {
            ...{
              code: 'bad-file',
              message: 'fleet/base.yaml cannot be used (EMFILE)',
              file: 'fleet/base.yaml',
            },
            ...{ line: null, column: null },
            hint: 'raise the limit of open files (ulimit -n), or work on fewer things at once',
          },
        ],
      },
    ],
  ])('reports an error of %s in its row and continues with the others', async (_what, error, row) => {
    const entries = ['a', 'b', 'c'].map((name) => fleetEntry(name));
    const rows = await overInstances(entries, options(), ({ name }) =>
      name === 'b' ? Promise.reject(error) : Promise.resolve(WELL),
    );
    expect(rows.map(({ status }) => status)).toEqual(['clean', row.status, 'clean']);
    expect(rows[1]).toMatchObject(row);
    expect(JSON.stringify(rows)).not.toContain('secret words');
  });

  it('reports any error after a write as incomplete', async () => {
    const [row] = await overInstances([fleetEntry('a')], options(), (_entry, context) => {
      context.onSent();
      return Promise.reject(reached());
    });
    expect(row).toMatchObject({ status: 'incomplete', exit: 5, sent: true });
  });

  it('skips a suspended instance, with the reason and the date', async () => {
    const suspended = { reason: 'contract ended', until: '2027-01-31' };
    const rows = await overInstances([fleetEntry('a', { suspended })], options(), () => {
      throw new Error('must not be called');
    });
    expect(rows[0]).toMatchObject({
      status: 'suspended',
      because: 'contract ended (until 2027-01-31)',
      exit: null,
    });
  });

  it('starts nothing after the run was stopped', async () => {
    const stop = new AbortController();
    const runtime = openRuntime({ env: {}, signal: stop.signal });
    const entries = ['a', 'b', 'c'].map((name) => fleetEntry(name));
    const rows = await overInstances(entries, options({ runtime, atOnce: 1 }), () => {
      stop.abort();
      return Promise.resolve(WELL);
    });
    expect(rows.map(({ status }) => status)).toEqual(['clean', 'not-started', 'not-started']);
    expect(rows[2]?.because).toBe('the run was stopped');
  });

  it('stops an instance that takes too long, but waits for one that may be writing', async () => {
    const entries = ['reads', 'writes'].map((name) => fleetEntry(name));
    const rows = await overInstances(
      entries,
      options({ instanceBudgetMs: 20 }),
      async ({ name }, context) => {
        if (name === 'reads') return new Promise(() => undefined);
        context.onBegin();
        await new Promise((done) => setTimeout(done, 80));
        context.onSent();
        return { ...WELL, status: 'done' };
      },
    );
    expect(rows.map(({ status, sent }) => [status, sent])).toEqual([
      ['failed', false],
      ['done', true],
    ]);
    expect(rows[0]?.problems.map(({ code }) => code)).toEqual(['interrupted']);
  });

  it('prints no local path', async () => {
    const message = '/home/me/project/.domo-roles/fleet/x/instances/a/plan.json cannot be used: it is full';
    const roots = ['/home/me/project', '/home/me/project/.domo-roles/fleet/x'];
    const [row] = await overInstances([fleetEntry('a')], options({ roots }), () =>
      Promise.reject(
        new ProblemError(problem('bad-file', message, { where: { file: '/home/me/project/base.yaml' } })),
      ),
    );
    expect(row?.because).toBe('instances/a/plan.json cannot be used: it is full');
    expect(row?.problems[0]).toMatchObject({ file: 'base.yaml' });
  });

  it('does not reveal who holds a lock or since when', async () => {
    const message = 'another apply on a is running: process 7 on host, since 2026-01-01T00:00:00Z';
    const [row] = await overInstances([fleetEntry('a')], options(), () =>
      Promise.reject(new ProblemError(problem('locked', message))),
    );
    expect(row).toMatchObject({ status: 'refused', because: 'another apply on this instance is running' });
    expect(JSON.stringify(row)).not.toMatch(/2026|process 7/u);
  });
});
