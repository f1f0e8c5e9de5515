import { BLANK, INVISIBLE, codePoints } from './invisible.js';

const ODD_BLANK = /(?! )[\s\u{2800}]/u;

/** The ways in which two names may differ and still look alike. */
const DIFFERENCES: readonly { label: string; seen: boolean; same: (name: string) => string }[] = [
  { label: 'blanks', seen: true, same: (name) => name.replace(BLANK, '') },
  { label: 'case', seen: true, same: foldCase },
  { label: 'invisible characters', seen: false, same: (name) => name.replace(INVISIBLE, '') },
  { label: 'how letters are composed', seen: false, same: (name) => name.normalize('NFKC') },
];

/**
 * A normal form in which names that look alike are equal: without spaces, case, invisible characters and variants of
 * composed letters.
 */
export function nearName(name: string): string {
  // Normalization may produce a blank or another case, so it comes first and last.
  const plain = name.normalize('NFKC').replace(INVISIBLE, '').replace(BLANK, '');
  return foldCase(plain).normalize('NFKC');
}

function foldCase(text: string): string {
  return text.toLowerCase().replaceAll('ß', 'ss').replaceAll('ς', 'σ');
}

/**
 * How two names that look alike differ, for a message: `case`, `case and blanks`. An invisible difference is shown
 * with the code points of the part that differs.
 */
export function nearDifference(one: string, other: string): string {
  const except = (skip: number): boolean => {
    const same = (name: string): string =>
      DIFFERENCES.reduce((text, way, index) => (index === skip ? text : way.same(text)), name);
    return same(same(one)) === same(same(other));
  };
  const needed = DIFFERENCES.filter((_, index) => !except(index));
  const enough = DIFFERENCES.find(({ same }) => same(one) === same(other));
  const ways = needed.length > 0 ? needed : enough ? [enough] : DIFFERENCES;
  const text = ways.map(({ label }) => label).join(' and ');
  const [here, there] = differingParts(one, other);
  const isSeen = ways.every(({ seen }) => seen) && !ODD_BLANK.test(here + there);
  return isSeen ? text : `${text}: ${codePoints(here)} in one, ${codePoints(there)} in the other`;
}

function differingParts(one: string, other: string): [string, string] {
  const [a, b] = [[...one], [...other]];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  const most = Math.min(a.length, b.length) - start;
  while (end < most && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1;
  return [a.slice(start, a.length - end).join(''), b.slice(start, b.length - end).join('')];
}
