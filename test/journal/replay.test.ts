import { asChangeId } from '../support/change-ids.js';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { entryLine } from '../../src/journal/entry.js';
import type { BegunEntry, JournalEntry } from '../../src/journal/entry.js';
import { readEntries } from '../../src/journal/read-entries.js';
import { replay, replayAll } from '../../src/journal/replay.js';
import { applyWorld, FALSE_ANSWERS } from '../support/apply-world.js';
import type { FalseAnswer } from '../support/apply-world.js';
import { applyTo, everything, memoryJournal } from '../support/apply-run.js';
import { inputs } from '../support/law.js';
import { RUN_ID } from '../support/state-folder.js';

const schemaFile = new URL('../../schemas/journal.v1.schema.json', import.meta.url);
const ajv = new Ajv2020({ strict: false });
addFormats.default(ajv);
const fits = ajv.compile(JSON.parse(readFileSync(schemaFile, 'utf8')) as object);

const STAMP = { v: 1, at: '2026-01-01T00:00:00.000Z' } as const;
const begun: BegunEntry = {
  ...STAMP,
  kind: 'begun',
  runId: RUN_ID,
  instance: 'acme',
  plan: 'sha256:0',
  changes: 2,
  roleIds: [1, 2],
};
const about = (change: string): JournalEntry => ({
  ...STAMP,
  kind: 'about-to-send',
  change: asChangeId(change),
  step: 'change',
  attempt: 1,
  role: null,
});
const answered = (change: string, said: 'yes' | 'nothing', roleId: number | null = null): JournalEntry => ({
  ...STAMP,
  kind: 'answered',
  change: asChangeId(change),
  step: 'change',
  attempt: 1,
  said,
  status: said === 'yes' ? 200 : null,
  roleId,
});
const confirmed = (
  change: string,
  status: 'done' | 'failed' | 'skipped',
  roleId: number | null = null,
): JournalEntry => ({
  ...STAMP,
  kind: 'confirmed',
  change: asChangeId(change),
  status,
  roleId,
  reason: null,
  because: null,
});
const finished = (interrupted: boolean): JournalEntry => ({ ...STAMP, kind: 'finished', interrupted });

async function journalWithFalseAnswers(falseAnswers: readonly FalseAnswer[]): Promise<JournalEntry[]> {
  const world = applyWorld();
  const plan = await everything(world);
  world.falseAnswers = [...falseAnswers];
  const journal = memoryJournal();
  await applyTo(world, plan, { journal });
  return journal.entries();
}

describe('a change in a journal', () => {
  it('is unconfirmed after about-to-send without a result', () => {
    const found = replay([begun, about('a'), answered('a', 'yes', 7), about('b')]);

    expect(found).toMatchObject({
      done: [],
      doubtful: ['a', 'b'],
      open: [],
      finished: false,
      interrupted: true,
    });
    expect(found.changes.get(asChangeId('a'))).toMatchObject({ sent: true, roleId: 7 });
    expect(found.changes.get(asChangeId('b'))).toMatchObject({ sent: true, roleId: null });
  });

  it('is done after a confirmation, and open after a failure or a skip', () => {
    const found = replay([
      begun,
      about('a'),
      confirmed('a', 'done'),
      confirmed('b', 'failed'),
      confirmed('c', 'skipped'),
      finished(false),
    ]);

    expect(found).toMatchObject({
      done: ['a'],
      doubtful: [],
      open: ['b', 'c'],
      finished: true,
      interrupted: false,
    });
  });

  it('belongs to an interrupted or a finished run', () => {
    expect(replay([begun, finished(true)]).interrupted).toBe(true);
    expect(replay([begun, finished(false)]).interrupted).toBe(false);
    expect(replay([]).interrupted).toBe(false);
  });

  it('combines several runs: one request is enough, and the role ids of the first run count', () => {
    const second: JournalEntry = { ...begun, roleIds: [1, 2, 7] };
    const found = replayAll([
      [begun, about('a'), answered('a', 'nothing')],
      [second, confirmed('a', 'skipped'), finished(true)],
    ]);

    expect(found.changes.get(asChangeId('a'))).toMatchObject({ sent: true, status: null });
    expect([...found.roleIds]).toEqual([1, 2]);
    expect(found.doubtful).toEqual(['a']);
  });
});

describe('the text of a journal', () => {
  it('may end in the middle of a line', async () => {
    const entries = await journalWithFalseAnswers([]);
    const text = entries.map(entryLine).join('');
    fc.assert(
      fc.property(fc.integer({ min: 0, max: text.length }), (end) => {
        const whole = text.slice(0, end).split('\n').length - 1;
        expect(readEntries(text.slice(0, end), 'journal.jsonl')).toEqual(entries.slice(0, whole));
      }),
    );
  });

  it.each([
    ['no JSON', '{"v":1\n', 'line 2 is not JSON'],
    [
      'an entry of another version',
      '{"v":2,"kind":"finished"}\n',
      'line 2 has format 2, and this version of domo-roles reads format 1',
    ],
    [
      'an entry of no known kind',
      `${JSON.stringify({ ...STAMP, kind: 'toString' })}\n`,
      'line 2 is not an entry',
    ],
    ['null', 'null\n', 'line 2 is not an entry'],
    ['an empty line', '\n', 'line 2 is not JSON'],
    ['an extra key', `${JSON.stringify({ ...finished(true), extra: 1 })}\n`, 'line 2 is not an entry'],
    [
      'a second begun entry',
      entryLine(begun),
      'line 2 is misplaced: "begun" must be the first entry, and occur once',
    ],
  ])('is rejected with a line number if it contains %s', (_, line, fault) => {
    const read = (): unknown => readEntries(`${entryLine(begun)}${line}`, 'journal.jsonl');

    expect(read).toThrow(`the journal cannot be read: ${fault}`);
    try {
      read();
    } catch (error) {
      expect(error).toMatchObject({
        problems: [{ code: 'bad-file', where: { file: 'journal.jsonl', line: 2 } }],
      });
    }
  });

  it('matches its published schema for any run', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom<FalseAnswer>(...FALSE_ANSWERS), { maxLength: 20 }),
        async (falseAnswers) => {
          for (const entry of await journalWithFalseAnswers(falseAnswers))
            expect([entry, fits(entry)]).toEqual([entry, true]);
        },
      ),
      { numRuns: inputs(40) },
    );
  });

  it('is accepted and rejected exactly like by its schema if values are replaced by invalid ones', async () => {
    const entries = await journalWithFalseAnswers(['lost-applied', 'refused']);
    const invalidValue = fc.constantFrom<unknown>(
      null,
      '',
      'x',
      0,
      -1,
      1.5,
      true,
      [],
      [1],
      ['a'],
      {},
      'done',
      'yes',
    );
    fc.assert(
      fc.property(fc.constantFrom(...entries), fc.nat(20), invalidValue, (entry, at, value) => {
        const keys = Object.keys(entry);
        const key = keys[at % keys.length] as string;
        const changed = { ...entry, [key]: value };
        const alone = changed.kind === 'begun' ? '' : entryLine(begun);
        let taken = true;
        try {
          readEntries(`${alone}${JSON.stringify(changed)}\n`, 'journal.jsonl');
        } catch {
          taken = false;
        }
        expect([changed, taken]).toEqual([changed, fits(changed)]);
      }),
      { numRuns: inputs(200) },
    );
  });
});
