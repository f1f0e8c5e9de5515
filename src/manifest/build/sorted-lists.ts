import { byPerson, type PersonRef } from '../../model/policy.js';
import { sortedUnique } from '../../model/sort.js';
import { personText } from '../draft/draft.js';
import type { SourceRange } from '../yaml/yaml-values.js';

/** The texts of a list, each once, sorted. */
export function sortedTexts(ranges: readonly SourceRange<string>[]): string[] {
  return sortedUnique(ranges.map(({ value }) => value));
}

/** The people of a list, each once, sorted. */
export function sortedPeople(ranges: readonly SourceRange<PersonRef>[]): PersonRef[] {
  return [...new Map(ranges.map(({ value }) => [personText(value), value])).values()].sort(byPerson);
}
