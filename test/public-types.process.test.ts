import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { publicTypesOf } from './support/public-types.js';

const SRC = join(import.meta.dirname, '..', 'src');

describe('the types of the package root', () => {
  const { followed, unnamed, node, files } = publicTypesOf(join(SRC, 'index.ts'), SRC);

  it('were followed', () => {
    expect(followed).toBeGreaterThan(300);
  });

  // Add a missing one to src/types.ts: a package that writes declarations cannot use what it cannot name.
  it('can all be imported by name', () => {
    expect(unnamed).toEqual([]);
  });

  it('need no declarations of Node', () => {
    expect(node).toEqual([]);
  });

  it('are declared in files that need no declarations of Node', () => {
    expect(files).toEqual([]);
  });
});
