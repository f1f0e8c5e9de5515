import { addTo } from '../../model/group.js';
import { systemRank } from '../../model/role.js';
import { byCodeUnit } from '../../model/sort.js';
import type { Outline, OutlinedRole } from '../outline.js';
import { layerLength } from './layer-length.js';
import { EMPTY_LAYER, overlay, remainingRole, sharedRole } from './shared-role.js';
import type { LowerLayer, LayerRole } from './shared-role.js';

/** An instance to write. */
export interface FleetMember {
  name: string;
  outline: Outline;
}

/** Settings of a layer. Null if the layer does not set a value. */
type LayerSettings = Pick<Outline, 'defaultRole' | 'allowlist' | 'removedMembersTo'>;

/** A layer over the base that several instances share. */
export interface SharedLayer {
  /** Names of instances, sorted. */
  instances: readonly string[];
  roles: readonly LayerRole[];
}

/** The layer of one instance over all others. */
export interface OwnLayer {
  name: string;
  outline: Outline;
  settings: LayerSettings;
  roles: readonly LayerRole[];
  /** Positions in `shared`. */
  extends: readonly number[];
}

/** A fleet as layers: definitions of all instances, of several, and the rest of each. */
export interface FleetLayers {
  base: { settings: LayerSettings; roles: readonly LayerRole[] };
  shared: readonly SharedLayer[];
  instances: readonly OwnLayer[];
}

/**
 * Splits a fleet into additive layers. The layers of an instance together are exactly its manifest. If a fleet shares
 * little, the base contains only roles that make the result shorter.
 */
export function fleetLayers(members: readonly FleetMember[]): FleetLayers {
  const columns = roleColumns(members);
  const whole = columns.map((column) => splitRole(column, members.length));
  const saved = whole.map((parts, index) => separateLength(columns[index] ?? []) - layeredLength(parts));
  const isShorter = saved.reduce((sum, one) => sum + one, 0) >= -HEAD_LENGTH * members.length;
  const parts = whole.map((one, index) =>
    isShorter || (saved[index] ?? 0) >= 0 ? one : splitRole(columns[index] ?? [], Infinity),
  );
  return joinLayers(members, parts);
}

/** Characters that each manifest of a fleet saves compared with an export: comments at the top, and settings. */
const HEAD_LENGTH = 200;

/** The length of a role if each instance has its own full definition. */
function separateLength(column: RoleColumn): number {
  return column.reduce((sum, [, role]) => sum + layerLength(remainingRole(role, null)), 0);
}

function layeredLength({ base, variants, rest }: RoleLayers): number {
  const shared = variants.reduce((sum, variant) => sum + variantLength(variant), 0);
  return [...rest.values()].reduce((sum, role) => sum + layerLength(role), layerLength(base) + shared);
}

function joinLayers(members: readonly FleetMember[], parts: readonly RoleLayers[]): FleetLayers {
  const settings = sharedSettings(members.map(({ outline }) => outline));
  const shared = groupVariants(parts.flatMap(({ variants }) => variants));
  const place = new Map(shared.flatMap(({ roles }, index) => roles.map((role) => [role, index] as const)));
  const own = new Map(
    members.map(({ name }) => [name, { roles: [] as LayerRole[], extends: new Set<number>() }]),
  );
  for (const { variants, rest } of parts) {
    for (const { role, instances } of variants)
      for (const name of instances) own.get(name)?.extends.add(place.get(role) ?? 0);
    for (const [name, role] of rest) own.get(name)?.roles.push(role);
  }
  return {
    base: { settings, roles: parts.flatMap(({ base }) => base ?? []) },
    shared,
    instances: members.map(({ name, outline }) => {
      const { roles = [], extends: from = new Set<number>() } = own.get(name) ?? {};
      return {
        ...{ name, outline, roles: inExportOrder(roles, outline) },
        settings: remainingSettings(outline, settings),
        extends: [...from].sort((a, b) => a - b),
      };
    }),
  };
}

/** The definitions of one role, by instance. */
type RoleColumn = readonly (readonly [instance: string, role: OutlinedRole])[];

/** System roles first, as in an export, then by name. */
function roleColumns(members: readonly FleetMember[]): RoleColumn[] {
  const columns = new Map<string, [string, OutlinedRole][]>();
  for (const { name, outline } of members) {
    for (const role of outline.roles) addTo(columns, role.name, [name, role]);
  }
  const rank = ([first]: RoleColumn): number => (first ? systemRank(first[1].id) : 0);
  return [...columns]
    .sort(([a, one], [b, other]) => rank(one) - rank(other) || byCodeUnit(a, b))
    .map(([, column]) => column);
}

