import { describe, expect, it } from '@jest/globals';
import { recheck } from '../../../src/apply/recheck/recheck.js';
import { requestsFor } from '../../../src/apply/requests-for-change.js';
import { refusal } from '../../../src/model/refusal.js';
import type { Snapshot } from '../../../src/model/snapshot.js';
import type { Change } from '../../../src/plan/change.js';
import { parseAllow } from '../../../src/plan/guards/allow.js';
import { digestOf } from '../../../src/plan/digest.js';
import { makePlan } from '../../../src/plan/make-plan.js';
import { sealPlan } from '../../../src/plan/seal-plan.js';
import type { Plan } from '../../../src/plan/plan.js';
import { inspectPlan, verifyPlan } from '../../../src/plan/saved/verify-plan.js';
import type { VerifyOptions } from '../../../src/plan/saved/verify-plan.js';
import { liveRole, loadedOf, members, person, snapshotOf, wantedRole } from '../../support/arbitraries.js';
import { deletion } from '../../support/changes.js';
import { everyKindOfPlan, PLANNED_FOR } from '../../support/saved-plan.js';

const OPTIONS: VerifyOptions = { requestsFor, allow: parseAllow([]) };
const plan = everyKindOfPlan();
const saved = (): Plan => JSON.parse(JSON.stringify(plan)) as Plan;
/** Changes a plan and updates its digest. */
const touched = (patch: Partial<Plan>): Plan => sealPlan({ ...saved(), ...patch });
const changed = (kind: Change['kind'], patch: (change: Change) => object): Plan =>
  touched({
    changes: saved().changes.map((one) => (one.kind === kind ? { ...one, ...patch(one) } : one)),
  });
const messages = (document: Plan, live: Snapshot = PLANNED_FOR, options = OPTIONS): string[] =>
  verifyPlan(document, live, options).refusals.map(({ code, message }) => `${code}: ${message}`);
const TAMPERED = 'plan-tampered: the plan file was changed after it was made, or another version made it: ';

describe('a plan file', () => {
  it('is valid as saved', () => expect(inspectPlan(saved())).toEqual([]));

  it('of another format is rejected as such', () => {
    expect(inspectPlan({ ...saved(), formatVersion: 2 as never })).toMatchObject([
      {
        code: 'plan-format',
        message: 'the plan file has format 2, and this version of domo-roles reads format 1',
      },
    ]);
  });

  it.each<[string, Partial<Plan>]>([
    ['a role', { changes: plan.changes.slice(1) }],
    ['the policy', { policy: { ...plan.policy, minAdmins: 5 } }],
    ['the digest', { digest: 'sha256:0' }],
    ['a key that it does not have', { extra: true } as never],
  ])('that was changed in %s does not match its digest', (_, patch) => {
    expect(inspectPlan({ ...saved(), ...patch })).toMatchObject([
      { code: 'plan-tampered', message: expect.stringContaining('its digest does not match its content') },
    ]);
  });

  it('may have another time stamp, which the digest does not cover', () => {
    expect(inspectPlan({ ...saved(), madeAt: '2030-01-01T00:00:00.000Z' })).toEqual([]);
  });

  it.each<[string, Plan, string]>([
    [
      'a fingerprint under the name of another object',
      touched({ fingerprints: saved().fingerprints.map((one) => ({ ...one, object: 'role:1' })) }),
      'a fingerprint has another name than its object',
    ],
    [
      'two changes with one id',
      touched({ changes: [...saved().changes, saved().changes[0] as Change] }),
      'two of its changes have the id',
    ],
  ])('with %s is rejected although its digest matches', (_, document, reason) => {
    expect(inspectPlan(document)).toMatchObject([
      { code: 'plan-tampered', message: expect.stringContaining(reason), hint: 'make the plan again' },
    ]);
  });
});

describe('a saved plan on its own instance', () => {
  it('is verified if unmodified', () => expect(messages(saved())).toEqual([]));

  it('contains every kind of change, so that each is verified', () =>
    expect(new Set(plan.changes.map(({ kind }) => kind)).size).toBe(7));

  it.each<[string, Partial<Snapshot>, string]>([
    ['another instance', { instance: 'other' }, 'the plan was made for "acme", and this is "other"'],
    ['the sandbox', { sandbox: true }, 'the plan was made for "acme", and this is the sandbox'],
    [
      'an instance with a hostile name',
      { instance: 'a\u202e\n' },
      'the plan was made for "acme", and this is "a\\u202e\\n"',
    ],
  ])('is rejected on %s', (_, patch, message) =>
    expect(messages(saved(), { ...PLANNED_FOR, ...patch })).toEqual([`instance-mismatch: ${message}`]),
  );
});

