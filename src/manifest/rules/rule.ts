import type { Problem } from '../../problem/problem.js';
import type { ManifestDraft } from '../draft/draft.js';
import { placeText, type Place } from '../yaml/yaml-values.js';

/** A rule for manifests. It sees the whole draft and reports every violation. */
export interface Rule {
  /** A short description. */
  rule: string;
  check: (draft: ManifestDraft) => Problem[];
}

/** ` in roles.yaml:3:5` for a place in another file than `from`, else ''. */
export function inOtherFile(place: Place, from: Place): string {
  return place.file === from.file ? '' : ` in ${placeText(place)}`;
}
