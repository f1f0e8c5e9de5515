import { describe, expect, it } from '@jest/globals';
import type { AccessRule } from '../../../src/model/access-rule.js';
import { protectedGrants } from '../../../src/model/admin-level.js';
import { grantList } from '../../../src/model/grant.js';
import type { PolicyOrigin, PolicyOverlay } from '../../../src/model/policy-overlay.js';
import type { Plan, PlanWarning } from '../../../src/plan/plan.js';
import {
  policyWithFile,
  refuseOtherPolicy,
  refuseUnknownSubjects,
  planWithPolicyFile,
  withFindingsOf,
} from '../../../src/plan/saved/policy-over-plan.js';
import type { PolicyInput } from '../../../src/plan/saved/policy-over-plan.js';
import { ProblemError } from '../../../src/problem/problem.js';
import { CATALOGUE } from '../../support/arbitraries.js';
import { rename } from '../../support/changes.js';
import { acceptedEntry } from '../../support/desired.js';
import { acceptedRule, limitRule, separationRule } from '../../support/rules.js';
import { PLANNED_FOR, everyKindOfPlan } from '../../support/saved-plan.js';

const ORIGIN: PolicyOrigin = {
  path: 'origin/main:policy.yaml',
  commit: 'c'.repeat(40),
  digest: `sha256:${'0'.repeat(64)}`,
  inWorkingTree: false,
};

const PLAN = everyKindOfPlan();

const fileOf = (overlay: PolicyOverlay, origin: Partial<PolicyOrigin> = {}): PolicyInput => ({
  overlay,
  origin: { ...ORIGIN, ...origin },
});

const under = (overlay: PolicyOverlay, plan: Plan = PLAN): Plan =>
  planWithPolicyFile(plan, fileOf(overlay), PLANNED_FOR);

function warningOf(code: PlanWarning['code'], message: string, line: number | null = null): PlanWarning {
  return { code, message, file: line === null ? null : 'domo-roles.yaml', line, column: line, hint: null };
}

const withWarnings = (...warnings: PlanWarning[]): Plan => ({ ...PLAN, warnings });

describe('a plan with a policy file', () => {
  it('has the keys of the file in place of its own, and is otherwise unchanged', () => {
    const plan = under({ minAdmins: 7, maxMoves: { count: 2 } });
    expect(plan.policy).toEqual({ ...PLAN.policy, minAdmins: 7, maxMoves: { count: 2 } });
    const { policy: _policy, policyFile: _policyFile, ...rest } = plan;
    const { policy: _own, ...same } = PLAN;
    expect(rest).toEqual(same);
  });

  it('shows the source of the file and the resulting policy', () => {
    expect(under({ minAdmins: 7, maxMoves: PLAN.policy.maxMoves }).policyFile).toEqual({
      ...ORIGIN,
      overrides: [{ key: 'policy.minAdmins', effect: 'replaced', without: 0, file: 7 }],
    });
  });

  it('shows the rules in force', () => {
    const own = everyKindOfPlan({ rules: [limitRule({ name: 'own', maxPeople: 99 })] });
    const plan = under({ rules: [separationRule({ name: 'added', exceptRoles: [], level: 'warn' })] }, own);
    expect(plan.rules).toEqual([
      { name: 'added', level: 'warn', text: 'no one holds both a.edit and b.edit' },
      { name: 'own', level: 'refuse', text: 'at most 99 people hold b.export' },
    ]);
  });

  // The time of the plan, 2026-02-01, counts, not the current time.
  it.each([
    ['2026-01-31', 0],
    ['2026-02-01', 1],
    ['2099-12-31', 1],
  ])('lists accepted drift to %s: %d entries', (until, count) => {
    expect(under({ acceptedDrift: [acceptedRule({ until })] }).acceptedDrift).toHaveLength(count);
  });

  it('protects the grants of the file and the defaults of the instance', () => {
    const own: Plan = { ...PLAN, policy: { ...PLAN.policy, protectedGrants: null } };
    const byDefault = [...protectedGrants(CATALOGUE, null)];
    expect(byDefault).not.toContain('c.use');
    expect(under({ protectedGrants: ['c.use'] }, own).policy.protectedGrants).toEqual(
      grantList([...byDefault, 'c.use']),
    );
  });

  it.each<[string, PolicyOverlay, Partial<PolicyOrigin>, string[]]>([
    ['nothing, if it comes from another folder', {}, {}, []],
    ['that its author could change it', {}, { inWorkingTree: true }, ['policy-in-working-tree']],
    [
      'that a person has a new address',
      { requiredAdmins: [{ id: 10, email: 'old@acme.com' }] },
      {},
      ['address-changed'],
    ],
    [
      'nothing about a person who has the address',
      { requiredAdmins: [{ id: 10, email: 'p10@acme.com' }] },
      {},
      [],
    ],
  ])('warns of %s', (_, overlay, origin, codes) => {
    const plan = planWithPolicyFile(withWarnings(), fileOf(overlay, origin), PLANNED_FOR);
    expect(plan.warnings.map(({ code }) => code)).toEqual(codes);
    expect(plan.summary.warnings).toBe(codes.length);
  });

  it('contains each warning once, even if the plan already has it', () => {
    const file = fileOf({}, { inWorkingTree: true });
    const once = planWithPolicyFile(PLAN, file, PLANNED_FOR);
    const twice = planWithPolicyFile(once, file, PLANNED_FOR);
    expect(twice.warnings).toEqual(once.warnings);
    expect(twice.summary.warnings).toBe(PLAN.warnings.length + 1);
  });

  it('keeps a warning with the same code and another message', () => {
    const other = warningOf('policy-in-working-tree', 'another file');
    const plan = planWithPolicyFile(withWarnings(other), fileOf({}, { inWorkingTree: true }), PLANNED_FOR);
    expect(plan.warnings).toHaveLength(2);
    expect(plan.warnings[0]).toBe(other);
  });
});

