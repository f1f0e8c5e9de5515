import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Buffer } from 'node:buffer';
import { checkSchema } from '../support/check-schema.js';
import { causesOf, openBrokenFleet } from '../support/broken-fleet.js';
import type { BrokenFleet } from '../support/broken-fleet.js';
import { runWithin } from '../support/in-process.js';
import type { Ended } from '../support/in-process.js';
import { rowOf, tokenOf } from '../support/fleet-stage.js';

const SIZE = 500;
const BROKEN = 32;
const WINDOW = 8;
const BUDGET_S = 2;

let fleet: BrokenFleet;
beforeAll(async () => {
  fleet = await openBrokenFleet(SIZE, BROKEN);
});
afterAll(() => fleet.stage.close());

describe('500 instances of which 32 are broken', () => {
  it('are planned where healthy, with a cause for each broken one, without waiting for stuck ones in turn', async () => {
    const { stage, broken, healthy, stuck } = fleet;
    const time = async (...args: string[]): Promise<Ended & { ms: number }> => {
      const start = Date.now();
      const ended = await stage.fleet('plan', '--retries', '0', '--at-once', String(WINDOW), ...args);
      return { ...ended, ms: Date.now() - start };
    };
    const except = [...broken.keys()].flatMap((name) => ['--except', name]);
    const alone = await time('--out', 'healthy', ...except);
    expect(alone.code).toBe(0);
    const all = await time('--out', 'all', '--instance-budget', String(BUDGET_S));
    expect(all.code).toBe(1);

    const document = await stage.document('all');
    expect(checkSchema('fleet', document)).toEqual([]);
    expect(document.summary).toMatchObject({ changes: SIZE - BROKEN, invalid: 4, refused: 2, failed: 26 });
    expect(document.groups.map(({ instances }) => instances.length)).toEqual([SIZE - BROKEN, 2]);
    const causes = causesOf(document);
    expect(healthy).toHaveLength(SIZE - BROKEN);
    expect(healthy.filter((name) => causes.get(name) !== 'changes')).toEqual([]);
    for (const [name, row] of broken) {
      expect([name, causes.get(name)]).toEqual([name, row]);
      expect(rowOf(document, name).because).not.toBeNull();
      expect(all.stdout).toContain(name);
      expect(all.stderr).toContain(`${name}: ${row.split(' ')[0]}`);
    }
    const slow = [...broken].filter(([, row]) => row === 'failed interrupted').map(([name]) => name);
    expect(slow).toHaveLength(stuck);
    for (const name of slow) {
      const { because, ms } = rowOf(document, name);
      expect(because).toBe('the time limit of this instance was reached (--instance-budget)');
      expect(ms).toBeGreaterThanOrEqual(BUDGET_S * 990);
      expect(ms).toBeLessThan(BUDGET_S * 1000 + 8000);
    }
    // 50 % more, because other tests may run on the same machine.
    const bound = alone.ms * 1.5 + Math.ceil(stuck / WINDOW) * BUDGET_S * 1000 + 2000;
    expect(all.ms).toBeLessThan(bound);
  });

  it('are applied from that folder unless a plan is stale', async () => {
    const { stage, broken, healthy } = fleet;
    // Every fortieth was changed by hand since.
    const stale = healthy.filter((_, index) => index % 40 === 0);
    for (const name of stale) stage.sandboxes.get(name)?.edit({ edit: 'create-role', name: 'Fleet Viewer' });
    const { code } = await stage.fleet('apply', 'all', '--yes', '--out', 'applied', '--retries', '0');
    expect(code).toBe(5);
    const document = await stage.document('applied');
    const causes = causesOf(document);
    for (const name of healthy) {
      const isStale = stale.includes(name);
      expect([name, causes.get(name)]).toEqual([name, isStale ? 'refused stale-plan' : 'done']);
      const roles = stage.sandboxes.get(name)?.state().roles ?? [];
      // Manual changes are left unchanged.
      const viewer = roles.find((role) => role.name === 'Fleet Viewer');
      expect([name, viewer?.authorities.includes('content.export')]).toEqual([name, !isStale]);
    }
    for (const [name, row] of broken) expect([name, causes.get(name)]).toEqual([name, row]);
    expect(document.summary).toMatchObject({ instances: SIZE, done: SIZE - BROKEN - stale.length });
  });

  it('receive only their own token', () => {
    for (const [instance, requests] of fleet.stage.seen) {
      for (const text of requests) {
        for (const [token] of text.matchAll(/token-of-[a-z0-9]+-7f3a/gu))
          expect(token).toBe(tokenOf(instance));
      }
    }
    expect(fleet.stage.seen.size).toBeGreaterThan(SIZE - BROKEN);
  });

  it('fit into one Markdown comment with one group', async () => {
    const argv = ['fleet', 'report', 'all', '--format', 'markdown'];
    const { stdout } = await runWithin(argv, { cwd: fleet.stage.folder });
    expect(Buffer.byteLength(stdout)).toBeLessThan(65_536);
    const { groups } = await fleet.stage.document('all');
    expect(groups[0]?.instances).toHaveLength(SIZE - BROKEN);
  });
});
