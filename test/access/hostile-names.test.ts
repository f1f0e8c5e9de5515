import { describe, expect, it } from '@jest/globals';
import { can, endView, viewOf, whoCan } from '../../src/access/index.js';
import { ProblemError } from '../../src/problem/problem.js';
import { liveRole, loadedOf, members, person, snapshotOf, wantedRole } from '../support/arbitraries.js';
import { HOSTILE_TEXTS } from '../support/hostile-texts.js';

const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

function messagesOf(work: () => unknown): string[] {
  try {
    work();
  } catch (error) {
    if (error instanceof ProblemError)
      return error.problems.flatMap(({ message, hint }) => [message, hint ?? '']);
    throw error;
  }
  throw new Error('a problem was expected');
}

describe('problems of access questions', () => {
  it.each(HOSTILE_TEXTS)('are one line of visible text if a name %s', (_, text) => {
    const live = snapshotOf({
      custom: [liveRole(100, text, ['a.view'])],
      persons: [
        { ...person(10, 100), email: text },
        { ...person(11, 100), email: text },
      ],
    });
    const taken = loadedOf({ roles: [wantedRole(text, { members: members('exact', 1) })] });
    const texts = [
      ...messagesOf(() => can(viewOf(live), `${text}?`, 'a.view')),
      ...messagesOf(() => whoCan(viewOf(live), text)),
      ...messagesOf(() => endView(taken, live, { now: '2026-01-01T00:00:00.000Z' })),
    ];
    for (const one of texts) expect(one).not.toMatch(UNSEEN);
  });
});
