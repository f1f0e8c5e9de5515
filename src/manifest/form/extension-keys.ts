import type { YamlEntry, YamlMap, YamlValue } from '../yaml/yaml-values.js';
import { placeForm } from './place-form.js';

/** The prefix of the user's own keys, which have no effect. */
const PREFIX = 'x-';

/** Maps whose keys are names that the manifest chooses: there, a key with the prefix is a name. */
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
 * Removes the keys that begin with `x-` from a file, after the schema check and before merging, so that no later step can
 * give them an effect.
 */
export function withoutExtensions(root: YamlMap, formOf: FormOf = placeForm): YamlMap {
  return mapWithout(root, [], formOf);
}

function valueWithout(node: YamlValue, path: readonly (string | number)[], formOf: FormOf): YamlValue {
  if (node.kind === 'map') return mapWithout(node, path, formOf);
  // Long lists contain only scalars, which need no copy.
  if (node.kind === 'scalar' || node.items.every(({ kind }) => kind === 'scalar')) return node;
  const items = node.items.map((item, index) => valueWithout(item, [...path, index], formOf));
  return items.every((item, index) => item === node.items[index]) ? node : { ...node, items };
}

function mapWithout(map: YamlMap, path: readonly (string | number)[], formOf: FormOf): YamlMap {
  const dropped = new Set<string>();
  const changed = new Map<string, YamlValue>();
  for (const [key, { value }] of map.entries) {
    if (key.startsWith(PREFIX) && !MAPS_BY_NAME.has(formOf(path))) dropped.add(key);
    else if (value.kind !== 'scalar') {
      const kept = valueWithout(value, [...path, key], formOf);
      if (kept !== value) changed.set(key, kept);
    }
  }
  if (dropped.size + changed.size === 0) return map;
  const entries = [...map.entries].flatMap(([key, entry]): [string, YamlEntry][] =>
    dropped.has(key) ? [] : [[key, { ...entry, value: changed.get(key) ?? entry.value }]],
  );
  return { ...map, entries: new Map(entries) };
}
