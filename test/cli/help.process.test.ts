import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { runWithin } from '../support/in-process.js';

const BIN = join(import.meta.dirname, '../../dist/bin/domo-roles.js');

function said(...args: string[]): string {
  return spawnSync(process.execPath, [BIN, ...args], { encoding: 'utf8' }).stdout;
}

describe('help', () => {
  it('that was laid out when the command was built is what the command line itself has to say', () => {
    expect(said('--help')).toContain('Commands:');
    expect(said('--help')).toBe(said('-h'));
  });

  it('is what no command at all prints', async () => {
    expect(spawnSync(process.execPath, [BIN], { encoding: 'utf8' })).toMatchObject({
      status: 0,
      stdout: said('--help'),
      stderr: '',
    });
    const within = await runWithin([], { cwd: tmpdir() });
    expect(within).toEqual({ code: 0, stdout: said('--help'), stderr: '' });
  });
});
