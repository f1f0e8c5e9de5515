import { describe, expect, it } from '@jest/globals';
import { validateManifest } from '../../src/manifest/load/load.js';
import type { Catalogue } from '../../src/model/grant.js';
import { CODES, type ProblemCode } from '../../src/problem/codes.js';
import { folderOf, HEAD } from './support.js';

/** An invalid manifest as a person might write it, and its problem. */
interface CodeCase {
  code: ProblemCode;
  /** The mistake. */
  of: string;
  /**
   * By name. The first lines of a manifest are added to a YAML file without them, so that its text starts in line 3.
   */
  files: Readonly<Record<string, string>>;
  /** The files to check; by default `domo-roles.yaml`. */
  given?: readonly string[];
  catalogue?: Catalogue;
  /** File, line and column. */
  at: string | null;
  message: string;
  hint: string | null;
}

const entry = (grant: string, more: Partial<Catalogue[number]> = {}): Catalogue[number] => ({
  ...{ grant, title: grant, group: 'G', dependsOn: [], adminLevel: false, features: [] },
  ...more,
});

const CATALOGUE: Catalogue = [
  entry('audit'),
  entry('dataset.admin', { dependsOn: ['dataset.manage'], adminLevel: true }),
  entry('dataset.export', { title: 'Export DataSet' }),
  entry('dataset.manage'),
  entry('goal.edit', { features: ['goals'] }),
];

const aliases = [2, 3, 4].map((n) => `x${n}: &x${n} [${`*x${n - 1},`.repeat(39)}*x${n - 1}]\n`).join('');

