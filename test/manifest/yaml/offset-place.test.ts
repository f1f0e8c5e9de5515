import { describe, expect, it } from '@jest/globals';
import { LineCounter } from 'yaml';
import { OffsetPlace } from '../../../src/manifest/yaml/offset-place.js';
import { plainPlace } from '../../../src/manifest/yaml/yaml-values.js';
import { plainWhere, problem } from '../../../src/problem/problem.js';

const TEXT = 'one: 1\ntwo:\n  three: 3\n';

function place(from: number, to: number): OffsetPlace {
  const lines = new LineCounter();
  for (const [index, char] of [...`\n${TEXT}`].entries()) if (char === '\n') lines.addNewLine(index);
  return new OffsetPlace({ file: 'roles.yaml', lines }, from, to);
}

describe('a place with offsets', () => {
  it.each([
    ['at the start', 0, 3, [1, 1, 1, 4]],
    ['on a later line', 14, 19, [3, 3, 3, 8]],
    ['over several lines', 7, 22, [2, 1, 3, 11]],
    ['whose end is before its start', 14, 0, [3, 3, 3, 3]],
  ])('counts lines and columns from 1 %s', (_, from, to, [line, column, endLine, endColumn]) => {
    const expected = { file: 'roles.yaml', line, column, endLine, endColumn };
    expect(plainPlace(place(from, to))).toEqual(expected);
    expect(JSON.parse(JSON.stringify(place(from, to)))).toEqual(expected);
    expect(plainWhere(place(from, to))).toEqual(expected);
  });

  it('becomes a plain object in a problem, without the source text', () => {
    const { where } = problem('bad-value', 'wrong', { where: place(0, 3) });
    expect(Object.keys(where ?? {})).toEqual(['file', 'line', 'column', 'endLine', 'endColumn']);
  });
});
