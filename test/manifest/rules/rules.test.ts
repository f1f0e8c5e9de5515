import { describe, expect, it } from '@jest/globals';
import { RULES } from '../../../src/manifest/rules/check.js';
import { checkText, codeAndMark, HEAD, unmark } from '../support.js';

/** A manifest with the places of its problems marked, and their codes in file order. */
type Case = [title: string, body: string, codes: string[]];

/** The place of a problem about the whole manifest. */
const START = { line: 1, column: 1, endLine: 1, endColumn: 1 };

const CASES: Record<string, Case[]> = {
  'Empty things': [
    ['grants as an empty list', 'roles: { A: { ⟦grants⟧: [] } }', ['empty-value']],
    ['grants without a value', 'roles:\n  A:\n    ⟦grants⟧:\n', ['empty-value']],
    ['grants as an empty map', 'roles: { A: { ⟦grants⟧: {} } }', ['empty-value']],
    ['grants with a mode only', 'roles: { A: { ⟦grants⟧: { mode: exact } } }', ['empty-value']],
    ['grants that add nothing, without the mode', 'roles: { A: { ⟦grants⟧: { add: [] } } }', ['empty-value']],
    ['grants that add nothing, on purpose', 'roles: { A: { grants: { mode: exact, add: [] } } }', []],
    [
      'additive grants that add nothing',
      'roles: { A: { ⟦grants⟧: { mode: additive, add: [] } } }',
      ['empty-value'],
    ],
    [
      'grants of only an empty set',
      'grantSets: { s: [] }\nroles: { A: { ⟦grants⟧: { sets: [s] } } }',
      ['empty-value'],
    ],
    ['grants that only remove', 'roles: { A: { ⟦grants⟧: { remove: [a.b] } } }', ['empty-value']],
    ['members as an empty list', 'roles: { A: { ⟦members⟧: [] } }', ['empty-value']],
    ['members without a value', 'roles: { A: { ⟦members⟧: } }', ['empty-value']],
    ['members as an empty map', 'roles: { A: { ⟦members⟧: {} } }', ['empty-value']],
    ['members with a mode only', 'roles: { A: { ⟦members⟧: { mode: additive } } }', ['empty-value']],
    ['no users, without the mode', 'roles: { A: { ⟦members⟧: { users: [] } } }', ['empty-value']],
    ['additive without users', 'roles: { A: { ⟦members⟧: { mode: additive, users: [] } } }', ['empty-value']],
    ['no users, on purpose', 'roles: { A: { members: { mode: exact, users: [] } } }', []],
    ['an empty allowlist', '⟦allowlist⟧: []\nroles: { A: {} }', ['empty-value']],
    ['an allowlist without a value', '⟦allowlist⟧:\nroles: { A: {} }', ['empty-value']],
    [
      'other keys without a value',
      '⟦description⟧: 1\nroles: { A: { ⟦description⟧: } }',
      ['unknown-key', 'empty-value'],
    ],
    ['an empty list of removed roles', 'removed: []\nroles: { A: {} }', []],
    ['a role without a value', 'roles:\n  A:\n', []],
    ['nothing', '', ['manages-nothing']],
    ['only a policy', 'policy: { minAdmins: 1 }', ['manages-nothing']],
    ['only empty lists', 'roles: {}\nremoved: []', ['manages-nothing']],
    ['only a system role without members', 'roles: { Editor: {} }', ['manages-nothing']],
    ['a default role alone', 'defaultRole: Social', []],
    ['an allowlist that is off, alone', 'allowlist: off', []],
    ['a removed role alone', 'removed: [A]', []],
    [
      'deleting unmanaged roles, without a role',
      'defaultRole: Social\npolicy: { unmanagedRoles: ⟦delete⟧ }',
      ['manages-nothing'],
    ],
    ['deleting unmanaged roles, with a role', 'roles: { A: {} }\npolicy: { unmanagedRoles: delete }', []],
  ],
  'Finding a role': [
    ['near names', 'roles:\n  Data Analyst: {}\n  ⟦data  analyst⟧: {}', ['near-names']],
    ['near names of which one has an id', 'roles:\n  AB: {id: 10}\n  ⟦A b⟧: {}', ['near-names']],
    ['near names of which the first has none', 'roles:\n  ⟦AB⟧: {}\n  A b: {id: 10}', ['near-names']],
    ['a near name with an extra space', 'roles:\n  ⟦Data  Analyst⟧: {}\n  Data Analyst: {}', ['near-names']],
    ['a near name that nothing else uses', 'defaultRole: ab\nroles:\n  ⟦AB⟧: {}\n  ab: {}', ['near-names']],
    [
      'a near name in another Unicode normalization',
      'roles:\n  ⟦Jose\u0301⟧: {}\n  José: {}',
      ['near-names'],
    ],
    ['a near name in full width', 'roles:\n  ⟦Ｔeam⟧: {}\n  Team: {}', ['near-names']],
    [
      'a near name with an invisible character',
      'roles:\n  ⟦⟦"Te\\u200bam"⟧⟧: {}\n  Team: {}',
      ['bad-value', 'near-names'],
    ],
    [
      'near names of which two have no id',
      'roles:\n  ⟦AB⟧: {}\n  A b: {id: 10}\n  ⟦a b⟧: {}',
      ['near-names', 'near-names'],
    ],
    ['a name near that of a system role', 'roles: { ⟦participant⟧: {} }', ['near-names']],
    [
      'a name near that of a system role, with an id and next to it',
      'roles:\n  ⟦Editor ⟧: {id: 10}\n  Editor: {members: [a@x.y]}'.replace('Editor ⟧', '"Editor "⟧'),
      ['near-names'],
    ],
    ['names near that of a system role that is not wanted', 'removed: [participant, ADMIN]', []],
    ['a name with an invisible character', 'roles: { ⟦"\\ufeffTeam"⟧: {} }', ['bad-value']],
    ['a name with a joiner that is drawn', 'roles: { "\\U0001F469\\u200D\\U0001F4BB Team": {} }', []],
    ['an old name with an invisible character', 'removed: ["Te\\u200bam"]', []],
    ['near names with an id each', 'roles:\n  AB: {id: 10}\n  A b: {id: 11}', []],
    ['one id twice', 'roles:\n  A: {id: 10}\n  B: {id: ⟦10⟧}', ['duplicate-role']],
    [
      'an old name claimed twice',
      'roles:\n  A: {renamedFrom: [X]}\n  B: {renamedFrom: [⟦X⟧]}',
      ['rename-claim'],
    ],
    ['a cycle of names', 'roles:\n  A: {renamedFrom: [⟦B⟧]}\n  B: {renamedFrom: [A]}', ['rename-cycle']],
    [
      'a cycle of names with one id',
      'roles:\n  A: {id: 10, renamedFrom: [B]}\n  B: {renamedFrom: [⟦A⟧]}',
      ['rename-cycle'],
    ],
    [
      'a cycle of names with all ids',
      'roles:\n  A: {id: 10, renamedFrom: [B]}\n  B: {id: 11, renamedFrom: [A]}',
      [],
    ],
    ['a role renamed from itself', 'roles: { A: { renamedFrom: [⟦A⟧] } }', ['rename-cycle']],
    ['a chain of names', 'roles:\n  A: {renamedFrom: [B]}\n  B: {renamedFrom: [C]}', []],
    ['an old name that is removed too', 'roles: { A: { renamedFrom: [B] } }\nremoved: [B]', []],
    ['a role both wanted and removed', 'roles: { A: {} }\nremoved: [B, ⟦A⟧]', ['removed-and-wanted']],
  ],
  'Names inside a manifest': [
    ['from a removed role', 'roles: { A: { grants: { from: [⟦B⟧] } } }\nremoved: [B]', ['unknown-role']],
    [
      'from a name that a rename frees',
      'roles:\n  A: {grants: {from: [⟦B⟧]}}\n  C: {renamedFrom: [B]}',
      ['unknown-role'],
    ],
    ['a removed default role', 'defaultRole: ⟦B⟧\nremoved: [B]', ['default-removed']],
    [
      'a default role whose name a rename frees',
      'defaultRole: ⟦B⟧\nroles: { C: { renamedFrom: [B] } }',
      ['unknown-role'],
    ],
    ['a removed role on the allowlist', 'allowlist: [Social, ⟦B⟧]\nremoved: [B]', ['unknown-role']],
    ['a removed destination', 'removed: [B]\npolicy: { removedMembersTo: ⟦B⟧ }', ['wrong-destination']],
    [
      'a destination whose name a rename frees',
      'roles: { C: { renamedFrom: [B] } }\npolicy: { removedMembersTo: ⟦B⟧ }',
      ['wrong-destination'],
    ],
    [
      'accepted drift of a removed role',
      'removed: [B]\npolicy: { acceptedDrift: [{ what: grants, role: ⟦B⟧, reason: r, until: 2030-01-01 }] }',
      ['unknown-role'],
    ],
    [
      'a role that may be live',
      'defaultRole: Elsewhere\nroles: { A: { grants: { from: [Somewhere] } } }',
      [],
    ],
    [
      'a start that is removed, which matters only when the role is made',
      'roles: { A: { basedOn: B } }\nremoved: [B]',
      [],
    ],
  ],
  Grants: [
    [
      'an unknown set',
      'grantSets: { abc: [a.b] }\nroles: { A: { grants: { sets: [⟦abd⟧] } } }',
      ['unknown-grant-set'],
    ],
    ['a role from itself', 'roles: { A: { grants: { from: [⟦A⟧] } } }', ['from-cycle']],
    [
      'a cycle of three',
      'roles:\n  A: {grants: {from: [⟦B⟧]}}\n  B: {grants: {from: [C]}}\n  C: {grants: {from: [A]}}',
      ['from-cycle'],
    ],
    [
      'a chain of three',
      'roles:\n  A: {grants: {from: [B]}}\n  B: {grants: {from: [C]}}\n  C: {grants: [a.b]}',
      [],
    ],
    [
      'basedOn next to exact grants',
      'roles: { A: { basedOn: ⟦Editor⟧, grants: [a.b] } }',
      ['based-on-no-effect'],
    ],
    [
      'basedOn next to additive grants',
      'roles: { A: { basedOn: Editor, grants: { add: [a.b], mode: additive } } }',
      [],
    ],
    ['basedOn alone', 'roles: { A: { basedOn: Editor } }', []],
    ['basedOn itself', 'roles: { A: { basedOn: ⟦A⟧ } }', ['from-cycle']],
    [
      'remove on an additive list',
      'roles: { A: { grants: { add: [a.b], remove: [⟦c.d⟧], mode: additive } } }',
      ['remove-no-effect'],
    ],
    ['a grant of an impossible form', 'roles: { A: { grants: [⟦"a b"⟧] } }', ['bad-value']],
  ],
  Members: [
    [
      'a person in two roles',
      'roles:\n  A: {members: [a@x.y]}\n  B: {members: [⟦A@X.y⟧]}',
      ['duplicate-person'],
    ],
    [
      'an id in two roles',
      'roles:\n  A: {members: [id: 7]}\n  B: {members: [id: ⟦7⟧]}',
      ['duplicate-person'],
    ],
    ['a person twice in one role', 'roles: { A: { members: [a@x.y, A@x.y] } }', []],
    [
      'no address',
      'roles: { A: { members: [⟦ana⟧, ⟦5⟧, ⟦a b@c⟧] } }',
      ['bad-value', 'bad-value', 'bad-value'],
    ],
    [
      'exact members of the default role',
      'defaultRole: A\nroles: { A: { ⟦members⟧: [a@x.y] } }',
      ['exact-default-members'],
    ],
    [
      'additive members of the default role',
      'defaultRole: A\nroles: { A: { members: { mode: additive, users: [a@x.y] } } }',
      [],
    ],
    [
      'a destination with exact members',
      'roles: { A: { members: [a@x.y] } }\npolicy: { removedMembersTo: ⟦A⟧ }',
      ['wrong-destination'],
    ],
  ],
  'Members that end': [
    [
      'a day and a time, with return roles',
      'roles:\n  A: { members: [{ email: a@x.y, until: 2027-01-31 }, { id: 7, email: b@x.y, until: 2027-01-31T18:00:00+01:00, note: T-7 }] }\n  B: { members: [A@x.y, { id: 7 }] }',
      [],
    ],
    [
      'an entry that names no one',
      'roles: { A: { members: [⟦{ until: 2027-01-31 }⟧] } }\npolicy: { removedMembersTo: B }',
      ['missing-key'],
    ],
    [
      'a key that is misspelled',
      'roles: { A: { members: [{ email: a@x.y, ⟦untill⟧: 2027-01-31 }] } }',
      ['unknown-key'],
    ],
    ['an invalid address', 'roles: { A: { members: [{ email: ⟦a⟧, until: 2027-01-31 }] } }', ['bad-value']],
    [
      'ends that are not dates',
      'roles: { A: { members: { mode: additive, users: [{ email: a@x.y, until: ⟦2027-02-29⟧ }, { id: 8, until: ⟦tomorrow⟧ }] } } }\npolicy: { removedMembersTo: B }',
      ['bad-date', 'bad-date'],
    ],
    [
      'a time without a zone',
      'roles: { A: { members: [{ email: a@x.y, until: ⟦"2027-01-31T18:00:00"⟧ }] } }',
      ['bad-date'],
    ],
    [
      'a note that is a number, or has two lines',
      'roles: { A: { members: [{ email: a@x.y, note: ⟦7⟧ }, { email: b@x.y, note: ⟦"a\\nb"⟧ }] } }',
      ['bad-value', 'bad-value'],
    ],
    [
      'two ends of one person',
      'roles:\n  A: { members: [{ email: a@x.y, until: 2020-01-31 }] }\n  B: { members: [{ email: ⟦a@x.y⟧, until: 2027-01-31 }] }\n  C: { members: [a@x.y] }',
      ['duplicate-person'],
    ],
    [
      'two ends in one role',
      'roles:\n  A: { members: [{ email: a@x.y, until: 2027-01-31 }, { email: ⟦A@x.y⟧, until: 2027-01-31 }] }\n  C: { members: [a@x.y] }',
      ['duplicate-person'],
    ],
    [
      'with and without an end in one role',
      'roles: { A: { members: [a@x.y, { email: ⟦a@x.y⟧, until: 2027-01-31 }] } }\npolicy: { removedMembersTo: B }',
      ['duplicate-person'],
    ],
    [
      'two roles without an end, next to one with it',
      'roles:\n  A: { members: [a@x.y] }\n  B: { members: [⟦a@x.y⟧] }\n  C: { members: [{ email: a@x.y, until: 2027-01-31 }] }',
      ['duplicate-person'],
    ],
    [
      'one person, by the id next to the address',
      'roles:\n  A: { members: [{ id: 7, email: a@x.y }] }\n  B: { members: [⟦a@x.y⟧] }\n  C: { members: [{ id: ⟦7⟧ }] }',
      ['duplicate-person', 'duplicate-person'],
    ],
    [
      'an end without a return role',
      'roles:\n  A: { members: [{ email: ⟦a@x.y⟧, until: 2020-01-31 }] }\n  B: { members: [b@x.y] }',
      ['no-return'],
    ],
    [
      'an end without a return role, by id',
      'roles:\n  A: { members: [{ id: ⟦7⟧, until: 2027-01-31 }] }\n  B: { members: [{ id: 8 }] }',
      ['no-return'],
    ],
    [
      'an end by address next to a role by id, which may be of the same person',
      'roles:\n  A: { members: [{ email: a@x.y, until: 2027-01-31 }] }\n  B: { members: [{ id: 8 }] }',
      [],
    ],
    [
      'an end by an id with an address that may have changed, next to a role by address',
      'roles:\n  A: { members: [{ id: 7, email: old@x.y, until: 2027-01-31 }] }\n  B: { members: [new@x.y] }',
      [],
    ],
    [
      'an end by address next to a role by id with an address that may have changed',
      'roles:\n  A: { members: [{ email: new@x.y, until: 2027-01-31 }] }\n  B: { members: [{ id: 7, email: old@x.y }] }',
      [],
    ],
    [
      'an end in the role of removedMembersTo',
      'roles:\n  A: { members: { mode: additive, users: [{ email: ⟦a@x.y⟧, until: 2027-01-31 }] } }\n  B: { members: [a@x.y] }\npolicy: { removedMembersTo: A }',
      ['wrong-destination'],
    ],
  ],
  'System roles': [
    [
      'anything but members',
      'roles:\n  Editor:\n    ⟦description⟧: x\n    ⟦grants⟧: [a.b]\n    ⟦basedOn⟧: Social\n    ⟦renamedFrom⟧: [X]\n    members: [a@x.y]',
      ['system-role', 'system-role', 'system-role', 'system-role'],
    ],
    ['removing one', 'removed: [⟦Editor⟧]', ['system-role']],
    ['its own id', 'roles: { Editor: { id: 3, members: [a@x.y] } }', []],
    ['another id', 'roles: { Editor: { id: ⟦4⟧, members: [a@x.y] } }', ['system-role']],
    ['a custom role pinned to one', 'roles: { A: { id: ⟦4⟧ } }', ['system-role']],
    ['a role renamed from one', 'roles: { A: { renamedFrom: [⟦Editor⟧] } }', ['system-role']],
  ],
  'Default role and allowlist': [
    ['Admin as default', 'defaultRole: ⟦Admin⟧', ['forbidden-default']],
    ['Admin as default while the list is off', 'defaultRole: Admin\nallowlist: off', []],
    [
      'a default that manages roles',
      'defaultRole: ⟦A⟧\nroles: { A: { grants: [authorization.roles] } }',
      ['forbidden-default'],
    ],
    [
      'a default that manages roles through another',
      'defaultRole: ⟦A⟧\nroles:\n  A: {grants: {from: [B]}}\n  B: {grants: {from: [Admin], add: [a.b]}}',
      ['forbidden-default'],
    ],
    [
      'a default that leaves it out again',
      'defaultRole: A\nroles: { A: { grants: { from: [Admin], remove: [authorization.roles] } } }',
      [],
    ],
    [
      'a role on the list that manages roles by a set',
      'allowlist: [Social, ⟦A⟧]\ngrantSets: {s: [authorization.roles]}\nroles: { A: { grants: { sets: [s] } } }',
      ['forbidden-on-allowlist'],
    ],
  ],
  Policy: [
    ['a negative limit', 'removed: [X]\npolicy: { maxMoves: ⟦-1⟧ }', ['bad-limit']],
    ['a limit that is not a whole number', 'removed: [X]\npolicy: { maxMoves: ⟦1.5⟧ }', ['bad-limit']],
    ['a share above 100 %', 'removed: [X]\npolicy: { maxMoves: ⟦"101%"⟧ }', ['bad-limit']],
    [
      'an invalid share',
      'removed: [X]\npolicy: { maxDeletes: ⟦some⟧, maxGrantChanges: ⟦true⟧ }',
      ['bad-limit', 'bad-limit'],
    ],
    ['a negative number of administrators', 'removed: [X]\npolicy: { minAdmins: ⟦-1⟧ }', ['bad-limit']],
    ['an invalid word', 'removed: [X]\npolicy: { unmanagedRoles: ⟦remove⟧ }', ['bad-value']],
    [
      'an invalid day',
      'removed: [X]\npolicy: { acceptedDrift: [{ what: allowlist, reason: r, until: ⟦2027-02-29⟧ }] }',
      ['bad-date'],
    ],
    [
      'a missing day',
      'removed: [X]\npolicy: { acceptedDrift: [{ what: allowlist, reason: r, until: ⟦soon⟧ }] }',
      ['bad-date'],
    ],
    [
      'a time on a day that does not exist',
      'removed: [X]\npolicy: { acceptedDrift: [{ what: allowlist, reason: r, until: ⟦2027-02-29T18:00:00Z⟧ }] }',
      ['bad-date'],
    ],
    [
      'a time without a zone',
      'removed: [X]\npolicy: { acceptedDrift: [{ what: allowlist, reason: r, until: ⟦2027-01-31T18:00:00⟧ }] }',
      ['bad-date'],
    ],
    [
      'a time with a zone',
      'removed: [X]\npolicy: { acceptedDrift: [{ what: allowlist, reason: r, until: 2027-01-31T18:00:00+01:00 }] }',
      [],
    ],
    [
      'a leap day',
      'removed: [X]\npolicy: { acceptedDrift: [{ what: allowlist, reason: r, until: 2028-02-29 }] }',
      [],
    ],
    [
      'drift of a role without the role',
      'removed: [X]\npolicy: { acceptedDrift: [⟦⟧{ what: grants, reason: r, until: 2028-02-29 }] }',
      ['missing-key'],
    ],
    [
      'drift of the allowlist with a role',
      'removed: [X]\npolicy: { acceptedDrift: [{ what: allowlist, role: ⟦A⟧, reason: r, until: 2028-02-29 }] }',
      ['bad-value'],
    ],
    [
      'drift of some members',
      'removed: [X]\npolicy: { acceptedDrift: [{ what: members, role: A, people: [a@x.com, { id: 7 }], reason: r, until: 2028-02-29 }] }',
      [],
    ],
    [
      'drift of no one',
      'removed: [X]\npolicy: { acceptedDrift: [{ what: members, role: A, ⟦people⟧: [], reason: r, until: 2028-02-29 }] }',
      ['empty-value'],
    ],
    [
      'drift of grants with people',
      'removed: [X]\npolicy: { acceptedDrift: [{ what: grants, role: A, ⟦people⟧: [a@x.com], reason: r, until: 2028-02-29 }] }',
      ['bad-value'],
    ],
    [
      'drift of all unmanaged roles',
      'removed: [X]\npolicy: { acceptedDrift: [{ what: unmanaged, reason: r, until: 2028-02-29 }] }',
      [],
    ],
  ],
  'Values that cannot be read': [
    [
      'an alias without a value',
      'roles: { A: { grants: ⟦*a⟧, members: ⟦*b⟧, owner: ⟦*c⟧ }, B: ⟦*d⟧ }\nremoved: [⟦*e⟧]',
      ['yaml-syntax', 'yaml-syntax', 'yaml-syntax', 'yaml-syntax', 'yaml-syntax'],
    ],
    [
      'a limit of a rule',
      'roles: { A: { members: [a@x.y] } }\npolicy: { rules: { r: { role: A, maxPeople: ⟦-1⟧ } } }',
      ['bad-limit'],
    ],
    [
      'a role that a rule allows',
      'roles: { 1: { grants: [a.edit] } }\npolicy: { rules: { r: { grants: [a.edit], onlyRoles: [⟦1⟧] } } }',
      ['bad-value'],
    ],
    [
      'a pattern of a rule',
      'roles: { A: { members: [a@x.y] } }\npolicy: { rules: { r: { role: A, emails: ["*@z.y", ⟦1⟧] } } }',
      ['bad-value'],
    ],
    [
      'lists of a rule that are no lists, or are empty',
      `roles: { A: { grants: [a.edit, b.edit], members: [a@x.y] } }
policy:
  rules:
    r1: { grants: [a.edit], onlyRoles: ⟦A⟧ }
    r2: { grants: [a.edit], ⟦onlyRoles⟧: [] }
    r3: { grants: [a.edit], emails: ⟦"*@z.y"⟧ }
    r4: { grants: [a.edit], ⟦emails⟧: [] }
    r5: { neverTogether: [[a.edit], [b.edit]], exceptRoles: ⟦A⟧ }
    r6: { neverTogether: [[a.edit], [b.edit]], exceptPeople: ⟦a@x.y⟧ }`,
      ['bad-value', 'empty-value', 'bad-value', 'empty-value', 'bad-value', 'bad-value'],
    ],
    [
      'a role and a person that a rule excepts',
      'roles: { 1: { grants: [a.edit, b.edit], members: [id: 7] } }\npolicy: { rules: { r: { neverTogether: [[a.edit], [b.edit]], exceptRoles: [⟦1⟧], exceptPeople: [⟦7⟧] } } }',
      ['bad-value', 'bad-value'],
    ],
  ],
  Names: [
    ['a number as a name', 'roles: { 123: {} }\ndefaultRole: "123"', []],
    ['a truth value as a name', 'roles: { true: {} }\ndefaultRole: "true"', []],
    ['a name that was not quoted', 'roles: { 123: {} }\ndefaultRole: ⟦123⟧', ['bad-value']],
    ['a blank name', 'roles: { ⟦" "⟧: {}, ⟦""⟧: {} }', ['bad-value', 'bad-value']],
    ['a name with a line end', 'roles: { ⟦"a\\nb"⟧: {} }', ['bad-value']],
    ['a name with an escape', 'removed: [⟦"\\e[31m"⟧]', ['bad-value']],
    [
      'names that mean something to the program',
      'roles: { __proto__: {}, constructor: {}, toString: {} }',
      [],
    ],
    [
      'prototype keys where keys are closed',
      '⟦__proto__⟧: {}\n⟦constructor⟧: 1\nremoved: [A]',
      ['unknown-key', 'unknown-key'],
    ],
    ['an invalid instance', 'instance: ⟦https://acme⟧\nremoved: [A]', ['bad-value']],
  ],
};

