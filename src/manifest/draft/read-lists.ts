import { sameAddress } from '../../model/address.js';
import {
  entryOf,
  itemsOf,
  textOf,
  valueOf,
  layersOf,
  type YamlEntry,
  type YamlValue,
} from '../yaml/yaml-values.js';
import type { DraftGrants, DraftMember, DraftMembers, GrantLayer, MemberLayer } from './draft.js';
import { numberOf, personList, textList } from './read-values.js';

/** The grants of a role; null if it has none or they have the wrong form. */
export function readGrants(entry: YamlEntry | null): DraftGrants | null {
  if (!entry || entry.value.kind === 'scalar') return null;
  const { value } = entry;
  const below = layersOf(entry);
  const layers = below.map((one) => readGrantLayer(one.value));
  const counts = below.map((one) =>
    entryCountOf(one.value, ['from', 'sets', 'add', 'optional'], ['inherit', 'mode', 'remove']),
  );
  return {
    at: entry.keyAt,
    isList: value.kind === 'list',
    ...modeOf(below),
    inherits: inherits(value),
    ...joinLayers(layers),
    entryCount: counts.reduce((sum, count) => sum + count, 0),
    layers,
  };
}

/** The entries of all layers, the topmost first. */
function joinLayers(layers: readonly GrantLayer[]): GrantLayer {
  const [only, ...others] = layers;
  if (only && others.length === 0) return only;
  const upperFirst = [...layers].reverse();
  return {
    from: upperFirst.flatMap(({ from }) => from),
    sets: upperFirst.flatMap(({ sets }) => sets),
    add: layers.some(({ add }) => add !== null) ? upperFirst.flatMap(({ add }) => add ?? []) : null,
    remove: upperFirst.flatMap(({ remove }) => remove),
    optional: upperFirst.flatMap(({ optional }) => optional),
  };
}

function readGrantLayer(value: YamlValue): GrantLayer {
  return {
    from: textList(valueOf(value, 'from')),
    sets: textList(valueOf(value, 'sets')),
    add: value.kind === 'list' ? textList(value) : entryOf(value, 'add') && textList(valueOf(value, 'add')),
    remove: textList(valueOf(value, 'remove')),
    optional: textList(valueOf(value, 'optional')),
  };
}

/** The members of a role; null if it has none or they have the wrong form. */
export function readMembers(entry: YamlEntry | null): DraftMembers | null {
  if (!entry || entry.value.kind === 'scalar') return null;
  const { value } = entry;
  const layers = layersOf(entry);
  return {
    at: entry.keyAt,
    isList: value.kind === 'list',
    ...modeOf(layers),
    inherits: inherits(value),
    entryCount: entryCountOf(value, ['users'], ['inherit', 'mode', 'file', 'remove']),
    layers: layers.map((one) => readMemberLayer(one.value)),
  };
}

function readMemberLayer(value: YamlValue): MemberLayer {
  return {
    users:
      value.kind === 'list' ? members(value) : entryOf(value, 'users') && members(valueOf(value, 'users')),
    file: textOf(valueOf(value, 'file')),
    listed: null,
    remove: personList(valueOf(value, 'remove')),
  };
}

/**
 * The number of items in a list, or in these lists of a map. A value that should be a list counts as one item, and so does
 * an unknown key, which may be a misspelt list.
 */
function entryCountOf(node: YamlValue, keys: readonly string[], others: readonly string[]): number {
  if (node.kind === 'list') return node.items.length;
  if (node.kind !== 'map') return 1;
  let count = 0;
  for (const [key, { value }] of node.entries) {
    if (keys.includes(key)) count += value.kind === 'list' ? value.items.length : 1;
    else if (!others.includes(key)) count += 1;
  }
  return count;
}

/** The mode of the topmost map that sets one. */
function modeOf(layers: readonly YamlEntry[]): Pick<DraftGrants, 'mode' | 'hasMode'> {
  const modes = layers.flatMap(({ value }) => valueOf(value, 'mode') ?? []);
  return {
    mode: textOf(modes.at(-1))?.value === 'additive' ? 'additive' : 'exact',
    hasMode: modes.length > 0,
  };
}

/** Any value but `false` counts as true; the schema reports values that are neither. */
function inherits(node: YamlValue): boolean {
  const inherit = valueOf(node, 'inherit');
  return inherit !== null && !(inherit.kind === 'scalar' && inherit.value === false);
}

function members(node: YamlValue | null): DraftMember[] {
  return itemsOf(node).flatMap(member);
}

/** Reads an entry; one without a usable address or id is left out. */
function member(item: YamlValue): DraftMember[] {
  const address = textOf(item) ?? textOf(valueOf(item, 'email'));
  const id = numberOf(valueOf(item, 'id'));
  const at = id?.at ?? address?.at;
  if (!at) return [];
  const email = address && sameAddress(address.value);
  const until = textOf(valueOf(item, 'until'));
  return [
    {
      ref: id ? { id: id.value } : { email: email ?? '' },
      email,
      until: until?.value ?? null,
      note: textOf(valueOf(item, 'note'))?.value.trim() || null,
      where: at,
      untilAt: until?.at ?? null,
    },
  ];
}
