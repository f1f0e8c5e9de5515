import { describe, expect, it } from '@jest/globals';
import type { AccessRule } from '../../../src/model/access-rule.js';
import { rulesInForce } from '../../../src/plan/rules/in-force.js';
import { limitRule, separationRule } from '../../support/rules.js';

describe('the description of a rule', () => {
  it.each<[string, AccessRule, string]>([
    [
      'roles',
      limitRule({ subject: { grants: ['a.view', 'b.export'] }, onlyRoles: ['Admin', 'A, B'] }),
      'only roles "Admin", "A, B" hold a.view, b.export',
    ],
    [
      'one role',
      limitRule({ subject: { grants: ['a.view'] }, onlyRoles: ['Admin'] }),
      'only role "Admin" holds a.view',
    ],
    [
      'a number',
      limitRule({ subject: { role: 'Admin' }, maxPeople: 5 }),
      'at most 5 people are in role "Admin"',
    ],
    [
      'one person',
      limitRule({ subject: { role: 'Admin' }, maxPeople: 1 }),
      'at most 1 person is in role "Admin"',
    ],
    ['one holder', limitRule({ maxPeople: 1 }), 'at most 1 person holds b.export'],
    [
      'one person of some roles',
      limitRule({ onlyRoles: ['Admin'], maxPeople: 1 }),
      'only role "Admin", and at most 1 person hold b.export',
    ],
    [
      'one person of some addresses',
      limitRule({ maxPeople: 1, emails: ['*@acme.com'] }),
      'at most 1 person, and only people whose address matches "*@acme.com" hold b.export',
    ],
    [
      'addresses',
      limitRule({ subject: { role: 'Admin' }, emails: ['*@acme.com'] }),
      'only people whose address matches "*@acme.com" are in role "Admin"',
    ],
    [
      'several limits',
      limitRule({
        subject: { grants: ['a.view'] },
        onlyRoles: ['Admin'],
        maxPeople: 2,
        emails: ['*@acme.com'],
      }),
      'only role "Admin", and at most 2 people, and only people whose address matches "*@acme.com" hold a.view',
    ],
    [
      'two grants apart',
      separationRule({ neverTogether: [['a.view'], ['b.export']], exceptRoles: [] }),
      'no one holds both a.view and b.export',
    ],
    [
      'sets of grants apart, with exceptions',
      separationRule({
        neverTogether: [['a.view', 'c.use'], ['b.export'], ['user.edit']],
        exceptRoles: ['Admin'],
        exceptPeople: [{ id: 7 }, { email: 'ana@acme.com' }],
      }),
      'no one holds two of (a.view, c.use), b.export, user.edit, except "Admin", id 7, ana@acme.com',
    ],
  ])('%s', (_, rule, text) => {
    expect(rulesInForce([{ ...rule, name: 'x', level: 'warn' }])).toEqual([
      { name: 'x', level: 'warn', text },
    ]);
  });
});
