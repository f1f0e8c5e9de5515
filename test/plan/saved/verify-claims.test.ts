import { describe, expect, it } from '@jest/globals';
import type { Accepted, Impact, Plan, PlanWarning } from '../../../src/plan/plan.js';
import { digestOf } from '../../../src/plan/digest.js';
import { falseClaim } from '../../../src/plan/saved/verify-claims.js';
import { everyKindOfPlan } from '../../support/saved-plan.js';

const plan = everyKindOfPlan();
const OVERRIDES = 'what its policy file changes does not follow from its policy';
const IMPACT = 'its impact does not follow from its changes';
const SUMMARY = 'its summary does not follow from its changes';

const TEXTS = 'the reasons or the note of a change do not follow from it';
const WARNING = 'a warning about a change does not follow from it';

/** The same plan with other warnings about renames and deletes, as many as before. */
const withWarnings = (edit: (one: PlanWarning) => PlanWarning): Partial<Plan> => ({
  warnings: plan.warnings.map((one) => (/^(?:rename|deletes)-/u.test(one.code) ? edit(one) : one)),
});

const ACCEPTED_CLAIM = 'a difference that it accepts does not follow from its policy';
const ACCEPTED: Accepted = {
  ...{ what: 'description', role: 'Alpha', reason: 'agreed', until: '2026-03-01', acceptedFor: 'Alpha' },
  ...{ difference: 'its description', people: [], grants: { extra: [], missing: [] } },
};

/** An impact on one grant, with the counts of the lists. */
const impact = (grant: string, gains: readonly number[], loses: readonly number[] = []): Impact => {
  const people = (ids: readonly number[]): Impact['gains'] =>
    ids.map((id) => ({ id, email: `p${id}@acme.com` }));
  return {
    grant,
    title: null,
    protected: false,
    gains: people(gains),
    loses: people(loses),
    gainCount: gains.length,
    loseCount: loses.length,
  };
};

describe('falseClaim', () => {
  it('is null for an unmodified plan', () => expect(falseClaim(plan, plan)).toBeNull());

  it.each<[string, Partial<Plan>, string]>([
    [
      'a fingerprint whose fields were changed',
      { fingerprints: plan.fingerprints.map((one) => ({ ...one, fields: {} })) },
      'a fingerprint is not that of its fields',
    ],
    ['a count of people', { summary: { ...plan.summary, peopleMoved: 0 } }, SUMMARY],
    [
      'a count of a kind',
      { summary: { ...plan.summary, byKind: { ...plan.summary.byKind, 'role.delete': 9 } } },
      SUMMARY,
    ],
    ['a count of grants', { summary: { ...plan.summary, grantsAdded: 0 } }, SUMMARY],
    ['a count of refusals', { summary: { ...plan.summary, refusals: 1 } }, SUMMARY],
    ['a count of warnings', { summary: { ...plan.summary, warnings: 99 } }, SUMMARY],
    ['a missing impact', { impact: [] }, IMPACT],
    ['an impact on another grant', { impact: [...plan.impact, impact('user.edit', [14])] }, IMPACT],
    [
      'gains shown as losses',
      {
        impact: plan.impact.map(({ gains, loses, gainCount, loseCount, ...rest }) => ({
          ...rest,
          gains: loses,
          loses: gains,
          gainCount: loseCount,
          loseCount: gainCount,
        })),
      },
      IMPACT,
    ],
    [
      'a lower risk',
      { changes: plan.changes.map((one) => ({ ...one, risk: { level: 'low', reasons: [] } })) },
      'the risk of a change does not follow from it',
    ],
    [
      'other reasons for a risk',
      {
        changes: plan.changes.map((one) => ({ ...one, risk: { ...one.risk, reasons: ['only a new name'] } })),
      },
      TEXTS,
    ],
    [
      'reasons that are left out',
      { changes: plan.changes.map((one) => ({ ...one, risk: { ...one.risk, reasons: [] } })) },
      TEXTS,
    ],
    [
      'another note',
      { changes: plan.changes.map((one) => ('note' in one ? { ...one, note: 'takes nothing' } : one)) },
      TEXTS,
    ],
    ['another warning about a change', withWarnings((one) => ({ ...one, message: 'all is well' })), WARNING],
    ['another hint of a warning', withWarnings((one) => ({ ...one, hint: 'do nothing' })), WARNING],
    ['a place of a warning', withWarnings((one) => ({ ...one, file: 'evil.yaml' })), WARNING],
    ['another code of a warning', withWarnings((one) => ({ ...one, code: 'ended-entry' })), WARNING],
    [
      'another title of a grant',
      { impact: plan.impact.map((one) => ({ ...one, title: 'Read reports' })) },
      'the title of a grant is not that of the instance',
    ],
    [
      'an accepted difference without an entry in the policy',
      { accepted: [ACCEPTED] },
      'a difference that it accepts does not follow from its policy',
    ],
    [
      'a protected grant that is shown as one that is not',
      { impact: plan.impact.map((one) => ({ ...one, protected: !one.protected })) },
      IMPACT,
    ],
    [
      'another address of a person who moves',
      {
        impact: plan.impact.map((one) => ({
          ...one,
          gains: one.gains.map(({ id }) => ({ id, email: 'x@acme.com' })),
        })),
      },
      IMPACT,
    ],
    [
      'a list that is cut although it is within the limit',
      { impact: plan.impact.map((one) => ({ ...one, gains: [], loses: [] })) },
      IMPACT,
    ],
    [
      'a count of people who gain a grant',
      { impact: plan.impact.map((one) => ({ ...one, gainCount: one.gainCount + 1 })) },
      IMPACT,
    ],
  ])('finds %s', (_, patch, claim) => expect(falseClaim({ ...plan, ...patch }, plan)).toBe(claim));

  it.each([
    ['a value that is not in force', 'policy.minAdmins', 9, OVERRIDES],
    ['a value that is in force', 'policy.minAdmins', plan.policy.minAdmins, null],
    ['people that are not a list', 'policy.requiredAdmins', 5, OVERRIDES],
    ['an invalid key', 'policy.constructor', {}, OVERRIDES],
  ])('compares the recorded values of a policy file with the policy: %s', (_, key, file, claim) => {
    const overrides = [{ key, effect: 'replaced' as const, without: null, file }];
    const policyFile = { path: 'p', commit: null, digest: '', inWorkingTree: false, overrides };
    expect(falseClaim({ ...plan, policyFile }, plan)).toBe(claim);
  });

  it('accepts the number of unchanged roles, which only the manifest determines', () => {
    expect(falseClaim({ ...plan, summary: { ...plan.summary, unchanged: 9 } }, plan)).toBeNull();
  });

  it.each<[string, Partial<Accepted>, string | null, string | null]>([
    ['its role', {}, 'Alpha', null],
    ['another reason', { reason: 'other' }, 'Alpha', ACCEPTED_CLAIM],
    ['another end', { until: '2027-03-01' }, 'Alpha', ACCEPTED_CLAIM],
    ['another role', {}, 'Beta', ACCEPTED_CLAIM],
    ['another subject', { what: 'grants' }, 'Alpha', ACCEPTED_CLAIM],
    ['all unmanaged roles', { what: 'unmanaged' }, null, null],
  ])('compares an accepted difference with the policy: %s', (_, patch, role, claim) => {
    const what = patch.what === 'unmanaged' ? 'unmanaged' : 'description';
    const entry = { what, role, people: null, reason: 'agreed', until: '2026-03-01' } as const;
    const saved = { ...plan, acceptedDrift: [entry], accepted: [{ ...ACCEPTED, ...patch }] };
    expect(falseClaim(saved, { ...plan, acceptedDrift: [entry] })).toBe(claim);
  });

  it('accepts a protected grant of a role that someone joined or left since', () => {
    const withReason = (reason: string): Plan => ({
      ...plan,
      changes: plan.changes.map((one) => ({ ...one, risk: { ...one.risk, reasons: [reason] } })),
    });
    const saved = withReason('adds protected audit to a role without people');
    expect(falseClaim(saved, withReason('adds protected audit'))).toBeNull();
    expect(falseClaim(saved, withReason('adds protected user.edit'))).toBe(TEXTS);
  });

  it('uses the fields of a fingerprint, whatever its label', () => {
    const fingerprints = plan.fingerprints.map((one) => ({
      ...one,
      label: 'x',
      digest: digestOf(one.fields),
    }));
    expect(falseClaim({ ...plan, fingerprints }, plan)).toBeNull();
  });
});

