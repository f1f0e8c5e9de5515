import { code, table } from './sources.mjs';

// The behaviour of the sandbox without quirks, how surely Domo behaves the same, and the quirks that change it. The marks are
// those of docs/reference/domo-api.md.
const BEHAVIOUR = [
  ['system roles have the ids 1 to 5, and are neither edited nor deleted', 'S, D, O', []],
  ['a role that has people in it is not deleted', 'D', []],
  ['the default role is not deleted', 'assumed', []],
  ['a person has exactly one role; adding them to one moves them', 'D', []],
  ['the grants and the people of a role that does not exist are an empty 200', 'S', []],
  [
    'a role that is made without `fromRoleId` starts with the grants of Social',
    'assumed',
    ['starts-with-few', 'starts-empty', 'starts-as-default', 'from-role-id-required'],
  ],
  [
    'a role that is made with `fromRoleId` starts with the grants of that role',
    'S',
    ['from-role-id-ignored'],
  ],
  ['names of roles that differ in case only are two names', 'assumed', ['names-ignore-case']],
  ['a name in use is a 400', 'S', []],
  ['a changed name or description is answered 200', 'S', ['update-answers-400']],
  ['a changed list of grants is answered 200', 'S', ['grants-answer-400']],
  ['a delete is answered 204 without a body', 'S', ['delete-answers-400', 'delete-answers-body']],
  ['grants are replaced by PUT and by PATCH', 'S', ['grants-put-only', 'grants-patch-only']],
  ['a list of grants is kept as it is sent', 'R', ['implied-authorities']],
  ['a grant that is neither in the catalogue nor held is a 400', 'S', []],
  ['user ids for a role may be numbers or text', 'U, L', []],
  ['one unknown user id refuses all', 'assumed', ['unknown-users-skipped']],
  [
    'the default role is set by either form',
    'U, L',
    ['default-by-settings-only', 'default-by-customer-state-only'],
  ],
  ['`roles/settings` can be read', 'assumed', ['settings-absent', 'settings-write-only']],
  ['`allowlistRoleIds: null` turns the allowlist off', 'assumed', ['allowlist-null-ignored']],
  ['a setting without `allowlistRoleIds` leaves the allowlist as it is', 'assumed', []],
  ['the default role and Social are always on the allowlist', 'D', []],
  [
    'a role that holds `authorization.roles` is neither on an allowlist that is on nor the default role beside it',
    'D',
    [],
  ],
  ['while the allowlist is off, `authorization.roles.assign` allows nothing', 'D', []],
  [
    'roles are read with `authorization.roles`, or with `authorization.roles.assign` that has effect',
    'assumed',
    ['reads-open-to-all'],
  ],
  ['a token can do what the role of its owner can do at that moment', 'D', []],
  ['a write is seen at once', 'assumed', ['late-visibility']],
  ['ids are numbers', 'L, R', ['ids-as-text', 'attributes-as-text']],
  [
    'a page holds as many as `limit` asks for, and 50 without it',
    'assumed',
    ['user-page-cap', 'member-page-cap'],
  ],
  ['`authorityCount` is the number of grants', 'O', ['authority-count-one-higher']],
  ['the people of a role come with their total', 'S, U', ['members-without-totals']],
  ['`roleIds` of the catalogue lists every role that holds the authority', 'U, O', ['matrix-leaves-out']],
  ['optional fields are there', 'S, U', ['null-attributes']],
  ['the catalogue has the fields of 2025', 'U, O', ['older-catalogue']],
  ['a search finds deleted and support accounts unless they are left out', 'U', []],
  ['`users/me` has no role', 'R', []],
  ['an unknown person of `content/v2` and `content/v3` is an empty 200', 'R', []],
  ['the audit log names who did it as `userId` and `userName`', 'D', ['audit-names-actor']],
  ['kinds of the audit log have a `type` and a `translation`', 'L', ['audit-types-as-text']],
  ['the audit log goes back one year, 300 events to a page', 'D', []],
  ['the wording of events in the audit log', 'assumed', []],
  ['errors are JSON', 'assumed', ['errors-as-text', 'errors-as-html']],
  ['a refused login is a 200 with a reason', 'L', []],
  [
    'a blocked caller gets a page with 200, or a redirect',
    'L',
    ['network-blocked', 'network-redirected', 'unknown-instance'],
  ],
];

// Facts that a probe can find with throwaway roles only, and the quirk for each result.
const PROBED = [
  ['can the settings be read', 'yes', ['settings-absent (404)', 'settings-write-only (405)']],
  ['largest page of user search', 'as asked', ['user-page-cap=N']],
  ['ids are numbers or text', 'numbers', ['ids-as-text']],
  ['attributes are values or text', 'values', ['attributes-as-text']],
  ['`authorityCount` against the matrix', 'equal', ['authority-count-one-higher']],
  ['the people of a role come with their total', 'yes', ['members-without-totals']],
  ['the matrix against the own lists of roles', 'equal', ['matrix-leaves-out']],
  ['fields of the catalogue', 'all', ['older-catalogue']],
  ['create without `fromRoleId`', 'made', ['from-role-id-required']],
  [
    'a role that is made without it starts',
    'as Social',
    ['starts-with-few', 'starts-empty', 'starts-as-default'],
  ],
  ['a role that is made with it starts', 'as that role', ['from-role-id-ignored']],
  ['a rename is answered', '200', ['update-answers-400']],
  ['grants by PUT and by PATCH', 'both', ['grants-put-only', 'grants-patch-only']],
  ['grants are answered', '200', ['grants-answer-400']],
  ['dependencies of grants', 'not added', ['implied-authorities']],
  ['names that differ in case', 'allowed', ['names-ignore-case']],
  ['a write is seen', 'at once', ['late-visibility=MS']],
  ['a delete is answered', '204', ['delete-answers-400', 'delete-answers-body']],
];

const names = (quirks) => quirks.map((text) => code(text)).join(', ');

/** A table of Domo's behaviour and how surely it is known. */
export function behaviourTable() {
  return table(
    ['without quirks', 'mark', 'quirks that change it'],
    BEHAVIOUR.map(([text, mark, quirks]) => [text, mark, names(quirks)]),
  );
}

/** A table of the facts that a probe can find. */
export function probedTable() {
  return table(
    ['fact', 'without quirks', 'with these quirks'],
    PROBED.map(([fact, usual, quirks]) => [fact, usual, names(quirks)]),
  );
}
