import { describe, expect, it } from '@jest/globals';
import { movesIntoRole } from '../../src/drift/moves-into-role.js';
import type { AuditEvent } from '../../src/model/audit.js';

const event = (text: string, objectName = 'Ana'): AuditEvent => ({
  at: '2026-01-01T00:00:00.000Z',
  by: 'Ines',
  action: 'update',
  subject: 'person',
  objectId: '10',
  objectName,
  text,
  mentions: ['role'],
});

describe('an event about a person', () => {
  it.each<[string, string, string, boolean]>([
    ['names the role at its end', 'moved Ana to Editor', 'Editor', true],
    ['names it before a full stop', 'moved Ana to Editor.', 'Editor', true],
    ['names it before an exclamation mark and spaces', 'moved Ana to Editor! ', 'Editor', true],
    ['names it in quotes', 'changed the role of Ana to "Editor"', 'Editor', true],
    ['names it in curly quotes', 'changed the role of Ana to “Editor”', 'Editor', true],
    ['names it after a colon', 'Ana has a new role: Editor', 'Editor', true],
    ['names it after an arrow', 'Ana: Social → Editor', 'Editor', true],
    ['names it after “into”, in any case', 'Ana came INTO Editor', 'Editor', true],
    ['names it after “role”', 'Ana now has the role Editor', 'Editor', true],
    ['names another role', 'moved Ana to Social', 'Editor', false],
    ['names a role with the same end', 'moved Ana to Group Editor', 'Editor', false],
    ['names it without a preposition', 'moved Ana away from Editor', 'Editor', false],
    ['names it before the end', 'moved Ana to Editor by mistake', 'Editor', false],
    ['names a longer role in quotes', 'moved Ana to "Group Editor"', 'Editor', false],
    ['ends in quotes without a preposition', 'moved Ana from "Editor"', 'Editor', false],
    ['names a role of several lines', 'moved Ana to "One\nTwo"', 'One\nTwo', true],
    ['names the role by the name of the person', 'moved to Ana', 'Ana', false],
    ['names a role whose name contains that of the person', 'moved Ana to Ana Team', 'Ana Team', false],
    ['ends in a preposition, for a role without a name', 'moved Ana to ', '', false],
    ['has nothing before the role', 'Editor', 'Editor', false],
  ])('%s', (_, text, role, expected) => {
    expect(movesIntoRole(event(text), role)).toBe(expected);
  });

  it('may come without the name of the person', () => {
    expect(movesIntoRole(event('moved someone to Editor', ''), 'Editor')).toBe(true);
  });
});
