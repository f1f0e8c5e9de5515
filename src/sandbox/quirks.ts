/**
 * Oddities of the real API, each a switch. Booleans are on or off; numbers are milliseconds or page
 * sizes, and 0 is off.
 */
export interface Quirks {
  updateAnswers400: boolean;
  grantsAnswer400: boolean;
  deleteAnswers400: boolean;
  deleteAnswersBody: boolean;
  grantsPutOnly: boolean;
  grantsPatchOnly: boolean;
  fromRoleIdRequired: boolean;
  fromRoleIdIgnored: boolean;
  defaultBySettingsOnly: boolean;
  defaultByCustomerStateOnly: boolean;
  settingsAbsent: boolean;
  settingsWriteOnly: boolean;
  lateVisibility: number;
  slowAnswers: number;
  userPageCap: number;
  memberPageCap: number;
  idsAsText: boolean;
  attributesAsText: boolean;
  authorityCountOneHigher: boolean;
  nullAttributes: boolean;
  olderCatalogue: boolean;
  impliedAuthorities: boolean;
  unknownUsersSkipped: boolean;
  readsOpenToAll: boolean;
  errorsAsText: boolean;
  errorsAsHtml: boolean;
  unknownInstance: boolean;
  networkBlocked: boolean;
  networkRedirected: boolean;
}

/** A quirk as it is listed and switched on a command line. */
export interface QuirkInfo {
  name: string;
  key: keyof Quirks;
  description: string;
  /** For those that take a number: its unit, and what is taken when none is given. */
  value?: { unit: 'ms' | 'entries'; preset: number };
  /** It contradicts these: they cannot be on together. */
  rivals?: readonly (keyof Quirks)[];
  /** Part of `all`: of two rivals the first is taken, and what lets no client work is left out. */
  inAll: boolean;
}

const quirk = (
  name: string,
  key: keyof Quirks,
  description: string,
  more: Partial<Pick<QuirkInfo, 'value' | 'rivals' | 'inAll'>> = {},
): QuirkInfo => ({ name, key, description, inAll: true, ...more });

const ms = (preset: number): Pick<QuirkInfo, 'value'> => ({ value: { unit: 'ms', preset } });
const entries = (preset: number): Pick<QuirkInfo, 'value'> => ({ value: { unit: 'entries', preset } });
const second = (...rivals: (keyof Quirks)[]): Pick<QuirkInfo, 'rivals' | 'inAll'> => ({
  rivals,
  inAll: false,
});

/** Every quirk, in the order in which they are listed. */
export const QUIRKS: readonly QuirkInfo[] = [
  quirk(
    'update-answers-400',
    'updateAnswers400',
    'a changed name or description is answered 400 Bad Request, though it was made',
  ),
  quirk(
    'grants-answer-400',
    'grantsAnswer400',
    'a changed list of grants is answered 400 Bad Request, though it was made',
  ),
  quirk(
    'delete-answers-400',
    'deleteAnswers400',
    'a delete is answered 400 Bad Request, though the role is gone',
  ),
  quirk(
    'delete-answers-body',
    'deleteAnswersBody',
    'a delete is answered 204 with the body 1',
    second('deleteAnswers400'),
  ),
  quirk('grants-put-only', 'grantsPutOnly', 'grants are set by PUT alone; PATCH is 405'),
  quirk(
    'grants-patch-only',
    'grantsPatchOnly',
    'grants are set by PATCH alone; PUT is 405',
    second('grantsPutOnly'),
  ),
  quirk('from-role-id-required', 'fromRoleIdRequired', 'a role is made from another one or not at all'),
  quirk(
    'from-role-id-ignored',
    'fromRoleIdIgnored',
    'a new role starts with the same few grants whatever it is made from',
  ),
  quirk(
    'default-by-settings-only',
    'defaultBySettingsOnly',
    'the default role is set by roles/settings alone; the customer state answers 405',
    { rivals: ['defaultByCustomerStateOnly'] },
  ),
  quirk(
    'default-by-customer-state-only',
    'defaultByCustomerStateOnly',
    'the default role is set by the customer state alone; roles/settings answers 404',
    second('defaultBySettingsOnly'),
  ),
  quirk('settings-absent', 'settingsAbsent', 'reading roles/settings answers 404'),
  quirk(
    'settings-write-only',
    'settingsWriteOnly',
    'reading roles/settings answers 405',
    second('settingsAbsent'),
  ),
  quirk('late-visibility', 'lateVisibility', 'reads show a write only so many milliseconds after it', ms(50)),
  quirk('slow-answers', 'slowAnswers', 'every answer comes so many milliseconds late', ms(5)),
  quirk(
    'user-page-cap',
    'userPageCap',
    'a page of user search holds no more than so many people, whatever limit is asked',
    entries(7),
  ),
  quirk(
    'member-page-cap',
    'memberPageCap',
    'a page of the people of a role holds no more than so many, whatever limit is asked',
    entries(5),
  ),
  quirk('ids-as-text', 'idsAsText', 'every id in every answer is a string'),
  quirk('attributes-as-text', 'attributesAsText', 'the values of attributes in user search are strings'),
  quirk(
    'authority-count-one-higher',
    'authorityCountOneHigher',
    'authorityCount is one higher than the grants of the role',
  ),
  quirk('null-attributes', 'nullAttributes', 'optional fields of people and roles are null or missing'),
  quirk(
    'older-catalogue',
    'olderCatalogue',
    'the catalogue leaves out its newer fields: dependencies, features, admin level',
  ),
  quirk('implied-authorities', 'impliedAuthorities', 'writing grants adds what they depend on'),
  quirk(
    'unknown-users-skipped',
    'unknownUsersSkipped',
    'an unknown user id among new members is skipped; without this it refuses the whole batch',
  ),
  quirk('reads-open-to-all', 'readsOpenToAll', 'roles may be read without the authority to manage them'),
  quirk('errors-as-text', 'errorsAsText', 'error bodies are the bare reason phrase'),
  quirk('errors-as-html', 'errorsAsHtml', 'error bodies are HTML pages', second('errorsAsText')),
  quirk(
    'unknown-instance',
    'unknownInstance',
    'everything is answered 403 Forbidden, as for an instance that does not exist',
    { inAll: false },
  ),
  quirk('network-blocked', 'networkBlocked', 'everything is answered 200 with a page titled Domo - Blocked', {
    inAll: false,
  }),
  quirk(
    'network-redirected',
    'networkRedirected',
    'everything is answered 303 towards whitelist/blocked',
    second('networkBlocked'),
  ),
];

