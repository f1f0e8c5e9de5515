import { warning, type Problem } from '../problem/problem.js';
import { layList } from './inherit.js';
import {
  entryOf,
  itemsOf,
  textOf,
  valueOf,
  type Place,
  type YamlEntry,
  type YamlMap,
  type YamlValue,
} from './yaml-values.js';
import { named } from './rules/rule.js';

/** Layers laid over each other, and what is wrong between them. */
export interface Laid {
  root: YamlMap;
  problems: readonly Problem[];
}

/** Keys that belong to one file. */
const OWN_KEYS: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'extends']);

/**
 * Lays the keys of manifests over each other, the lowest first. A layer is a file, or an overlay that is part of
 * another file: what counts are its keys, and the places that they carry. Maps merge by key and everything else is
 * replaced, except where a layer inherits a list, leaves a thing unmanaged, or removes or wants a role that lies below.
 */
export function layOver(layers: readonly YamlMap[]): Laid {
  const [first, ...others] = layers;
  if (!first) throw new RangeError('there must be at least one layer');
  return layOnto(layFirst(first), others);
}

/** Lays layers over what others came to. */
export function layOnto(below: Laid, layers: readonly YamlMap[]): Laid {
  const problems = [...below.problems];
  const root = layers
    .map(withoutOwnKeys)
    .reduce((lower, layer) => layOne(lower, layer, problems), below.root);
  return { root, problems };
}

/** What a lowest layer comes to. Of many manifests with one base it is the same for all, and its roles are one object each. */
const laidFirst = new WeakMap<YamlMap, Laid>();

function layFirst(layer: YamlMap): Laid {
  const known = laidFirst.get(layer);
  if (known) return known;
  const problems: Problem[] = [];
  const nothing: YamlMap = { kind: 'map', at: layer.at, entries: new Map() };
  const laid = { root: layOne(nothing, withoutOwnKeys(layer), problems), problems };
  laidFirst.set(layer, laid);
  return laid;
}

/** The keys of a file that are about the manifest, not about the file. */
export function withoutOwnKeys(file: YamlMap): YamlMap {
  const known = cutFiles.get(file);
  if (known) return known;
  const cut = { ...file, entries: new Map([...file.entries].filter(([key]) => !OWN_KEYS.has(key))) };
  cutFiles.set(file, cut);
  return cut;
}

/** Files without their own keys: one object for each file, however many manifests it is part of. */
const cutFiles = new WeakMap<YamlMap, YamlMap>();

/** Where in a manifest an entry stands: keys, with `*` for a role's name. */
interface Laying {
  form: string;
  /** The role that is being laid. */
  role: string;
  removedBelow: ReadonlySet<string>;
  problems: Problem[];
}

function layOne(lower: YamlMap, upper: YamlMap, problems: Problem[]): YamlMap {
  const removedBelow = namesIn(valueOf(lower, 'removed'));
  const merged = layMaps(lower, upper, { form: '', role: '', removedBelow, problems });
  return settleRemoved(merged, upper);
}

/** What a layer removes is not wanted from below, and what it wants or leaves unmanaged is not removed from below. */
function settleRemoved(merged: YamlMap, upper: YamlMap): YamlMap {
  const removedAbove = namesIn(valueOf(upper, 'removed'));
  const namedAbove = keysIn(valueOf(upper, 'roles'));
  // What nothing is taken out of stays the same object: it is then not read and checked again.
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

/** Maps of things that a layer above replaces whole, by name. */
const REPLACED_WHOLE: ReadonlySet<string> = new Set(['/policy/rules']);

function layMaps(lower: YamlMap, upper: YamlMap, laying: Laying): YamlMap {
  const entries = new Map(lower.entries);
  for (const [key, above] of upper.entries) {
    const isName = laying.form === '/roles';
    const there = {
      ...laying,
      form: `${laying.form}/${isName ? '*' : key}`,
      role: isName ? key : laying.role,
    };
    const below = REPLACED_WHOLE.has(laying.form) ? null : (entries.get(key) ?? null);
    const entry = layEntry(below, above, there);
    if (entry) entries.set(key, entry);
    else entries.delete(key);
  }
  return { ...lower, at: upper.at, entries };
}

/** One entry over what lies below it; null where nothing is left. */
function layEntry(below: YamlEntry | null, above: YamlEntry, laying: Laying): YamlEntry | null {
  if (isUnmanaged(above.value, laying.form)) return layUnmanaged(below, above, laying);
  const map = below?.value.kind === 'map' ? below.value : null;
  // A role whose key has no value says nothing, so it takes nothing from its base either.
  if (map && isNull(above.value)) return { keyAt: above.keyAt, value: map };
  if (LISTS.has(laying.form)) return layList(below, above, laying);
  if (above.value.kind !== 'map') return above;
  const lower: YamlMap = map ?? { ...above.value, entries: new Map() };
  return { keyAt: above.keyAt, value: layMaps(lower, above.value, laying) };
}

/** Where a map can take in what lies below. */
const LISTS: ReadonlySet<string> = new Set(['/roles/*/grants', '/roles/*/members']);

/** Where the word `unmanaged` drops what lies below. */
const TAKES_WORD: ReadonlySet<string> = new Set([...LISTS, '/roles/*', '/allowlist']);

/** Where any word is a value, so that a map with the key does it. */
const TAKES_MAP: ReadonlySet<string> = new Set(['/roles/*/description', '/defaultRole']);

/** Is this the mark that drops what lies below? */
function isUnmanaged(value: YamlValue, form: string): boolean {
  if (TAKES_WORD.has(form)) return textOf(value)?.value === 'unmanaged';
  const mark = TAKES_MAP.has(form) ? valueOf(value, 'unmanaged') : null;
  return mark?.kind === 'scalar' && mark.value === true;
}

/** A role keeps its mark, since the live role is then left alone; of anything else nothing is left. */
function layUnmanaged(below: YamlEntry | null, above: YamlEntry, laying: Laying): YamlEntry | null {
  const isRole = laying.form === '/roles/*';
  const isThere = isRole
    ? laying.removedBelow.has(laying.role) || (below !== null && !isUnmanaged(below.value, laying.form))
    : below !== null;
  if (!isThere) laying.problems.push(nothingToDrop(laying, above.keyAt));
  return isRole ? above : null;
}

function nothingToDrop({ form, role }: Laying, where: Place): Problem {
  const key = form.slice(form.lastIndexOf('/') + 1);
  const what = form === '/roles/*' ? `role ${named(role)}` : inRole(named(key), role);
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
  return role === '' ? key : `${key} of role ${named(role)}`;
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
