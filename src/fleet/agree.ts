import { digestOf } from '../plan/digest.js';
import { ProblemError, problem, usageError } from '../problem/problem.js';
import type { FleetDocument } from './document.js';
import { wholeSelection } from './shard.js';

/** The document that one run of a shard wrote. */
export interface FleetTry {
  /** The folder of the run, as given. */
  folder: string;
  document: FleetDocument;
  /** When the run began: epoch milliseconds. */
  begunAt: number;
  /** The run was killed: its document was rebuilt from its log. */
  isCutOff: boolean;
  /** What decides the result besides the document's own facts, by flag; null if the run kept no flags. */
  given: Readonly<Record<string, unknown>> | null;
}

/** Flags that all shards of one run have in common. */
const SHARED_FLAGS: readonly [string, string][] = [
  ['policy', 'the policy file (--policy)'],
  ['onlyExpired', '--only-expired'],
  ['snapshots', '--snapshots'],
  ['since', '--since'],
  ['without', '--without'],
  ['compact', '--compact'],
  ['split', '--split'],
  ['membersFiles', '--members-files'],
  ['probe', '--probe'],
  ['groupBy', '--group-by'],
  ['impactLimit', '--impact-limit'],
];

/** The fields that all shards of one run share, by their names in messages. */
const SHARED: readonly [string, (document: FleetDocument) => unknown][] = [
  ['the command', ({ command }) => command],
  ['the version of domo-roles', ({ madeBy }) => madeBy],
  ['the fleet', ({ fleet }) => fleet],
  ['the inventory', ({ inventory }) => inventory.digest],
  ['the selection', ({ selection }) => selection.digest],
  ['what is exported', ({ selection }) => selection.flags.exported ?? null],
  ['the number of shards', ({ selection }) => selection.shard?.count ?? 1],
];

/** Asserts that documents are shards of one run. Raises `usage` otherwise, and `bad-file` for a document that contradicts itself. */
export function assertSameRun(tries: readonly FleetTry[]): void {
  const [first, ...others] = tries;
  if (!first)
    throw usageError('there is nothing to merge', {
      hint: 'specify the folders of the shards: fleet merge shards/*',
    });
  for (const one of tries) assertConsistent(one);
  for (const other of others) {
    const different = differences(first, other);
    if (different.length === 0) continue;
    const what = different.join(', ');
    throw usageError(
      `${first.folder} and ${other.folder} are not shards of one run: they differ in ${what}`,
      {
        hint: 'merge the folders of one run only: the same inventory, selection, command, flags, policy file, version and number of shards',
      },
    );
  }
}

function differences(first: FleetTry, other: FleetTry): string[] {
  const facts = SHARED.filter(([, read]) => read(first.document) !== read(other.document));
  const [a, b] = [first.given, other.given];
  const flags =
    a && b
      ? SHARED_FLAGS.filter(([flag]) => JSON.stringify(a[flag] ?? null) !== JSON.stringify(b[flag] ?? null))
      : [];
  // Each shard may have a folder of its own for its embedded instances.
  if (a && b && isEmbedded(a) !== isEmbedded(b)) flags.push(['sandbox', '--sandbox']);
  return [...facts.map(([name]) => name), ...flags.map(([, name]) => name)];
}

function isEmbedded({ sandbox }: Readonly<Record<string, unknown>>): boolean {
  return sandbox !== undefined;
}

/** Rejects a document that was edited by hand. */
function assertConsistent({ folder, document }: FleetTry): void {
  const { selection, rows } = document;
  const all = new Set(wholeSelection(selection));
  const names = new Set(selection.names);
  const seen = new Set<string>();
  const faults = [
    digestOf([...wholeSelection(selection)]) !== selection.digest && 'the digest of its selection is wrong',
    selection.names.some((name) => !all.has(name)) && 'its names are not part of its selection',
    (selection.shard?.index ?? 1) > (selection.shard?.count ?? 1) && 'there is no such shard',
    rows.some(({ instance }) => seen.size === seen.add(instance).size) && 'an instance has two rows',
    rows.some(({ instance }) => !names.has(instance)) && 'it has a row of an instance that was not selected',
    rows.some((row) => !isOwnDocument(row)) && 'a row names a document outside of its own folder',
  ];
  const fault = faults.find((one) => one !== false);
  if (fault === undefined) return;
  const hint = 'it was changed after it was made: run the shard again';
  throw new ProblemError(problem('bad-file', `${folder}: ${fault}`, { where: { file: folder }, hint }));
}

function isOwnDocument({ document, instance }: FleetDocument['rows'][number]): boolean {
  const start = `instances/${instance}/`;
  return (
    document === null ||
    (document.startsWith(start) &&
      /^(?:[a-z]+\.(?:json|yaml|csv|html)|domo-roles\/instance\.yaml)$/u.test(document.slice(start.length)))
  );
}
