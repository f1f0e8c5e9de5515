import { itemsOf, valueOf, type YamlEntry, type YamlMap, type YamlValue } from '../yaml/yaml-values.js';

/** Lists that a policy file extends. */
const JOINED_LISTS: ReadonlySet<string> = new Set(['requiredAdmins', 'protectedGrants']);

/** Maps that a policy file extends by name. An entry with the same name is replaced as a whole. */
const JOINED_MAPS: ReadonlySet<string> = new Set(['rules']);

/**
 * Merges a policy file into the policy of a manifest, both as trees. Every value keeps its place, so that problems are
 * shown in the right file.
 */
export function mergePolicyFile(manifest: YamlMap, file: YamlMap): YamlMap {
  const above = file.entries.get('policy');
  if (!above) return manifest;
  const below = manifest.entries.get('policy');
  const entries = new Map(manifest.entries);
  const isJoined = below?.value.kind === 'map' && above.value.kind === 'map';
  entries.set('policy', isJoined ? { ...below, value: mergeMaps(below.value, above.value) } : above);
  return { ...manifest, entries };
}

function mergeMaps(below: YamlValue, above: YamlValue): YamlValue {
  if (below.kind !== 'map' || above.kind !== 'map') return above;
  const entries = new Map(below.entries);
  for (const [key, entry] of above.entries) entries.set(key, mergeEntry(key, entries.get(key), entry));
  return { ...below, entries };
}

function mergeEntry(key: string, below: YamlEntry | undefined, above: YamlEntry): YamlEntry {
  if (!below) return above;
  const [a, b] = [below.value, above.value];
  if (JOINED_LISTS.has(key) && a.kind === 'list' && b.kind === 'list')
    return { ...below, value: { ...a, items: [...a.items, ...itemsOf(b)] } };
  if (JOINED_MAPS.has(key) && a.kind === 'map' && b.kind === 'map')
    return { ...below, value: { ...a, entries: new Map([...a.entries, ...b.entries]) } };
  return above;
}

/** Does the policy file list protected grants while the manifest lists none, so that the default ones stay protected? */
export function keepsDefaultProtection(manifest: YamlMap, file: YamlMap): boolean {
  const lists = (root: YamlMap): boolean => valueOf(valueOf(root, 'policy'), 'protectedGrants') !== null;
  return !lists(manifest) && lists(file);
}
