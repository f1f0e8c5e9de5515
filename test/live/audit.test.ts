import { describe, expect, it } from '@jest/globals';
import { readAudit } from '../../src/live/audit.js';
import type { AuditEvent } from '../../src/model/audit.js';

/** Reads one line of the log. */
async function readLine(line: Readonly<Record<string, unknown>>): Promise<AuditEvent | undefined> {
  const whole: Readonly<Record<string, unknown>> = { userName: 'Ana', time: 1000, ...line };
  const log = await readAudit(
    {
      getAuditLog: async ({ objectType }) => ({
        status: 200,
        isSuccess: true,
        parentClass: null,
        response: objectType === 'ROLE' ? [whole] : [],
      }),
    },
    { since: 0, now: 2000 },
  );
  return log.events[0];
}

describe('the person of an event', () => {
  it.each([
    ['its name', { userName: ' Ana ', userId: 7 }, 'Ana'],
    ['the name beside a blank one', { actorName: ' ', actorId: 5, userName: 'Ana' }, 'Ana'],
    ['who acts for another', { actorName: 'Bo', actorId: 5, userName: 'Ana' }, 'Bo'],
    ['the id of who acts for another', { userName: '', actorId: 5, userId: 7 }, 'person 5'],
    ['the id beside one that is none', { userName: '', actorId: 'x', userId: 7 }, 'person 7'],
  ])('is %s', async (_, line, by) => {
    expect((await readLine(line))?.by).toBe(by);
  });
});

describe('an event of the audit log', () => {
  it.each([
    ['ROLE', 'role'],
    ['role', 'role'],
    ['AUTHORITY', 'grants'],
    ['USER', 'person'],
    ['CUSTOMER_STATE', 'settings'],
    ['DATA_SOURCE', null],
    [7, null],
  ])('with the object type %s is about: %s', async (objectType, subject) => {
    expect((await readLine({ objectType }))?.subject).toBe(subject);
  });

  it.each([
    ['CREATED', 'create'],
    ['created', 'create'],
    ['UPDATED', 'update'],
    ['DELETED', 'delete'],
    ['VIEWED', 'other'],
    [undefined, 'other'],
  ])('with the action %s is a: %s', async (actionType, action) => {
    expect((await readLine({ actionType }))?.action).toBe(action);
  });

  it.each([
    ['the role was changed', { eventText: 'changed the Role of P' }, ['role']],
    ['a person with that name', { objectName: 'Role Model' }, []],
    ['a longer word', { eventText: 'controller' }, []],
    ['a person with that name, in the text', { objectName: 'Role', eventText: 'changed Role' }, []],
    ['a move', { eventText: 'moved P from A to B' }, ['role']],
    ['grants', { eventText: 'changed the grants' }, ['grants']],
    ['authorities', { eventText: 'set Authorities' }, ['grants']],
    ['a description', { eventText: 'edited the description' }, ['text']],
    ['a new name', { eventText: 'renamed it' }, ['text']],
    ['a default role in its text, which may be another one', { eventText: 'set the default role' }, ['role']],
    ['the default role by its state', { objectId: 'user.roleid.default' }, ['defaultRole']],
    ['the allowlist by its state', { objectName: 'User.RoleId.Allowlist' }, ['allowlist']],
    ['another allowlist', { objectId: 'ip.allowlist', eventText: 'allowlist' }, []],
    ['nothing', {}, []],
  ])('mentions what it names: %s', async (_, line, mentions) => {
    expect((await readLine(line))?.mentions).toEqual(mentions);
  });

  it.each<[string, Readonly<Record<string, unknown>>, boolean]>([
    ['no person', { userName: '' }, false],
    ['a blank name', { userName: '  ' }, false],
    ['a person by id alone', { userName: '', userId: '2' }, true],
    ['an id that is none', { userName: '', userId: -2 }, false],
    ['no time', { time: undefined }, false],
    ['an empty time, which is not 1970', { time: null }, false],
    ['a blank time', { time: ' ' }, false],
    ['a time in a list', { time: [1000] }, false],
    ['a time as true', { time: true }, false],
    ['a time as text', { time: '1000' }, true],
    ['a time that is not a number', { time: 'soon' }, false],
    ['the last time of the calendar', { time: 8.64e15 }, true],
    ['a time beyond the calendar', { time: 8.64e15 + 1 }, false],
  ])('with %s is kept or left out', async (_, line, isKept) => {
    expect((await readLine(line)) !== undefined).toBe(isKept);
  });
});
