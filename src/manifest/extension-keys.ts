import type { YamlEntry, YamlMap, YamlValue } from './yaml-values.js';
import { placeForm } from './expected-values.js';

/** Keys that begin with this are the user's own and have no effect. */
const PREFIX = 'x-';

/** Maps whose keys are names that the manifest chooses: there such a key is a name. */
const MAPS_BY_NAME: ReadonlySet<string> = new Set([
  '/roles',
  '/grantSets',
  '/policy/rules',
  'Fleet/instances',
  'Fleet/instances/*/labels',
]);

/** The form of a place by the keys that lead to it. */
type FormOf = (keys: readonly (string | number)[]) => string;

/**
 * A file without the keys that begin with `x-`, once its form is checked: whatever comes after, from merging to the
 * rules, cannot give them an effect.
 */
export function withoutExtensions(root: YamlMap, formOf: FormOf = placeForm): YamlMap {
  return mapWithout(root, [], formOf);
}

function valueWithout(node: YamlValue, path: readonly (string | number)[], formOf: FormOf): YamlValue {
  if (node.kind === 'map') return mapWithout(node, path, formOf);
  if (node.kind === 'scalar') return node;
  return { ...node, items: node.items.map((item, index) => valueWithout(item, [...path, index], formOf)) };
}

function mapWithout(map: YamlMap, path: readonly (string | number)[], formOf: FormOf): YamlMap {
  const isByName = MAPS_BY_NAME.has(formOf(path));
  const entries = [...map.entries].flatMap(([key, entry]): [string, YamlEntry][] =>
    key.startsWith(PREFIX) && !isByName
      ? []
      : [[key, { ...entry, value: valueWithout(entry.value, [...path, key], formOf) }]],
  );
  return { ...map, entries: new Map(entries) };
}
