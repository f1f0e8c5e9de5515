import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { requestsFor } from '../../src/apply/requests-for-change.js';
import { attribute } from '../../src/drift/attribute.js';
import type { Drift } from '../../src/drift/drift.js';
import { makeDrift } from '../../src/drift/make-drift.js';
import { readAudit } from '../../src/live/audit.js';
import type { ChangeKind } from '../../src/plan/change.js';
import {
  exactGrants,
  liveRole,
  loadedOf,
  members,
  person,
  snapshotOf,
  wantedRole,
  WIDE_POLICY,
} from '../support/arbitraries.js';
import { inputs } from '../support/law.js';

const live = {
  ...snapshotOf({
    custom: [liveRole(100, 'A', ['a.view']), liveRole(101, 'Beta'), liveRole(102, 'Shadow')],
    persons: [person(10, 100), person(11, 100)],
  }),
  defaultRoleId: 3,
  allowlist: [3, 5],
};

/**
 * One difference of every kind: role 100 (A) has another description and other grants, and people 10 and 11 are in
 * it.
 */
const drift: Drift = makeDrift(
  loadedOf({
    roles: [
      wantedRole('A', { description: 'As it was', grants: exactGrants('b.view') }),
      wantedRole('Beta', { members: members('additive', 10, 11) }),
      wantedRole('Missing'),
    ],
    removed: ['Shadow'],
    defaultRole: 'Social',
    allowlist: 'off',
    policy: WIDE_POLICY,
  }),
  live,
  { now: '2026-02-01T00:00:00.000Z', version: '0', requestsFor },
);

/** A line of the audit log in the instance's format. */
interface Line {
  at: string;
  by: string;
  did: string;
  type: string;
  objectId: string;
  objectName: string;
  text: string;
}

function event(type: string, did: string, parts: Partial<Line> = {}): Line {
  const objectId = { ROLE: '100', AUTHORITY: '100', USER: '10' }[type] ?? '';
  const name = { ROLE: 'A', AUTHORITY: 'A', USER: 'Person 10' }[type] ?? '';
  return {
    at: '2026-01-31T12:00:00.000Z',
    by: 'Ines',
    did,
    type,
    objectId,
    objectName: name,
    text: '',
    ...parts,
  };
}

async function attributed(lines: readonly Line[], from = drift): Promise<Drift> {
  const getAuditLog = ({ objectType }: { objectType?: string }) =>
    Promise.resolve({
      status: 200,
      isSuccess: true,
      parentClass: null,
      response: lines
        .filter(({ type }) => type === objectType)
        .map(({ at, by, did, type, text, ...rest }) => ({
          ...rest,
          time: Date.parse(at),
          userName: by,
          actionType: did,
          objectType: type,
          eventText: text,
        })),
    });
  return attribute(from, await readAudit({ getAuditLog }, { since: 0, now: Date.parse('2026-02-01') }));
}

async function byOf(
  kind: ChangeKind,
  lines: readonly Line[],
  from = drift,
): Promise<string | null | undefined> {
  return (await attributed(lines, from)).changes.find((change) => change.kind === kind)?.by;
}

/** A later event of another person. */
const later = { at: '2026-01-31T13:00:00.000Z', by: 'Tomas' };
/** The log has separate events for grants. */
const OTHER_GRANTS = event('AUTHORITY', 'UPDATED', { objectId: '999', by: 'Olga' });

it('is tested on a document with a difference of every kind', () => {
  expect(new Set(drift.changes.map(({ kind }) => kind)).size).toBe(7);
});

describe('a role that is missing', () => {
  const gone = event('ROLE', 'DELETED', { objectId: '77', objectName: 'Missing' });
  it.each<[string, Line[], string | null]>([
    ['was deleted', [gone], 'Ines'],
    ['was deleted twice', [gone, { ...gone, objectId: '78', ...later }], 'Tomas'],
    ['was created again after that', [gone, { ...gone, objectId: '78', did: 'CREATED', ...later }], null],
    ['has nearly the name of a deleted one', [{ ...gone, objectName: 'missing' }], null],
    ['has a name that another one holds', [{ ...gone, objectName: 'Missing Person' }], null],
    ['has the name of a deleted person', [{ ...gone, type: 'USER' }], null],
    ['was changed, and not deleted', [{ ...gone, did: 'UPDATED' }], null],
  ])('that %s', async (_, events, by) => {
    expect(await byOf('role.create', events)).toBe(by);
  });
});

