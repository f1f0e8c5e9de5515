import { distance } from 'fastest-levenshtein';
import type { Grant } from './grant.js';
import { nearName } from './near-name.js';
import { byCodeUnit } from './sort.js';
import { quotedName } from './quoted-name.js';

/** The longest word that is compared: the cost is quadratic. */
const LONGEST = 200;

/** The most letters that may differ. */
const MOST_CHANGED = 4;

/**
 * The candidate that a word most likely stands for: the one with the fewest changed letters, ignoring case, if at most
 * about a third of the word differs; among equals the first by code unit. Null if none is close, or if the word itself
 * is a candidate.
 */
export function suggest(word: string, candidates: Iterable<string>): string | null {
  if (word.length > LONGEST) return null;
  const given = word.trim().toLowerCase();
  let best: string | null = null;
  let least = Math.min(MOST_CHANGED, Math.max(1, Math.ceil(given.length / 3))) + 1;
  for (const candidate of [...candidates].sort(byCodeUnit)) {
    if (candidate === word) return null;
    if (Math.abs(candidate.length - given.length) >= least) continue;
    const changed = distance(given, candidate.toLowerCase());
    if (changed < least) {
      best = candidate;
      least = changed;
    }
  }
  return best;
}

/** Is a name likely meant as a known word? It looks like it, or differs from it by one letter. */
export function isMeantAs(name: string, known: string): boolean {
  return nearName(name) === known || isOneLetterAway(name.toLowerCase(), known);
}

/** Do two words differ by one letter added, removed or replaced, or by two adjacent letters swapped? */
export function isOneLetterAway(word: string, other: string): boolean {
  const changed = distance(word.slice(0, LONGEST), other);
  if (changed !== 2 || word.length !== other.length) return changed === 1;
  const at = [...other].findIndex((letter, index) => letter !== word[index]);
  const swapped = `${word.slice(0, at)}${word[at + 1] ?? ''}${word[at] ?? ''}${word.slice(at + 2)}`;
  return swapped === other;
}

/**
 * The grant that an unknown one most likely stands for; null if that is one of the `sensitive` ones: a typo must
 * not lead to control of an instance.
 */
export function suggestGrant(
  word: string,
  candidates: Iterable<Grant>,
  sensitive: ReadonlySet<Grant>,
): string | null {
  const meant = suggest(word, candidates);
  return meant === null || sensitive.has(meant) ? null : meant;
}

/** The hint from `suggest`: `did you mean "Editor"`; null if nothing is close. */
export function didYouMean(word: string, candidates: Iterable<string>): string | null {
  const meant = suggest(word, candidates);
  return meant === null ? null : `did you mean ${quotedName(meant)}?`;
}
