import type { Evidence, QuirkInfo, Quirks } from './quirk-info.js';

const quirk = (
  name: string,
  key: keyof Quirks,
  description: string,
  more: Partial<Pick<QuirkInfo, 'value' | 'rivals' | 'inAll' | 'evidence'>> = {},
): QuirkInfo => ({ name, key, description, inAll: true, evidence: ['assumed'], ...more });

const seen = (...evidence: Evidence[]): Pick<QuirkInfo, 'evidence'> => ({ evidence });

const ms = (preset: number): Pick<QuirkInfo, 'value'> => ({ value: { unit: 'ms', preset } });
const entries = (preset: number): Pick<QuirkInfo, 'value'> => ({ value: { unit: 'entries', preset } });
const second = (...rivals: (keyof Quirks)[]): Pick<QuirkInfo, 'rivals' | 'inAll'> => ({
  rivals,
  inAll: false,
});

/** Every quirk, in the order of the documentation. */
export const QUIRKS: readonly QuirkInfo[] = [
  quirk(
    'update-answers-400',
    'updateAnswers400',
    'a change of a name or description is answered 400 Bad Request, although it was done',
    seen('S', 'R'),
  ),
  quirk(
    'grants-answer-400',
    'grantsAnswer400',
    'a change of grants is answered 400 Bad Request, although it was done',
    seen('S', 'R'),
  ),
  quirk(
    'delete-answers-400',
    'deleteAnswers400',
    'a delete is answered 400 Bad Request, although it was done',
    seen('S'),
  ),
  quirk('delete-answers-body', 'deleteAnswersBody', 'a delete is answered 204 with the body 1', {
    ...seen('S'),
    ...second('deleteAnswers400'),
  }),
  quirk('grants-put-only', 'grantsPutOnly', 'grants are set only with PUT; PATCH is 405', seen('U')),
  quirk('grants-patch-only', 'grantsPatchOnly', 'grants are set only with PATCH; PUT is 405', {
    ...seen('S'),
    ...second('grantsPutOnly'),
  }),
  quirk(
    'from-role-id-required',
    'fromRoleIdRequired',
    'a role cannot be created without fromRoleId',
    seen('S'),
  ),
  quirk(
    'from-role-id-ignored',
    'fromRoleIdIgnored',
    'fromRoleId has no effect: a new role starts like one that is created without it',
  ),
  quirk(
    'starts-with-few',
    'startsWithFew',
    'a role that is created without fromRoleId starts with four grants; without this quirk, with those of Social',
  ),
  quirk(
    'starts-empty',
    'startsEmpty',
    'a role that is created without fromRoleId starts without grants',
    second('startsWithFew'),
  ),
  quirk(
    'starts-as-default',
    'startsAsDefault',
    'a role that is created without fromRoleId starts with the grants of the default role',
    second('startsWithFew', 'startsEmpty'),
  ),
  quirk(
    'names-ignore-case',
    'namesIgnoreCase',
    'role names that differ only in case or in surrounding whitespace conflict',
  ),
  quirk(
    'default-by-settings-only',
    'defaultBySettingsOnly',
    'the default role is set only with roles/settings; the customer state answers 405',
    // Together with settings that cannot be read, there would be no safe way to set the default role.
    { rivals: ['defaultByCustomerStateOnly'], inAll: false },
  ),
  quirk(
    'default-by-customer-state-only',
    'defaultByCustomerStateOnly',
    'the default role is set only with the customer state; roles/settings answers 404',
    { ...seen('L'), ...second('defaultBySettingsOnly') },
  ),
  quirk('settings-absent', 'settingsAbsent', 'reading roles/settings answers 404'),
  quirk('settings-write-only', 'settingsWriteOnly', 'reading roles/settings answers 405', {
    ...seen('U'),
    ...second('settingsAbsent'),
  }),
  quirk(
    'allowlist-null-ignored',
    'allowlistNullIgnored',
    'allowlistRoleIds: null does not change the allowlist; without this quirk, it turns the list off',
    { inAll: false },
  ),
  quirk('late-visibility', 'lateVisibility', 'reads show a write only after this many milliseconds', {
    ...seen('S'),
    ...ms(50),
  }),
  quirk('slow-answers', 'slowAnswers', 'every response is delayed by this many milliseconds', ms(5)),
  quirk(
    'user-page-cap',
    'userPageCap',
    'a page of user search has at most this many people, regardless of the requested limit',
    entries(7),
  ),
  quirk(
    'member-page-cap',
    'memberPageCap',
    'a page of the people of a role has at most this many, regardless of the requested limit',
    entries(5),
  ),
  quirk(
    'members-without-totals',
    'membersWithoutTotals',
    'the list of the people of a role declares no total',
  ),
  quirk(
    'matrix-leaves-out',
    'matrixLeavesOut',
    'the catalogue leaves out every custom role with an odd id from the holders of grants',
  ),
  quirk('ids-as-text', 'idsAsText', 'every id in every response is a string'),
  quirk('attributes-as-text', 'attributesAsText', 'the values of attributes in user search are strings'),
  quirk(
    'authority-count-one-higher',
    'authorityCountOneHigher',
    'authorityCount is one higher than the grants of the role',
    seen('O'),
  ),
  quirk(
    'null-attributes',
    'nullAttributes',
    'optional fields of people and roles are null or missing',
    seen('S', 'U'),
  ),
  quirk(
    'older-catalogue',
    'olderCatalogue',
    'the catalogue leaves out its newer fields: dependencies, features, admin level',
    seen('O'),
  ),
  quirk('implied-authorities', 'impliedAuthorities', 'writing grants adds what they depend on'),
  quirk(
    'unknown-users-skipped',
    'unknownUsersSkipped',
    'an unknown user id among new members is skipped; without this quirk, the whole batch is refused',
  ),
  quirk('reads-open-to-all', 'readsOpenToAll', 'roles may be read without the authority to manage them'),
  quirk(
    'audit-names-actor',
    'auditNamesActor',
    'the audit log names the person in actorId and actorName; without this quirk, only in userId and userName',
    seen('U'),
  ),
  quirk(
    'audit-types-as-text',
    'auditTypesAsText',
    'the types of the audit log are listed as names, without translations',
    seen('D'),
  ),
  quirk('errors-as-text', 'errorsAsText', 'error bodies are the reason phrase', seen('S')),
  quirk('errors-as-html', 'errorsAsHtml', 'error bodies are HTML pages', second('errorsAsText')),
  quirk(
    'unknown-instance',
    'unknownInstance',
    'everything is answered 403 Forbidden, as for an instance that does not exist',
    { ...seen('L'), inAll: false },
  ),
  quirk('network-blocked', 'networkBlocked', 'everything is answered 200 with a page titled Domo - Blocked', {
    ...seen('L'),
    inAll: false,
  }),
  quirk('network-redirected', 'networkRedirected', 'everything is answered 303 to whitelist/blocked', {
    ...seen('L'),
    ...second('networkBlocked'),
  }),
];