describe.each(Object.entries(CASES))('%s', (_, cases) => {
  it.each(cases)('%s', (_title, body, codes) => {
    const { text, marks } = unmark(HEAD + body);
    const found = checkText(text).problems.map(codeAndMark);
    expect(found.map(([code]) => code)).toEqual(codes);
    const isAboutAll = codes.includes('manages-nothing') && marks.length === 0;
    expect(found.map(([, mark]) => mark)).toEqual(isAboutAll ? [START] : marks);
  });
});

describe('rules in a policy', () => {
  it('each define a limit, and no two are equal', () => {
    expect(new Set(RULES.map(({ rule }) => rule)).size).toBe(RULES.length);
  });

  it('are checked completely, together with values of the wrong type', () => {
    const body =
      'foo: 1\nroles:\n  A: {grants: [], id: x, members: [a@x.y]}\n  B: {members: [a@x.y]}\nremoved: [A]\n';
    const codes = checkText(HEAD + body).problems.map(({ code }) => code);
    expect(codes).toEqual([
      'unknown-key',
      'empty-value',
      'bad-value',
      'duplicate-person',
      'removed-and-wanted',
    ]);
  });

  it('name one person in the singular', () => {
    const body = 'roles: { A: { members: [a@x.y] } }\npolicy: { rules: { r: { role: A, maxPeople: 0 } } }';
    expect(checkText(HEAD + body).problems.map(({ message }) => message)).toEqual([
      'the manifest lists 1 person, at most 0 may be: this breaks rule "r"',
    ]);
  });

  it('are off when they are false', () => {
    expect(checkText(`${HEAD}allowlist: false`)).toMatchObject({
      problems: [],
      draft: { allowlist: { names: 'off' } },
    });
  });
});
