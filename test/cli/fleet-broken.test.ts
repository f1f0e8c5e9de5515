import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkSchema } from '../support/check-schema.js';
import { causesOf, openBrokenFleet } from '../support/broken-fleet.js';
import type { BrokenFleet } from '../support/broken-fleet.js';
import { rowOf } from '../support/fleet-stage.js';

let fleet: BrokenFleet;
beforeAll(async () => {
  fleet = await openBrokenFleet(32, 16);
});
afterAll(() => fleet.stage.close());

describe('a fleet with broken instances', () => {
  it('is planned on the healthy ones, shows the cause for each broken one and exits with 1', async () => {
    const { stage, broken, healthy } = fleet;
    const { code, stdout, stderr } = await stage.fleet(
      'plan',
      '--out',
      'out',
      '--retries',
      '0',
      '--instance-budget',
      '1',
      // The fewer at once, the less an instance that answers takes of its second.
      '--at-once',
      '2',
    );
    expect(code).toBe(1);
    const document = await stage.document('out');
    expect(checkSchema('fleet', document)).toEqual([]);
    const causes = causesOf(document);
    for (const name of healthy) expect([name, causes.get(name)]).toEqual([name, 'changes']);
    for (const [name, row] of broken) {
      expect([name, causes.get(name)]).toEqual([name, row]);
      expect(rowOf(document, name).because).not.toBeNull();
      expect(stdout).toContain(name);
      expect(stderr).toContain(`${name}: ${row.split(' ')[0]}`);
    }
    expect(document.summary).toMatchObject({
      instances: 32,
      changes: 16,
      invalid: 2,
      refused: 1,
      failed: 13,
    });
    expect(document.groups.map(({ instances }) => instances.length)).toEqual([16, 1]);
  });

  it('stops waiting for an instance that never responds after its time limit', async () => {
    const row = rowOf(await fleet.stage.document('out'), 'i004');
    expect(row.because).toBe('the time limit of this instance was reached (--instance-budget)');
    expect(row.ms).toBeGreaterThanOrEqual(990);
    expect(row.ms).toBeLessThan(8000);
  });
});
