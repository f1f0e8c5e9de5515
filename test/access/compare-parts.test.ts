import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { diffStates, viewOf } from '../../src/access/index.js';
import type { DiffAnswer } from '../../src/access/index.js';
import { PARTS, selectionOf } from '../../src/manifest/selection.js';
import type { SelectionRequest } from '../../src/manifest/selection.js';
import { answerText } from '../../src/render/text/answer.js';
import { anySnapshot, liveRole, person, snapshotOf } from '../support/arbitraries.js';
import { checkSchema } from '../support/check-schema.js';
import { inputs } from '../support/law.js';

const dev = snapshotOf({
  custom: [
    { ...liveRole(100, 'Alpha', ['a.view', 'b.view']), description: 'one' },
    liveRole(101, 'Beta', ['a.view']),
    liveRole(102, 'New', []),
  ],
  persons: [person(10, 100), person(11, 101), person(12, 3)],
  defaultRoleId: 4,
  allowlist: [4, 5],
});
const prod = snapshotOf({
  custom: [
    { ...liveRole(200, 'Alpha', ['a.view', 'c.use']), description: 'two' },
    liveRole(201, 'Beta', ['a.view']),
    liveRole(202, 'Old', []),
  ],
  persons: [person(10, 201), person(11, 201), person(12, 4)],
  defaultRoleId: 5,
  allowlist: 'off',
});

function diff(request: SelectionRequest): DiffAnswer {
  return diffStates(viewOf(dev), viewOf(prod), selectionOf(request));
}

describe('a comparison of a selection', () => {
  it('compares everything by default', () => {
    expect(diff({})).toMatchObject({
      equal: false,
      roles: { onlyA: ['New'], onlyB: ['Old'], changed: [{ role: 'Alpha' }] },
      people: [
        { person: 'p10@acme.com', a: 'Alpha', b: 'Beta' },
        { person: 'p12@acme.com', a: 'Editor', b: 'Participant' },
      ],
      defaultRole: { a: 'Participant', b: 'Social' },
      allowlist: { a: ['Participant', 'Social'], b: 'off' },
    });
  });

  it.each<[string, Partial<DiffAnswer>]>([
    ['members', { people: [] }],
    ['defaultRole', { defaultRole: null }],
    ['allowlist', { allowlist: null }],
  ])('without %s leaves only that out', (without, parts) => {
    expect(diff({ without: [without] })).toEqual({ ...diff({}), ...parts });
  });

  it.each([
    ['grants', { description: { a: 'one', b: 'two' }, grants: { onlyA: [], onlyB: [] } }],
    ['descriptions', { description: null, grants: { onlyA: ['b.view'], onlyB: ['c.use'] } }],
  ])('without %s compares the rest of a role', (without, rest) => {
    expect(diff({ without: [without] }).roles.changed).toEqual([{ role: 'Alpha', ...rest }]);
  });

  it('of some roles leaves out the settings, and includes people who are in them on either side', () => {
    expect(diff({ only: ['Beta'] })).toMatchObject({
      roles: { onlyA: [], onlyB: [], changed: [] },
      people: [{ person: 'p10@acme.com', a: 'Alpha', b: 'Beta' }],
      defaultRole: null,
      allowlist: null,
    });
    expect(diff({ only: ['Beta'], without: ['members'] }).equal).toBe(true);
    expect(diff({ only: ['New', 'Old'] }).roles).toMatchObject({ onlyA: ['New'], onlyB: ['Old'] });
  });

  it('accepts a role of one side, and refuses one that neither side has', () => {
    expect(() => diff({ only: ['Old', 'Odl'] })).toThrow('there is no role "Odl"');
  });

  it('of an instance with itself is empty, and a smaller selection never finds more', () => {
    const parts = fc.subarray([...PARTS]);
    fc.assert(
      fc.property(anySnapshot, anySnapshot, parts, parts, (one, other, without, more) => {
        const [a, b] = [viewOf(one), viewOf(other)];
        expect(diffStates(a, a, selectionOf({ without })).equal).toBe(true);
        const wide = diffStates(a, b, selectionOf({ without }));
        const narrow = diffStates(a, b, selectionOf({ without: [...without, ...more] }));
        if (wide.equal) expect(narrow.equal).toBe(true);
        expect(narrow.people.length).toBeLessThanOrEqual(wide.people.length);
        expect(narrow.roles.changed.length).toBeLessThanOrEqual(wide.roles.changed.length);
      }),
      { numRuns: inputs(40) },
    );
  });
});

describe('a role that is renamed on one instance', () => {
  const before = snapshotOf({
    custom: [
      { ...liveRole(100, 'Old Name', ['a.view', 'b.view']), description: 'one' },
      liveRole(101, 'Gone'),
    ],
    persons: [person(10, 100), person(11, 101)],
  });
  const after = snapshotOf({
    custom: [
      { ...liveRole(100, 'New Name', ['a.view', 'c.use']), description: 'two' },
      liveRole(102, 'Made'),
    ],
    persons: [person(10, 100), person(11, 100)],
  });
  const found = diffStates(viewOf(before), viewOf(after));

  it('is found by its id, with the differences of its grants and its description', () => {
    expect(checkSchema('answer', found)).toEqual([]);
    expect(found.roles).toEqual({
      onlyA: ['Gone', 'Old Name'],
      onlyB: ['Made', 'New Name'],
      changed: [],
      renamed: [
        {
          ...{ id: 100, a: 'Old Name', b: 'New Name', description: { a: 'one', b: 'two' } },
          grants: { onlyA: ['b.view'], onlyB: ['c.use'] },
        },
      ],
    });
  });

  it('is one role in text, and its members have not moved', () => {
    const text = answerText(found, { colour: false });
    expect(text).toContain('role Old Name is renamed to New Name  id 100\n  - description "one"');
    expect(text).toContain('  - b.view\n  + c.use\n');
    expect(text).toContain('- role Gone\n+ role Made\n');
    expect(text).not.toMatch(/role New Name$|p10@acme.com/mu);
    expect(text).toContain('1 person\n  p11@acme.com: Gone → New Name');
  });

  it.each(['Old Name', 'New Name'])('is selected by either of its names: %s', (name) => {
    const selected = diffStates(viewOf(before), viewOf(after), selectionOf({ only: [name] }));
    expect(selected.roles).toEqual({ ...found.roles, onlyA: ['Old Name'], onlyB: ['New Name'] });
    expect(selected.people.map(({ person: one }) => one)).toEqual(['p10@acme.com', 'p11@acme.com']);
    const other = diffStates(viewOf(before), viewOf(after), selectionOf({ only: ['Made'] }));
    expect(other.roles).toEqual({ onlyA: [], onlyB: ['Made'], changed: [] });
  });

  it('is two roles on two instances, whose ids say nothing', () => {
    const elsewhere = diffStates(viewOf(before), viewOf({ ...after, instance: 'other' }));
    expect(elsewhere.roles).not.toHaveProperty('renamed');
  });

  it('leaves out the parts that are not compared', () => {
    const selection = selectionOf({ without: ['grants', 'descriptions'] });
    expect(diffStates(viewOf(before), viewOf(after), selection).roles.renamed).toEqual([
      { id: 100, a: 'Old Name', b: 'New Name', description: null, grants: { onlyA: [], onlyB: [] } },
    ]);
  });
});
