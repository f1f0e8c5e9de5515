import { memoize } from '../../model/memoize.js';
import { shownName } from '../../model/quoted-name.js';
import { warning, type Problem } from '../../problem/problem.js';
import {
  entryOf,
  itemsOf,
  textOf,
  valueOf,
  type Place,
  type YamlEntry,
  type YamlMap,
  type YamlValue,
} from '../yaml/yaml-values.js';
import { mergeList } from './inherit.js';

/** The result of merging layers, with problems between them. */
export interface MergedLayers {
  root: YamlMap;
  problems: readonly Problem[];
}

/** Keys that belong to one file. */
const OWN_KEYS: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'extends']);

/**
 * Merges the keys of manifests, the lowest layer first. A layer is a file, or an overlay that is part of another file.
 * Maps merge by key and other values are replaced, unless a layer inherits a list, marks something as unmanaged, or
 * removes or wants a role of a lower layer.
 */
export function mergeLayers(layers: readonly YamlMap[]): MergedLayers {
  const [first, ...others] = layers;
  if (!first) throw new RangeError('there must be at least one layer');
  return mergeOnto(mergeFirst(first), others);
}

/** Merges further layers into a result. */
export function mergeOnto(below: MergedLayers, layers: readonly YamlMap[]): MergedLayers {
  const problems = [...below.problems];
  const root = layers
    .map(withoutOwnKeys)
    .reduce((lower, layer) => mergeOne(lower, layer, problems), below.root);
  return { root, problems };
}

/** The result of a lowest layer. Manifests with the same base share it, and so the objects of its roles. */
const mergeFirst = memoize((layer: YamlMap): MergedLayers => {
  const problems: Problem[] = [];
  const nothing: YamlMap = { kind: 'map', at: layer.at, entries: new Map() };
  return { root: mergeOne(nothing, withoutOwnKeys(layer), problems), problems };
});

/** A file without the keys that concern only the file itself. Manifests that share a file share the object. */
export const withoutOwnKeys = memoize((file: YamlMap): YamlMap => ({
  ...file,
  entries: new Map([...file.entries].filter(([key]) => !OWN_KEYS.has(key))),
}));

interface MergeContext {
  /** The position in the manifest: keys, with `*` for a role's name. */
  form: string;
  /** The last of these keys. */
  key: string;
  /** The role that contains the entry. */
  role: string;
  removedBelow: ReadonlySet<string>;
  problems: Problem[];
}

function mergeOne(lower: YamlMap, upper: YamlMap, problems: Problem[]): YamlMap {
  const removedBelow = namesIn(valueOf(lower, 'removed'));
  const merged = mergeMaps(lower, upper, { form: '', key: '', role: '', removedBelow, problems });
  return settleRemoved(merged, upper);
}

/** A role that a layer removes is no longer wanted by lower ones; a role that it names is no longer removed by lower ones. */
function settleRemoved(merged: YamlMap, upper: YamlMap): YamlMap {
  const removedAbove = namesIn(valueOf(upper, 'removed'));
  const namedAbove = keysIn(valueOf(upper, 'roles'));
  // Keep the same object if nothing changes, so that it is not read and checked again.
  if (removedAbove.size + namedAbove.size === 0) return merged;
  const entries = new Map(merged.entries);
  const roles = entryOf(merged, 'roles');
  if (roles?.value.kind === 'map') {
    const kept = [...roles.value.entries].filter(([name]) => !removedAbove.has(name) || namedAbove.has(name));
    entries.set('roles', { ...roles, value: { ...roles.value, entries: new Map(kept) } });
  }
  const removed = entryOf(merged, 'removed');
  if (removed?.value.kind === 'list' && !entryOf(upper, 'removed')) {
    const items = removed.value.items.filter((item) => !namedAbove.has(textOf(item)?.value ?? ''));
    entries.set('removed', { ...removed, value: { ...removed.value, items } });
  }
  return { ...merged, entries };
}