const CASES: readonly CodeCase[] = [
  {
    code: 'alias-bomb',
    of: 'lists of aliases of lists of aliases',
    files: { 'domo-roles.yaml': `roles: { A: {} }\nx1: &x1 [${'a,'.repeat(99)}a]\n${aliases}` },
    at: 'domo-roles.yaml:6:102',
    message: 'the aliases of this file make it too large',
    hint: 'share grants with grantSets or from instead',
  },
  {
    code: 'base-not-found',
    of: 'a misspelled path',
    files: { 'domo-roles.yaml': 'extends: bse.yaml\nroles: { A: {} }\n' },
    at: 'domo-roles.yaml:3:10',
    message: 'the base "bse.yaml" does not exist',
    hint: 'a path is relative to the file that names it',
  },
  {
    code: 'base-not-found',
    of: 'a path of Windows',
    files: { 'domo-roles.yaml': 'extends: .\\bases\\base.yaml\nroles: { A: {} }\n' },
    at: 'domo-roles.yaml:3:10',
    message: 'the base ".\\\\bases\\\\base.yaml" does not exist',
    hint: 'write / between folders, on Windows too',
  },
  {
    code: 'bad-date',
    of: 'a day that does not exist',
    files: {
      'domo-roles.yaml':
        'roles: { A: {} }\npolicy:\n  acceptedDrift:\n    - what: unmanaged\n      reason: later\n      until: 2027-02-30\n',
    },
    at: 'domo-roles.yaml:8:14',
    message: '"2027-02-30" is not a calendar date',
    hint: null,
  },
  {
    code: 'bad-date',
    of: 'a day without zeros',
    files: {
      'domo-roles.yaml':
        'roles: { A: {} }\npolicy:\n  acceptedDrift:\n    - what: unmanaged\n      reason: later\n      until: 2027-2-3\n',
    },
    at: 'domo-roles.yaml:8:14',
    message:
      '"until" must be a day, such as 2027-01-31, or a time with its zone, such as 2027-01-31T18:00:00Z',
    hint: 'write 2027-02-03',
  },
  {
    code: 'bad-limit',
    of: 'a share beyond the whole',
    files: { 'domo-roles.yaml': 'roles: { A: {} }\npolicy:\n  maxMoves: 120%\n' },
    at: 'domo-roles.yaml:5:13',
    message: '"maxMoves" must be a whole number, 0 or more, or a share from "0%" to "100%"',
    hint: null,
  },
  {
    code: 'bad-limit',
    of: 'a number in quotes',
    files: { 'domo-roles.yaml': 'roles: { A: {} }\npolicy:\n  minAdmins: "2"\n' },
    at: 'domo-roles.yaml:5:14',
    message: '"minAdmins" must be a whole number, 0 or more',
    hint: 'write it without quotes',
  },
  {
    code: 'bad-value',
    of: 'a word of a choice',
    files: { 'domo-roles.yaml': 'roles:\n  A:\n    grants: { mode: exakt, add: [a.b] }\n' },
    at: 'domo-roles.yaml:5:21',
    message: '"mode" of role "A" must be exact or additive',
    hint: 'did you mean "exact"?',
  },
  {
    code: 'bad-value',
    of: 'one person instead of a list',
    files: { 'domo-roles.yaml': 'roles:\n  A:\n    members: ana@acme.com\n' },
    at: 'domo-roles.yaml:5:14',
    message:
      '"members" of role "A" must be a list of people, a map with inherit, users, file, remove, mode, or unmanaged',
    hint: 'write it as a list: [ana@acme.com]',
  },
  {
    code: 'bad-value',
    of: 'an id as a member',
    files: { 'domo-roles.yaml': 'roles:\n  A:\n    members: [123]\n' },
    at: 'domo-roles.yaml:5:15',
    message:
      'item 1 (123) in "members" of role "A" must be an e-mail address, or a map with id, email or both',
    hint: 'for a user id write "id: 123"',
  },
  {
    code: 'bad-value',
    of: 'a title instead of a grant',
    files: { 'domo-roles.yaml': 'roles:\n  A:\n    grants: [Export DataSet]\n' },
    at: 'domo-roles.yaml:5:14',
    message: 'item 1 ("Export DataSet") in "grants" of role "A" must be a grant, such as dataset.export',
    hint: 'this is a title; write dataset.export',
  },
  {
    code: 'bad-value',
    of: 'a name that YAML reads as a date or number',
    files: { 'domo-roles.yaml': 'defaultRole: 2027\nroles: { A: {} }\n' },
    at: 'domo-roles.yaml:3:14',
    message: '"defaultRole" must be the name of a role, or { unmanaged: true }',
    hint: 'put it in quotes: "2027"',
  },
  {
    code: 'bad-value',
    of: 'an invisible character in a name',
    files: { 'domo-roles.yaml': 'roles:\n  "A\u200b": {}\n' },
    at: 'domo-roles.yaml:4:3',
    message: 'the name "A\\u200b" of a role contains the invisible character U+200B',
    hint: 'remove the character',
  },
  {
    code: 'based-on-no-effect',
    of: 'basedOn with an exact list',
    files: { 'domo-roles.yaml': 'roles:\n  A:\n    basedOn: Editor\n    grants: [a.b]\n' },
    at: 'domo-roles.yaml:5:14',
    message: '"basedOn" of role "A" has no effect, as its grants are an exact list',
    hint: 'remove it, or write from: to hold what that role holds',
  },
  {
    code: 'default-removed',
    of: 'one file',
    files: { 'domo-roles.yaml': 'defaultRole: A\nremoved: [A]\n' },
    at: 'domo-roles.yaml:3:14',
    message: 'role "A" is the default role and is removed',
    hint: 'set another default role',
  },
  {
    code: 'default-removed',
    of: 'two files',
    files: { 'a.yaml': 'defaultRole: A\n', 'b.yaml': 'removed:\n  - A\n' },
    given: ['a.yaml', 'b.yaml'],
    at: 'a.yaml:3:14',
    message: 'role "A" is the default role and is removed in b.yaml:4:5',
    hint: 'set another default role',
  },
  {
    code: 'duplicate-key',
    of: 'a role twice in one file',
    files: { 'domo-roles.yaml': 'roles:\n  A: {}\n  A: {}\n' },
    at: 'domo-roles.yaml:5:3',
    message: 'the key "A" appears twice',
    hint: 'the first one is on line 4',
  },
  {
    code: 'duplicate-person',
    of: 'a person in two roles',
    files: {
      'domo-roles.yaml': 'roles:\n  A: { members: [ana@acme.com] }\n  B: { members: [Ana@acme.com] }\n',
    },
    at: 'domo-roles.yaml:5:18',
    message: '"ana@acme.com" is in role "B" here and in role "A" in domo-roles.yaml:4:18',
    hint: 'a person has one role: keep one of the two',
  },
  {
    code: 'duplicate-person',
    of: 'a person in two files',
    files: {
      'a.yaml': 'roles:\n  A: { members: [ana@acme.com] }\n',
      'b.yaml': 'roles:\n  B: { members: [ana@acme.com] }\n',
    },
    given: ['a.yaml', 'b.yaml'],
    at: 'b.yaml:4:18',
    message: '"ana@acme.com" is in role "B" here and in role "A" in a.yaml:4:18',
    hint: 'a person has one role: keep one of the two',
  },
  {
    code: 'duplicate-person',
    of: 'two ends of one person',
    files: {
      'domo-roles.yaml':
        'roles:\n  A: { members: [{ email: ana@acme.com, until: 2027-01-31 }] }\n  B: { members: [{ email: Ana@acme.com, until: 2027-02-28 }] }\n  C: { members: [ana@acme.com] }\n',
    },
    at: 'domo-roles.yaml:5:27',
    message:
      '"ana@acme.com" is in role "B" with until here and in role "A" with until in domo-roles.yaml:4:27',
    hint: 'a person has at most one entry with until: keep one of the two',
  },
  {
    code: 'duplicate-person',
    of: 'with and without an end in one role',
    files: {
      'domo-roles.yaml':
        'roles:\n  A: { members: [ana@acme.com, { email: ana@acme.com, until: 2027-01-31 }] }\npolicy: { removedMembersTo: B }\n',
    },
    at: 'domo-roles.yaml:4:41',
    message: '"ana@acme.com" is in role "A" with until here and without it in domo-roles.yaml:4:18',
    hint: 'an entry with until is for another role than the entry without it: keep one of the two',
  },
  {
    code: 'no-return',
    of: 'an end without a role to go to',
    files: {
      'domo-roles.yaml': 'roles:\n  A: { members: [{ email: ana@acme.com, until: 2027-01-31 }] }\n',
    },
    at: 'domo-roles.yaml:4:27',
    message: '"ana@acme.com" has no role to go to after 2027-01-31',
    hint: 'list them without until in the role that they return to, or set policy.removedMembersTo',
  },
  {
    code: 'wrong-destination',
    of: 'a role in which an entry ends',
    files: {
      'domo-roles.yaml':
        'roles:\n  A: { members: { mode: additive, users: [{ id: 7, until: 2027-01-31 }] } }\npolicy: { removedMembersTo: A }\n',
    },
    at: 'domo-roles.yaml:4:49',
    message: '"id 7" is in role "A" with until, and removedMembersTo names this role',
    hint: 'leave out until, or set removedMembersTo to another role',
  },
  {
    code: 'missing-key',
    of: 'an entry that names no one',
    files: { 'domo-roles.yaml': 'roles:\n  A: { members: [{ note: T-7 }] }\n' },
    at: 'domo-roles.yaml:4:18',
    message: 'item 1 in "members" of role "A" has neither an email nor an id',
    hint: 'add email: and an address, or id: and a user id',
  },
  {
    code: 'duplicate-role',
    of: 'a role in two files',
    files: { 'a.yaml': 'roles:\n  A: {}\n', 'b.yaml': 'roles:\n  A: {}\n' },
    given: ['a.yaml', 'b.yaml'],
    at: 'b.yaml:4:3',
    message: 'role "A" is defined here and in a.yaml:4:3',
    hint: 'set it in one file only, or let one file extend the other',
  },
  {
    code: 'duplicate-role',
    of: 'one id for two roles',
    files: { 'domo-roles.yaml': 'roles:\n  A: { id: 77 }\n  B: { id: 77 }\n' },
    at: 'domo-roles.yaml:5:12',
    message: 'role "B" pins id 77, as does role "A" in domo-roles.yaml:4:3',
    hint: 'let one role have the id',
  },
  {
    code: 'empty-value',
    of: 'a key without a value',
    files: { 'domo-roles.yaml': 'roles:\n  A:\n    members:\n' },
    at: 'domo-roles.yaml:5:5',
    message: '"members" of role "A" has no value',
    hint: 'to leave it unmanaged, remove the key; for no one at all write {mode: exact, users: []}',
  },
  {
    code: 'empty-value',
    of: 'an empty list',
    files: { 'domo-roles.yaml': 'roles:\n  A:\n    grants: []\n' },
    at: 'domo-roles.yaml:5:5',
    message: '"grants" of role "A" is an empty list',
    hint: 'to leave it unmanaged, remove the key; for no grants at all write {mode: exact, add: []}',
  },
  {
    code: 'empty-value',
    of: 'a map without grants',
    files: { 'domo-roles.yaml': 'roles:\n  A:\n    grants: { mode: exact }\n' },
    at: 'domo-roles.yaml:5:5',
    message: '"grants" of role "A" lists no grants',
    hint: 'to leave it unmanaged, remove the key; for no grants at all write {mode: exact, add: []}',
  },
  {
    code: 'empty-value',
    of: 'an empty allowlist',
    files: { 'domo-roles.yaml': 'roles: { A: {} }\nallowlist: []\n' },
    at: 'domo-roles.yaml:4:1',
    message: '"allowlist" is an empty list',
    hint: 'to leave it unmanaged, remove the key; for the least list write [Social]; to turn it off, off',
  },
  {
    code: 'exact-default-members',
    of: 'two files',
    files: { 'a.yaml': 'defaultRole: A\n', 'b.yaml': 'roles:\n  A:\n    members: [ana@acme.com]\n' },
    given: ['a.yaml', 'b.yaml'],
    at: 'b.yaml:5:5',
    message:
      'role "A" is the default role in a.yaml:3:14, which new people get, and its members are an exact list',
    hint: 'use members: {mode: additive, users: […]}',
  },
  {
    code: 'inherit-nothing',
    of: 'a misspelled role of a base',
    files: {
      'base.yaml': 'roles: { Analyst: { grants: [a.b] } }\n',
      'domo-roles.yaml':
        'extends: base.yaml\nroles: { Analysts: { grants: { inherit: true, add: [c.d] } } }\n',
    },
    at: 'domo-roles.yaml:4:41',
    message: 'no file below has "grants" for role "Analysts" to inherit',
    hint: 'remove inherit, or extend the file that lists them',
  },
  {
    code: 'extends-cycle',
    of: 'two files',
    files: {
      'domo-roles.yaml': 'extends: b.yaml\nroles: { A: {} }\n',
      'b.yaml': 'extends: domo-roles.yaml\n',
    },
    at: 'b.yaml:3:10',
    message: 'extending "domo-roles.yaml" forms a cycle',
    hint: 'remove one of these extends',
  },
  {
    code: 'forbidden-default',
    of: 'two files',
    files: {
      'a.yaml': 'defaultRole: A\nallowlist: [Social]\n',
      'b.yaml': 'roles:\n  A: { grants: [authorization.roles] }\n',
    },
    given: ['a.yaml', 'b.yaml'],
    at: 'a.yaml:3:14',
    message: 'role "A" in b.yaml:4:3 holds authorization.roles and cannot be the default role',
    hint: 'use a role without it, or remove it from this one',
  },
  {
    code: 'forbidden-on-allowlist',
    of: 'two files',
    files: { 'a.yaml': 'allowlist: [A]\n', 'b.yaml': 'roles:\n  A: { grants: [authorization.roles] }\n' },
    given: ['a.yaml', 'b.yaml'],
    at: 'a.yaml:3:13',
    message: 'role "A" in b.yaml:4:3 holds authorization.roles and cannot be on the allowlist',
    hint: 'use a role without it, or remove it from this one',
  },
  {
    code: 'forbidden-on-allowlist',
    of: 'Admin',
    files: { 'domo-roles.yaml': 'allowlist: [Admin]\n' },
    at: 'domo-roles.yaml:3:13',
    message: 'role "Admin" holds authorization.roles and cannot be on the allowlist',
    hint: 'use another role',
  },
  {
    code: 'from-cycle',
    of: 'two roles',
    files: { 'domo-roles.yaml': 'roles:\n  A: { grants: { from: [B] } }\n  B: { grants: { from: [A] } }\n' },
    at: 'domo-roles.yaml:4:25',
    message: 'from forms a cycle: "A", "B"',
    hint: 'put what they share into a grant set',
  },
  {
    code: 'from-cycle',
    of: 'based on itself',
    files: { 'domo-roles.yaml': 'roles:\n  A: { basedOn: A }\n' },
    at: 'domo-roles.yaml:4:17',
    message: 'role "A" is based on itself',
    hint: 'remove basedOn, or use another role',
  },
  {
    code: 'manages-nothing',
    of: 'grant sets alone',
    files: { 'domo-roles.yaml': 'grantSets: { X: [a.b] }\n' },
    at: 'domo-roles.yaml:1:1',
    message: 'the manifest manages nothing',
    hint: 'add roles, removed, defaultRole or allowlist',
  },
  {
    code: 'manages-nothing',
    of: 'delete all',
    files: { 'domo-roles.yaml': 'defaultRole: Social\npolicy: { unmanagedRoles: delete }\n' },
    at: 'domo-roles.yaml:4:27',
    message: '"unmanagedRoles: delete" in a manifest that names no role would delete every custom role',
    hint: 'list the roles that stay',
  },
  {
    code: 'manifest-not-found',
    of: 'a misspelled path',
    files: { 'domo-roles.yaml': 'roles: { A: {} }\n' },
    given: ['domo-role.yaml'],
    at: null,
    message: '"domo-role.yaml" does not exist',
    hint: 'specify a YAML file, or a folder of them; paths are relative to the current folder',
  },
  {
    code: 'members-file',
    of: 'no such file',
    files: { 'domo-roles.yaml': 'roles:\n  A: { members: { file: people.txt } }\n' },
    at: 'domo-roles.yaml:4:25',
    message: 'the members file "people.txt" does not exist',
    hint: 'a path is relative to the file that names it',
  },
  {
    code: 'members-file',
    of: 'a path of Windows',
    files: { 'domo-roles.yaml': 'roles:\n  A: { members: { file: members\\people.txt } }\n' },
    at: 'domo-roles.yaml:4:25',
    message: 'the members file "members\\\\people.txt" does not exist',
    hint: 'write / between folders, on Windows too',
  },
  {
    code: 'members-file',
    of: 'a name in place of an address',
    files: {
      'domo-roles.yaml': 'roles:\n  A: { members: { file: people.txt } }\n',
      'people.txt': 'ana@acme.com\nBo\n',
    },
    at: 'people.txt:2:1',
    message: 'line 2 of this members file is not an address',
    hint: 'one e-mail address per line, or "id:" and a user id; # starts a comment',
  },
  {
    code: 'missing-key',
    of: 'a required person without an address or id',
    files: { 'domo-roles.yaml': 'defaultRole: A\npolicy: { requiredAdmins: [{ x-note: y }] }\n' },
    at: 'domo-roles.yaml:4:28',
    message: 'item 1 in "requiredAdmins" has neither an email nor an id',
    hint: 'add email: and an address, or id: and a user id',
  },
  {
    code: 'missing-key',
    of: 'a rule about nothing',
    files: { 'domo-roles.yaml': 'defaultRole: A\npolicy: { rules: { r: { maxPeople: 3 } } }\n' },
    at: 'domo-roles.yaml:4:20',
    message: 'rule "r" has no subject',
    hint: 'add grants or role, or make it a rule of neverTogether alone',
  },
  {
    code: 'missing-key',
    of: 'a rule without a condition',
    files: { 'domo-roles.yaml': 'defaultRole: A\npolicy: { rules: { r: { role: Admin } } }\n' },
    at: 'domo-roles.yaml:4:20',
    message: 'rule "r" has no condition',
    hint: 'add maxPeople or emails, or beside grants onlyRoles',
  },
  {
    code: 'missing-key',
    of: 'accepted drift of a rule for no one',
    files: {
      'domo-roles.yaml':
        'defaultRole: A\npolicy:\n  rules: { r: { role: Admin, maxPeople: 3 } }\n  acceptedDrift: [{ what: rule, rule: r, reason: x, until: 2030-01-01 }]\n',
    },
    at: 'domo-roles.yaml:6:19',
    message: 'item 1 in "acceptedDrift" names neither people nor roles',
    hint: 'add people or roles that may break the rule',
  },
  {
    code: 'bad-value',
    of: 'a rule that keeps one set apart',
    files: { 'domo-roles.yaml': 'defaultRole: A\npolicy: { rules: { r: { neverTogether: [[a.b]] } } }\n' },
    at: 'domo-roles.yaml:4:25',
    message: '"neverTogether" of rule "r" has too few items: 1',
    hint: 'it must be a list of two or more lists of grants',
  },
  {
    code: 'missing-key',
    of: 'no kind',
    files: { 'domo-roles.yaml': 'apiVersion: domo-roles/v1\nroles: { A: {} }\n' },
    at: 'domo-roles.yaml:1:1',
    message: 'the file lacks the key "kind"',
    hint: 'add kind: Roles',
  },
  {
    code: 'missing-key',
    of: 'another kind of file',
    files: { 'domo-roles.yaml': 'name: ci\non: push\n' },
    at: 'domo-roles.yaml:1:1',
    message: 'this file is not a manifest: it has no apiVersion',
    hint: 'a manifest starts with apiVersion: domo-roles/v1',
  },
  {
    code: 'near-names',
    of: 'another case',
    files: { 'domo-roles.yaml': 'roles:\n  Data Analyst: {}\n  data analyst: {}\n' },
    at: 'domo-roles.yaml:5:3',
    message: 'role "data analyst" differs from "Data Analyst" in domo-roles.yaml:4:3 only in case',
    hint: 'give each of them its id, or keep one',
  },
  {
    code: 'near-names',
    of: 'a system role in lower case',
    files: { 'domo-roles.yaml': 'roles:\n  admin: { members: [a@x.io] }\n' },
    at: 'domo-roles.yaml:4:3',
    message: 'role "admin" differs from the system role "Admin" only in case',
    hint: 'write "Admin", or choose another name',
  },
  {
    code: 'path-outside',
    of: 'a base above the folder',
    files: { 'domo-roles.yaml': 'extends: ../../base.yaml\nroles: { A: {} }\n' },
    at: 'domo-roles.yaml:3:10',
    message: 'the base "../../base.yaml" is outside the folders that bases may be in',
    hint: 'a base must be in the folder where the command starts, or in the git repository',
  },
  {
    code: 'path-outside',
    of: 'a members file above the folder',
    files: { 'domo-roles.yaml': 'roles:\n  A: { members: { file: ../people.txt } }\n' },
    at: 'domo-roles.yaml:4:25',
    message: 'the members file "../people.txt" is outside its folder',
    hint: 'a members file must be in the folder of the file that names it',
  },
  {
    code: 'remove-no-effect',
    of: 'an additive list',
    files: { 'domo-roles.yaml': 'roles:\n  A: { grants: { mode: additive, add: [a.b], remove: [c.d] } }\n' },
    at: 'domo-roles.yaml:4:55',
    message: '"remove" of role "A" takes nothing away live, as its grants are additive',
    hint: 'use mode: exact to take grants away',
  },
  {
    code: 'removed-and-wanted',
    of: 'two files',
    files: { 'a.yaml': 'roles: { A: {} }\n', 'b.yaml': 'removed: [A]\n' },
    given: ['a.yaml', 'b.yaml'],
    at: 'b.yaml:3:11',
    message: 'role "A" is removed here and wanted in a.yaml:3:10',
    hint: 'keep one of the two',
  },
  {
    code: 'rename-claim',
    of: 'two roles',
    files: { 'domo-roles.yaml': 'roles:\n  A: { renamedFrom: [Old] }\n  B: { renamedFrom: [Old] }\n' },
    at: 'domo-roles.yaml:5:22',
    message: 'role "B" is renamed from "Old", as is role "A" in domo-roles.yaml:4:22',
    hint: 'let one role have the old name',
  },
  {
    code: 'rename-cycle',
    of: 'two roles that swap',
    files: { 'domo-roles.yaml': 'roles:\n  A: { renamedFrom: [B] }\n  B: { renamedFrom: [A] }\n' },
    at: 'domo-roles.yaml:4:22',
    message: 'renamedFrom forms a cycle: "A", "B"',
    hint: 'pin every role in it by its id',
  },
  {
    code: 'said-twice',
    of: 'two files',
    files: { 'a.yaml': 'defaultRole: A\n', 'b.yaml': 'defaultRole: B\n' },
    given: ['a.yaml', 'b.yaml'],
    at: 'b.yaml:3:1',
    message: '"defaultRole" is set here and in a.yaml:3:1',
    hint: 'set it in one file only, or let one file extend the other',
  },
  {
    code: 'system-role',
    of: 'grants',
    files: { 'domo-roles.yaml': 'roles:\n  Editor: { grants: [a.b] }\n' },
    at: 'domo-roles.yaml:4:13',
    message: 'role "Editor" is a system role and cannot be given "grants"',
    hint: 'keep only its members, or create a role with another name',
  },
  {
    code: 'system-role',
    of: 'removed',
    files: { 'domo-roles.yaml': 'removed: [Social]\n' },
    at: 'domo-roles.yaml:3:11',
    message: 'role "Social" is a system role and cannot be removed',
    hint: 'remove it from this list',
  },
  {
    code: 'unknown-grant-set',
    of: 'a misspelled name',
    files: {
      'domo-roles.yaml': 'grantSets: { Export: [a.b] }\nroles:\n  A: { grants: { sets: [Exprot] } }\n',
    },
    at: 'domo-roles.yaml:5:25',
    message: 'there is no grant set "Exprot"',
    hint: 'did you mean "Export"?',
  },
  {
    code: 'unknown-key',
    of: 'a misspelled key',
    files: { 'domo-roles.yaml': 'roles:\n  A: { grant: [a.b] }\n' },
    at: 'domo-roles.yaml:4:8',
    message: 'the key "grant" is not known here',
    hint: 'did you mean "grants"?',
  },
  {
    code: 'unknown-role',
    of: 'an old name, in two files',
    files: { 'a.yaml': 'allowlist: [Old]\n', 'b.yaml': 'roles:\n  New: { renamedFrom: [Old] }\n' },
    given: ['a.yaml', 'b.yaml'],
    at: 'a.yaml:3:13',
    message: '"allowlist" names role "Old", which is renamed to "New" in b.yaml:4:24',
    hint: 'write "New"',
  },
  {
    code: 'unknown-role',
    of: 'a removed name',
    files: { 'domo-roles.yaml': 'removed: [Old]\nroles:\n  A: { grants: { from: [Old] } }\n' },
    at: 'domo-roles.yaml:5:25',
    message: '"from" names role "Old", which is removed',
    hint: 'use a role that stays, or remove it from removed',
  },
  {
    code: 'wrong-destination',
    of: 'an exact list, in two files',
    files: {
      'a.yaml': 'policy: { removedMembersTo: A }\n',
      'b.yaml': 'roles:\n  A: { members: [ana@acme.com] }\n',
    },
    given: ['a.yaml', 'b.yaml'],
    at: 'a.yaml:3:29',
    message: '"removedMembersTo" names role "A", whose members are an exact list in b.yaml:4:8',
    hint: 'make its members additive, or use another role',
  },
  {
    code: 'wrong-destination',
    of: 'a removed role, in two files',
    files: { 'a.yaml': 'policy: { removedMembersTo: A }\n', 'b.yaml': 'removed: [A]\n' },
    given: ['a.yaml', 'b.yaml'],
    at: 'a.yaml:3:29',
    message: '"removedMembersTo" names role "A", which is removed in b.yaml:3:11',
    hint: 'use a role that stays',
  },
  {
    code: 'yaml-syntax',
    of: 'a tab',
    files: { 'domo-roles.yaml': 'roles:\n\tA: {}\n' },
    at: 'domo-roles.yaml:4:1',
    message: 'Tabs are not allowed as indentation',
    hint: 'indent with spaces',
  },
  {
    code: 'yaml-syntax',
    of: 'an open bracket',
    files: { 'domo-roles.yaml': 'roles:\n  A: { grants: [a.b }\n' },
    at: 'domo-roles.yaml:4:21',
    message: 'Flow sequence in block collection must be sufficiently indented and end with a ]',
    hint: 'check that every [ and { is closed, and that lines of one list or map start in the same column',
  },
  {
    code: 'yaml-syntax',
    of: 'a colon in a plain text',
    files: { 'domo-roles.yaml': 'roles:\n  A: { description: to do: this }\n' },
    at: 'domo-roles.yaml:4:21',
    message: 'Block collections are not allowed within flow collections',
    hint: 'put a text that contains ": " in quotes',
  },
  {
    code: 'yaml-syntax',
    of: 'two documents',
    files: { 'domo-roles.yaml': 'roles: { A: {} }\n---\nroles: { B: {} }\n' },
    at: 'domo-roles.yaml:4:1',
    message: 'the file holds more than one document',
    hint: 'write one manifest per file',
  },
  {
    code: 'unknown-grant',
    of: 'a misspelled grant',
    files: { 'domo-roles.yaml': 'roles:\n  A: { grants: [dataset.exprot] }\n' },
    catalogue: CATALOGUE,
    at: 'domo-roles.yaml:4:17',
    message: 'the instance has no grant "dataset.exprot"',
    hint: 'did you mean "dataset.export"?',
  },
  {
    code: 'unknown-grant',
    of: 'a grant of another instance',
    files: { 'domo-roles.yaml': 'roles:\n  A: { grants: [workflow.create] }\n' },
    catalogue: CATALOGUE,
    at: 'domo-roles.yaml:4:17',
    message: 'the instance has no grant "workflow.create"',
    hint: 'check the spelling, or list it under optional if only some instances have it',
  },
  {
    code: 'unknown-grant',
    of: 'a slip that is near an admin-level grant',
    files: { 'domo-roles.yaml': 'roles:\n  A: { grants: [dataset.admn] }\n' },
    catalogue: CATALOGUE,
    at: 'domo-roles.yaml:4:17',
    message: 'the instance has no grant "dataset.admn"',
    hint: 'check the spelling, or list it under optional if only some instances have it',
  },
  {
    code: 'missing-dependency',
    of: 'a grant without its dependency',
    files: { 'domo-roles.yaml': 'roles:\n  A: { grants: [dataset.admin] }\n' },
    catalogue: CATALOGUE,
    at: 'domo-roles.yaml:4:17',
    message: 'grant "dataset.admin" of role "A" needs "dataset.manage", which the role does not have',
    hint: 'add "dataset.manage"',
  },
  {
    code: 'remove-needed',
    of: 'a dependency',
    files: {
      'domo-roles.yaml':
        'roles:\n  A: { grants: { add: [dataset.admin, dataset.manage], remove: [dataset.manage] } }\n',
    },
    catalogue: CATALOGUE,
    at: 'domo-roles.yaml:4:65',
    message: '"remove" of role "A" takes away "dataset.manage", which "dataset.admin" needs',
    hint: 'remove "dataset.admin" too, or keep both',
  },
  {
    code: 'feature-off',
    of: 'a grant of a feature',
    files: { 'domo-roles.yaml': 'roles:\n  A: { grants: [goal.edit] }\n' },
    catalogue: CATALOGUE,
    at: 'domo-roles.yaml:4:17',
    message: 'grant "goal.edit" does nothing unless the instance has the feature "goals"',
    hint: null,
  },
  {
    code: 'rename-cycle',
    of: 'two files',
    files: {
      'a.yaml': 'roles:\n  A: { renamedFrom: [B] }\n',
      'b.yaml': 'roles:\n  B: { renamedFrom: [A] }\n',
    },
    given: ['a.yaml', 'b.yaml'],
    at: 'a.yaml:4:22',
    message: 'renamedFrom forms a cycle: "A", "B" in b.yaml:4:3',
    hint: 'pin every role in it by its id',
  },
  {
    code: 'from-cycle',
    of: 'two files',
    files: {
      'a.yaml': 'roles:\n  A: { grants: { from: [B] } }\n',
      'b.yaml': 'roles:\n  B: { grants: { from: [A] } }\n',
    },
    given: ['a.yaml', 'b.yaml'],
    at: 'a.yaml:4:25',
    message: 'from forms a cycle: "A", "B" in b.yaml:4:3',
    hint: 'put what they share into a grant set',
  },
  {
    code: 'near-names',
    of: 'two files',
    files: { 'a.yaml': 'roles: { Analyst: {} }\n', 'b.yaml': 'roles: { analyst: {} }\n' },
    given: ['a.yaml', 'b.yaml'],
    at: 'b.yaml:3:10',
    message: 'role "analyst" differs from "Analyst" in a.yaml:3:10 only in case',
    hint: 'give each of them its id, or keep one',
  },
  {
    code: 'rename-claim',
    of: 'two files',
    files: {
      'a.yaml': 'roles:\n  A: { renamedFrom: [Old] }\n',
      'b.yaml': 'roles:\n  B: { renamedFrom: [Old] }\n',
    },
    given: ['a.yaml', 'b.yaml'],
    at: 'b.yaml:4:22',
    message: 'role "B" is renamed from "Old", as is role "A" in a.yaml:4:22',
    hint: 'let one role have the old name',
  },
  {
    code: 'said-twice',
    of: 'a limit in two files',
    files: {
      'a.yaml': 'roles: { A: {} }\npolicy: { minAdmins: 2 }\n',
      'b.yaml': 'policy: { minAdmins: 3 }\n',
    },
    given: ['a.yaml', 'b.yaml'],
    at: 'b.yaml:3:11',
    message: '"minAdmins" is set here and in a.yaml:4:11',
    hint: 'set it in one file only, or let one file extend the other',
  },
];

