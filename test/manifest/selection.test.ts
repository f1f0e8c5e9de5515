import { describe, expect, it } from '@jest/globals';
import { PARTS, requireSelected, selectionOf, selects } from '../../src/manifest/selection.js';
import { ProblemError } from '../../src/problem/problem.js';

function problemsOf(work: () => unknown): { code: string; message: string; hint?: string | undefined }[] {
  try {
    work();
  } catch (error) {
    if (error instanceof ProblemError)
      return error.problems.map(({ code, message, hint }) => ({ code, message, hint }));
    throw error;
  }
  return [];
}

describe('a selection', () => {
  it.each<[string, Parameters<typeof selectionOf>[0], string[] | null, string[], boolean]>([
    ['nothing', {}, null, [], false],
    ['empty lists', { only: [], without: [] }, null, [], false],
    ['one part', { without: ['members'] }, null, ['members'], true],
    ['parts in one word', { without: ['members, grants'] }, null, ['grants', 'members'], true],
    ['parts in several words', { without: ['grants', 'members'] }, null, ['grants', 'members'], true],
    ['every part', { without: [PARTS.join(',')] }, null, [...PARTS].sort(), true],
    ['a role', { only: ['A'] }, ['A'], ['allowlist', 'defaultRole'], true],
    [
      'roles and a part',
      { only: ['A', 'B,C'], without: ['members'] },
      ['A', 'B,C'],
      ['allowlist', 'defaultRole', 'members'],
      true,
    ],
  ])('of %s is read', (_, request, roles, without, partial) => {
    const selection = selectionOf(request);
    expect(selection.roles === null ? null : [...selection.roles]).toEqual(roles);
    expect([...selection.without].sort()).toEqual(without);
    expect(selection.partial).toBe(partial);
  });

  it.each([
    ['mebmers', 'did you mean "members"?'],
    ['Members', 'did you mean "members"?'],
    ['description', 'did you mean "descriptions"?'],
    ['default-role', 'did you mean "defaultRole"?'],
    ['policy', `valid values: ${PARTS.join(', ')}`],
    ['members,', `valid values: ${PARTS.join(', ')}`],
    ['__proto__', `valid values: ${PARTS.join(', ')}`],
    ['a\nb', `valid values: ${PARTS.join(', ')}`],
  ])('rejects the part %j', (word, hint) => {
    const [found] = problemsOf(() => selectionOf({ without: [word] }));
    expect(found).toMatchObject({ code: 'usage', hint });
    expect(found?.message).not.toContain('\n');
  });

  it('contains the named roles, or all', () => {
    expect(['A', 'B'].map((name) => selects(selectionOf({ only: ['A'] }), name))).toEqual([true, false]);
    expect(selects(selectionOf({ without: ['members'] }), 'B')).toBe(true);
  });

  it('reports every role that does not exist, each with the closest name', () => {
    const selection = selectionOf({ only: ['Data Analyts', 'Editor', 'Zebra', 'editor'] });
    expect(problemsOf(() => requireSelected(selection, ['Data Analyst', 'Editor']))).toEqual([
      { code: 'not-found', message: 'there is no role "Data Analyts"', hint: 'did you mean "Data Analyst"?' },
      {
        code: 'not-found',
        message: 'there is no role "Zebra"',
        hint: 'list them with `domo-roles get roles`',
      },
      { code: 'not-found', message: 'there is no role "editor"', hint: 'did you mean "Editor"?' },
    ]);
    expect(problemsOf(() => requireSelected(selectionOf(), []))).toEqual([]);
  });
});
