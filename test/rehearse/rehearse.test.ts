import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { rehearsalText } from '../../src/render/text/rehearsal.js';
import { rehearse } from '../../src/rehearse/rehearse.js';
import { checkSchema } from '../support/check-schema.js';
import { inputs } from '../support/law.js';
import { ProblemError } from '../../src/problem/problem.js';
import {
  anyManifest,
  anySnapshot,
  exactGrants,
  liveRole,
  loadedOf,
  members,
  person,
  snapshotOf,
  wantedRole,
  WIDE_POLICY,
} from '../support/arbitraries.js';
import { planFor, rehearsed, stillClock } from '../support/rehearsal.js';

/**
 * All changes at once: two roles swap grants and people, one is created, one deleted, one renamed, and settings
 * change.
 */
const snapshot = snapshotOf({
  custom: [
    liveRole(100, 'Alpha', ['a.view', 'b.view']),
    liveRole(101, 'Beta', ['b.edit', 'b.view']),
    liveRole(102, 'Gone', ['a.edit']),
    liveRole(103, 'Old', ['c.use']),
  ],
  persons: [
    person(10, 100),
    person(11, 101),
    person(12, 102),
    person(13, 102, 'pending'),
    person(14, 102, 'support'),
  ],
  allowlist: [4, 5],
});
const loaded = loadedOf({
  roles: [
    wantedRole('Alpha', { grants: exactGrants('b.edit', 'b.view'), members: members('exact', 11) }),
    wantedRole('Beta', { grants: exactGrants('a.view', 'b.view'), members: members('exact', 10) }),
    wantedRole('Fresh', {
      description: 'New here',
      grants: exactGrants('a.view', 'b.export'),
      members: members('exact', 12),
    }),
    wantedRole('New', { renamedFrom: ['Old'], description: 'Was Old' }),
  ],
  removed: ['Gone'],
  defaultRole: 'Fresh',
  allowlist: ['Social', 'Fresh'],
  policy: { ...WIDE_POLICY, removedMembersTo: 'Social' },
});