/** Maps whose entries a higher layer replaces as a whole, by name. */
const REPLACED_WHOLE: ReadonlySet<string> = new Set(['/policy/rules']);

function mergeMaps(lower: YamlMap, upper: YamlMap, context: MergeContext): YamlMap {
  const entries = new Map(lower.entries);
  for (const [key, above] of upper.entries) {
    const isName = context.form === '/roles';
    const there = {
      ...context,
      form: `${context.form}/${isName ? '*' : key}`,
      key,
      role: isName ? key : context.role,
    };
    const below = REPLACED_WHOLE.has(context.form) ? null : (entries.get(key) ?? null);
    const entry = mergeEntry(below, above, there);
    if (entry) entries.set(key, entry);
    else entries.delete(key);
  }
  return { ...lower, at: upper.at, entries };
}

/** Merges an entry with the one below; null if nothing is left. */
function mergeEntry(below: YamlEntry | null, above: YamlEntry, context: MergeContext): YamlEntry | null {
  if (isUnmanaged(above.value, context.form)) return mergeUnmanaged(below, above, context);
  const map = below?.value.kind === 'map' ? below.value : null;
  // A role without a value sets nothing, so it also replaces nothing of its base.
  if (map && isNull(above.value)) return { keyAt: above.keyAt, value: map };
  if (LISTS.has(context.form)) return mergeList(below, above, context);
  if (above.value.kind !== 'map') return above;
  const lower: YamlMap = map ?? { ...above.value, entries: new Map() };
  return { keyAt: above.keyAt, value: mergeMaps(lower, above.value, context) };
}

/** Places where a map can inherit the layers below. */
const LISTS: ReadonlySet<string> = new Set(['/roles/*/grants', '/roles/*/members']);

/** Places where the word `unmanaged` drops the layers below. */
const TAKES_WORD: ReadonlySet<string> = new Set([...LISTS, '/roles/*', '/allowlist']);

/** Places where any word is a value, so that `{ unmanaged: true }` drops the layers below. */
const TAKES_MAP: ReadonlySet<string> = new Set(['/roles/*/description', '/defaultRole']);

/** Is this the mark that drops the layers below? */
function isUnmanaged(value: YamlValue, form: string): boolean {
  if (TAKES_WORD.has(form)) return textOf(value)?.value === 'unmanaged';
  const mark = TAKES_MAP.has(form) ? valueOf(value, 'unmanaged') : null;
  return mark?.kind === 'scalar' && mark.value === true;
}

/** A role keeps its mark, because the live role must be left alone; other entries disappear. */
function mergeUnmanaged(below: YamlEntry | null, above: YamlEntry, context: MergeContext): YamlEntry | null {
  const isRole = context.form === '/roles/*';
  const isThere = isRole
    ? context.removedBelow.has(context.role) || (below !== null && !isUnmanaged(below.value, context.form))
    : below !== null;
  if (!isThere) context.problems.push(nothingToDrop(context, above.keyAt));
  return isRole ? above : null;
}

function nothingToDrop({ form, key, role }: MergeContext, where: Place): Problem {
  const what = form === '/roles/*' ? `role ${shownName(role)}` : inRole(shownName(key), role);
  const hint =
    form === '/roles/*'
      ? 'no file that this one extends has the role: check its name; a live role of this name is left alone'
      : 'remove it: what no file sets is not managed';
  return warning('unmanaged-no-effect', `${what} is unmanaged here, and nothing below sets it`, {
    where,
    hint,
  });
}

/** `"grants" of role "A"`, or the key alone outside of roles. */
function inRole(key: string, role: string): string {
  return role === '' ? key : `${key} of role ${shownName(role)}`;
}

function namesIn(list: YamlValue | null): Set<string> {
  return new Set(itemsOf(list).flatMap((item) => textOf(item)?.value ?? []));
}

function keysIn(map: YamlValue | null): Set<string> {
  return new Set(map?.kind === 'map' ? map.entries.keys() : []);
}

function isNull(node: YamlValue): boolean {
  return node.kind === 'scalar' && node.value === null;
}
