import { quotedName } from '../model/quoted-name.js';
import { byCodeUnit } from '../model/sort.js';
import { problem, type Problem } from '../problem/problem.js';
import { suggest } from '../model/suggest.js';
import type { SourceRange } from '../manifest/yaml/yaml-values.js';

const PLACEHOLDER = /\{([^{}]*)\}/gu;

/** The values of placeholders. */
interface PlaceholderValues {
  name: string;
  labels: ReadonlyMap<string, string>;
}

/** Fills `{name}` and `{label}` into a path. Returns the problem of a placeholder that has no value. */
export function fillPlaceholders(
  path: SourceRange<string>,
  { name, labels }: PlaceholderValues,
): SourceRange<string> | Problem {
  const values = new Map([...labels, ['name', name]]);
  const words = [...path.value.matchAll(PLACEHOLDER)].map(([, word = '']) => word);
  const missing = words.find((word) => !values.has(word.trim()));
  if (missing !== undefined) return missingLabel(missing, name, { path, values });
  const value = path.value.replace(PLACEHOLDER, (_, word: string) => values.get(word.trim()) ?? '');
  if (!/[{}]/u.test(value)) return { value, at: path.at };
  return problem('missing-label', `the path ${quotedName(path.value)} has an unmatched brace`, {
    where: path.at,
    hint: 'write {name}, or the name of a label in braces',
  });
}

function missingLabel(
  word: string,
  name: string,
  { path, values }: { path: SourceRange<string>; values: ReadonlyMap<string, string> },
): Problem {
  const meant = suggest(word, values.keys());
  const known = [...values.keys()].sort(byCodeUnit).join(', ');
  return problem('missing-label', `${quotedName(name)} has no label ${quotedName(word)} for {${word}}`, {
    where: path.at,
    hint: meant === null ? `it has: ${known}` : `did you mean {${meant}}?`,
  });
}
