import { quotedName } from '../../model/quoted-name.js';
import type { Problem } from '../../problem/problem.js';
import type { ManifestDraft } from '../draft.js';
import type { Place } from '../yaml-values.js';

/** The longest name in messages, in characters; longer ones are cut. */
const LONGEST_SHOWN = 200;

/** A rule for manifests. It sees the whole draft and reports every violation. */
export interface Rule {
  /** A short description. */
  rule: string;
  check: (draft: ManifestDraft) => Problem[];
}

/** A place in a message: `roles.yaml:3:5`. */
export function placeText(place: Place): string {
  return `${place.file}:${place.line}:${place.column}`;
}

/** ` in roles.yaml:3:5` for a place in another file than `from`, else ''. */
export function inOtherFile(place: Place, from: Place): string {
  return place.file === from.file ? '' : ` in ${placeText(place)}`;
}

/** A name in quotes for messages: on one line, invisible characters escaped, long names cut. */
export function shownName(name: string): string {
  return name.length > LONGEST_SHOWN ? `${quotedName(name.slice(0, LONGEST_SHOWN))}…` : quotedName(name);
}
