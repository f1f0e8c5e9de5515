import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { can, diffStates, endView, viewOf, whoCan } from '../../src/access/index.js';
import type { AccessView } from '../../src/access/index.js';
import { selectionOf } from '../../src/manifest/selection.js';
import { makePlan } from '../../src/plan/make-plan.js';
import { ProblemError } from '../../src/problem/problem.js';
import { answerText } from '../../src/render/text/answer.js';
import { requestsFor } from '../../src/apply/requests-for-change.js';
import { checkSchema } from '../support/check-schema.js';
import {
  anyManifest,
  anySnapshot,
  exactGrants,
  GRANTS,
  liveRole,
  loadedOf,
  members,
  person,
  snapshotOf,
  wantedRole,
} from '../support/arbitraries.js';
import { perform } from '../support/interpreter.js';
import { inputs } from '../support/law.js';

const TODAY = { now: '2026-02-01T00:00:00.000Z' };
const live = snapshotOf({
  custom: [liveRole(100, 'Alpha', ['b.export']), liveRole(101, 'Beta', ['b.export', 'a.view'])],
  persons: [person(10, 100), person(11, 100, 'pending'), person(12, 100, 'support'), person(13, 4)],
});
const loaded = loadedOf({
  roles: [wantedRole('Alpha', { grants: exactGrants('user.edit'), members: members('additive', 13) })],
});

const problemsOf = (work: () => unknown): unknown => {
  try {
    work();
    return null;
  } catch (error) {
    expect(error).toBeInstanceOf(ProblemError);
    return (error as ProblemError).problems;
  }
};
const fits = (answer: unknown): void =>
  expect(checkSchema('answer', JSON.parse(JSON.stringify(answer)))).toEqual([]);

describe('who can', () => {
  it('lists the roles that hold a grant and their people, marks pending people, and leaves out support accounts', () => {
    const answer = whoCan(viewOf(live), 'b.export');
    expect(answer).toMatchObject({
      question: 'who-can',
      source: 'live',
      title: 'Title of b.export',
      roles: [
        { role: 'Admin', people: 1 },
        { role: 'Alpha', people: 2 },
        { role: 'Beta', people: 0 },
      ],
      people: [
        { id: 10, email: 'p10@acme.com', role: 'Alpha', pending: false },
        { id: 11, pending: true },
        { id: 1 },
      ],
    });
    fits(answer);
  });

  it('answers for the end state of a manifest', () => {
    const answer = whoCan(endView(loaded, live, TODAY), 'user.edit');
    expect(answer.source).toBe('manifest');
    expect(answer.people.map(({ id }) => id)).toEqual([10, 11, 13, 1]);
  });

  it('finds a grant that a role holds and the catalogue does not list', () => {
    const odd = snapshotOf({ custom: [liveRole(100, 'Alpha', ['odd.one'])] });
    expect(whoCan(viewOf(odd), 'odd.one')).toMatchObject({ title: null, roles: [{ role: 'Alpha' }] });
  });

  it('suggests the closest grant for an unknown one', () => {
    expect(problemsOf(() => whoCan(viewOf(live), 'b.exprot'))).toMatchObject([
      { code: 'not-found', hint: 'did you mean "b.export"?' },
    ]);
  });

  it('agrees with `can` for every person, and the live state after a plan equals the end state', () => {
    fc.assert(
      fc.property(anySnapshot, anyManifest, fc.constantFrom(...GRANTS), (snapshot, manifest, grant) => {
        const view = viewOf(snapshot);
        const holders = new Set(whoCan(view, grant).people.map(({ id }) => id));
        for (const { id } of view.people) expect(can(view, String(id), grant).answer).toBe(holders.has(id));
        const plan = makePlan(manifest, snapshot, {
          now: '2026-02-01T00:00:00.000Z',
          version: '0',
          requestsFor,
        });
        fc.pre(plan.refusals.length === 0);
        const after = viewOf(perform(snapshot, plan.changes).at(-1) ?? snapshot);
        const end = endView(manifest, snapshot, TODAY);
        expect(diffStates(end, after)).toMatchObject({ equal: true });
        fits(diffStates(view, end));
        expect(diffStates(view, end).equal).toBe(plan.changes.length === 0);
      }),
      { numRuns: inputs(60) },
    );
  });
});

