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
  startsWithFew: boolean;
  startsEmpty: boolean;
  startsAsDefault: boolean;
  namesIgnoreCase: boolean;
  defaultBySettingsOnly: boolean;
  defaultByCustomerStateOnly: boolean;
  settingsAbsent: boolean;
  settingsWriteOnly: boolean;
  allowlistNullIgnored: boolean;
  lateVisibility: number;
  slowAnswers: number;
  userPageCap: number;
  memberPageCap: number;
  membersWithoutTotals: boolean;
  matrixLeavesOut: boolean;
  idsAsText: boolean;
  attributesAsText: boolean;
  authorityCountOneHigher: boolean;
  nullAttributes: boolean;
  olderCatalogue: boolean;
  impliedAuthorities: boolean;
  unknownUsersSkipped: boolean;
  readsOpenToAll: boolean;
  auditNamesActor: boolean;
  auditTypesAsText: boolean;
  errorsAsText: boolean;
  errorsAsHtml: boolean;
  unknownInstance: boolean;
  networkBlocked: boolean;
  networkRedirected: boolean;
}

/**
 * How surely a behaviour is Domo's own. Letters are those of docs/reference/domo-api.md; `assumed` means
 * that no source mentions it, or that the sources say the opposite.
 */
export type Evidence = 'S' | 'D' | 'U' | 'L' | 'O' | 'R' | 'assumed';

/** A quirk as it is listed and switched on a command line. */
export interface QuirkInfo {
  name: string;
  key: keyof Quirks;
  description: string;
  /** Where the oddity was seen. */
  evidence: readonly Evidence[];
  /** For those that take a number: its unit, and what is taken when none is given. */
  value?: { unit: 'ms' | 'entries'; preset: number };
  /** It contradicts these: they cannot be on together. */
  rivals?: readonly (keyof Quirks)[];
  /** Part of `all`: of two rivals the first is taken, and what lets no client work is left out. */
  inAll: boolean;
}