describe('the text of a role', () => {
  const change = event('ROLE', 'UPDATED', { text: 'changed the role A' });
  it.each<[string, Line[], string | null]>([
    ['a change, where grants have their own kind', [change, OTHER_GRANTS], 'Ines'],
    ['the later of two changes', [change, { ...change, ...later }, OTHER_GRANTS], 'Tomas'],
    ['a change that may be one of grants', [change], null],
    ['a change whose text describes it', [{ ...change, text: 'changed the description' }], 'Ines'],
    ['a rename', [{ ...change, text: 'renamed the role' }], 'Ines'],
    [
      'a change whose text mentions grants',
      [{ ...change, text: 'changed the grants of A' }, OTHER_GRANTS],
      null,
    ],
    [
      'a role with that word as its name',
      [{ ...change, objectName: 'Description', text: 'changed Description' }],
      null,
    ],
    ['another role', [{ ...change, objectId: '1000' }, OTHER_GRANTS], null],
    ['a view', [{ ...change, did: 'VIEWED' }, OTHER_GRANTS], null],
    ['a kind that is not known', [{ ...change, did: 'TOUCHED' }, OTHER_GRANTS], null],
    ['its creation', [{ ...change, did: 'CREATED' }, OTHER_GRANTS], null],
  ])('by %s', async (_, events, by) => {
    expect(await byOf('role.update', events)).toBe(by);
  });
});

describe('the grants of a role', () => {
  const change = event('ROLE', 'UPDATED', { text: 'changed the role A' });
  const grants = event('AUTHORITY', 'UPDATED');
  it.each<[string, Line[], string | null]>([
    ['their own event', [grants], 'Ines'],
    ['the later of two', [grants, { ...grants, ...later }], 'Tomas'],
    ['those of another role', [{ ...grants, objectId: '1000' }], null],
    ['a change of the role, where grants have their own kind', [OTHER_GRANTS, change], null],
    ['a change of the role that may be one of its text', [change], null],
    [
      'a change of the role whose text mentions grants',
      [{ ...change, text: 'changed the grants of A' }],
      'Ines',
    ],
    [
      'a change of the role whose text mentions authorities',
      [{ ...change, text: 'set authorities' }],
      'Ines',
    ],
    [
      'a later change that may be one of grants, too',
      [
        { ...change, text: 'changed the grants of A' },
        { ...change, ...later },
      ],
      null,
    ],
    [
      'a later change of the text',
      [
        { ...change, text: 'changed the grants of A' },
        { ...change, text: 'renamed', ...later },
      ],
      'Ines',
    ],
    [
      'a role with that word as its name',
      [{ ...change, objectName: 'Grants', text: 'changed Grants' }],
      null,
    ],
    ['a view', [{ ...grants, did: 'VIEWED' }], null],
  ])('by %s', async (_, events, by) => {
    expect(await byOf('grants.set', events)).toBe(by);
  });
});

describe('people who moved', () => {
  const one = (id: string, text: string, parts: Partial<Line> = {}): Line =>
    event('USER', 'UPDATED', { objectId: id, objectName: `Person ${id}`, text, ...parts });
  const eleven = one('11', 'moved Person 11 from Beta to A');
  it.each<[string, Line[], string | null]>([
    ['a move here', [one('10', 'moved Person 10 from Beta to A'), eleven], 'Ines'],
    ['a change of the role to this one', [one('10', 'changed role: Beta → A'), eleven], 'Ines'],
    ['the role in quotes', [one('10', 'set the role to "A".'), eleven], 'Ines'],
    ['two people', [one('10', 'moved to A', later), eleven], 'Tomas, Ines'],
    ['only one of two moves', [eleven], null],
    ['the role in other words', [one('10', 'A phone number was changed'), eleven], null],
    ['the role in the middle', [one('10', 'moved the phone of A to B'), eleven], null],
    ['a role whose name has the same end', [one('10', 'moved Person 10 to Group A'), eleven], null],
    ['a move out of it', [one('10', 'moved Person 10 from A to Beta'), eleven], null],
    [
      'a later move elsewhere',
      [one('10', 'moved Person 10 to A'), one('10', 'moved Person 10 to Beta', later), eleven],
      null,
    ],
    [
      'a later change of something else',
      [one('10', 'moved Person 10 to A'), one('10', 'changed the phone number', later), eleven],
      'Ines',
    ],
    ['a title with the name of the role', [one('10', 'changed the title to A'), eleven], null],
    [
      'a person with the name of a role',
      [one('10', 'changed Role to A', { objectName: 'Role' }), eleven],
      null,
    ],
    ['an account that was created', [one('10', '', { did: 'CREATED' }), eleven], 'Ines'],
    [
      'an account that was created, and changed since',
      [one('10', '', { did: 'CREATED' }), one('10', 'changed', later), eleven],
      null,
    ],
    ['a view', [one('10', 'moved Person 10 to A', { did: 'VIEWED' }), eleven], null],
  ])('by %s', async (_, events, by) => {
    expect(await byOf('members.move', events)).toBe(by);
  });

  it('names at most three people and counts the others', async () => {
    const ids = [20, 21, 22, 23];
    const many = makeDrift(
      loadedOf({
        roles: [wantedRole('Beta', { members: members('additive', ...ids) })],
        policy: WIDE_POLICY,
      }),
      snapshotOf({
        custom: [liveRole(100, 'A'), liveRole(101, 'Beta')],
        persons: ids.map((id) => person(id, 100)),
      }),
      { now: '2026-02-01T00:00:00.000Z', version: '0', requestsFor },
    );
    const events = ids.map((id) => one(String(id), 'moved to A', { by: `Admin ${id}` }));
    expect(await byOf('members.move', events, many)).toBe('Admin 20, Admin 21, Admin 22 and 1 more');
  });
});

