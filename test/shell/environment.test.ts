import { describe, expect, it } from '@jest/globals';
import { appearanceOf, widthOf } from '../../src/shell/environment.js';

describe('widthOf', () => {
  it.each([
    ['a narrow terminal', { isTTY: true, columns: 40 }, 40],
    ['a wide terminal', { isTTY: true, columns: 200 }, 100],
    ['a terminal without a size', { isTTY: true, columns: 0 }, 100],
    ['a pipe', {}, 100],
    ['a pipe of a narrow terminal', { isTTY: false, columns: 40 }, 100],
  ])('of %s', (_what, stream, width) => expect(widthOf(stream)).toBe(width));
});

describe('appearanceOf', () => {
  it.each([
    ['a terminal', { isTTY: true, columns: 60 }, {}, { colour: true, width: 60 }],
    [
      'a terminal with NO_COLOR',
      { isTTY: true, columns: 60 },
      { NO_COLOR: '1' },
      { colour: false, width: 60 },
    ],
    ['a dumb terminal', { isTTY: true, columns: 60 }, { TERM: 'dumb' }, { colour: false, width: 60 }],
    ['a file', {}, {}, { colour: false, width: 100 }],
  ])('of %s', (_what, stream, env, appearance) => expect(appearanceOf(stream, env)).toEqual(appearance));
});