/** A definition of a role over the base that several instances share. */
interface RoleVariant {
  role: LayerRole;
  instances: readonly string[];
}

interface RoleLayers {
  base: LayerRole | null;
  variants: readonly RoleVariant[];
  rest: ReadonlyMap<string, LayerRole>;
}

/** Splits one role into layers. If it needs an id on an instance, it is defined only there. */
function splitRole(column: RoleColumn, all: number): RoleLayers {
  const plain = column.filter(([, { pinned }]) => !pinned);
  const roles = plain.map(([, role]) => role);
  const base = plain.length === all ? sharedRole(roles, EMPTY_LAYER) : null;
  const under = base ? overlay(EMPTY_LAYER, base) : null;
  const variants = findVariants(plain, under);
  const below = new Map<string, LowerLayer>();
  if (under) for (const [name] of column) below.set(name, under);
  for (const { role, instances } of variants)
    for (const name of instances) below.set(name, overlay(under ?? EMPTY_LAYER, role));
  const rest = new Map<string, LayerRole>();
  for (const [name, role] of column) {
    const own = remainingRole(role, below.get(name) ?? null);
    if (own) rest.set(name, own);
  }
  return { base, variants, rest };
}

/** Finds definitions over the base that several instances share, if a shared file is much shorter. */
function findVariants(column: RoleColumn, under: LowerLayer | null): RoleVariant[] {
  const clusters = new Map<string, [string, OutlinedRole][]>();
  for (const [name, role] of column) {
    const own = remainingRole(role, under);
    if (own === null || (own.description === null && own.grants === null)) continue;
    addTo(clusters, JSON.stringify([own.description, own.grants]), [name, role]);
  }
  return [...clusters.values()].flatMap((cluster) => {
    const role = sharedRole(
      cluster.map(([, one]) => one),
      under ?? EMPTY_LAYER,
    );
    if (!role || cluster.length < 2) return [];
    const variant = { role, instances: cluster.map(([name]) => name).sort(byCodeUnit) };
    return 2 * variantLength(variant) < cluster.length * layerLength(role) ? [variant] : [];
  });
}

/** Lengths of a file without roles, and of an `extends` line. */
const [FILE_LENGTH, EXTENDS_LENGTH] = [260, 40];

function variantLength({ role, instances }: RoleVariant): number {
  return FILE_LENGTH + layerLength(role) + EXTENDS_LENGTH * instances.length;
}

/** Combines the variants of the same instances into one layer. */
function groupVariants(variants: readonly RoleVariant[]): SharedLayer[] {
  const layers = new Map<string, { instances: readonly string[]; roles: LayerRole[] }>();
  for (const { role, instances } of variants) {
    const key = instances.join(' ');
    const layer = layers.get(key) ?? { instances, roles: [] };
    layer.roles.push(role);
    layers.set(key, layer);
  }
  return [...layers.values()];
}

/** Sorts the roles of an instance in the order of its export. */
function inExportOrder(roles: readonly LayerRole[], { roles: all }: Outline): LayerRole[] {
  const place = new Map(all.map(({ name }, index) => [name, index]));
  return [...roles].sort((a, b) => (place.get(a.name) ?? 0) - (place.get(b.name) ?? 0));
}

function sharedSettings(outlines: readonly Outline[]): LayerSettings {
  const shared = <K extends keyof LayerSettings>(key: K): LayerSettings[K] | null => {
    const text = JSON.stringify(outlines[0]?.[key]);
    const isShared = outlines.every((one) => JSON.stringify(one[key]) === text);
    return isShared ? (outlines[0]?.[key] ?? null) : null;
  };
  return {
    defaultRole: shared('defaultRole'),
    allowlist: shared('allowlist'),
    removedMembersTo: shared('removedMembersTo'),
  };
}

function remainingSettings(outline: Outline, base: LayerSettings): LayerSettings {
  return {
    defaultRole: base.defaultRole === null ? outline.defaultRole : null,
    allowlist: base.allowlist === null ? outline.allowlist : null,
    removedMembersTo: base.removedMembersTo === null ? outline.removedMembersTo : null,
  };
}
