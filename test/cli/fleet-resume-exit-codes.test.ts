import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { inventoryOf, openFleetStage } from '../support/fleet-stage.js';
import type { FleetStage } from '../support/fleet-stage.js';

let stage: FleetStage;
beforeEach(async () => {
  stage = await openFleetStage(['alpha', 'beta']);
});
afterEach(() => stage.close());

/** Reduces the log of a run to its first lines, as a kill leaves it. */
async function cutOff(out: string, lines: number): Promise<void> {
  const log = join(stage.folder, out, 'fleet.jsonl');
  const kept = (await readFile(log, 'utf8')).split('\n').slice(0, lines);
  await rm(join(stage.folder, out, 'fleet.json'), { force: true });
  await writeFile(log, `${kept.join('\n')}\n`);
}

/** What ends a resumed apply before it has a document. */
const STOPS: readonly [string, readonly string[]][] = [
  ['a rule that does not exist', ['--allow', '*:rule=none']],
  ['an unknown code', ['--allow', 'no-code']],
  ['credentials that cannot be read', ['--token-dir', 'none']],
];

// The lines of the log: the header, `begin` and `end` of alpha, `begin` of beta.
describe.each([
  ['ends with 5 if an instance was written', 3, 5],
  ['ends with 5 if an instance may have been written', 2, 5],
  ['ends with 1 if nothing was written', 1, 1],
])('a resumed apply %s', (_words, lines, expected) => {
  it.each(STOPS)('and is stopped by %s', async (_what, flags) => {
    await stage.fleet('apply', '--yes', '--out', 'run', '--at-once', '1');
    await cutOff('run', lines);
    expect((await stage.fleet('apply', '--yes', '--resume', 'run', ...flags)).code).toBe(expected);
  });
});

it('an apply that cannot open the folder of an interrupted run ends with 5 if that run wrote', async () => {
  await stage.fleet('apply', '--yes', '--out', 'run', '--at-once', '1');
  await cutOff('run', 3);
  await stage.write('run/other', 'of another program');
  const { code, stderr } = await stage.fleet('apply', '--yes', '--resume', 'run');
  expect([code, stderr]).toEqual([5, expect.stringContaining('which no fleet run wrote')]);
});

it('an apply that is not resumed because the inventory changed ends with 1', async () => {
  await stage.fleet('apply', '--yes', '--out', 'run');
  const waves = 'waves: [{ name: first, where: [a=b] }]\n';
  await stage.write('fleet.yaml', inventoryOf({ alpha: '{}', beta: '{}' }, waves));
  expect((await stage.fleet('apply', '--yes', '--resume', 'run')).code).toBe(1);
});

it('a command line that cannot be parsed ends with 1: it names no run', async () => {
  await stage.fleet('apply', '--yes', '--out', 'run');
  expect((await stage.fleet('apply', '--yes', '--resume', 'run', '--al=x')).code).toBe(1);
});

it('a rollback that is resumed ends with 5 if it undid something before', async () => {
  await stage.fleet('apply', '--yes', '--out', 'run');
  await stage.fleet('rollback', 'run', '--yes', '--out', 'undone');
  await cutOff('undone', 3);
  const { code } = await stage.fleet('rollback', '--yes', '--resume', 'undone', '--allow', 'no-code');
  expect(code).toBe(5);
});

it('a command that only reads does not take the folder of an apply as its own', async () => {
  await stage.fleet('apply', '--yes', '--out', 'run');
  expect((await stage.fleet('plan', '--resume', 'run')).code).toBe(1);
});
