/** The version of the file formats. */
export const API_VERSION = 'domo-roles/v1';

/** The forms of an end, for hints. */
export const UNTIL = 'a day, such as 2027-01-31, or a time with its zone, such as 2027-01-31T18:00:00Z';
const PERSON = 'an e-mail address, or a map with id, email or both';
const VERSION = `"${API_VERSION}"`;
const LIMIT = 'a whole number, 0 or more, or a share from "0%" to "100%"';
const POLICY = 'a map';

/**
 * The expected value at each place of a manifest, worded as the end of a sentence. A place has the form that
 * `placeForm` returns.
 */
export const EXPECTED: Readonly<Record<string, string>> = {
  '': 'a manifest: a map that starts with apiVersion and kind',
  '/apiVersion': VERSION,
  '/kind': '"Roles"',
  '/instance': 'the name of an instance, such as acme',
  '/extends': 'a path, or a list of paths that is not empty',
  '/extends/#': 'a path',
  '/defaultRole': 'the name of a role, or { unmanaged: true }',
  '/defaultRole/unmanaged': 'true',
  '/allowlist': 'a list of role names, off, or unmanaged',
  '/allowlist/#': 'the name of a role',
  '/grantSets': 'a map from names to lists of grants',
  '/grantSets/*': 'a list of grants',
  '/grantSets/*/#': 'a grant, such as dataset.export',
  '/roles': 'a map from role names to roles',
  '/roles/*': 'a map with the keys of a role, or unmanaged',
  '/roles/*/description': 'text without control characters, or { unmanaged: true }',
  '/roles/*/description/unmanaged': 'true',
  '/roles/*/owner': 'text on one line, not blank, of at most 200 characters',
  '/roles/*/basedOn': 'the name of a role',
  '/roles/*/renamedFrom': 'a list of role names',
  '/roles/*/renamedFrom/#': 'the name of a role',
  '/roles/*/id': 'the id of a role: a whole number from 1 to 9007199254740991',
  '/roles/*/grants':
    'a list of grants, a map with inherit, from, sets, add, remove, optional, mode, or unmanaged',
  '/roles/*/grants/#': 'a grant, such as dataset.export',
  '/roles/*/grants/inherit': 'true or false',
  '/roles/*/grants/from': 'a list of role names',
  '/roles/*/grants/from/#': 'the name of a role',
  '/roles/*/grants/sets': 'a list of names of grant sets',
  '/roles/*/grants/sets/#': 'the name of a grant set',
  '/roles/*/grants/add': 'a list of grants',
  '/roles/*/grants/add/#': 'a grant, such as dataset.export',
  '/roles/*/grants/remove': 'a list of grants',
  '/roles/*/grants/remove/#': 'a grant, such as dataset.export',
  '/roles/*/grants/optional': 'a list of grants',
  '/roles/*/grants/optional/#': 'a grant, such as dataset.export',
  '/roles/*/grants/mode': 'exact or additive',
  '/roles/*/members': 'a list of people, a map with inherit, users, file, remove, mode, or unmanaged',
  '/roles/*/members/#': PERSON,
  '/roles/*/members/#/email': 'an e-mail address',
  '/roles/*/members/#/id': 'a user id: a whole number from 1 to 9007199254740991',
  '/roles/*/members/#/until': UNTIL,
  '/roles/*/members/#/note': 'text on one line',
  '/roles/*/members/inherit': 'true or false',
  '/roles/*/members/mode': 'exact or additive',
  '/roles/*/members/users': 'a list of people',
  '/roles/*/members/users/#': PERSON,
  '/roles/*/members/users/#/email': 'an e-mail address',
  '/roles/*/members/users/#/id': 'a user id: a whole number from 1 to 9007199254740991',
  '/roles/*/members/users/#/until': UNTIL,
  '/roles/*/members/users/#/note': 'text on one line',
  '/roles/*/members/file': 'a path',
  '/roles/*/members/remove': 'a list of people',
  '/roles/*/members/remove/#': PERSON,
  '/roles/*/members/remove/#/email': 'an e-mail address',
  '/roles/*/members/remove/#/id': 'a user id: a whole number from 1 to 9007199254740991',
  '/removed': 'a list of role names',
  '/removed/#': 'the name of a role',
  '/policy': POLICY,
  '/policy/unmanagedRoles': 'ignore, report, fail or delete',
  '/policy/removedMembersTo': 'the name of a role',
  '/policy/minAdmins': 'a whole number, 0 or more',
  '/policy/requiredAdmins': 'a list of people',
  '/policy/requiredAdmins/#': PERSON,
  '/policy/requiredAdmins/#/email': 'an e-mail address',
  '/policy/requiredAdmins/#/id': 'a user id: a whole number from 1 to 9007199254740991',
  '/policy/protectedGrants': 'a list of grants',
  '/policy/protectedGrants/#': 'a grant, such as dataset.export',
  '/policy/maxDeletes': LIMIT,
  '/policy/maxMoves': LIMIT,
  '/policy/maxGrantChanges': LIMIT,
  '/policy/acceptedDrift': 'a list of known differences',
  '/policy/acceptedDrift/#':
    'a map with what, reason, until and what it is about: role, or for a rule its name with people or roles',
  '/policy/acceptedDrift/#/role': 'the name of a role',
  '/policy/acceptedDrift/#/what': 'grants, members, description, defaultRole, allowlist, unmanaged or rule',
  '/policy/acceptedDrift/#/rule': 'the name of a rule',
  '/policy/acceptedDrift/#/roles': 'a list of role names',
  '/policy/acceptedDrift/#/roles/#': 'the name of a role',
  '/policy/acceptedDrift/#/people': 'a list of people',
  '/policy/acceptedDrift/#/people/#': PERSON,
  '/policy/acceptedDrift/#/people/#/email': 'an e-mail address',
  '/policy/acceptedDrift/#/people/#/id': 'a user id: a whole number from 1 to 9007199254740991',
  '/policy/acceptedDrift/#/reason': 'a sentence, not blank, without control characters',
  '/policy/acceptedDrift/#/until': UNTIL,
  '/policy/rules': 'a map from names to rules',
  '/policy/rules/*':
    'a map with grants or role, and one or more of onlyRoles, maxPeople and emails; or with neverTogether',
  '/policy/rules/*/grants': 'a list of grants',
  '/policy/rules/*/grants/#': 'a grant, such as dataset.export',
  '/policy/rules/*/role': 'the name of a role',
  '/policy/rules/*/onlyRoles': 'a list of role names',
  '/policy/rules/*/onlyRoles/#': 'the name of a role',
  '/policy/rules/*/maxPeople': 'a whole number, 0 or more',
  '/policy/rules/*/emails': 'a list of address patterns',
  '/policy/rules/*/emails/#': 'an address with * for any characters but @, such as "*@acme.com"',
  '/policy/rules/*/neverTogether': 'a list of two or more lists of grants',
  '/policy/rules/*/neverTogether/#': 'a list of grants',
  '/policy/rules/*/neverTogether/#/#': 'a grant, such as dataset.export',
  '/policy/rules/*/exceptRoles': 'a list of role names',
  '/policy/rules/*/exceptRoles/#': 'the name of a role',
  '/policy/rules/*/exceptPeople': 'a list of people',
  '/policy/rules/*/exceptPeople/#': PERSON,
  '/policy/rules/*/exceptPeople/#/email': 'an e-mail address',
  '/policy/rules/*/exceptPeople/#/id': 'a user id: a whole number from 1 to 9007199254740991',
  '/policy/rules/*/level': 'refuse or warn',
};

