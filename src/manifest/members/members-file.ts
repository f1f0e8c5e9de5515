import { addressHint, isAddress, sameAddress } from '../../model/address.js';
import type { PersonId } from '../../model/ids.js';
import type { PersonRef } from '../../model/policy.js';
import { problem, type Problem } from '../../problem/problem.js';
import type { ManifestMember } from '../manifest.js';
import type { Place } from '../yaml/yaml-values.js';
import { withoutGuard } from './cell-guard.js';
import type { MembersRead } from './members-table.js';

const ID = /^id:\s*([1-9][0-9]{0,15})$/u;

/** The most broken lines that are listed; more are counted. */
const MOST_LISTED = 20;

/** The id in a text like `id: 1345408759`; null for any other text. */
function idIn(word: string): PersonId | null {
  const digits = ID.exec(word)?.[1];
  const id = Number(digits);
  return digits !== undefined && Number.isSafeInteger(id) ? id : null;
}

/** The names of members files that may be tables. */
const TABLE = /\.(?:csv|tsv)$/iu;

/** For the first line of such a file, if it is not an address: it is probably the header of a table. */
const TABLE_HINT =
  'the first row of a table needs a column email, e-mail or mail; without it, write one address per line';

/** Reads a members file: a table, or one address per line. */
export async function readMembersContent(text: string, file: string): Promise<MembersRead> {
  if (!TABLE.test(file)) return readMembersText(text, file);
  // The CSV reader is loaded only for tables.
  const { readMembersTable } = await import('./members-table.js');
  return readMembersTable(text, file) ?? readMembersText(text, file);
}

/**
 * Reads a members file with one address per line (or `id: 1345408759`); blank lines and comments after `#` are ignored.
 * Messages name lines and quote nothing but addresses, because the file may contain something else than people.
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
    else {
      const isHeader = TABLE.test(file) && listed.length === 0 && broken.length === 0;
      broken.push({ where, hint: isHeader ? TABLE_HINT : addressHint(word) });
    }
  });
  const problems = broken.slice(0, MOST_LISTED).map(lineProblem);
  const more = broken.length - problems.length;
  if (more > 0) {
    const lines =
      more === 1
        ? '1 more line of this members file is not an address'
        : `${more} more lines of this members file are not addresses`;
    problems.push(
      problem('members-file', lines, {
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
