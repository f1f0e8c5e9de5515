import { describe, expect, it } from '@jest/globals';
import { sealPlan } from '../../../src/plan/seal-plan.js';
import { checkPlan, checkPlanOrDrift, inspectSaved } from '../../../src/reconcile/saved-documents.js';
import { VERSION } from '../../../src/version.js';
import { everyDrift } from '../../support/drift.js';
import { everyKindOfPlan } from '../../support/saved-plan.js';

type Json = Record<string, unknown>;

/** A document as a version wrote it that did not have this key. */
function without(key: string, document: object, madeBy: string): Json {
  const { [key]: _absent, ...older } = { ...(JSON.parse(JSON.stringify(document)) as Json), madeBy } as Json;
  return older;
}

function refusalsOf(check: () => unknown): unknown {
  try {
    check();
  } catch (error) {
    return (error as { refusals: unknown }).refusals;
  }
  return null;
}

const UNCLEAR =
  'the file was changed after it was made, or another version made it: it does not match its schema';
const OLDER =
  'the file was changed after it was made, or domo-roles 0.0.1 made it in another form: it does not match its schema';

describe('a saved document that does not match its schema', () => {
  it.each([
    ['this version', `domo-roles ${VERSION}`, UNCLEAR, 'make it again'],
    ['another tool', 'a tool', UNCLEAR, 'make it again'],
    [
      'an older version',
      'domo-roles 0.0.1',
      OLDER,
      'make it again with this version, or use it with domo-roles 0.0.1',
    ],
  ])('is refused as tampered, and says who made it: %s', (_, madeBy, message, hint) => {
    const plan = without('weakenedGuards', everyKindOfPlan(), madeBy);
    const drift = without('members', everyDrift(), madeBy);
    expect(refusalsOf(() => checkPlan(plan, 'plan.json'))).toMatchObject([
      { code: 'plan-tampered', message, hint, items: [expect.stringContaining('weakenedGuards')] },
    ]);
    expect(refusalsOf(() => checkPlanOrDrift(drift, 'drift.json'))).toMatchObject([
      { code: 'plan-tampered', message, hint, items: [expect.stringContaining('members')] },
    ]);
  });
});

describe('a saved plan that names another version', () => {
  it('is usable if its content is that of a plan of this version', () => {
    expect(inspectSaved(sealPlan({ ...everyKindOfPlan(), madeBy: 'domo-roles 99.0.0' }))).toEqual([]);
  });

  it('is refused as tampered if it was edited, whatever it names', () => {
    const plan = { ...everyKindOfPlan(), madeBy: 'domo-roles 0.0.1' };
    expect(inspectSaved({ ...plan, changes: plan.changes.slice(1) })).toMatchObject([
      {
        code: 'plan-tampered',
        message:
          'the plan file was changed after it was made, or domo-roles 0.0.1 made it in another form: its digest does not match its content',
      },
    ]);
  });
});