describe('a modified plan with a new digest', () => {
  const NO_PRINT = 'a change relies on an object whose fingerprint is missing';
  const NO_CHANGES = 'its changes do not follow from the state that it recorded';
  const without = (object: string): Plan =>
    touched({ fingerprints: saved().fingerprints.filter((one) => one.object !== object) });
  const withFields = (object: string, fields: object): Plan =>
    touched({
      fingerprints: saved().fingerprints.map((one) => {
        const all = { ...one.fields, ...fields };
        return one.object === object ? { ...one, fields: all, digest: digestOf(all) } : one;
      }),
    });

  it.each<[string, Plan, string]>([
    ['a fingerprint of a role removed', without('role:100'), NO_PRINT],
    ['a fingerprint of a person removed', without('person:14'), NO_PRINT],
    ['the fingerprint of the allowlist removed', without('allowlist'), NO_PRINT],
    ['all fingerprints removed', touched({ fingerprints: [] }), NO_PRINT],
    ['a change removed', touched({ changes: saved().changes.slice(1) }), NO_CHANGES],
    ['the order reversed', touched({ changes: [...saved().changes].reverse() }), NO_CHANGES],
    [
      'the deletion of a role without people added',
      touched({ changes: [...saved().changes, deletion(103, 'Old')] }),
      NO_PRINT,
    ],
    ['a request of another path', changed('role.delete', () => ({ requests: [] })), NO_CHANGES],
    ['a dependency removed', changed('role.delete', () => ({ dependsOn: [] })), NO_CHANGES],
    ['recorded grants that did not exist', withFields('role:100', { grants: ['user.edit'] }), NO_CHANGES],
    ['another default role recorded', withFields('defaultRole', { roleId: 5 }), NO_CHANGES],
    ['an allowlist recorded that was off', withFields('allowlist', { roleIds: 'off' }), NO_CHANGES],
    ['a person recorded in another role', withFields('person:14', { roleId: 3 }), NO_CHANGES],
    [
      'an initial role that does not exist',
      changed('role.create', (one) => ({
        after: { ...(one.after as object), startsFrom: { name: 'x', roleId: 4242 } },
      })),
      NO_PRINT,
    ],
    [
      'a role created under another name',
      changed('role.create', (one) => ({ roleId: 'new:Else', after: one.after })),
      NO_CHANGES,
    ],
    [
      'a summary with fewer deletions',
      touched({ summary: { ...plan.summary, rolesDeleted: 0 } }),
      'its summary does not follow from its changes',
    ],
    ['an empty impact', touched({ impact: [] }), 'its impact does not follow from its changes'],
    [
      'a fingerprint with another digest',
      touched({ fingerprints: saved().fingerprints.map((one) => ({ ...one, digest: 'sha256:0' })) }),
      'a fingerprint is not that of its fields',
    ],
  ])('is rejected: %s', (_, document, reason) =>
    expect(messages(document)).toEqual([`${TAMPERED}${reason}`]),
  );

  it('is rejected with other texts of risks and notes, which another version may have', () => {
    const phrased = (one: Change): Change => ({
      ...one,
      risk: { ...one.risk, reasons: ['another wording'] },
    });
    const rejected = [`${TAMPERED}the reasons or the note of a change do not follow from it`];
    expect(messages(touched({ changes: saved().changes.map(phrased) }))).toEqual(rejected);
    expect(messages(changed('grants.set', () => ({ note: 'another wording' })))).toEqual(rejected);
  });
});

