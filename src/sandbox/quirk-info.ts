/**
 * Quirks of the real API, each with a switch. Booleans are on or off. Numbers are milliseconds or page sizes; 0 is off.
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
 * The evidence for a behaviour. Letters are the sources of docs/reference/domo-api.md; `assumed` means that no source mentions
 * it, or that the sources contradict it.
 */
export type Evidence = 'S' | 'D' | 'U' | 'L' | 'O' | 'R' | 'assumed';

/** A quirk, its switch on a command line, and its evidence. */
export interface QuirkInfo {
  name: string;
  key: keyof Quirks;
  description: string;
  /** Where the behaviour was observed. */
  evidence: readonly Evidence[];
  /** For quirks with a number: its unit and its default. */
  value?: { unit: 'ms' | 'entries'; preset: number };
  /** Quirks that contradict this one and cannot be on together with it. */
  rivals?: readonly (keyof Quirks)[];
  /** Part of `all`, which has the first of two rivals, and no quirk that blocks every client. */
  inAll: boolean;
}