describe('a plan with the findings of a new one', () => {
  const rename = warningOf('rename-breaks-saml', 'a rename', 3);
  const broken = warningOf('rule-broken', 'a rule is broken', 5);

  it('keeps warnings that are not about rules, and takes only rule warnings from the new one', () => {
    const found = withWarnings(warningOf('deletes-break-scim', 'another'));
    const plan = withFindingsOf(withWarnings(rename), found);
    expect(plan.warnings).toEqual([rename]);
    expect(plan.summary.warnings).toBe(1);
  });

  it.each(['rule-broken', 'rule-empty-role', 'rule-transient', 'rule-unknown-name'] as const)(
    'has %s of the new plan and not of the saved one',
    (code) => {
      const [saved, anew] = [warningOf(code, 'saved', 5), warningOf(code, 'anew')];
      expect(withFindingsOf(withWarnings(saved, rename), withWarnings(anew)).warnings).toEqual([
        rename,
        anew,
      ]);
      expect(withFindingsOf(withWarnings(saved, rename), withWarnings()).warnings).toEqual([rename]);
    },
  );

  // The recomputed one has no file and so no place.
  it('keeps the place of a warning that both contain', () => {
    const recomputed = withWarnings({ ...broken, file: null, line: null, column: null });
    expect(withFindingsOf(withWarnings(broken, rename), recomputed).warnings).toEqual([rename, broken]);
  });

  it('counts the warnings, and has the weakened guards of the new plan', () => {
    const weakenedGuards = everyKindOfPlan({ minAdmins: 1 }).weakenedGuards;
    const mark = { ...PLAN, weakenedGuards, warnings: [broken] };
    const plan = withFindingsOf(withWarnings(rename), mark);
    expect(plan.weakenedGuards).toBe(weakenedGuards);
    expect(plan.summary).toEqual({ ...PLAN.summary, warnings: 2 });
    expect(plan.changes).toBe(PLAN.changes);
  });
});

describe('the policy that judges a plan', () => {
  it('is its own without a file, and the merged one with a file', () => {
    expect(policyWithFile(PLAN, undefined)).toBe(PLAN.policy);
    expect(policyWithFile(PLAN, fileOf({ minAdmins: 7 }))).toEqual({ ...PLAN.policy, minAdmins: 7 });
  });
});