/** The top-level places of a policy file, which differ from those of a manifest. */
const POLICY_TOP: Readonly<Record<string, string>> = {
  Policy: 'a policy file: a map of apiVersion, kind and policy',
  'Policy/apiVersion': VERSION,
  'Policy/kind': '"Policy"',
  'Policy/policy': POLICY,
};

/** The places of an inventory. An overlay in it has the places of a manifest. */
const INVENTORY: Readonly<Record<string, string>> = {
  Fleet: 'an inventory: a map that starts with apiVersion and kind',
  'Fleet/apiVersion': VERSION,
  'Fleet/kind': '"Fleet"',
  'Fleet/name': 'a name of letters, digits, blanks, ".", "_" and "-", of at most 63 characters',
  'Fleet/manifest': 'a path',
  'Fleet/instances': 'a map from instance names to instances',
  'Fleet/instances/*': 'a map with labels, manifest, overlay, suspended',
  'Fleet/instances/*/labels': 'a map from labels to texts',
  'Fleet/instances/*/labels/*': 'a text; put it in quotes',
  'Fleet/instances/*/manifest': 'a path',
  'Fleet/instances/*/overlay': 'a map with keys of a manifest',
  'Fleet/instances/*/suspended': 'a map with reason and, where it ends, until',
  'Fleet/instances/*/suspended/reason': 'a sentence, not blank, without control characters',
  'Fleet/instances/*/suspended/until': UNTIL,
  'Fleet/instancesFrom': 'a list of tables',
  'Fleet/instancesFrom/#': 'a map with file and labels',
  'Fleet/instancesFrom/#/file': 'a path',
  'Fleet/instancesFrom/#/labels': 'a list of column names, each once',
  'Fleet/instancesFrom/#/labels/#': 'the name of a column: letters, digits, "_" and "-"',
  'Fleet/waves': 'a list of at most 100 waves',
  'Fleet/waves/#': 'a map with name, where, mayFail, atOnce',
  'Fleet/waves/#/name': 'a name of lower-case letters, digits and "-"',
  'Fleet/waves/#/where': 'a list of 1 to 20 terms such as tier=production',
  'Fleet/waves/#/where/#': 'a term such as tier=production',
  'Fleet/waves/#/mayFail': LIMIT,
  'Fleet/waves/#/atOnce': 'a whole number from 1 to 1000',
  'Fleet/policy': 'a map with minInstances and maxInstances',
  'Fleet/policy/minInstances': 'a whole number, 0 or more',
  'Fleet/policy/maxInstances': LIMIT,
};

