/** The version of the file formats. */
export const API_VERSION = 'domo-roles/v1';

/** The forms of an end, for hints. */
export const UNTIL = 'a day, such as 2027-01-31, or a time with its zone, such as 2027-01-31T18:00:00Z';

/**
 * The kind of a value, which determines the hint for a wrong one. `text`: a name, a path or a sentence. `person`: an
 * address, or a map with it. `limit`: a number or a share. `people`, `grants` and `roles` are lists of these. `named`: a
 * map whose keys are names.
 */
export type ValueKind =
  | 'text'
  | 'person'
  | 'grant'
  | 'id'
  | 'count'
  | 'limit'
  | 'until'
  | 'people'
  | 'grants'
  | 'roles'
  | 'named'
  | 'other';

/** The expected value at a place, worded as the end of a sentence. */
interface ExpectedValue {
  kind: ValueKind;
  text: string;
}

function value(kind: ValueKind, text: string): ExpectedValue {
  return { kind, text };
}

const PERSON = value('person', 'an e-mail address, or a map with id, email or both');
const ADDRESS = value('person', 'an e-mail address');
const USER_ID = value('id', 'a user id: a whole number from 1 to 9007199254740991');
const ROLE = value('text', 'the name of a role');
const GRANT = value('grant', 'a grant, such as dataset.export');
const PATH = value('text', 'a path');
const END = value('until', UNTIL);
const COUNT = value('count', 'a whole number, 0 or more');
const LIMIT = value('limit', 'a whole number, 0 or more, or a share from "0%" to "100%"');
const VERSION = `"${API_VERSION}"`;
const POLICY = 'a map';

