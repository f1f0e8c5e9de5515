import { describe, expect, it } from '@jest/globals';
import { problem } from '../../src/problem/problem.js';
import { withGivenPaths } from '../../src/shell/given-paths.js';

const found = [
  problem('bad-file', '/home/me/team/out/fleet.jsonl cannot be used', {
    where: { file: '/home/me/team/out/fleet.jsonl' },
    hint: 'delete /home/me/team/out',
  }),
];

describe('paths in problems', () => {
  it('are relative to the working directory', () => {
    expect(withGivenPaths(found, { cwd: '/home/me/team', argv: ['plan', '--out', 'out'] })).toEqual([
      {
        ...found[0],
        message: 'out/fleet.jsonl cannot be used',
        where: { file: 'out/fleet.jsonl' },
        hint: 'delete out',
      },
    ]);
  });

  it.each([
    ['that the command line names', '/home/me/team', ['plan', '--out', '/home/me/team/out']],
    ['elsewhere', '/home/me/wor', ['plan']],
    ['of the root', '/', ['plan']],
  ])('%s stay absolute', (_, cwd, argv) => {
    expect(withGivenPaths(found, { cwd, argv })).toEqual(found);
  });
});
