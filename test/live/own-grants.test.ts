import { describe, expect, it } from '@jest/globals';
import { ownGrants, withOwnGrants } from '../../src/live/own-grants.js';
import { problem, ProblemError } from '../../src/problem/problem.js';

const failing = (code: 'not-found' | 'short-list') => async (): Promise<never> => {
  throw new ProblemError(problem(code, 'the list cannot be read'));
};

describe('the own list of grants of a role', () => {
  it('is added to the role', async () => {
    expect(await withOwnGrants({ id: 7, name: 'A' }, async (id) => [`a.${id}`])).toEqual({
      id: 7,
      name: 'A',
      grants: ['a.7'],
    });
  });

  it('is null if the role was deleted meanwhile, and so is the role', async () => {
    expect(await ownGrants(7, failing('not-found'))).toBeNull();
    expect(await withOwnGrants({ id: 7 }, failing('not-found'))).toBeNull();
  });

  it('raises every other error', async () => {
    await expect(ownGrants(7, failing('short-list'))).rejects.toThrow('the list cannot be read');
  });
});
