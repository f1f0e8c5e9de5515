import { SandboxUsageError } from './parse-quirks.js';
import type { Quirks } from './quirks.js';

/** Quirks by fact and value of a probe report (docs/reference/json.md). */
const QUIRKS_BY_FACT: Readonly<Record<string, Readonly<Record<string, Partial<Quirks>>>>> = {
  settings: { yes: {}, '404': { settingsAbsent: true }, '405': { settingsWriteOnly: true } },
  'user-page': { 'as asked': {} },
  ids: { numbers: {}, text: { idsAsText: true } },
  attributes: { values: {}, text: { attributesAsText: true } },
  'authority-count': { equal: {}, 'one higher': { authorityCountOneHigher: true } },
  'member-totals': { yes: {}, no: { membersWithoutTotals: true } },
  matrix: { equal: {}, 'leaves out': { matrixLeavesOut: true } },
  'catalogue-fields': { all: {}, older: { olderCatalogue: true } },
  'create-without-source': { made: {}, refused: { fromRoleIdRequired: true } },
  'start-without-source': {
    'as Social': {},
    'as the default role': { startsAsDefault: true },
    empty: { startsEmpty: true },
    other: { startsWithFew: true },
  },
  'start-with-source': { 'as that role': {}, otherwise: { fromRoleIdIgnored: true } },
  rename: { '200': {}, '400 but done': { updateAnswers400: true } },
  'grants-methods': { 'PUT and PATCH': {}, PUT: { grantsPutOnly: true }, PATCH: { grantsPatchOnly: true } },
  'grants-answer': { '200': {}, '400 but done': { grantsAnswer400: true } },
  'implied-grants': { 'not added': {}, added: { impliedAuthorities: true } },
  'name-case': { allowed: {}, refused: { namesIgnoreCase: true } },
  // Milliseconds in the middle of each range, so that a probe of the sandbox finds the same range.
  'write-seen': {
    'at once': {},
    '1 s': { lateVisibility: 500 },
    '5 s': { lateVisibility: 3_000 },
    '30 s': { lateVisibility: 15_000 },
    longer: { lateVisibility: 45_000 },
  },
  delete: {
    '204': {},
    '204 with a body': { deleteAnswersBody: true },
    '400 but done': { deleteAnswers400: true },
  },
};

/** The quirks of a probe report. */
export interface ReportedQuirks {
  quirks: Partial<Quirks>;
  /** Facts of the report without a quirk, as `id: value`. */
  missing: readonly string[];
}

/** Returns the quirks that reproduce a probe report. Raises `SandboxUsageError` for any other value. */
export function quirksOfReport(report: unknown): ReportedQuirks {
  const quirks: Partial<Quirks> = {};
  const missing: string[] = [];
  for (const { id, value } of factsOf(report)) {
    if (value === null) continue;
    const found =
      id === 'user-page' && typeof value === 'number' ? { userPageCap: value } : quirksOfFact(id, value);
    if (found === null) missing.push(`${id}: ${value}`);
    else Object.assign(quirks, found);
  }
  return { quirks, missing };
}

function quirksOfFact(id: string, value: string | number): Partial<Quirks> | null {
  const values = Object.hasOwn(QUIRKS_BY_FACT, id) ? QUIRKS_BY_FACT[id] : undefined;
  const key = String(value);
  return values !== undefined && Object.hasOwn(values, key) ? (values[key] ?? null) : null;
}

interface Fact {
  id: string;
  value: string | number | null;
}

function factsOf(report: unknown): Fact[] {
  if (typeof report !== 'object' || report === null || !('kind' in report) || report.kind !== 'probe') {
    throw new SandboxUsageError('it is not a report of domo-roles doctor --probe');
  }
  const version = 'formatVersion' in report ? report.formatVersion : null;
  if (version !== 1) {
    const found = JSON.stringify(version).slice(0, 40);
    throw new SandboxUsageError(
      `it is a probe report of another version of domo-roles: it has format ${found}, and this one reads format 1`,
    );
  }
  const facts = 'facts' in report ? report.facts : null;
  if (!Array.isArray(facts) || !facts.every(isFact))
    throw new SandboxUsageError('it is a probe report that was changed: its facts cannot be read');
  return facts;
}

function isFact(fact: unknown): fact is Fact {
  if (typeof fact !== 'object' || fact === null || !('id' in fact) || !('value' in fact)) return false;
  const { id, value } = fact;
  const isPage = typeof value !== 'number' || (Number.isSafeInteger(value) && value > 0);
  return (
    typeof id === 'string' &&
    isPage &&
    (value === null || typeof value === 'string' || typeof value === 'number')
  );
}
