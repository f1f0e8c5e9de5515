import { afterEach, describe, expect, it } from '@jest/globals';
import { PROBE_PREFIX } from '../../../src/model/throwaway-role.js';
import { openStage } from '../../support/cli.js';
import type { Stage } from '../../support/cli.js';
import { start } from '../../support/survival.js';

const open: Stage[] = [];
afterEach(async () => {
  for (const stage of open.splice(0)) await stage.close();
});

function left({ sandbox }: Stage): string[] {
  return sandbox
    .state()
    .roles.map(({ name }) => name)
    .filter((name) => name.toLowerCase().startsWith(PROBE_PREFIX));
}

describe('a probe in its own process', () => {
  it.each([
    ['killed at its first create', 'SIGKILL', 1],
    ['killed at its second create', 'SIGKILL', 5],
  ] as const)('%s leaves roles that the next one deletes', async (_when, signal, write) => {
    const stage = await openStage();
    open.push(stage);
    const run = start(stage, ['doctor', '--probe', '--yes']);
    let writes = 0;
    const stop = stage.sandbox.onWrite(() => {
      writes += 1;
      if (writes === write) run.child.kill(signal);
    });
    expect((await run.ended).signal).toBe(signal);
    stop();
    expect(left(stage).length).toBeGreaterThan(0);

    const reading = await stage.run('doctor', '--probe');
    expect(reading.stderr).toContain('a probe with --yes deletes it');
    expect(await stage.run('doctor', '--probe', '--yes')).toMatchObject({ code: 0, stderr: '' });
    expect(left(stage)).toEqual([]);
  });

  it('stopped by Ctrl-C cleans up before it ends', async () => {
    const stage = await openStage();
    open.push(stage);
    const run = start(stage, ['doctor', '--probe', '--yes']);
    const stop = stage.sandbox.onWrite(() => {
      stop();
      run.child.kill('SIGINT');
    });
    const ended = await run.ended;
    expect([ended.code, left(stage)]).toEqual([1, []]);
    expect(ended.stderr).toContain('the probe was stopped');
  });
});
