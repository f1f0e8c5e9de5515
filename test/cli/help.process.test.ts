import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { describe, expect, it } from '@jest/globals';
import { runWithin } from '../support/in-process.js';
import { BIN } from '../support/built.js';

function said(...args: string[]): string {
  return spawnSync(process.execPath, [BIN, ...args], { encoding: 'utf8' }).stdout;
}

describe('the help', () => {
  it('prepared at build time equals the output of the command line itself', () => {
    expect(said('--help')).toContain('Commands:');
    expect(said('--help')).toBe(said('-h'));
  });

  it('is printed when no command is given', async () => {
    expect(spawnSync(process.execPath, [BIN], { encoding: 'utf8' })).toMatchObject({
      status: 0,
      stdout: said('--help'),
      stderr: '',
    });
    const within = await runWithin([], { cwd: tmpdir() });
    expect(within).toEqual({ code: 0, stdout: said('--help'), stderr: '' });
  });
});