/** No quirks: every switch off. */
export const NO_QUIRKS: Quirks = Object.freeze(
  Object.fromEntries(QUIRKS.map(({ key, value }) => [key, value ? 0 : false])),
) as unknown as Quirks;

/** All quirks at once, as far as they do not contradict each other and leave a client anything to work with. */
export function allQuirks(): Partial<Quirks> {
  return Object.fromEntries(
    QUIRKS.filter(({ inAll }) => inAll).map(({ key, value }) => [key, value ? value.preset : true]),
  );
}

/** What was asked for on a command line is not to be had. The message names what is. */
export class SandboxUsageError extends Error {
  override name = 'SandboxUsageError';
}

/**
 * Reads `grants-put-only,late-visibility=200` (or `all`) as quirks.
 * Raises `SandboxUsageError` for an unknown name, a number where none belongs, or two rivals.
 */
export function parseQuirks(text: string): Partial<Quirks> {
  const chosen = new Map<keyof Quirks, boolean | number>();
  for (const item of text.split(',').map((part) => part.trim())) {
    if (item === '') continue;
    if (item === 'all') {
      for (const [key, value] of Object.entries(allQuirks())) chosen.set(key as keyof Quirks, value);
      continue;
    }
    const [name = '', given] = splitOnce(item, '=');
    const info = QUIRKS.find((candidate) => candidate.name === name);
    if (!info)
      throw new SandboxUsageError(
        `unknown quirk ${JSON.stringify(name)}; known are: ${QUIRKS.map((known) => known.name).join(', ')}, all`,
      );
    chosen.set(info.key, quirkValue(info, given));
  }
  for (const info of QUIRKS) {
    const rival = info.rivals?.find((key) => chosen.get(key) && chosen.get(info.key));
    if (rival)
      throw new SandboxUsageError(
        `quirk ${info.name} contradicts ${QUIRKS.find(({ key }) => key === rival)?.name}`,
      );
  }
  return Object.fromEntries(chosen);
}

function quirkValue(info: QuirkInfo, given: string | undefined): boolean | number {
  if (given === undefined) return info.value ? info.value.preset : true;
  if (!info.value) throw new SandboxUsageError(`quirk ${info.name} takes no value`);
  if (!/^\d{1,7}$/.test(given))
    throw new SandboxUsageError(
      `quirk ${info.name} takes a whole number of ${info.value.unit}, not ${JSON.stringify(given)}`,
    );
  return Number(given);
}

/** `a=b=c` → `['a', 'b=c']`; without the separator, the text alone. */
export function splitOnce(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}