const TABLES = [EXPECTED, POLICY_TOP, INVENTORY];

/** The expected value at a place of a manifest, a policy file or an inventory. */
export function expectedAt(form: string): string {
  return TABLES.find((table) => Object.hasOwn(table, form))?.[form] ?? 'something else';
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

/** The allowed values of keywords. */
const CHOICES: Readonly<Record<string, readonly string[]>> = {
  '/apiVersion': [API_VERSION],
  '/kind': ['Roles'],
  'Policy/apiVersion': [API_VERSION],
  'Policy/kind': ['Policy'],
  'Fleet/apiVersion': [API_VERSION],
  'Fleet/kind': ['Fleet'],
  '/defaultRole/unmanaged': ['true'],
  '/allowlist': ['off', 'unmanaged'],
  '/roles/*': ['unmanaged'],
  '/roles/*/description/unmanaged': ['true'],
  '/roles/*/grants': ['unmanaged'],
  '/roles/*/grants/inherit': ['true', 'false'],
  '/roles/*/grants/mode': ['exact', 'additive'],
  '/roles/*/members': ['unmanaged'],
  '/roles/*/members/inherit': ['true', 'false'],
  '/roles/*/members/mode': ['exact', 'additive'],
  '/policy/unmanagedRoles': ['ignore', 'report', 'fail', 'delete'],
  '/policy/acceptedDrift/#/what': [
    'grants',
    'members',
    'description',
    'defaultRole',
    'allowlist',
    'unmanaged',
    'rule',
  ],
  '/policy/rules/*/level': ['refuse', 'warn'],
};

/** The allowed values at this place; empty if any value of its type is allowed. */
export function choicesAt(form: string): readonly string[] {
  return Object.hasOwn(CHOICES, form) ? (CHOICES[form] ?? []) : [];
}
