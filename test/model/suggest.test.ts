import { describe, expect, it } from '@jest/globals';
import { didYouMean, suggest } from '../../src/model/suggest.js';

describe('a suggestion', () => {
  it.each([
    ['datset.export', ['dataset.export', 'dataset.manage'], 'dataset.export'],
    ['EDITOR', ['Admin', 'Editor'], 'Editor'],
    ['ab', ['abc', 'abd'], 'abc'],
    ['ab', ['abd', 'abc'], 'abc'],
    ['roles', ['roles', 'role'], null],
    ['entirely.different', ['dataset.export'], null],
    ['', ['a'], 'a'],
    ['x', [], null],
    ['x'.repeat(100_000), ['x'.repeat(99_999)], null],
  ])('for %.20s among %j is %j', (word, candidates, meant) => {
    expect(suggest(word, candidates)).toBe(meant);
  });

  it('is a question in a hint', () => {
    expect(didYouMean('Editr', ['Editor'])).toBe('did you mean "Editor"?');
    expect(didYouMean('zzz', ['Editor'])).toBeNull();
  });
});
