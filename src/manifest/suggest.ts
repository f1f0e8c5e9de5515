import { distance } from 'fastest-levenshtein';
import type { Grant } from '../model/grant.js';
import { byCodeUnit } from '../model/sort.js';
import { quotedName } from '../model/names.js';

/** Longer words are not compared: the cost grows with the square. */
const LONGEST = 200;

/** More letters changed than this make it another word. */
const MOST_CHANGED = 4;

/**
 * The candidate that a person most likely meant by a word: the one with the fewest letters changed, without
 * regard to case, if that is about a third of the word at most; among equals the first by code unit. Null when
 * none is close, or when the word is a candidate itself.
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

/** Is one word the other with a letter added, left out or replaced, or with two neighbours swapped? */
export function isOneLetterAway(word: string, other: string): boolean {
  const changed = distance(word.slice(0, LONGEST), other);
  if (changed !== 2 || word.length !== other.length) return changed === 1;
  const at = [...other].findIndex((letter, index) => letter !== word[index]);
  const swapped = `${word.slice(0, at)}${word[at + 1] ?? ''}${word[at] ?? ''}${word.slice(at + 2)}`;
  return swapped === other;
}

/**
 * The grant that was most likely meant by an unknown one; null where that would be one of the `sensitive`: a typing
 * mistake must not end in power over an instance.
 */
export function suggestGrant(
  word: string,
  candidates: Iterable<Grant>,
  sensitive: ReadonlySet<Grant>,
): string | null {
  const meant = suggest(word, candidates);
  return meant === null || sensitive.has(meant) ? null : meant;
}

/** The hint that goes with `suggest`: `did you mean "Editor"`; null when nothing is close. */
export function didYouMean(word: string, candidates: Iterable<string>): string | null {
  const meant = suggest(word, candidates);
  return meant === null ? null : `did you mean ${quotedName(meant)}?`;
}