describe('can', () => {
  it.each([
    ['P10@Acme.com ', 'b.export', { answer: true, role: 'Alpha', via: 'Alpha', person: { id: 10 } }],
    [
      '10',
      'a.view',
      {
        answer: false,
        role: 'Alpha',
        via: null,
        heldBy: ['Admin', 'Beta', 'Editor', 'Participant', 'Privileged'],
      },
    ],
  ])('answers for %s and %s, with the role by which', (said, grant, wanted) => {
    const answer = can(viewOf(live), said, grant);
    expect(answer).toMatchObject(wanted);
    fits(answer);
  });

  it.each([
    ['p1O@acme.com', 'not-found', 'did you mean "p10@acme.com"?'],
    ['404', 'not-found', undefined],
    ['p12@acme.com', 'not-found', expect.anything()],
  ])('does not find %s', (said, code, hint) => {
    const problems = problemsOf(() => can(viewOf(live), said, 'b.export'));
    expect(problems).toMatchObject([hint === undefined ? { code } : { code, hint }]);
  });

  it('refuses an address of several people, and lists their ids', () => {
    const twins = {
      ...live,
      people: {
        ...live.people,
        list: live.people.list.map((one) => (one.id === 13 ? { ...one, email: 'p10@acme.com' } : one)),
      },
    };
    expect(problemsOf(() => can(viewOf(twins), 'p10@acme.com', 'b.export'))).toMatchObject([
      { code: 'ambiguous-person', hint: 'ask by id: 10, 13' },
    ]);
  });

  it('does not read a prototype key as a person or a grant', () => {
    expect(problemsOf(() => can(viewOf(live), '__proto__', 'b.export'))).toMatchObject([
      { code: 'not-found' },
    ]);
    expect(problemsOf(() => whoCan(viewOf(live), 'constructor'))).toMatchObject([{ code: 'not-found' }]);
  });
});

describe('a view is refused', () => {
  it('for a snapshot of administrators only', () => {
    expect(problemsOf(() => viewOf({ ...live, people: { scope: 'admins', list: [] } }))).toMatchObject([
      { code: 'bad-file' },
    ]);
  });

  it('for a state in which a person is in no role', () => {
    expect(problemsOf(() => viewOf(snapshotOf({ persons: [person(10, 4242)] })))).toMatchObject([
      { code: 'bad-answer' },
    ]);
  });

  it('for a manifest without a defined end state', () => {
    const open = loadedOf({ roles: [wantedRole('Alpha', { members: members('exact', 13) })] });
    expect(problemsOf(() => endView(open, live, TODAY))).toMatchObject([{ code: 'no-destination' }]);
  });
});

