import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import { openFleetSocketStage } from '../../support/fleet-stage.js';
import type { FleetStage } from '../../support/fleet-stage.js';
import { BIN } from '../../support/built.js';

const SPY = join(import.meta.dirname, '../../support/engine-flags.cjs');
const FLAT = '--heap-growing-percent=100';

let stage: FleetStage;
beforeAll(async () => {
  stage = await openFleetSocketStage(['alpha', 'beta']);
});
afterAll(() => stage.close());

/** Runs the built command, and returns the flags that it passed to the engine. */
async function flagsOf(...args: string[]): Promise<{ code: number; flags: unknown; stderr: string }> {
  const file = join(stage.folder, 'flags.json');
  const ended = await execa(process.execPath, ['--require', SPY, BIN, ...args], {
    cwd: stage.folder,
    env: { PATH: process.env.PATH ?? '', HOME: stage.folder, ENGINE_FLAGS: file },
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    timeout: 60_000,
  });
  const flags: unknown = JSON.parse(await readFile(file, 'utf8'));
  return { code: ended.exitCode ?? -1, flags, stderr: ended.stderr };
}

describe('the memory of a process', () => {
  it.each(['plan', 'drift', 'doctor', 'export', 'apply'])('stays flat with fleet %s', async (verb) => {
    const target = ['--base-url', `${stage.url}/{name}`, '--tokens', 'tokens.json', '--out', verb];
    const { code, flags, stderr } = await flagsOf(
      ...['fleet', verb, ...target],
      ...(verb === 'apply' ? ['--yes'] : []),
    );
    expect([flags, code]).toEqual([[FLAT], verb === 'drift' ? 2 : 0]);
    // An engine reports an unknown flag.
    expect(stderr).not.toMatch(/heap|flag/u);
  });

  it.each([
    [['plan', 'base.yaml', '--sandbox']],
    [['validate', 'base.yaml']],
    [['fleet', 'list']],
    [['fleet', 'validate']],
  ])('is left to Node by %j', async (args) => {
    expect(await flagsOf(...args)).toMatchObject({ code: 0, flags: [] });
  });
});
