import { shownName } from '../../model/quoted-name.js';
import { problem, warning, type Problem } from '../../problem/problem.js';
import {
  valueOf,
  placeText,
  layersOf,
  type Place,
  type YamlEntry,
  type YamlMap,
  type YamlValue,
} from '../yaml/yaml-values.js';

/** The state of merging a role's `grants` or `members` with the layers below. */
interface ListMerge {
  /** `grants` or `members`. */
  key: string;
  role: string;
  problems: Problem[];
}

/**
 * Merges a role's grants or members with those below. A map with `inherit: true` keeps the lower layers; they are composed
 * once names and files are known. Any other map merges by key, with a warning if that replaces a list.
 */
export function mergeList(below: YamlEntry | null, above: YamlEntry, context: ListMerge): YamlEntry {
  if (above.value.kind !== 'map') return above;
  const map = above.value;
  const inherit = valueOf(map, 'inherit');
  if (inherit?.kind === 'scalar' && inherit.value === true)
    return inheriting(below, { above, map, inheritAt: inherit.at }, context);
  if (!below) return above;
  if (!inherit) context.problems.push(...replacedLists(below, { above, map }, context));
  if (below.value.kind !== 'map') return above;
  return { keyAt: above.keyAt, value: byKey(below.value, map) };
}

function inheriting(
  below: YamlEntry | null,
  { above, map, inheritAt }: { above: YamlEntry; map: YamlMap; inheritAt: Place },
  context: ListMerge,
): YamlEntry {
  if (!below) {
    context.problems.push(nothingToInherit(context, inheritAt));
    return above;
  }
  // Without other keys, `inherit: true` leaves the layers below unchanged, including their places.
  if (map.entries.size === 1) return below;
  return { keyAt: above.keyAt, value: { ...map, below: layersOf(below) } };
}

/** Merges a map into a lower one by key. Replaced lists are also removed from the layers that the lower one inherits. */
function byKey(lower: YamlMap, upper: YamlMap): YamlMap {
  const below = lower.below?.flatMap((entry) => withoutKeys(entry, upper));
  const { entries, at } = upper;
  return { kind: 'map', at, entries: new Map([...lower.entries, ...entries]), ...(below ? { below } : {}) };
}

function withoutKeys(entry: YamlEntry, upper: YamlMap): YamlEntry[] {
  const { value } = entry;
  if (value.kind === 'list') return upper.entries.has('add') || upper.entries.has('users') ? [] : [entry];
  if (value.kind !== 'map') return [entry];
  const entries = new Map([...value.entries].filter(([key]) => !upper.entries.has(key)));
  return [{ ...entry, value: { ...value, entries } }];
}

/** Keys of grants and members that contain lists; a members file counts as a list. */
const LIST_KEYS: readonly string[] = ['from', 'sets', 'add', 'remove', 'optional', 'users', 'file'];

function replacedLists(
  below: YamlEntry,
  { above, map }: { above: YamlEntry; map: YamlMap },
  context: ListMerge,
): Problem[] {
  const { key } = context;
  if (below.value.kind === 'list')
    return below.value.items.length > 0
      ? [replaces(key, { at: above.keyAt, below: below.keyAt }, context)]
      : [];
  return [...map.entries].flatMap(([name, { keyAt }]) => {
    const listed = LIST_KEYS.includes(name) ? listBelow(below, name) : null;
    return listed ? [replaces(`${key}.${name}`, { at: keyAt, below: listed }, context)] : [];
  });
}

/** The place of the topmost list below with this key; null if there is none that has items. */
function listBelow(below: YamlEntry, key: string): Place | null {
  const lists = layersOf(below).flatMap(({ keyAt, value }) => {
    if (value.kind === 'list') return (key === 'add' || key === 'users') && hasItems(value) ? [keyAt] : [];
    const own = value.kind === 'map' ? value.entries.get(key) : undefined;
    return own && hasItems(own.value) ? [own.keyAt] : [];
  });
  return lists.at(-1) ?? null;
}

function hasItems(value: YamlValue): boolean {
  return value.kind === 'list' ? value.items.length > 0 : value.kind === 'scalar' && value.value !== null;
}

function replaces(key: string, places: { at: Place; below: Place }, { role }: ListMerge): Problem {
  const message = `${shownName(key)} of role ${shownName(role)} replaces the list in ${placeText(places.below)}`;
  return warning('replaces-base', message, {
    where: places.at,
    hint: 'write inherit: true to add to that list, or inherit: false if it is meant',
  });
}

function nothingToInherit({ key, role }: ListMerge, where: Place): Problem {
  return problem(
    'inherit-nothing',
    `no file below has ${shownName(key)} for role ${shownName(role)} to inherit`,
    {
      where,
      hint: 'remove inherit, or extend the file that lists them',
    },
  );
}