describe('an instance that changed after planning', () => {
  const role = (id: number, patch: object): Partial<Snapshot> => ({
    roles: PLANNED_FOR.roles.map((one) => (one.id === id ? { ...one, ...patch } : one)),
  });
  const placed = (id: number, roleId: number): Partial<Snapshot> => ({
    people: {
      scope: 'all',
      list: [...PLANNED_FOR.people.list.filter((one) => one.id !== id), person(id, roleId)],
    },
  });

  it.each<[string, Partial<Snapshot>, string]>([
    ['grants', role(100, { grants: ['a.view', 'user.edit'] }), 'role "Alpha"'],
    ['a description', role(103, { description: 'x' }), 'role "Old"'],
    ['a name', role(103, { name: 'Older' }), 'role "Old"'],
    ['the role of a person who moves', placed(14, 3), 'p14@acme.com'],
    [
      'the kind of a person who moves',
      {
        people: {
          scope: 'all',
          list: PLANNED_FOR.people.list.map((one) => (one.id === 14 ? { ...one, kind: 'pending' } : one)),
        },
      },
      'p14@acme.com',
    ],
    ['the members of a role that is deleted', placed(77, 102), 'role "Gone"'],
    ['the default role', { defaultRoleId: 3 }, 'the default role'],
    ['the allowlist', { allowlist: 'off' }, 'the roles allowlist'],
    [
      'a free name',
      { roles: [...PLANNED_FOR.roles, liveRole(800, 'Fresh', ['b.view'])] },
      'the name "Fresh"',
    ],
  ])('in %s makes the plan stale, but not modified', (_, patch, label) => {
    const live = { ...PLANNED_FOR, ...patch };
    expect(messages(saved(), live)).toEqual([]);
    expect(recheck(saved(), live, null).stale.map((one) => one.label)).toContain(label);
  });

  it('in an object that the plan does not rely on leaves it valid', () => {
    const live = { ...PLANNED_FOR, ...role(2, { grants: ['a.view'] }) };
    expect(messages(saved(), live)).toEqual([]);
    expect(recheck(saved(), live, null).stale).toEqual([]);
  });
});

describe('the guards of a saved plan', () => {
  const strict = JSON.parse(JSON.stringify(everyKindOfPlan({ maxMoves: { count: 1 } }))) as Plan;
  const allowing = (...values: string[]): VerifyOptions => ({
    requestsFor,
    allow: parseAllow(values),
    reason: 'agreed',
  });

  it.each<[string, string[], string[], string[]]>([
    ['refused without a permission', [], ['max-moves'], []],
    ['refused with a number below the figure', ['max-moves=2'], ['max-moves'], []],
    ['refused with the permission of another guard', ['max-deletes=9'], ['max-moves'], []],
    ['allowed with the figure', ['max-moves=4'], [], ['max-moves']],
  ])('are run when it is applied: %s', (_, values, refused, allowed) => {
    const verified = verifyPlan(strict, PLANNED_FOR, allowing(...values));
    expect(verified.refusals.map(({ code }) => code)).toEqual(refused);
    expect(verified.allowed.map(({ code, reason }) => [code, reason])).toEqual(
      allowed.map((code) => [code, 'agreed']),
    );
  });

  it('ignore the permissions of the run that made it', () => {
    const [one] = strict.refusals;
    if (!one) throw new Error('the plan is refused');
    const document = sealPlan({
      ...strict,
      refusals: [],
      summary: { ...strict.summary, refusals: 0 },
      allowed: [{ ...one, reason: 'yesterday' }],
    });
    expect(verifyPlan(document, PLANNED_FOR, allowing()).refusals.map(({ code }) => code)).toEqual([
      'max-moves',
    ]);
  });

  it.each<[string, Parameters<typeof refusal>, string[]]>([
    ['a refusal that cannot be allowed remains', ['no-destination', 'm'], ['no-destination']],
    ['a refusal with a flag is checked again', ['escalation', 'm', { flag: '--allow escalation' }], []],
    ['another instance is checked again', ['instance-mismatch', 'm'], []],
  ])('include the refusals in the file: %s', (_, parts, codes) => {
    const document = touched({
      refusals: [refusal(...parts)],
      summary: { ...plan.summary, refusals: 1 },
    });
    expect(verifyPlan(document, PLANNED_FOR, OPTIONS).refusals.map(({ code }) => code)).toEqual(codes);
  });

  it('refuse a person whom the order does not protect, even if it protects the planner', () => {
    const keeper = liveRole(104, 'Keeper', ['authorization.roles']);
    const live = snapshotOf({
      custom: [keeper, liveRole(105, 'Team')],
      persons: [person(1, 1), person(10, 104), person(11, 105)],
    });
    const roles = [wantedRole('Participant', { members: members('additive', 10, 11) })];
    // The deletion comes after the moves, so the acting person would have to move after it.
    const made = makePlan(loadedOf({ roles, removed: ['Team'] }), live, {
      now: '2026-02-01T00:00:00.000Z',
      version: '0',
      requestsFor,
    });
    expect(messages(made, live)).toEqual([]);
    const applier = { ...live, me: { id: 10, email: 'p10@acme.com', name: '' } };
    expect(messages(made, applier)).toEqual([
      'self-lockout: the acting person would lose authorization.roles',
      'self-lockout: the order of this plan protects the person who made it, not the one who applies it',
    ]);
  });
});
