import { describe, expect, it } from '@jest/globals';
import { ownerGroups, ownerLookup, ownerNote } from '../../src/render/facts/owners.js';
import { planJunit } from '../../src/render/ci/plan-junit.js';
import { planSarif } from '../../src/render/ci/plan-sarif.js';
import { planGithub } from '../../src/render/ci/plan-github.js';
import { accessReviewHtml } from '../../src/render/html/access-review.js';
import { planHtml } from '../../src/render/html/plan.js';
import { planMarkdown } from '../../src/render/markdown/plan.js';
import { outcomeText } from '../../src/render/text/outcome.js';
import { planText } from '../../src/render/text/plan.js';
import type { PlanDocument } from '../../src/render/vocabulary.js';
import { HOSTILE_TEXTS } from '../support/hostile-texts.js';
import { pageLists } from '../support/page-data.js';
import { hugeSnapshot } from '../support/huge-plan.js';
import { buildOutcome, everyOwner, fullDrift, fullPlan } from '../support/plan-builder.js';

const plain = { colour: false };

const FORMATS: readonly (readonly [string, (document: PlanDocument) => string])[] = [
  ['text', (document) => planText(document, plain)],
  ['markdown', (document) => planMarkdown(document)],
  ['html', (document) => planHtml(document)],
  ['junit', planJunit],
  ['sarif', (document) => planSarif(document)],
  ['json', (document) => JSON.stringify(document)],
];

describe('the owner of a role', () => {
  it.each(FORMATS)('is in a plan and in drift as %s', (_format, render) => {
    for (const document of [fullPlan(), fullDrift()]) {
      expect(render(document)).toContain('finance-data');
      expect(render({ ...document, owners: [] })).not.toContain('finance-data');
    }
  });

  it('is in the annotations of drift', () => {
    expect(planGithub(fullDrift())).toContain('role Report Author (owner finance-data) lacks user.edit');
  });

  it('is in an outcome, but not of a deleted role with the same name', () => {
    const outcome = buildOutcome();
    const text = (role: string): string =>
      outcomeText({ ...outcome, owners: [{ role, roleId: 1, owner: 'ops' }] }, { ...plain, verbose: true });
    expect(text('Report Author')).toContain('grants.set/after-moves:Report Author (owner ops)');
    expect(text('Old Role')).not.toContain('ops');
  });

  it.each(HOSTILE_TEXTS)('takes one line that shows all of it when it %s', (_what, owner) => {
    const [, second] = everyOwner();
    const document = { ...fullPlan(), owners: second ? [{ ...second, owner }] : [] };
    const bare = { ...document, owners: second ? [{ ...second, owner: 'plain' }] : [] };
    for (const options of [{}, { groupBy: 'owner' as const }]) {
      const lines = (one: PlanDocument): number => planText(one, { ...plain, ...options }).split('\n').length;
      expect(lines(document)).toBe(lines(bare));
      expect(planText(document, { ...plain, ...options })).not.toMatch(/(?!\n)[\p{Cc}\u{202a}-\u{202e}]/u);
      expect(planHtml(document, options)).not.toContain('<script>alert');
      expect(planMarkdown(document, options).split('\n').length).toBe(
        planMarkdown(bare, options).split('\n').length,
      );
    }
  });
});

describe('roles by owner', () => {
  const role = (name: string, owner: string | null) => ({ name, owner });

  it.each([
    ['none', [], []],
    ['one without an owner', [role('a', null)], [[null, 'a']]],
    [
      'several owners, those without one last',
      [role('a', null), role('b', 'z'), role('c', 'y'), role('d', 'z')],
      [
        ['y', 'c'],
        ['z', 'b', 'd'],
        [null, 'a'],
      ],
    ],
    [
      'owners that differ in case',
      [role('a', 'x'), role('b', 'X')],
      [
        ['X', 'b'],
        ['x', 'a'],
      ],
    ],
    [
      'names of a prototype',
      [role('a', '__proto__'), role('b', 'constructor')],
      [
        ['__proto__', 'a'],
        ['constructor', 'b'],
      ],
    ],
  ])('group %s', (_what, roles, groups) => {
    expect(ownerGroups(roles).map((group) => [group.owner, ...group.roles.map(({ name }) => name)])).toEqual(
      groups,
    );
  });

  it('have headings in text', () => {
    const text = planText(fullPlan(), { ...plain, groupBy: 'owner' });
    expect(text.match(/^(?:Owner .*|No owner): \d+ roles?$/gmu)).toEqual([
      'Owner Builds cards and data sets: 1 role',
      'Owner finance-data: 1 role',
      'No owner: 1 role',
    ]);
  });

  it('have headings in Markdown', () => {
    const text = planMarkdown(fullDrift(), { groupBy: 'owner' });
    expect(text.match(/^### Roles that differ.*$/gmu)).toEqual([
      '### Roles that differ: owner `Builds cards and data sets`',
      '### Roles that differ: owner `finance-data`',
      '### Roles that differ: no owner',
    ]);
  });

  it('have headings in HTML', () => {
    const html = planHtml(fullPlan(), { groupBy: 'owner' });
    expect(html.match(/<h3 class="owner">.*?<\/h3>/gu)).toEqual([
      '<h3 class="owner">Owner <bdi>Builds cards and data sets</bdi> <span class="soft">1 role</span></h3>',
      '<h3 class="owner">Owner <bdi>finance-data</bdi> <span class="soft">1 role</span></h3>',
      '<h3 class="owner">No owner <span class="soft">1 role</span></h3>',
    ]);
  });

  it('are the same roles, each once', () => {
    const heads = (text: string): string[] => [...(text.match(/^[+~-] .*$/gmu) ?? [])].sort();
    const text = planText(fullPlan(), { ...plain, groupBy: 'owner' });
    expect(heads(text)).toEqual(heads(planText(fullPlan(), plain)));
  });

  it('are in an access review, with the people in them', () => {
    const snapshot = hugeSnapshot({ roles: 3, grants: 4, people: 9 });
    const [one] = snapshot.roles.filter(({ id }) => id > 5);
    const owners = new Map([[one?.id ?? 0, 'finance-data']]);
    const grouped = pageLists(accessReviewHtml(snapshot, { owners, groupBy: 'owner' }));
    expect(grouped.map(({ id, groups }) => [id, groups?.titles])).toEqual([
      ['roles', ['Owner finance-data', 'No owner']],
      ['grants', undefined],
      ['people', ['Owner finance-data', 'No owner']],
    ]);
    const listed = pageLists(accessReviewHtml(snapshot, { owners }));
    expect(listed.map(({ columns }) => columns.some(({ title }) => /owner/iu.test(title)))).toEqual([
      true,
      false,
      true,
    ]);
    expect(accessReviewHtml(snapshot)).not.toMatch(/Owner/u);
  });
});

describe('a note of the owner', () => {
  it.each([
    [null, ''],
    ['finance-data', ' (owner finance-data)'],
    ['a\nb', ' (owner "a\\nb")'],
  ])('of %j is %j', (owner, note) => {
    expect(ownerNote(owner)).toBe(note);
  });

  it('finds a role by its id alone', () => {
    const ownerOf = ownerLookup([
      { role: 'A', roleId: 7, owner: 'x' },
      { role: 'B', roleId: 'new:B', owner: 'y' },
    ]);
    expect([ownerOf(7), ownerOf('new:B'), ownerOf(8), ownerOf('new:A')]).toEqual(['x', 'y', null, null]);
  });
});
