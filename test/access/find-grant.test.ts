import { describe, expect, it } from '@jest/globals';
import { can, viewOf, whoCan } from '../../src/access/index.js';
import { findGrant } from '../../src/access/find-grant.js';
import type { CatalogueEntry } from '../../src/model/grant.js';
import { ProblemError } from '../../src/problem/problem.js';
import { liveRole, snapshotOf } from '../support/arbitraries.js';
import { HOSTILE_TEXTS } from '../support/hostile-texts.js';

function entry(grant: string, title: string): CatalogueEntry {
  return { grant, title, group: 'G', dependsOn: [], adminLevel: false, features: [] };
}

const view = viewOf(
  snapshotOf({
    custom: [liveRole(100, 'Alpha', ['content.card.edit', 'held.only']), liveRole(101, 'Beta', ['x.one'])],
    catalogue: [
      entry('content.card.edit', 'Edit Cards'),
      entry('dataset.export', 'Datensätze exportieren'),
      entry('x.one', 'Manage X'),
      entry('x.two', 'manage  x'),
      entry('y.one', 'x.one'),
      entry('z.one', '__proto__'),
    ],
  }),
);

function problemOf(asked: string): { code: string; message: string; hint?: string | undefined } | undefined {
  try {
    findGrant(view, asked);
  } catch (error) {
    if (error instanceof ProblemError) return error.problems[0];
    throw error;
  }
  return undefined;
}

describe('a grant', () => {
  it.each([
    ['an id', 'content.card.edit', 'content.card.edit'],
    ['an id that the catalogue does not list', 'held.only', 'held.only'],
    ['a title', 'Edit Cards', 'content.card.edit'],
    ['a title in different case, with different whitespace', ' edit \t CARDS ', 'content.card.edit'],
    ['an id that is also the title of another grant', 'x.one', 'x.one'],
    ['a title from other instances', 'Export DataSet', 'dataset.export'],
    ['a title that is a prototype key', '__proto__', 'z.one'],
  ])('is found by %s', (_, asked, grant) => {
    expect(findGrant(view, asked).grant).toBe(grant);
  });

  it.each([
    ['a misspelled id', 'content.card.edti', 'did you mean "content.card.edit"?'],
    ['an id in different case', 'Content.Card.Edit', 'did you mean "content.card.edit"?'],
    ['a misspelled title', 'Edit Crads', 'did you mean "Edit Cards" (content.card.edit)?'],
    ['unrelated text', 'Fly', 'list them with `domo-roles get authorities`'],
    ['a prototype key', 'constructor', 'list them with `domo-roles get authorities`'],
  ])('is not found by %s', (_, asked, hint) => {
    expect(problemOf(asked)).toMatchObject({ code: 'not-found', hint });
  });

  it('is not found by a title whose grant the instance lacks, and the message names the grant', () => {
    expect(problemOf('Edit Pages')?.message).toBe(
      'the instance has no grant "Edit Pages" (the title of content.page.edit)',
    );
  });

  it('is not guessed from a title of several grants', () => {
    expect(problemOf('MANAGE X')).toMatchObject({
      code: 'not-found',
      message: '"MANAGE X" is the title of 2 grants',
      hint: 'use one of their ids: x.one, x.two',
    });
  });

  it('has its id and title in answers', () => {
    expect(whoCan(view, 'edit cards')).toMatchObject({
      grant: 'content.card.edit',
      title: 'Edit Cards',
      roles: [{ role: 'Alpha' }],
    });
    expect(can(view, '1', 'Edit Cards')).toMatchObject({ grant: 'content.card.edit', heldBy: ['Alpha'] });
  });

  it.each(HOSTILE_TEXTS)(
    'of which the title %s is found by it, and messages stay one clean line',
    (_, text) => {
      const titled = viewOf(snapshotOf({ catalogue: [entry('a.one', text), entry('a.two', `${text} `)] }));
      const one = viewOf(snapshotOf({ catalogue: [entry('a.one', text)] }));
      expect(findGrant(one, text).grant).toBe('a.one');
      expect(() => findGrant(titled, text)).toThrow(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+$/u);
    },
  );
});
