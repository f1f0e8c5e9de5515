import { problem, ProblemError } from '../problem/problem.js';
import { formatMismatch } from '../problem/other-format.js';
import { CHANGE_STATUSES, JOURNAL_FORMAT } from './entry.js';
import type { JournalEntry } from './entry.js';

const ANSWERS = ['yes', 'no', 'nothing'];
const STEPS = ['change', 'start-grants'];

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === 'string';
const isNumber: Check = (value) => typeof value === 'number' && Number.isSafeInteger(value);
const isTime: Check = (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value));
const isFlag: Check = (value) => typeof value === 'boolean';
const oneOf =
  (words: readonly string[]): Check =>
  (value) =>
    typeof value === 'string' && words.includes(value);
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const record =
  (fields: Readonly<Record<string, Check>>, optional: Readonly<Record<string, Check>> = {}): Check =>
  (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    const all = { ...fields, ...optional };
    return (
      Object.keys(fields).every((key) => Object.hasOwn(value, key)) &&
      Object.entries(value).every(([key, item]) => Object.hasOwn(all, key) && all[key]?.(item))
    );
  };

const note = record({
  name: isText,
  description: isText,
  start: listOf(isText),
  grants: listOf(isText),
  grantsChange: orNull(isText),
});
const stamp = { v: (value: unknown) => value === JOURNAL_FORMAT, at: isTime, kind: isText };
const sent = { ...stamp, change: isText, step: oneOf(STEPS), attempt: isNumber };

/** The format of each kind of entry, the same as in `schemas/journal.v1.schema.json`. */
const ENTRY_CHECKS: Readonly<Record<string, Check>> = {
  begun: record(
    {
      ...stamp,
      runId: isText,
      instance: isText,
      plan: isText,
      changes: isNumber,
      roleIds: listOf(isNumber),
    },
    { before: isText, undoes: isText },
  ),
  'about-to-send': record({ ...sent, role: orNull(note) }),
  answered: record({ ...sent, said: oneOf(ANSWERS), status: orNull(isNumber), roleId: orNull(isNumber) }),
  confirmed: record({
    ...stamp,
    change: isText,
    status: oneOf(CHANGE_STATUSES),
    roleId: orNull(isNumber),
    reason: orNull(isText),
    because: orNull(isText),
  }),
  finished: record({ ...stamp, interrupted: isFlag }),
};

/**
 * Parses a journal. Ignores a last line without a line end, which was cut off. Raises `bad-file` with the line number
 * for any other line that is not an entry.
 */
export function readEntries(text: string, where: string): JournalEntry[] {
  const lines = text.split('\n');
  // The text after the last line end is empty, or an entry that was cut off when the run died.
  lines.pop();
  const entries = lines.map((line, index) => readEntry(line, where, index + 1));
  entries.forEach((entry, index) => {
    if ((entry.kind === 'begun') !== (index === 0)) {
      throw invalidJournal(where, index + 1, 'misplaced: "begun" must be the first entry, and occur once');
    }
  });
  return entries;
}

function readEntry(line: string, where: string, number: number): JournalEntry {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw invalidJournal(where, number, 'not JSON');
  }
  const head = value as { v?: unknown; kind?: unknown } | null;
  if (typeof head !== 'object' || head === null) throw invalidJournal(where, number, 'not an entry');
  const other = formatMismatch(head.v, JOURNAL_FORMAT, `the journal cannot be read: line ${number}`);
  if (other) {
    const hint = 'use the version that wrote it, or move the run folder away to continue without it';
    throw new ProblemError(
      problem('bad-file', other.message, { where: { file: where, line: number }, hint }),
    );
  }
  const form =
    typeof head.kind === 'string' && Object.hasOwn(ENTRY_CHECKS, head.kind)
      ? ENTRY_CHECKS[head.kind]
      : undefined;
  if (!form?.(value)) throw invalidJournal(where, number, 'not an entry');
  return value as JournalEntry;
}

function invalidJournal(file: string, line: number, what: string): ProblemError {
  return new ProblemError(
    problem('bad-file', `the journal cannot be read: line ${line} is ${what}`, {
      where: { file, line },
      hint: 'the run folder was edited by hand; move it away to continue without it',
    }),
  );
}
