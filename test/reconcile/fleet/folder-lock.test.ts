import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openFleetStage, statuses } from '../../support/fleet-stage.js';
import type { FleetStage } from '../../support/fleet-stage.js';
import type { Ended } from '../../support/in-process.js';

let stage: FleetStage;
beforeEach(async () => {
  stage = await openFleetStage(['alpha', 'beta']);
});
afterEach(() => stage.close());

const USED = 'another run in the folder "out" is running';

/** Runs the command at the first write of an apply into `out`. */
async function during(run: () => Promise<Ended>): Promise<[Ended, Ended]> {
  const others: Promise<Ended>[] = [];
  for (const sandbox of stage.sandboxes.values())
    sandbox.onWrite(() => {
      if (others.length === 0) others.push(run());
    });
  const apply = await stage.fleet('apply', '--yes', '--out', 'out');
  const [other] = others;
  if (!other) throw new Error('nothing was written');
  return [apply, await other];
}

describe('a folder in use by another run', () => {
  it.each<[string, string[]]>([
    ['the same apply', ['apply', '--yes', '--out', 'out']],
    ['an apply of other instances', ['apply', '--yes', '--only', 'beta', '--out', './out/']],
    ['a resumed apply', ['apply', '--yes', '--resume', 'out']],
    ['a plan', ['plan', '--out', 'out']],
  ])('is not used by %s', async (_, [verb = '', ...args]) => {
    const [apply, other] = await during(() => stage.fleet(verb, ...args));
    expect([other.code, other.stderr]).toEqual([1, expect.stringContaining(USED)]);
    expect([apply.code, statuses(await stage.document('out'))]).toEqual([0, ['alpha done', 'beta done']]);
    expect(await readdir(join(stage.folder, 'out/instances/alpha/run'))).toContain('runs');
    // No file is left over.
    expect((await stage.fleet('plan', '--out', 'out')).code).toBe(0);
  });

  it('is resumed after waiting for that run, with its results', async () => {
    const args = ['--yes', '--out', 'out', '--wait-for-lock', '60'];
    const [apply, other] = await during(() => stage.fleet('apply', ...args));
    expect([apply.code, other.code]).toEqual([0, 0]);
    expect(other.stderr).toContain(`waiting up to 60 s: ${USED}`);
    expect(statuses(await stage.document('out'))).toEqual(['alpha done', 'beta done']);
  });
});
