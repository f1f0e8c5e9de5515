import { addressHint, isAddress } from '../model/address.js';
import type { PersonId } from '../model/ids.js';
import { sameAddress } from '../model/names.js';
import { problem, type Problem } from '../problem/problem.js';
import type { PersonRef } from '../model/policy.js';
import type { ManifestMember } from './manifest.js';
import type { MembersRead } from './members-table.js';
import { withoutGuard } from './cell-guard.js';
import type { Place } from './yaml-values.js';

const ID = /^id:\s*([1-9][0-9]{0,15})$/u;

/** More broken lines than this are counted, not listed. */
const MOST_LISTED = 20;

/** The id in a word like `id: 1345408759`; null where it is none. */
function idIn(word: string): PersonId | null {
  const digits = ID.exec(word)?.[1];
  const id = Number(digits);
  return digits !== undefined && Number.isSafeInteger(id) ? id : null;
}

/** A file that may be a table. */
const TABLE = /\.(?:csv|tsv)$/iu;

/** Reads a members file: a table where it is one, else one address a line. */
export async function readMembersContent(text: string, file: string): Promise<MembersRead> {
  if (!TABLE.test(file)) return readMembersText(text, file);
  // The reader of CSV is loaded where there is a table.
  const { readMembersTable } = await import('./members-table.js');
  return readMembersTable(text, file) ?? readMembersText(text, file);
}

/**
 * Reads a members file: one address a line (or `id: 1345408759`), blank lines and comments after a number
 * sign left out. Messages name lines and quote no more of them than an address: the file may not be a list of people.
 */
export function readMembersText(text: string, file: string): MembersRead {
  const listed: ManifestMember[] = [];
  const broken: BrokenLine[] = [];
  text.split(/\r\n|\n|\r/u).forEach((whole, index) => {
    const written = whole.replace(/(^|\s)#.*$/u, '').trim();
    if (written === '') return;
    const word = withoutGuard(written);
    const line = index + 1;
    const start = whole.indexOf(word);
    const where = { file, line, column: start + 1, endLine: line, endColumn: start + 1 + word.length };
    const id = idIn(word);
    if (id !== null) listed.push(entry({ id }, where));
    else if (isAddress(word)) listed.push(entry({ email: sameAddress(word) }, where));
    else broken.push({ where, hint: addressHint(word) });
  });
  const problems = broken.slice(0, MOST_LISTED).map(lineProblem);
  const more = broken.length - problems.length;
  if (more > 0) {
    problems.push(
      problem('members-file', `${more} more lines of this members file are not addresses`, {
        where: broken[MOST_LISTED]?.where ?? null,
      }),
    );
  }
  return { listed, problems };
}

function entry(ref: PersonRef, where: Place): ManifestMember {
  return { ref, email: 'id' in ref ? null : ref.email, until: null, note: null, where };
}

/** A line that is not an address. */
interface BrokenLine {
  where: Place;
  hint: string | null;
}

function lineProblem({ where, hint }: BrokenLine): Problem {
  return problem('members-file', `line ${where.line} of this members file is not an address`, {
    where,
    hint: hint ?? 'one e-mail address per line, or "id:" and a user id; # starts a comment',
  });
}
