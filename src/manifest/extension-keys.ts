import type { YamlEntry, YamlMap, YamlValue } from './yaml-values.js';
import { placeForm } from './expected-values.js';

/** Keys that begin with this are the user's own and have no effect. */
const PREFIX = 'x-';

/** Maps whose keys are names that the manifest chooses: there such a key is a name. */
const MAPS_BY_NAME: ReadonlySet<string> = new Set(['/roles', '/grantSets', '/policy/rules']);

/**
 * A file without the keys that begin with `x-`, once its form is checked: whatever comes after, from merging to the
 * rules, cannot give them an effect.
 */
export function withoutExtensions(root: YamlMap): YamlMap {
  return mapWithout(root, []);
}

function valueWithout(node: YamlValue, path: readonly (string | number)[]): YamlValue {
  if (node.kind === 'map') return mapWithout(node, path);
  if (node.kind === 'scalar') return node;
  return { ...node, items: node.items.map((item, index) => valueWithout(item, [...path, index])) };
}

function mapWithout(map: YamlMap, path: readonly (string | number)[]): YamlMap {
  const isByName = MAPS_BY_NAME.has(placeForm(path));
  const entries = [...map.entries].flatMap(([key, entry]): [string, YamlEntry][] =>
    key.startsWith(PREFIX) && !isByName
      ? []
      : [[key, { ...entry, value: valueWithout(entry.value, [...path, key]) }]],
  );
  return { ...map, entries: new Map(entries) };
}