/** Codes that only a live instance can cause. */
/** Codes of inventories: test/inventory has their cases. */
const OF_AN_INVENTORY: readonly ProblemCode[] = [
  ...(['bad-instance', 'duplicate-instance', 'empty-fleet', 'instance-table'] as const),
  ...(['missing-label', 'other-instance'] as const),
];

const NEED_AN_INSTANCE: readonly ProblemCode[] = ['unknown-pin'];

/** Codes that need a large file, which test/survival/limits.engines.test.ts has. */
const NEED_LARGE_FILES: readonly ProblemCode[] = ['file-too-large'];

/** Problems that another problem always causes. */
const ALWAYS_WITH_OTHERS: readonly ProblemCode[] = ['alias-bomb', 'yaml-syntax'];

describe('an invalid manifest', () => {
  it.each(CASES.map((one) => [`${one.code}: ${one.of}`, one] as const))('%s', async (_, given) => {
    const files = Object.entries(given.files).map(([name, text]) => {
      const isWhole = !name.endsWith('.yaml') || /^(?:apiVersion|name):/u.test(text);
      return [name, isWhole ? text : `${HEAD}${text}`] as const;
    });
    const cwd = await folderOf(Object.fromEntries(files));
    const { problems } = await validateManifest(given.given ?? [], {
      cwd,
      ...(given.catalogue ? { catalogue: given.catalogue } : {}),
    });
    const found = problems.find(({ code }) => code === given.code);
    const { file, line, column } = found?.where ?? {};
    expect({
      at: file === undefined ? null : `${file}:${line}:${column}`,
      message: found?.message,
      hint: found?.hint ?? null,
    }).toEqual({ at: given.at, message: given.message, hint: given.hint });
    if (!ALWAYS_WITH_OTHERS.includes(given.code))
      expect(problems.map(({ code }) => code)).toEqual([given.code]);
  });

  it('has a case for every code that a manifest can cause', () => {
    const others = [...NEED_AN_INSTANCE, ...NEED_LARGE_FILES, ...OF_AN_INVENTORY];
    const covered = new Set([...CASES.map(({ code }) => code), ...others]);
    const codes = Object.keys(CODES) as ProblemCode[];
    const missing = codes.filter((code) => CODES[code].category === 'manifest' && !covered.has(code));
    expect(missing).toEqual([]);
  });

  it('in two contradictory files is reported with both files', () => {
    const pairs = CASES.filter(({ files, given }) => given !== undefined && Object.keys(files).length === 2);
    expect(pairs.length).toBeGreaterThan(10);
    for (const { at, message } of pairs) {
      const other = at?.startsWith('a.yaml') === true ? 'b.yaml:' : 'a.yaml:';
      expect(message).toContain(other);
    }
  });
});