describe.each<[ChangeKind, string]>([
  ['defaultRole.set', 'user.roleid.default'],
  ['allowlist.set', 'user.roleid.allowlist'],
])('a setting: %s', (kind, name) => {
  const set = event('CUSTOMER_STATE', 'UPDATED', { objectId: name });
  it.each<[string, Line[], string | null]>([
    ['by its id', [set], 'Ines'],
    ['by its name', [{ ...set, objectId: '7', objectName: name.toUpperCase() }], 'Ines'],
    ['the later of two', [set, { ...set, ...later }], 'Tomas'],
    ['a setting whose name only begins the same', [{ ...set, objectId: `${name}.old` }], null],
    [
      'another one that is named in the text',
      [{ ...set, objectId: 'ip', text: `the allowlist, not ${name}` }],
      null,
    ],
    ['another allowlist', [{ ...set, objectId: 'ip.allowlist', text: 'changed the IP allowlist' }], null],
    [
      'another default role',
      [{ ...set, objectId: 'groups', text: 'changed the default role of groups' }],
      null,
    ],
    ['a view', [{ ...set, did: 'VIEWED' }], null],
    ['a role of that name', [{ ...set, type: 'ROLE' }], null],
  ])('%s', async (_, events, by) => {
    expect(await byOf(kind, events)).toBe(by);
  });
});

describe('a role that should not exist', () => {
  const made = event('ROLE', 'CREATED', { objectId: '102', objectName: 'Shadow' });
  it.each<[string, Line[], string | null]>([
    ['was created', [made], 'Ines'],
    ['was created and changed by the same person', [made, { ...made, did: 'UPDATED', at: later.at }], 'Ines'],
    ['was renamed since by another person', [made, { ...made, did: 'UPDATED', ...later }], null],
    ['was only changed', [{ ...made, did: 'UPDATED' }], null],
    ['has another id', [{ ...made, objectId: '103' }], null],
  ])('that %s', async (_, events, by) => {
    expect(await byOf('role.delete', events)).toBe(by);
  });
});

it('names no one for events about other objects, regardless of their texts', async () => {
  const words = fc.constantFrom(
    'moved',
    'role',
    'to A',
    'A',
    'grants',
    'allowlist',
    'default role',
    'description',
  );
  const anyEvent = fc.record({
    at: fc.constant('2026-01-31T12:00:00.000Z'),
    by: fc.constant('Ines'),
    did: fc.constantFrom('CREATED', 'UPDATED', 'DELETED'),
    type: fc.constantFrom('ROLE', 'AUTHORITY', 'USER', 'CUSTOMER_STATE'),
    objectId: fc.constantFrom('', '1', '1000', '1011', 'ip.allowlist'),
    objectName: fc.constantFrom('', 'A', 'Shadow', 'role'),
    text: fc.array(words, { maxLength: 6 }).map((parts) => parts.join(' ')),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(anyEvent, { maxLength: 8 }), async (events) => {
      const { changes } = await attributed(events);
      expect(changes.map(({ by }) => by)).toEqual(changes.map(() => null));
    }),
    { numRuns: inputs(200) },
  );
});
