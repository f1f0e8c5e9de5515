import { describe, expect, it } from '@jest/globals';
import { allowableRefusal, unconditionalRefusal } from '../../../src/plan/guards/guard.js';

describe('a refusal of a guard', () => {
  it('cannot be allowed if it is unconditional', () => {
    expect(unconditionalRefusal('no-destination', 'text', { figure: 3, items: ['b', 'a'] })).toMatchObject({
      code: 'no-destination',
      message: 'text',
      figure: 3,
      flag: null,
      items: ['a', 'b'],
    });
  });

  it.each<[string, Parameters<typeof allowableRefusal>, string]>([
    ['its figure', ['max-deletes', 'text', { figure: 3 }], '--allow max-deletes=3'],
    ['0 where it has no figure', ['max-deletes', 'text', {}], '--allow max-deletes=0'],
    ['only its code if it is not a limit', ['self-lockout', 'text', { figure: 3 }], '--allow self-lockout'],
  ])('is allowed by a flag with %s', (_, given, flag) => {
    expect(allowableRefusal(...given).flag).toBe(flag);
  });
});
