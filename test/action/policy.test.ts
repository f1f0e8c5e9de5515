import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { commandsIn, openWorkshop } from './support.js';
import type { Workshop } from './support.js';

let workshop: Workshop;

beforeAll(async () => {
  workshop = await openWorkshop();
});

afterAll(() => workshop.close());

beforeEach(async () => {
  await workshop.stage.sandbox.reset();
  await workshop.stage.write(
    'm/domo-roles.yaml',
    'apiVersion: domo-roles/v1\nkind: Roles\nremoved: [Old Reporting]\npolicy: { maxDeletes: 50 }\n',
  );
  await workshop.stage.write(
    'away/policy.yaml',
    'apiVersion: domo-roles/v1\nkind: Policy\npolicy: { maxDeletes: 0 }\n',
  );
});

describe('The input policy', () => {
  const inputs = { manifest: 'm', policy: 'away/policy.yaml', comment: 'false' };

  it('applies to a plan, and is shown in the summary and the annotations', async () => {
    const ended = await workshop.within({ ...workshop.target, ...inputs, mode: 'plan' });
    expect([ended.code, ended.outputs.refusals]).toEqual([4, '1']);
    expect(ended.summary).toContain('- `policy.maxDeletes` is 0, without the file 50');
    expect(commandsIn(ended.log).join('\n')).toContain('::notice title=policy-override');
  });

  it('applies to a saved plan', async () => {
    const planned = await workshop.within({
      ...workshop.target,
      manifest: 'm',
      mode: 'plan',
      comment: 'false',
      'plan-file': 'plan.json',
    });
    expect(planned.code).toBe(0);
    const apply = { ...workshop.target, mode: 'apply', 'plan-file': 'plan.json' };
    const refused = await workshop.within({ ...apply, policy: 'away/policy.yaml' });
    expect([refused.code, refused.outputs.refusals]).toEqual([4, '1']);
    expect((await workshop.within(apply)).code).toBe(0);
  });

  it('is checked by validate, and applies to drift', async () => {
    const drift = await workshop.within({ ...workshop.target, ...inputs, mode: 'drift' });
    expect(drift.summary).toContain('away/policy.yaml');
    const wrong = await workshop.within({ ...inputs, mode: 'validate', policy: 'm/domo-roles.yaml' });
    expect(wrong.code).toBe(3);
    expect(wrong.log).toContain('not a policy file');
  });
});