describe('a dry run', () => {
  it('sends exactly the requests of the plan, in order, and leaves nothing to plan', async () => {
    const plan = planFor(loaded, snapshot);
    const rehearsal = await rehearsed(loaded, snapshot);
    const sure = plan.changes.flatMap(({ id, requests }) =>
      requests.filter(({ when }) => when === undefined).map((request) => ({ id, request })),
    );
    expect(rehearsal.requests.map(({ planned }) => planned)).toEqual(sure.map(({ request }) => request));
    expect(rehearsal.requests.map(({ change }) => change)).toEqual(sure.map(({ id }) => id));
    expect(plan.summary.requests).toBe(sure.length);
    expect(new Set(plan.changes.map(({ kind }) => kind)).size).toBe(7);
    expect(rehearsal.again.changes).toEqual([]);
    expect(rehearsal.outcome).toMatchObject({
      dryRun: true,
      instance: 'acme',
      summary: { done: plan.changes.length, failed: 0 },
    });
    expect(rehearsal).toMatchObject({
      asPlanned: true,
      holds: true,
      p1: { writes: rehearsal.requests.length, violations: [] },
    });
  });

  it('also shows new roles by the ids they received', async () => {
    const { requests } = await rehearsed(loaded, snapshot);
    const set = requests.find(({ change }) => change === 'grants.set:Fresh');
    expect(set?.path).toMatch(/\/roles\/\d{8,10}\/authorities$/u);
    expect(set?.planned.path).toBe('/api/authorization/v1/roles/{new:Fresh}/authorities');
  });

  it('does not wait', async () => {
    const clock = stillClock();
    await rehearse({
      plan: planFor(loaded, snapshot),
      snapshot,
      clock,
      planAgain: (after) => planFor(loaded, after),
    });
    expect(clock.waited()).toBe(0);
  });

  it('succeeds for any plan that is not refused', async () => {
    let rehearsals = 0;
    await fc.assert(
      fc.asyncProperty(anySnapshot, anyManifest, async (live, manifest) => {
        const plan = planFor(manifest, live);
        fc.pre(plan.refusals.length === 0);
        const { holds, again, p1 } = await rehearsed(manifest, live);
        expect({ holds, left: again.changes, violations: p1.violations }).toEqual({
          holds: true,
          left: [],
          violations: [],
        });
        rehearsals += 1;
      }),
      { numRuns: inputs(30) },
    );
    expect(rehearsals).toBe(inputs(30));
  });

  it('reports a plan whose order causes temporary excess access', async () => {
    const plan = planFor(loaded, snapshot);
    const late = plan.changes.filter((change) => change.kind === 'grants.set' && change.role === 'Alpha');
    const first = late.map((change) => ({ ...change, dependsOn: [] }));
    const rest = plan.changes.filter((change) => !late.includes(change));
    const rehearsal = await rehearse({
      plan: { ...plan, changes: [...first.slice(-1), ...rest] },
      snapshot,
      clock: stillClock(),
      planAgain: (after) => planFor(loaded, after),
    });
    expect(rehearsal.holds).toBe(false);
    expect(rehearsal.p1.violations).toContainEqual({
      write: 1,
      roleId: 100,
      grants: ['b.edit'],
      people: [{ id: 10, email: 'p10@acme.com' }],
    });
    expect(rehearsalText(rehearsal, { colour: false })).toContain(
      'after write 1: p10@acme.com in role 100: b.edit',
    );
  });

  it('reports what the instance would reject from a person who may not manage roles', async () => {
    const live = { ...snapshot, me: { id: 11, email: 'p11@acme.com', name: 'P 11' } };
    const rehearsal = await rehearsed(loaded, live);
    expect(rehearsal.holds).toBe(false);
    expect(rehearsal.outcome.summary.done).toBe(0);
    expect(rehearsal.requests.some(({ status }) => status === 403)).toBe(true);
    expect(rehearsalText(rehearsal, { colour: false })).toContain('answered 403');
  });

  it.each([
    ['no one acts in it', { ...snapshot, me: null }],
    [
      'it holds only administrators',
      {
        ...snapshotOf({ custom: [liveRole(100, 'Alpha')] }),
        people: { scope: 'admins' as const, list: [person(1, 1)] },
      },
    ],
  ])('works from a snapshot although %s', async (_what, live) => {
    const text =
      live.people.scope === 'all'
        ? loaded
        : loadedOf({ roles: [wantedRole('Alpha', { description: 'Told' })] });
    const rehearsal = await rehearsed(text, live);
    expect(rehearsal.holds).toBe(true);
    expect(rehearsal.requests.length).toBeGreaterThan(0);
  });

  it('rejects a snapshot that the plan was not made from', async () => {
    const moved = { ...snapshot, defaultRoleId: 3 };
    const run = rehearse({
      plan: planFor(loaded, snapshot),
      snapshot: moved,
      clock: stillClock(),
      planAgain: () => planFor(loaded, moved),
    });
    await expect(run).rejects.toMatchObject({ problems: [{ code: 'stale-plan' }] });
  });

  it('reports an impossible snapshot as a bad file', async () => {
    const odd = { ...snapshot, roles: snapshot.roles.map((role) => ({ ...role, id: -Number(role.id) })) };
    const run = rehearse({
      plan: planFor(loaded, snapshot),
      snapshot: odd,
      clock: stillClock(),
      planAgain: () => planFor(loaded, snapshot),
    });
    const error = await run.catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ProblemError);
    expect(error).toMatchObject({ problems: [{ code: 'bad-file' }] });
  });

  it('produces a document that matches its schema, and a text that ends with the result', async () => {
    const rehearsal = await rehearsed(loaded, snapshot);
    expect(checkSchema('outcome', JSON.parse(JSON.stringify(rehearsal.document)))).toEqual([]);
    expect(rehearsal.document.rehearsal).toMatchObject({ holds: true, left: 0, asPlanned: true });
    const text = rehearsalText(rehearsal, { colour: false });
    expect(text).toContain('POST /api/authorization/v1/roles\n');
    expect(text).toContain('{"name":"Fresh","description":"New here","fromRoleId":5}');
    expect(text.trimEnd().split('\n').slice(-3)).toEqual([
      '✓ the requests are exactly those of the plan',
      `✓ no one held more than they had before or have after (checked after ${rehearsal.p1.writes} writes)`,
      '✓ a fresh plan is empty',
    ]);
  });

  it('shows hostile names as text, and no requests when there are none', async () => {
    const name = 'Evil\u001b[2J\nrole\u202e';
    const hostile = loadedOf({ roles: [wantedRole(name, { description: 'dry run of\u0000' })] });
    const text = rehearsalText(await rehearsed(hostile, snapshotOf({})), { colour: false });
    for (const unseen of ['\u001b', '\u202e', '\u0000']) expect(text).not.toContain(unseen);
    expect(text).toContain('\\u{202e}');
    expect(rehearsalText(await rehearsed(loadedOf({}), snapshotOf({})), { colour: false })).toContain(
      'No request would be sent',
    );
  });
});
