import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { isNumberFlag, rangeProblem } from '../../src/shell/flag-numbers.js';

// The help of every command, as another test compares it with the command itself.
const HELP = await readFile(join(import.meta.dirname, '../../docs/reference/cli.md'), 'utf8');

describe('a flag that takes a number', () => {
  const flags = new Set(
    [...HELP.matchAll(/--([a-z-]+) (?:(?!--)[^[])*\[number\]/gu)].map(([, flag]) => flag ?? ''),
  );

  it('has a range, without which any text would be accepted', () => {
    expect(flags.size).toBeGreaterThan(10);
    expect([...flags].filter((flag) => !isNumberFlag(flag) || rangeProblem(flag, NaN) === null)).toEqual([]);
  });
});
