import { quotedName } from '../../model/names.js';
import type { Problem } from '../../problem/problem.js';
import type { ManifestDraft } from '../draft.js';
import type { Place } from '../yaml-values.js';

/** Longer names are cut in messages. */
const LONGEST_SHOWN = 200;

/** One thing that must hold in a manifest. It sees the whole draft and reports every breach. */
export interface Rule {
  /** What must hold, in a few words. */
  rule: string;
  check: (draft: ManifestDraft) => Problem[];
}

/** A place in a message: `roles.yaml:3:5`. */
export function placeText(place: Place): string {
  return `${place.file}:${place.line}:${place.column}`;
}

/** ` in roles.yaml:3:5` for a place in another file than `from`, else nothing: one file shows both places by itself. */
export function inOtherFile(place: Place, from: Place): string {
  return place.file === from.file ? '' : ` in ${placeText(place)}`;
}

/** A name in a message: in quotes, on one line, everything in it visible; a long one is cut. */
export function named(name: string): string {
  return name.length > LONGEST_SHOWN ? `${quotedName(name.slice(0, LONGEST_SHOWN))}…` : quotedName(name);
}

/** Members of a list by a key, in the order of the list. */
export function grouped<T, K>(list: Iterable<T>, keyOf: (one: T) => K): T[][] {
  const groups = new Map<K, T[]>();
  for (const one of list) {
    const key = keyOf(one);
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return [...groups.values()];
}