describe('the impact in a plan file', () => {
  const claimed = (saved: readonly Impact[], remade: readonly Impact[]): string | null => {
    const moved = new Set(
      plan.changes.flatMap((one) => (one.kind === 'members.move' ? one.people : [])).map(({ id }) => id),
    );
    expect([moved.has(14), moved.has(10), moved.has(1)]).toEqual([true, true, false]);
    const impactLimit = limitOf(saved);
    return falseClaim({ ...plan, impactLimit, impact: saved }, { ...plan, impact: remade });
  };
  const cut = (one: Impact): Impact => ({ ...one, gainCount: one.gainCount + 1 });
  const limitOf = (list: readonly Impact[]): number =>
    Math.max(0, ...list.map(({ gains }) => gains.length)) || plan.impactLimit;

  it.each<[string, Impact[], Impact[], string | null]>([
    ['the same', [impact('a', [10, 14])], [impact('a', [10, 14])], null],
    [
      'the same in another order',
      [impact('a', [14, 10]), impact('b', [10])],
      [impact('b', [10]), impact('a', [10, 14])],
      null,
    ],
    ['one person fewer', [impact('a', [10])], [impact('a', [10, 14])], IMPACT],
    ['one person more', [impact('a', [10, 14])], [impact('a', [10])], IMPACT],
    ['a loss as a gain', [impact('a', [10])], [impact('a', [], [10])], IMPACT],
    [
      'people who do not move differ, since they may have joined or left',
      [impact('a', [10, 1])],
      [impact('a', [10])],
      null,
    ],
    ['a grant that only people who do not move gain', [impact('a', [1])], [], null],
    ['truncated lists are not compared', [cut(impact('a', [10]))], [impact('a', [10, 14])], null],
    [
      'nor lists that are truncated in the recomputed plan',
      [impact('a', [10])],
      [cut(impact('a', [14]))],
      null,
    ],
    [
      'a truncated list of another grant does not matter',
      [cut(impact('a', [10])), impact('b', [10])],
      [impact('b', [14])],
      IMPACT,
    ],
  ])('%s', (_, saved, remade, claim) => expect(claimed(saved, remade)).toBe(claim));
});
