import { describe, expect, it } from '@jest/globals';
import { planMarkdown } from '../../src/render/markdown/plan.js';
import { planText } from '../../src/render/text/plan.js';
import type { Impact } from '../../src/plan/plan.js';
import { planOf } from '../support/plan-builder.js';

const BO = { id: 1, email: 'bo@acme.com' };
const CY = { id: 2, email: 'cy@acme.com' };

function gained(grant: string, by: readonly (typeof BO)[], more: Partial<Impact> = {}): Impact {
  const gains = { gains: [...by], gainCount: by.length };
  return { grant, title: `Title ${grant}`, protected: false, ...gains, loses: [], loseCount: 0, ...more };
}

/** The part of the text of a plan about people. */
function peopleLines(impact: readonly Impact[]): string[] {
  const lines = planText(planOf({ impact: [...impact] }), { colour: false, limit: 20 }).split('\n');
  const from = lines.indexOf('Who gains and who loses') + 1;
  return from === 0 ? [] : lines.slice(from, lines.indexOf('', from));
}

describe('grants that the same people gain', () => {
  it('are listed together, each with its title while they are few', () => {
    expect(peopleLines([gained('a', [BO]), gained('b', [CY]), gained('c', [BO])])).toEqual([
      '  a  Title a',
      '  c  Title c',
      '    + bo@acme.com',
      '  b  Title b',
      '    + cy@acme.com',
    ]);
  });

  it('are listed by name alone when they are many', () => {
    expect(peopleLines(['a', 'b', 'c', 'd'].map((grant) => gained(grant, [BO])))).toEqual([
      '  4 grants',
      '    a, b, c, d',
      '    + bo@acme.com',
    ]);
  });

  it.each<[string, Impact]>([
    ['protected', gained('b', [BO], { protected: true })],
    ['also lost by a person', gained('b', [BO], { loses: [CY], loseCount: 1 })],
    ['gained by more people than are named', gained('b', [BO], { gainCount: 2 })],
  ])('are listed separately from one that is %s', (_what, other) => {
    expect(
      peopleLines([gained('a', [BO]), other]).filter((line) => line.includes('bo@acme.com')),
    ).toHaveLength(2);
  });

  it('are omitted when no one gains or loses them', () => {
    expect(peopleLines([gained('a', [])])).toEqual([]);
  });

  it('are one item in a comment', () => {
    const impact = ['a', 'b', 'c', 'd'].map((grant) => gained(grant, [BO]));
    const page = planMarkdown(planOf({ impact }));
    expect(page).toContain('- `a`, `b`, `c`, `d`\n  - gained by **1 person**: `bo@acme.com`');
  });
});
