/** A text between two `*`, with its failure table (Knuth-Morris-Pratt): the search never goes back in the address. */
interface Piece {
  text: string;
  /** For each length of a match so far, the longest shorter one that it ends with. */
  shorter: readonly number[];
}

/**
 * A check whether an address matches a pattern: `*` matches any characters except `@`, all else is literal, in any
 * case, over the whole address. A pattern has one `@`. Runs in linear time, whatever the pattern.
 */
export function addressMatcher(pattern: string): (address: string) => boolean {
  const [local = '', domain = ''] = pattern.toLowerCase().split('@');
  const [matchesLocal, matchesDomain] = [partMatcher(local), partMatcher(domain)];
  return (address) => {
    const text = address.toLowerCase();
    const at = text.indexOf('@');
    if (at < 0 || text.includes('@', at + 1)) return false;
    return matchesDomain(text.slice(at + 1)) && matchesLocal(text.slice(0, at));
  };
}

/** Returns a check whether one side of the `@` matches its half of the pattern. */
function partMatcher(pattern: string): (text: string) => boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return (text) => text === first;
  const between = rest.filter((piece) => piece !== '').map(pieceOf);
  return (text) => {
    if (text.length < first.length + last.length) return false;
    if (!text.startsWith(first) || !text.endsWith(last)) return false;
    const end = text.length - last.length;
    let at: number | null = first.length;
    for (const piece of between) {
      at = endOf(piece, text, { from: at, end });
      if (at === null) return false;
    }
    return true;
  };
}

function pieceOf(text: string): Piece {
  const shorter = [0];
  for (let index = 1, matched = 0; index < text.length; index += 1) {
    while (matched > 0 && text[index] !== text[matched]) matched = shorter[matched - 1] ?? 0;
    if (text[index] === text[matched]) matched += 1;
    shorter.push(matched);
  }
  return { text, shorter };
}

/** The end of the first occurrence of a piece; null if there is none. */
function endOf(
  { text: piece, shorter }: Piece,
  text: string,
  { from, end }: { from: number; end: number },
): number | null {
  for (let index = from, matched = 0; index < end; index += 1) {
    while (matched > 0 && text[index] !== piece[matched]) matched = shorter[matched - 1] ?? 0;
    if (text[index] === piece[matched]) matched += 1;
    if (matched === piece.length) return index + 1;
  }
  return null;
}
