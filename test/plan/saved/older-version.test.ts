import { describe, expect, it } from '@jest/globals';
import { checkPlan } from '../../../src/reconcile/saved-documents.js';
import { everyKindOfPlan } from '../../support/saved-plan.js';

describe('a saved plan that does not match its schema', () => {
  it('may be of an older version, which the message mentions', () => {
    const { weakenedGuards: _absent, ...older } = JSON.parse(JSON.stringify(everyKindOfPlan())) as Record<
      string,
      unknown
    >;
    let refusals: unknown = null;
    try {
      checkPlan(older, 'plan.json');
    } catch (error) {
      ({ refusals } = error as { refusals: unknown });
    }
    expect(refusals).toMatchObject([
      {
        code: 'plan-tampered',
        message:
          'the file was changed after it was made, or another version made it: it does not match its schema',
        items: [expect.stringContaining('weakenedGuards')],
      },
    ]);
  });
});
