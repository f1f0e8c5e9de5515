import { describe, expect, it } from '@jest/globals';
import { requestsFor } from '../../src/apply/requests-for-change.js';
import type { Write } from '../support/apply-steps.js';
import { ONE_OF_EACH } from '../support/apply-steps.js';
import { applyWorld } from '../support/apply-world.js';
import { changesOn } from '../support/plans-for-apply.js';

/** The requests of the first change, as `METHOD when`. */
async function requests(writes: readonly Write[]): Promise<string[]> {
  const on = changesOn(await applyWorld().snapshot());
  const changes = writes.map((write) => write(on));
  return requestsFor(changes[0]!, changes).map(({ method, when }) => `${method} ${when ?? 'always'}`);
}

describe('the requests of a change', () => {
  const of = Object.fromEntries(ONE_OF_EACH) as Record<string, Write>;
  it.each<[string, Write[], string[]]>([
    [
      'a create, and its start if that differs',
      [of['role.create']!],
      ['POST always', 'PUT start-differs', 'PATCH first-form-unknown'],
    ],
    [
      'a create whose grants another change sets',
      [of['role.create']!, (on) => on.grants('Copy', [])],
      ['POST always'],
    ],
    ['a rename', [of['role.update']!], ['PUT always']],
    ['a list of grants, in both forms', [of['grants.set']!], ['PUT always', 'PATCH first-form-unknown']],
    ['a move', [of['members.move']!], ['PUT always']],
    ['the allowlist', [of['allowlist.set']!], ['PUT always']],
    ['a delete', [of['role.delete']!], ['DELETE always']],
  ])('%s', async (_, writes, expected) => {
    expect(await requests(writes)).toEqual(expected);
  });

  it.each([
    [1_000, 1],
    [1_001, 2],
  ])('of a move of %i people are %i', async (people, count) => {
    const ids = Array.from({ length: people }, (_, index) => index + 1);
    expect(await requests([(on) => on.move('Writer', ids)])).toHaveLength(count);
  });
});