/** The expected value at each place of a manifest. A place has the form that `placeForm` returns. */
export const EXPECTED: Readonly<Record<string, ExpectedValue>> = {
  '': value('other', 'a manifest: a map that starts with apiVersion and kind'),
  '/apiVersion': value('other', VERSION),
  '/kind': value('other', '"Roles"'),
  '/instance': value('text', 'the name of an instance, such as acme'),
  '/extends': value('text', 'a path, or a list of paths that is not empty'),
  '/extends/#': PATH,
  '/defaultRole': value('text', 'the name of a role, or { unmanaged: true }'),
  '/defaultRole/unmanaged': value('other', 'true'),
  '/allowlist': value('roles', 'a list of role names, off, or unmanaged'),
  '/allowlist/#': ROLE,
  '/grantSets': value('named', 'a map from names to lists of grants'),
  '/grantSets/*': value('grants', 'a list of grants'),
  '/grantSets/*/#': GRANT,
  '/roles': value('named', 'a map from role names to roles'),
  '/roles/*': value('other', 'a map with the keys of a role, or unmanaged'),
  '/roles/*/description': value('text', 'text without control characters, or { unmanaged: true }'),
  '/roles/*/description/unmanaged': value('other', 'true'),
  '/roles/*/owner': value('text', 'text on one line, not blank, of at most 200 characters'),
  '/roles/*/basedOn': ROLE,
  '/roles/*/renamedFrom': value('roles', 'a list of role names'),
  '/roles/*/renamedFrom/#': ROLE,
  '/roles/*/id': value('id', 'the id of a role: a whole number from 1 to 9007199254740991'),
  '/roles/*/grants': value(
    'grants',
    'a list of grants, a map with inherit, from, sets, add, remove, optional, mode, or unmanaged',
  ),
  '/roles/*/grants/#': GRANT,
  '/roles/*/grants/inherit': value('other', 'true or false'),
  '/roles/*/grants/from': value('roles', 'a list of role names'),
  '/roles/*/grants/from/#': ROLE,
  '/roles/*/grants/sets': value('other', 'a list of names of grant sets'),
  '/roles/*/grants/sets/#': value('text', 'the name of a grant set'),
  '/roles/*/grants/add': value('grants', 'a list of grants'),
  '/roles/*/grants/add/#': GRANT,
  '/roles/*/grants/remove': value('grants', 'a list of grants'),
  '/roles/*/grants/remove/#': GRANT,
  '/roles/*/grants/optional': value('grants', 'a list of grants'),
  '/roles/*/grants/optional/#': GRANT,
  '/roles/*/grants/mode': value('other', 'exact or additive'),
  '/roles/*/members': value(
    'people',
    'a list of people, a map with inherit, users, file, remove, mode, or unmanaged',
  ),
  '/roles/*/members/#': PERSON,
  '/roles/*/members/#/email': ADDRESS,
  '/roles/*/members/#/id': USER_ID,
  '/roles/*/members/#/until': END,
  '/roles/*/members/#/note': value('text', 'text on one line'),
  '/roles/*/members/inherit': value('other', 'true or false'),
  '/roles/*/members/mode': value('other', 'exact or additive'),
  '/roles/*/members/users': value('people', 'a list of people'),
  '/roles/*/members/users/#': PERSON,
  '/roles/*/members/users/#/email': ADDRESS,
  '/roles/*/members/users/#/id': USER_ID,
  '/roles/*/members/users/#/until': END,
  '/roles/*/members/users/#/note': value('text', 'text on one line'),
  '/roles/*/members/file': PATH,
  '/roles/*/members/remove': value('people', 'a list of people'),
  '/roles/*/members/remove/#': PERSON,
  '/roles/*/members/remove/#/email': ADDRESS,
  '/roles/*/members/remove/#/id': USER_ID,
  '/removed': value('roles', 'a list of role names'),
  '/removed/#': ROLE,
  '/policy': value('other', POLICY),
  '/policy/unmanagedRoles': value('other', 'ignore, report, fail or delete'),
  '/policy/removedMembersTo': ROLE,
  '/policy/minAdmins': COUNT,
  '/policy/requiredAdmins': value('people', 'a list of people'),
  '/policy/requiredAdmins/#': PERSON,
  '/policy/requiredAdmins/#/email': ADDRESS,
  '/policy/requiredAdmins/#/id': USER_ID,
  '/policy/protectedGrants': value('grants', 'a list of grants'),
  '/policy/protectedGrants/#': GRANT,
  '/policy/maxDeletes': LIMIT,
  '/policy/maxMoves': LIMIT,
  '/policy/maxGrantChanges': LIMIT,
  '/policy/acceptedDrift': value('other', 'a list of known differences'),
  '/policy/acceptedDrift/#': value(
    'other',
    'a map with what, reason, until and what it is about: role, or for a rule its name with people or roles',
  ),
  '/policy/acceptedDrift/#/role': ROLE,
  '/policy/acceptedDrift/#/what': value(
    'other',
    'grants, members, description, defaultRole, allowlist, unmanaged or rule',
  ),
  '/policy/acceptedDrift/#/rule': value('text', 'the name of a rule'),
  '/policy/acceptedDrift/#/roles': value('roles', 'a list of role names'),
  '/policy/acceptedDrift/#/roles/#': ROLE,
  '/policy/acceptedDrift/#/people': value('people', 'a list of people'),
  '/policy/acceptedDrift/#/people/#': PERSON,
  '/policy/acceptedDrift/#/people/#/email': ADDRESS,
  '/policy/acceptedDrift/#/people/#/id': USER_ID,
  '/policy/acceptedDrift/#/reason': value('text', 'a sentence, not blank, without control characters'),
  '/policy/acceptedDrift/#/until': END,
  '/policy/rules': value('named', 'a map from names to rules'),
  '/policy/rules/*': value(
    'other',
    'a map with grants or role, and one or more of onlyRoles, maxPeople and emails; or with neverTogether',
  ),
  '/policy/rules/*/grants': value('grants', 'a list of grants'),
  '/policy/rules/*/grants/#': GRANT,
  '/policy/rules/*/role': ROLE,
  '/policy/rules/*/onlyRoles': value('roles', 'a list of role names'),
  '/policy/rules/*/onlyRoles/#': ROLE,
  '/policy/rules/*/maxPeople': COUNT,
  '/policy/rules/*/emails': value('other', 'a list of address patterns'),
  '/policy/rules/*/emails/#': value(
    'other',
    'an address with * for any characters but @, such as "*@acme.com"',
  ),
  '/policy/rules/*/neverTogether': value('other', 'a list of two or more lists of grants'),
  '/policy/rules/*/neverTogether/#': value('grants', 'a list of grants'),
  '/policy/rules/*/neverTogether/#/#': GRANT,
  '/policy/rules/*/exceptRoles': value('roles', 'a list of role names'),
  '/policy/rules/*/exceptRoles/#': ROLE,
  '/policy/rules/*/exceptPeople': value('people', 'a list of people'),
  '/policy/rules/*/exceptPeople/#': PERSON,
  '/policy/rules/*/exceptPeople/#/email': ADDRESS,
  '/policy/rules/*/exceptPeople/#/id': USER_ID,
  '/policy/rules/*/level': value('other', 'refuse or warn'),
};

