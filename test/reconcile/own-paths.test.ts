import { describe, expect, it } from '@jest/globals';
import { pathsWithout } from '../../src/reconcile/own-paths.js';

describe('paths in documents', () => {
  it.each<[string, string[], string, string]>([
    ['relative to the longest folder', ['/h', '/h/me'], '/h/me/a.json and /h/b.json', 'a.json and b.json'],
    ['a dot for a folder itself', ['/h/me'], '/h/me cannot be used: /h/me.', '. cannot be used: ..'],
    ['in quotes', ['/h/me'], '"/h/me/a b.json"', '"a b.json"'],
    [
      'absolute beside a folder of nearly this name',
      ['/h/me'],
      '/h/me2/a /h/me-2/a /h/me.old/a',
      '/h/me2/a /h/me-2/a /h/me.old/a',
    ],
    ['relative to a folder above one of nearly this name', ['/h', '/h/me'], '/h/me2/a', 'me2/a'],
    [
      'absolute below another folder',
      ['/data'],
      '/mnt/data/a and https://host/data/a',
      '/mnt/data/a and https://host/data/a',
    ],
    ['relative to a folder that is written with a slash at its end', ['/h/me/'], '/h/me/a', 'a'],
    ['relative to a folder with special characters', ['/h/a+(b)'], '/h/a+(b)/c', 'c'],
    ['as they are without folders', ['', '/'], '/h/me/a', '/h/me/a'],
  ])('are %s', (_, roots, text, expected) => {
    expect(pathsWithout(roots)(text)).toBe(expected);
  });
});