describe('the role in a rule of a policy file', () => {
  const refused = (rules: readonly AccessRule[], plan: Plan = PLAN): unknown => {
    try {
      refuseUnknownSubjects({ ...plan, policy: { ...plan.policy, rules } }, PLANNED_FOR);
      return null;
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      return error.problems.map(({ code, hint, where }) => [code, where?.what, hint]);
    }
  };
  const about = (role: string, name = 'the-rule'): AccessRule =>
    limitRule({ name, subject: { role }, maxPeople: 9 });

  it.each<[string, AccessRule]>([
    ['is live', about('Alpha')],
    ['is a system role', about('Admin')],
    ['is created by the plan', about('Fresh')],
    ['is renamed to it by the plan', about('New')],
  ])('%s', (_, rule) => expect(refused([rule])).toBeNull());

  it.each<[string, AccessRule[], [string, string, string][]]>([
    ['is misspelled', [about('Alfa')], [['unknown-role', 'policy.rules.the-rule', 'did you mean "Alpha"?']]],
    ['is renamed by the plan', [about('Old')], [['unknown-role', 'policy.rules.the-rule', 'write "New"']]],
    [
      'is not similar to any other, in each of two rules',
      [about('Quartermaster', 'one'), about('Storekeeper', 'two')],
      ['one', 'two'].map((name) => [
        'unknown-role',
        `policy.rules.${name}`,
        'it is neither in the manifest nor live',
      ]),
    ],
  ])('is refused if it %s', (_, rules, problems) => expect(refused(rules)).toEqual(problems));

  it('is named by the new name of a role that takes a temporary one in between', () => {
    const changes = [rename(20, ['Alpha', 'Alpha~20'], 'temporary'), rename(20, ['Alpha~20', 'Beta'])];
    const plan = { ...PLAN, changes: changes as unknown as Plan['changes'] };
    const hints = refused([about('Alpha', 'one'), about('Alpha~20', 'two')], plan);
    expect(hints).toEqual([
      ['unknown-role', 'policy.rules.one', 'write "Beta"'],
      ['unknown-role', 'policy.rules.two', 'it is neither in the manifest nor live'],
    ]);
  });

  it('is ignored for a rule about grants', () => {
    expect(refused([limitRule({ maxPeople: 1 }), separationRule()])).toBeNull();
  });
});

describe('a policy file that requires another plan', () => {
  const itemsOf = (overlay: PolicyOverlay): readonly string[] =>
    refuseOtherPolicy(PLAN, fileOf(overlay)).flatMap(({ items }) => items);

  it.each<[string, PolicyOverlay, string[]]>([
    ['sets nothing', {}, []],
    ['sets limits of a plan', { minAdmins: 7, maxMoves: { count: 1 }, rules: [separationRule()] }, []],
    ['sets the same values', { removedMembersTo: 'Social', unmanagedRoles: 'report' }, []],
    ['moves people elsewhere', { removedMembersTo: 'Participant' }, ['policy.removedMembersTo']],
    ['deletes unmanaged roles', { unmanagedRoles: 'delete' }, ['policy.unmanagedRoles']],
    ['accepts drift', { acceptedDrift: [acceptedEntry({ role: 'Alpha' })] }, ['policy.acceptedDrift']],
    [
      'does two of these',
      { removedMembersTo: 'Participant', unmanagedRoles: 'ignore' },
      ['policy.removedMembersTo', 'policy.unmanagedRoles'],
    ],
  ])('is detected when it %s', (_, overlay, items) => expect(itemsOf(overlay)).toEqual(items));

  it('causes one refusal that names the file', () => {
    const overlay = { removedMembersTo: 'Participant', unmanagedRoles: 'ignore' } as const;
    expect(refuseOtherPolicy(PLAN, fileOf(overlay))).toMatchObject([
      {
        code: 'stale-plan',
        message:
          'the policy file "origin/main:policy.yaml" differs from the policy that the plan was made under',
        figure: 2,
        limit: null,
        flag: null,
        hint: 'make the plan again, with this policy file',
      },
    ]);
  });
});