describe('the difference of two states', () => {
  const other = snapshotOf({
    instance: 'acme-test',
    custom: [
      { ...liveRole(555, 'Alpha', ['a.view', 'b.export']), description: 'There' },
      liveRole(556, 'Gamma'),
    ],
    persons: [
      person(77, 555),
      { ...person(78, 4), email: 'p10@acme.com' },
      { ...person(79, 4), email: null },
    ],
    defaultRoleId: 3,
    allowlist: [3, 5],
  });

  it('is found by names, regardless of ids', () => {
    const answer = diffStates(viewOf(live), viewOf(other, 'snapshot'));
    expect(answer).toMatchObject({
      equal: false,
      a: { source: 'live', instance: 'acme' },
      b: { source: 'snapshot', instance: 'acme-test' },
      roles: {
        onlyA: ['Beta'],
        onlyB: ['Gamma'],
        changed: [
          { role: 'Alpha', description: { a: '', b: 'There' }, grants: { onlyA: [], onlyB: ['a.view'] } },
        ],
      },
      people: [
        { person: 'id 79', a: null, b: 'Participant' },
        { person: 'p10@acme.com', a: 'Alpha', b: 'Participant' },
        { person: 'p11@acme.com', a: 'Alpha', b: null },
        { person: 'p13@acme.com', a: 'Participant', b: null },
        { person: 'p77@acme.com', a: null, b: 'Alpha' },
      ],
      defaultRole: { a: 'Participant', b: 'Editor' },
      allowlist: { a: 'off', b: ['Editor', 'Social'] },
    });
    fits(answer);
  });

  it('is empty for a state and itself', () => {
    const answer = diffStates(viewOf(live), viewOf(live));
    expect(answer.equal).toBe(true);
    expect(answer).not.toHaveProperty('notCompared');
  });

  it('names the allowlist as not compared if one side cannot read it', () => {
    const unreadable: AccessView = viewOf({ ...live, allowlist: 'unreadable' });
    for (const answer of [diffStates(viewOf(live), unreadable), diffStates(unreadable, viewOf(other))]) {
      expect(answer).toMatchObject({ allowlist: null, notCompared: ['allowlist'] });
      fits(answer);
      expect(answerText(answer, { colour: false })).toMatch(
        /\n\nThe roles allowlist was not compared: it cannot be read on one of the two sides\.\n$/u,
      );
    }
    expect(diffStates(viewOf(live), unreadable).equal).toBe(true);
    const left = diffStates(viewOf(live), unreadable, selectionOf({ without: ['allowlist'] }));
    expect(left).not.toHaveProperty('notCompared');
  });

  it('distinguishes roles and people with equal names by their ids', () => {
    const doubled = snapshotOf({
      custom: [liveRole(100, 'Same', ['a.view']), liveRole(101, 'Same', ['b.view'])],
      persons: [person(10, 100), { ...person(11, 101), email: 'p10@acme.com' }],
    });
    const { roles, people } = diffStates(viewOf(doubled), viewOf(snapshotOf({})));
    expect(roles.onlyA).toEqual(['Same', 'Same (id 101)']);
    expect(people.map((one) => one.person)).toEqual(['p10@acme.com', 'p10@acme.com (id 11)']);
  });
});

describe('answers as text', () => {
  const text = (answer: Parameters<typeof answerText>[0], limit?: number): string =>
    answerText(answer, { colour: false, ...(limit === undefined ? {} : { limit }) });

  it('print who has a grant', () => {
    expect(text(whoCan(viewOf(live), 'b.export'), 1)).toBe(
      [
        'b.export (Title of b.export): 3 people, live on acme',
        '',
        'Admin  1 person',
        '  p1@acme.com',
        '',
        'Alpha  2 people',
        '  p10@acme.com',
        '  and 1 more',
        '',
        'Beta  no members',
        '',
      ].join('\n'),
    );
  });

  it('print yes and no', () => {
    expect(text(can(viewOf(live), '10', 'b.export'))).toBe(
      'yes: p10@acme.com has b.export by the role Alpha, live\n',
    );
    expect(text(can(viewOf(live), '10', 'user.edit'))).toBe(
      'no: p10@acme.com is in Alpha, which lacks user.edit, live; it is held by Admin\n',
    );
  });

  it('print what differs', () => {
    const answer = text(diffStates(viewOf(live), endView(loaded, live, TODAY)));
    expect(answer).toBe(
      [
        'From acme (live) to acme (manifest)',
        '',
        'role Alpha',
        '  - b.export',
        '  + user.edit',
        '',
        '1 person',
        '  p13@acme.com: Participant → Alpha',
        '',
      ].join('\n'),
    );
    expect(text(diffStates(viewOf(live), viewOf(live)))).toContain('Nothing differs.');
  });

  it('show hostile names as text', () => {
    const hostile = snapshotOf({
      custom: [liveRole(100, 'Evil\u001b[2J\n\u202e', ['b.export'])],
      persons: [{ ...person(10, 100), email: 'x\u001b@acme.com' }],
    });
    for (const answer of [
      whoCan(viewOf(hostile), 'b.export'),
      can(viewOf(hostile), '10', 'b.export'),
      diffStates(viewOf(live), viewOf(hostile)),
    ]) {
      for (const unseen of ['\u001b', '\u202e']) expect(text(answer)).not.toContain(unseen);
    }
  });
});
