import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const BIN = join(import.meta.dirname, '../../dist/bin/domo-roles.js');

function said(...args: string[]): string {
  return spawnSync(process.execPath, [BIN, ...args], { encoding: 'utf8' }).stdout;
}

describe('help', () => {
  it('that was laid out when the command was built is what the command line itself has to say', () => {
    expect(said('--help')).toContain('Commands:');
    expect(said('--help')).toBe(said('-h'));
  });
});
