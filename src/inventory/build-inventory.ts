import { quotedName } from '../model/quoted-name.js';
import { byCodeUnit } from '../model/sort.js';
import { hasPassed, isUntil } from '../model/until.js';
import { plainWhere, problem, warning, type Problem } from '../problem/problem.js';
import { dayHint } from '../manifest/form/value-hint.js';
import type { Place, SourceRange } from '../manifest/yaml/yaml-values.js';
import { buildWave, checkWaveNames, limitOf, warnOfEmptyWaves } from './build-waves.js';
import type { DraftEntry, InventoryDraft } from './draft.js';
import { REST_WAVE } from './inventory.js';
import type { FleetEntry, FleetPolicy, Suspension, Wave } from './inventory.js';
import { nameProblem } from './instance-names.js';
import { fillPlaceholders } from './placeholders.js';
import { LABEL_VALUE, matchesTerms } from './select.js';

/** The result of checking a draft and the rows of its tables. */
export interface BuiltInventory {
  /** The valid entries. */
  entries: FleetEntry[];
  /** These, and invalid entries whose manifest is known all the same. */
  resolvable: FleetEntry[];
  waves: Wave[];
  policy: FleetPolicy;
  problems: Problem[];
}

interface BuildContext {
  draft: InventoryDraft;
  waves: readonly Wave[];
  now: string;
  problems: Problem[];
  /** Invalid entries whose manifest is known. */
  invalid: FleetEntry[];
}

/** Checks every rule of an inventory and joins its entries with the rows of its tables. `now` is ISO 8601. */
export function buildInventory(
  draft: InventoryDraft,
  rows: readonly DraftEntry[],
  now: string,
): BuiltInventory {
  const problems: Problem[] = [];
  const waves = draft.waves.map((wave) => buildWave(wave, problems));
  checkWaveNames(draft.waves, problems);
  const context: BuildContext = { draft, waves, now, problems, invalid: [] };
  const joined = joinRows(draft.entries, rows, problems);
  const entries = joined.flatMap((entry) => buildEntry(entry, context) ?? []);
  entries.sort((a, b) => byCodeUnit(a.name, b.name));
  if (joined.length === 0) problems.push(emptyFleet(draft));
  // An invalid entry is left out, so an empty wave may be a consequence of it.
  if (entries.length === joined.length) warnOfEmptyWaves(draft.waves, entries, problems);
  const rest = entries.some(({ wave }) => wave === REST_WAVE);
  return {
    entries,
    resolvable: [...entries, ...context.invalid].sort((a, b) => byCodeUnit(a.name, b.name)),
    waves: rest ? [...waves, { name: REST_WAVE, where: [], mayFail: { count: 0 }, atOnce: null }] : waves,
    policy: {
      minInstances: draft.minInstances?.value ?? null,
      maxInstances: draft.maxInstances ? limitOf(draft.maxInstances.value, 1) : null,
    },
    problems,
  };
}

/** Joins entries with the rows of the same name. The keys of an entry override those of its row; labels are merged. */
export function joinRows(
  entries: readonly DraftEntry[],
  rows: readonly DraftEntry[],
  problems: Problem[],
): DraftEntry[] {
  const byName = new Map<string, DraftEntry>();
  for (const row of rows) {
    const first = byName.get(row.name.value);
    if (first) problems.push(duplicateRow(row.name, first.name.at));
    else byName.set(row.name.value, row);
  }
  for (const entry of entries) {
    const row = byName.get(entry.name.value);
    byName.set(entry.name.value, row ? joinEntry(entry, row) : entry);
  }
  return [...byName.values()];
}

function joinEntry(entry: DraftEntry, row: DraftEntry): DraftEntry {
  return {
    ...entry,
    labels: new Map([...row.labels, ...entry.labels]),
    manifest: entry.manifest ?? row.manifest,
    source: JSON.stringify([entry.source, row.source]),
  };
}

function duplicateRow({ value, at }: SourceRange<string>, first: Place): Problem {
  return problem(
    'duplicate-instance',
    `${quotedName(value)} is listed here and in ${first.file}:${first.line}`,
    {
      where: at,
      hint: 'keep one of the two rows',
    },
  );
}

/** Returns the entry; null, with problems in the context, if it is invalid. */
function buildEntry(entry: DraftEntry, context: BuildContext): FleetEntry | null {
  const { problems, draft } = context;
  const { name } = entry;
  const invalidName = nameProblem(name);
  if (invalidName) problems.push(invalidName);
  const labels = labelsOf(entry, problems);
  const suspended = suspensionOf(entry, context);
  const path = entry.manifest ?? draft.manifest;
  if (!path) {
    problems.push(
      problem('missing-key', `${quotedName(name.value)} has no manifest`, {
        where: name.at,
        hint: 'give it a manifest, or set one for all entries at the top of the file',
      }),
    );
    return null;
  }
  // Invalid labels are filled in too: they have been reported, and are not missing.
  const allLabels = new Map([...entry.labels].map(([label, { value }]) => [label, value]));
  const manifest = fillPlaceholders(path, { name: name.value, labels: allLabels });
  if ('severity' in manifest) {
    problems.push({ ...manifest, where: plainWhere(entry.manifest ? path.at : name.at) });
    return null;
  }
  if (invalidName) return null;
  const wave = context.waves.find(({ where }) => matchesTerms(labels, where))?.name ?? REST_WAVE;
  const { overlay, source } = entry;
  const built = { name: name.value, labels, manifest, overlay, suspended, wave, source };
  if (labels.size === entry.labels.size) return built;
  const isKnown = !('severity' in fillPlaceholders(path, { name: name.value, labels }));
  if (isKnown) context.invalid.push(built);
  return null;
}

function labelsOf({ labels, name }: DraftEntry, problems: Problem[]): Map<string, string> {
  const values = new Map<string, string>();
  for (const [label, { value, at }] of labels) {
    if (LABEL_VALUE.test(value)) values.set(label, value);
    else {
      problems.push(
        problem(
          'bad-value',
          `the label ${quotedName(label)} of ${quotedName(name.value)} is not a valid label value`,
          {
            where: at,
            hint: 'letters, digits, ".", "_" and "-", beginning with a letter or digit, at most 63 characters',
          },
        ),
      );
    }
  }
  return values;
}

function suspensionOf({ suspended, name }: DraftEntry, { now, problems }: BuildContext): Suspension | null {
  if (!suspended) return null;
  const { reason, until } = suspended;
  if (until === null) return { reason, until: null };
  if (!isUntil(until.value)) {
    problems.push(
      problem('bad-date', `${quotedName(until.value)} is neither a calendar day nor a time with a zone`, {
        where: until.at,
        hint: dayHint(until.value) ?? 'write a day, such as 2027-01-31',
      }),
    );
    return { reason, until: null };
  }
  if (!hasPassed(until.value, now)) return { reason, until: until.value };
  const message = `the suspension of ${quotedName(name.value)} ended on ${until.value}: the instance is active again`;
  problems.push(warning('suspension-ended', message, { where: until.at, hint: 'remove it, or extend it' }));
  return null;
}

function emptyFleet({ instancesAt, at }: InventoryDraft): Problem {
  return problem('empty-fleet', 'the fleet has no instance', {
    where: instancesAt ?? at,
    hint: 'list instances under instances, or a table under instancesFrom',
  });
}