/** The top-level places of a policy file, which differ from those of a manifest. */
const POLICY_TOP: Readonly<Record<string, ExpectedValue>> = {
  Policy: value('other', 'a policy file: a map of apiVersion, kind and policy'),
  'Policy/apiVersion': value('other', VERSION),
  'Policy/kind': value('other', '"Policy"'),
  'Policy/policy': value('other', POLICY),
};

/** The places of an inventory. An overlay in it has the places of a manifest. */
const INVENTORY: Readonly<Record<string, ExpectedValue>> = {
  Fleet: value('other', 'an inventory: a map that starts with apiVersion and kind'),
  'Fleet/apiVersion': value('other', VERSION),
  'Fleet/kind': value('other', '"Fleet"'),
  'Fleet/name': value(
    'other',
    'a name of letters, digits, blanks, ".", "_" and "-", of at most 63 characters',
  ),
  'Fleet/manifest': PATH,
  'Fleet/instances': value('named', 'a map from instance names to instances'),
  'Fleet/instances/*': value('other', 'a map with labels, manifest, overlay, suspended'),
  'Fleet/instances/*/labels': value('other', 'a map from labels to texts'),
  'Fleet/instances/*/labels/*': value('other', 'a text; put it in quotes'),
  'Fleet/instances/*/manifest': PATH,
  'Fleet/instances/*/overlay': value('other', 'a map with keys of a manifest'),
  'Fleet/instances/*/suspended': value('other', 'a map with reason and, where it ends, until'),
  'Fleet/instances/*/suspended/reason': value('text', 'a sentence, not blank, without control characters'),
  'Fleet/instances/*/suspended/until': END,
  'Fleet/instancesFrom': value('other', 'a list of tables'),
  'Fleet/instancesFrom/#': value('other', 'a map with file and labels'),
  'Fleet/instancesFrom/#/file': PATH,
  'Fleet/instancesFrom/#/labels': value('other', 'a list of column names, each once'),
  'Fleet/instancesFrom/#/labels/#': value('other', 'the name of a column: letters, digits, "_" and "-"'),
  'Fleet/waves': value('other', 'a list of at most 100 waves'),
  'Fleet/waves/#': value('other', 'a map with name, where, mayFail, atOnce'),
  'Fleet/waves/#/name': value('other', 'a name of lower-case letters, digits and "-"'),
  'Fleet/waves/#/where': value('other', 'a list of 1 to 20 terms such as tier=production'),
  'Fleet/waves/#/where/#': value('other', 'a term such as tier=production'),
  'Fleet/waves/#/mayFail': LIMIT,
  'Fleet/waves/#/atOnce': value('other', 'a whole number from 1 to 1000'),
  'Fleet/policy': value('other', 'a map with minInstances and maxInstances'),
  'Fleet/policy/minInstances': COUNT,
  'Fleet/policy/maxInstances': LIMIT,
};

const TABLES = [EXPECTED, POLICY_TOP, INVENTORY];

/** The expected value at a place of a manifest, a policy file or an inventory. */
export function expectedAt(form: string): ExpectedValue {
  return TABLES.find((table) => Object.hasOwn(table, form))?.[form] ?? value('other', 'something else');
}

/** Hints how to write an intentionally empty value. */
export const EMPTY_HINTS: Readonly<Record<string, string>> = {
  '/roles/*/grants':
    'to leave it unmanaged, remove the key; for no grants at all write {mode: exact, add: []}',
  '/roles/*/members':
    'to leave it unmanaged, remove the key; for no one at all write {mode: exact, users: []}',
  '/allowlist':
    'to leave it unmanaged, remove the key; for the least list write [Social]; to turn it off, off',
};

/** Manifest keys that an overlay in an inventory cannot have. */
const NOT_IN_OVERLAYS: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'instance', 'extends']);

/** The keys that a map at this place may have. */
export function keysAt(form: string): string[] {
  if (form === 'Fleet/instances/*/overlay') return keysAt('').filter((key) => !NOT_IN_OVERLAYS.has(key));
  const table = TABLES.find((one) => Object.hasOwn(one, form)) ?? EXPECTED;
  return Object.keys(table)
    .filter((place) => place.startsWith(`${form}/`))
    .map((place) => place.slice(form.length + 1))
    .filter((key) => !key.includes('/') && key !== '#' && key !== '*');
}
