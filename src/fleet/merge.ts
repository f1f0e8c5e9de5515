import { byCodeUnit, sortedUnique } from '../model/sort.js';
import { usageError } from '../problem/problem.js';
import { assertSameRun } from './agree.js';
import type { FleetTry } from './agree.js';
import type { FleetDocument, FleetRow, FleetSelection } from './document.js';
import { isWriting } from './exit.js';
import type { GroupChange } from './group-changes.js';
import { openGroups } from './groups.js';
import { makeFleetDocument } from './make-document.js';
import { mergedRefusals, mergedWaves } from './merge-waves.js';
import { attemptOf, mergeRow } from './merge-row.js';
import { blankRow } from './rows.js';
import type { RowSubject } from './rows.js';
import { wholeSelection } from './shard.js';
import type { WaveRule } from './waves.js';

/** The input of a merge other than the documents. */
interface MergeFacts {
  madeAt: string;
  /** Name, labels and wave of an instance that no document has a row for. */
  subjectOf: (instance: string) => RowSubject;
  /** The waves of the inventory, in its order; empty if it cannot be read. */
  waves: readonly WaveRule[];
}

/** The merged document. */
interface MergedFleet {
  document: FleetDocument;
  /** The tries of each instance, oldest first, but the one that became its row last. */
  triesOf: ReadonlyMap<string, readonly FleetTry[]>;
}

/**
 * Merges the documents of shards: rows, groups, waves, refusals and exit code are those of a run without shards. The
 * order of the documents has no effect. An instance without a row in any document is `missing`.
 *
 * @throws ProblemError if they are not shards of one selection, or an instance is in two of them.
 */
export function mergeFleets(found: readonly FleetTry[], facts: MergeFacts): MergedFleet {
  const tries = inOrder(found);
  assertSameRun(tries);
  const { command, madeBy, fleet, inventory, selection } = (tries[0] as FleetTry).document;
  const names = wholeSelection(selection);
  const triesOf = new Map<string, readonly FleetTry[]>();
  const rows = names.map((name) => {
    const ofInstance = withoutContinued(triesAt(name, tries));
    const merged = mergeRow(ofInstance.map(({ row }) => row));
    if (!merged) return missingRow(name, tries, facts);
    triesOf.set(name, rowLast(ofInstance, merged.at));
    return merged.row;
  });
  const refusals = mergedRefusals(tries, rows);
  const document = makeFleetDocument({
    ...{ command, madeBy, madeAt: facts.madeAt, fleet, inventory, refusals, rows },
    selection: { flags: flagsOf(tries), digest: selection.digest, names, shard: null },
    waves: mergedWaves(tries, { rows, refusals, known: facts.waves }),
    groups: groupsOf(rows, triesOf),
    changesAre2: rows.some(({ status, exit }) => status === 'changes' && exit === 2),
  });
  return { document, triesOf };
}

/** The flags of the first shard, with the plan folders of all shards. */
function flagsOf(tries: readonly FleetTry[]): FleetSelection['flags'] {
  const [flags = {}, ...others] = tries.map(({ document }) => document.selection.flags);
  const plans = sortedUnique([flags, ...others].flatMap((one) => one.plans ?? []));
  return plans.length > 1 ? { ...flags, plans } : flags;
}

/** Sorts by shard, then by start; drops repeated documents. */
function inOrder(found: readonly FleetTry[]): FleetTry[] {
  const byText = new Map(found.map((one) => [JSON.stringify([one.begunAt, one.document]), one]));
  return [...byText]
    .sort(
      ([textA, a], [textB, b]) =>
        indexOf(a) - indexOf(b) ||
        a.begunAt - b.begunAt ||
        byCodeUnit(a.document.madeAt, b.document.madeAt) ||
        byCodeUnit(textA, textB),
    )
    .map(([, one]) => one);
}

const indexOf = ({ document }: FleetTry): number => document.selection.shard?.index ?? 1;

interface TryAt {
  one: FleetTry;
  row: FleetRow;
}

/** The tries of an instance. Rejects an instance in two shards: both may have run at the same time. */
function triesAt(name: string, tries: readonly FleetTry[]): TryAt[] {
  const found = tries.flatMap((one) => {
    const row = one.document.rows.find(({ instance }) => instance === name);
    return row ? [{ one, row }] : [];
  });
  const [first] = found;
  const other = found.find(({ one }) => first && indexOf(one) !== indexOf(first.one));
  if (!first || !other) return found;
  const [a, b] = [first, other].map(({ one }) => `shard ${indexOf(one)} (${one.folder})`);
  throw usageError(`${name} is in ${a ?? ''} and in ${b ?? ''}`, {
    hint: 'an instance belongs to one shard: leave out the folder that is not part of this run',
  });
}

/**
 * Drops the folder of a run as it was before the run was resumed, if that folder is given too: the later one repeats
 * its rows and attempts. A killed attempt has no run id by which it would be recognized.
 */
function withoutContinued(found: readonly TryAt[]): readonly TryAt[] {
  return found.filter(({ one, row }, at) => {
    const asAttempts = [...row.attempts, ...attemptOf(row)];
    return !found
      .slice(at + 1)
      .some(
        (later) =>
          later.one.begunAt === one.begunAt &&
          (isEqual(later.row, row) || isEqual(later.row.attempts.slice(0, asAttempts.length), asAttempts)),
      );
  });
}

function isEqual(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function rowLast(found: readonly TryAt[], at: number): FleetTry[] {
  const before = found.filter((_, position) => position !== at);
  return [...before, ...found.slice(at, at + 1)].map(({ one }) => one);
}

/** The row of an instance that no document covers. Its apply may have written. */
function missingRow(name: string, tries: readonly FleetTry[], { subjectOf }: MergeFacts): FleetRow {
  const { command, selection } = (tries[0] as FleetTry).document;
  const count = selection.shard?.count ?? 1;
  const names = wholeSelection(selection);
  const index = (names.indexOf(name) % count) + 1;
  const isLost = !tries.some((one) => indexOf(one) === index);
  const because = isLost
    ? `there is no document of shard ${index} of ${count}`
    : 'no document of a shard has a row for it';
  return { ...blankRow(subjectOf(name), 'missing', because), sent: isWriting(command) && !isPlanned(tries) };
}

/** A rollback whose rows have changes that are not made is a plan: no shard of it wrote. */
function isPlanned(tries: readonly FleetTry[]): boolean {
  return tries.some(({ document }) => document.rows.some(({ status }) => status === 'changes'));
}

/** The groups of the merged rows; each row's changes come from its own document. */
function groupsOf(
  rows: readonly FleetRow[],
  triesOf: ReadonlyMap<string, readonly FleetTry[]>,
): FleetDocument['groups'] {
  const groups = openGroups();
  const changesIn = new Map<FleetDocument, ReadonlyMap<string, readonly GroupChange[]>>();
  for (const row of rows) {
    const document = triesOf.get(row.instance)?.at(-1)?.document;
    if (!document) continue;
    const known = changesIn.get(document) ?? changesOf(document);
    changesIn.set(document, known);
    const changes = known.get(row.instance);
    if (changes) groups.addShared(row, changes);
  }
  return groups.groups(rows);
}

function changesOf({ groups }: FleetDocument): ReadonlyMap<string, readonly GroupChange[]> {
  return new Map(groups.flatMap(({ instances, changes }) => instances.map((name) => [name, changes])));
}
