import { ProblemError, problem } from '../problem/problem.js';
import type { FleetDocument } from './document.js';
import { fleetDigest } from './make-document.js';
import { wholeSelection } from './shard.js';

/** What one run of a shard left. */
export interface FleetTry {
  /** Where it is, as it was named. */
  folder: string;
  document: FleetDocument;
  /** When the run began: epoch milliseconds. */
  begunAt: number;
  /** The run was killed: its document was made of its log. */
  isCutOff: boolean;
}

/** What all shards of one run have in common, by what it is called. */
const SHARED: readonly [string, (document: FleetDocument) => unknown][] = [
  ['the command', ({ command }) => command],
  ['the version of domo-roles', ({ madeBy }) => madeBy],
  ['the fleet', ({ fleet }) => fleet],
  ['the inventory', ({ inventory }) => inventory.digest],
  ['the selection', ({ selection }) => selection.digest],
  ['what is exported', ({ selection }) => selection.flags.exported ?? null],
  ['the number of shards', ({ selection }) => selection.shard?.count ?? 1],
];

/** Checks that documents are those of one run in shards. Raises `usage`, or `bad-file` for a document that contradicts itself. */
export function agreeOrThrow(tries: readonly FleetTry[]): void {
  const [first, ...others] = tries;
  if (!first)
    throw usage('there is nothing to merge', 'name the folders of the shards: fleet merge shards/*');
  for (const one of tries) checkItself(one);
  for (const other of others) {
    const different = SHARED.filter(([, of]) => of(first.document) !== of(other.document));
    if (different.length === 0) continue;
    const what = different.map(([name]) => name).join(', ');
    throw usage(
      `${first.folder} and ${other.folder} are not shards of one run: they differ in ${what}`,
      'merge the folders of one run only: the same inventory, selection, command, version and number of shards',
    );
  }
}

/** A document that was changed by hand is not merged. */
function checkItself({ folder, document }: FleetTry): void {
  const { selection, rows } = document;
  const all = new Set(wholeSelection(selection));
  const names = new Set(selection.names);
  const seen = new Set<string>();
  const faults = [
    fleetDigest([...wholeSelection(selection)]) !== selection.digest &&
      'the digest of its selection is wrong',
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
    (document.startsWith(start) && /^[a-z]+\.(?:json|yaml)$/u.test(document.slice(start.length)))
  );
}

function usage(message: string, hint: string): ProblemError {
  return new ProblemError(problem('usage', message, { hint }));
}
