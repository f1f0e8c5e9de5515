import { describe, expect, it } from '@jest/globals';
import { NO_DIFFERENCE } from '../../../src/fleet/compare-role.js';
import type { ComparedRole, ComparisonDocument, RoleVariant } from '../../../src/fleet/comparison.js';
import { roleTitle } from '../../../src/render/fleet/compare-facts.js';
import { compareMarkdown } from '../../../src/render/fleet/compare-markdown.js';
import { compareText } from '../../../src/render/fleet/compare-text.js';

const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `i${index}`);

const variant = (instances: readonly string[], parts: Partial<RoleVariant> = {}): RoleVariant => ({
  ...{ standing: 'as-base', present: true, asked: NO_DIFFERENCE, unasked: NO_DIFFERENCE, instances },
  ...parts,
});

function comparison(...roles: readonly ComparedRole[]): ComparisonDocument {
  return {
    ...{ formatVersion: 1, kind: 'comparison', madeBy: '0', madeAt: '2026-01-01T00:00:00Z' },
    ...{ fleet: 'customers', source: 'live', base: 'base.yaml', settings: [], rows: [], roles },
    inventory: { file: 'fleet.yaml', digest: '', instances: 500, minInstances: null, maxInstances: null },
    selection: { flags: {}, digest: '', names: [], shard: null },
    summary: {
      ...{ instances: 500, asBase: 431, byOverlay: 0, differs: 69, unreadable: 0, notStarted: 0 },
      ...{ suspended: 0, roles: 1, rolesThatDiffer: 1, exit: 2 },
    },
  };
}

const role = (...variants: readonly RoleVariant[]): ComparedRole => ({
  ...{ role: 'Finance Viewer', copy: 1, inBase: true, variants },
});

const FINANCE = role(
  variant(names(431)),
  variant(names(60), { standing: 'differs', unasked: { ...NO_DIFFERENCE, added: ['dataset.export'] } }),
  variant(names(9), {
    standing: 'differs',
    present: false,
    unasked: { ...NO_DIFFERENCE, presence: 'absent' },
  }),
);

/** A role with a separate variant for every instance. */
const MANY = role(
  ...names(500).map((name, index) =>
    variant([name], { standing: 'differs', unasked: { ...NO_DIFFERENCE, added: [`grant.${index}`] } }),
  ),
);

describe('the title of a role', () => {
  it.each([
    [1, 'Finance Viewer'],
    [2, 'Finance Viewer, again'],
    [3, 'Finance Viewer, for the 3rd time'],
    [11, 'Finance Viewer, for the 11th time'],
    [22, 'Finance Viewer, for the 22nd time'],
  ])('of live role %i of one name counts them', (copy, title) => {
    expect(roleTitle({ role: 'Finance Viewer', copy, inBase: true })).toBe(title);
  });
});

describe('an allowlist that some instances do not show', () => {
  const one = comparison();
  const document: ComparisonDocument = {
    ...one,
    summary: { ...one.summary, asBase: 2, differs: 0, partlyCompared: 1, exit: 0 },
    settings: [
      {
        ...{ setting: 'allowlist', base: ['Social'] },
        variants: [
          { standing: 'as-base', value: ['Social'], instances: names(2) },
          { standing: 'unreadable', value: 'unreadable', instances: ['acme'] },
        ],
      },
    ],
  };

  it('is not shown as equal to the base', () => {
    const text = compareText(document, { colour: false });
    expect(text).toContain(
      'Cannot be read on some instances\n  Roles allowlist: 2 Social as base · 1 unreadable\n',
    );
    expect(text).toContain('    unreadable: acme\n');
    expect(text).toContain(
      'Compared with base.yaml: 1 has an allowlist that cannot be read and 2 are as the base.\n',
    );
    const markdown = compareMarkdown(document);
    expect(markdown).toContain('### Cannot be read on some instances');
    expect(markdown).toContain('- 2 `Social` as base\n- 1 `unreadable`: `acme`');
  });
});

describe('a comparison in a terminal', () => {
  const text = (document: ComparisonDocument): string => compareText(document, { colour: false });

  it('shows the number of instances for each variant, and names those that differ', () => {
    expect(text(comparison(FINANCE))).toContain(
      '  Finance Viewer: 431 as base · 60 + dataset.export · 9 absent\n',
    );
    expect(text(comparison(FINANCE))).toContain('    absent: i0, i1, i2, i3, i4, i5, i6, i7, i8\n');
    expect(text(comparison(FINANCE))).toContain('i19 and 40 more\n');
  });

  it('counts the variants beyond the limit', () => {
    const lines = text(comparison(MANY)).split('\n');
    expect(lines.find((line) => line.startsWith('  Finance Viewer'))).toMatch(/ · 488 in other ways$/u);
    expect(lines.length).toBeLessThan(25);
  });

  it.each<[string, Partial<RoleVariant>, string]>([
    ['another name', { unasked: { ...NO_DIFFERENCE, name: 'Old "x"' } }, 'named "Old \\"x\\""'],
    ['another description', { unasked: { ...NO_DIFFERENCE, description: '' } }, 'with another description'],
    [
      'people',
      { unasked: { ...NO_DIFFERENCE, membersAdded: 2, membersRemoved: 1 } },
      '+ 2 people − 1 person',
    ],
    [
      'many grants',
      { unasked: { ...NO_DIFFERENCE, removed: names(20) } },
      '− i0 − i1 − i2 − i3 − i4 − i5 − i6 − i7 − 12 more',
    ],
    [
      'a wanted and an unwanted difference',
      { asked: { ...NO_DIFFERENCE, added: ['a'] }, unasked: { ...NO_DIFFERENCE, added: ['b'] } },
      '+ b and + a by overlay',
    ],
    [
      'a similar name',
      { present: false, unasked: { ...NO_DIFFERENCE, presence: 'absent', name: 'finance viewer' } },
      'absent, with finance viewer instead',
    ],
  ])('names %s', (_what, parts, expected) => {
    const found = role(variant(['acme'], { standing: 'differs', ...parts }));
    expect(text(comparison(found))).toContain(`Finance Viewer: 1 ${expected}\n`);
  });
});

describe('a comparison in Markdown', () => {
  it('fits into one comment and names the place of the rest', () => {
    const many = Array.from({ length: 400 }, (_, index) => ({ ...MANY, role: `Role ${index}` }));
    const found = compareMarkdown(comparison(...many));
    expect(Buffer.byteLength(found)).toBeLessThan(65_536);
    expect(found).toContain('fleet compare --format json has everything.');
    expect(found).toContain('- 488 in other ways');
  });
});
