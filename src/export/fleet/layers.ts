import { addTo } from '../../model/group.js';
import { byCodeUnit } from '../../model/sort.js';
import type { Outline, OutlinedRole } from '../outline.js';
import { layerLength } from './layer-length.js';
import { NOTHING, laidOver, ownRole, sharedRole } from './shared-role.js';
import type { Below, LayerRole } from './shared-role.js';

/** An instance, as it will be written. */
export interface FleetMember {
  name: string;
  outline: Outline;
}

/** Settings of a manifest. Null: this layer does not set it. */
export type LayerSettings = Pick<Outline, 'defaultRole' | 'allowlist' | 'removedMembersTo'>;

/** What several instances have beside the base. */
export interface SharedLayer {
  /** Names of instances. Sorted. */
  instances: readonly string[];
  roles: readonly LayerRole[];
}

/** What one instance has beside all that lies below. */
export interface OwnLayer {
  name: string;
  outline: Outline;
  settings: LayerSettings;
  roles: readonly LayerRole[];
  /** Positions in `shared`. */
  extends: readonly number[];
}

/** A fleet as layers: what all share exactly, what several share, and the rest of each instance. */
export interface FleetLayers {
  base: { settings: LayerSettings; roles: readonly LayerRole[] };
  shared: readonly SharedLayer[];
  instances: readonly OwnLayer[];
}

/**
 * Takes a fleet apart into layers that only ever add, so that laid over each other they are what each instance was
 * before. Of a fleet that shares hardly anything, the base has only what makes the whole shorter.
 */
export function fleetLayers(members: readonly FleetMember[]): FleetLayers {
  const columns = roleColumns(members);
  const whole = columns.map((column) => partsOf(column, members.length));
  const saved = whole.map((parts, index) => lengthApart(columns[index] ?? []) - lengthOf(parts));
  const isShorter = saved.reduce((sum, one) => sum + one, 0) >= -HEAD * members.length;
  const parts = whole.map((one, index) =>
    isShorter || (saved[index] ?? 0) >= 0 ? one : partsOf(columns[index] ?? [], Infinity),
  );
  return joined(members, parts);
}

/** What a manifest of a fleet has fewer of than an export: comments at its top, settings. In characters. */
const HEAD = 200;

/** How long a role is where each instance has it whole. */
function lengthApart(column: RoleColumn): number {
  return column.reduce((sum, [, role]) => sum + layerLength(ownRole(role, null)), 0);
}

function lengthOf({ base, units, rest }: Parts): number {
  const shared = units.reduce((sum, unit) => sum + unitLength(unit), 0);
  return [...rest.values()].reduce((sum, role) => sum + layerLength(role), layerLength(base) + shared);
}

function joined(members: readonly FleetMember[], parts: readonly Parts[]): FleetLayers {
  const settings = sharedSettings(members.map(({ outline }) => outline));
  const shared = groupUnits(parts.flatMap(({ units }) => units));
  const place = new Map(shared.flatMap(({ roles }, index) => roles.map((role) => [role, index] as const)));
  const own = new Map(
    members.map(({ name }) => [name, { roles: [] as LayerRole[], extends: new Set<number>() }]),
  );
  for (const { units, rest } of parts) {
    for (const { role, instances } of units)
      for (const name of instances) own.get(name)?.extends.add(place.get(role) ?? 0);
    for (const [name, role] of rest) own.get(name)?.roles.push(role);
  }
  return {
    base: { settings, roles: parts.flatMap(({ base }) => base ?? []) },
    shared,
    instances: members.map(({ name, outline }) => {
      const { roles = [], extends: from = new Set<number>() } = own.get(name) ?? {};
      return {
        ...{ name, outline, roles: inOrder(roles, outline) },
        settings: restSettings(outline, settings),
        extends: [...from].sort((a, b) => a - b),
      };
    }),
  };
}

/** A role by its name, on the instances that have it. */
type RoleColumn = readonly (readonly [instance: string, role: OutlinedRole])[];

/** System roles first, as in an export, then by name. */
function roleColumns(members: readonly FleetMember[]): RoleColumn[] {
  const columns = new Map<string, [string, OutlinedRole][]>();
  for (const { name, outline } of members) {
    for (const role of outline.roles) addTo(columns, role.name, [name, role]);
  }
  const rank = (column: RoleColumn): number => Math.min(column[0]?.[1].id ?? 6, 6);
  return [...columns]
    .sort(([a, one], [b, other]) => rank(one) - rank(other) || byCodeUnit(a, b))
    .map(([, column]) => column);
}

/** A role that several instances have alike beside the base. */
interface Unit {
  role: LayerRole;
  instances: readonly string[];
}

interface Parts {
  base: LayerRole | null;
  units: readonly Unit[];
  rest: ReadonlyMap<string, LayerRole>;
}

/** One role as layers. A role that needs an id on an instance is written there: names near each other have ids beside them. */
function partsOf(column: RoleColumn, all: number): Parts {
  const plain = column.filter(([, { pinned }]) => !pinned);
  const roles = plain.map(([, role]) => role);
  const base = plain.length === all ? sharedRole(roles, NOTHING) : null;
  const under = base ? laidOver(NOTHING, base) : null;
  const units = unitsOf(plain, under);
  const below = new Map<string, Below>();
  if (under) for (const [name] of column) below.set(name, under);
  for (const { role, instances } of units)
    for (const name of instances) below.set(name, laidOver(under ?? NOTHING, role));
  const rest = new Map<string, LayerRole>();
  for (const [name, role] of column) {
    const own = ownRole(role, below.get(name) ?? null);
    if (own) rest.set(name, own);
  }
  return { base, units, rest };
}

/** Instances on which the definition of the role is the same beside the base, where a file of its own is much shorter. */
function unitsOf(column: RoleColumn, under: Below | null): Unit[] {
  const clusters = new Map<string, [string, OutlinedRole][]>();
  for (const [name, role] of column) {
    const own = ownRole(role, under);
    if (own === null || (own.description === null && own.grants === null)) continue;
    addTo(clusters, JSON.stringify([own.description, own.grants]), [name, role]);
  }
  return [...clusters.values()].flatMap((cluster) => {
    const role = sharedRole(
      cluster.map(([, one]) => one),
      under ?? NOTHING,
    );
    if (!role || cluster.length < 2) return [];
    const unit = { role, instances: cluster.map(([name]) => name).sort(byCodeUnit) };
    return 2 * unitLength(unit) < cluster.length * layerLength(role) ? [unit] : [];
  });
}

/** A file without its roles, and the line that extends it. */
const [FILE, EXTENDS] = [260, 40];

function unitLength({ role, instances }: Unit): number {
  return FILE + layerLength(role) + EXTENDS * instances.length;
}

/** Units of the same instances are one layer. */
function groupUnits(units: readonly Unit[]): SharedLayer[] {
  const layers = new Map<string, { instances: readonly string[]; roles: LayerRole[] }>();
  for (const { role, instances } of units) {
    const key = instances.join(' ');
    const layer = layers.get(key) ?? { instances, roles: [] };
    layer.roles.push(role);
    layers.set(key, layer);
  }
  return [...layers.values()];
}

/** The roles of an instance in the order of its export. */
function inOrder(roles: readonly LayerRole[], { roles: all }: Outline): LayerRole[] {
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

function restSettings(outline: Outline, base: LayerSettings): LayerSettings {
  return {
    defaultRole: base.defaultRole === null ? outline.defaultRole : null,
    allowlist: base.allowlist === null ? outline.allowlist : null,
    removedMembersTo: base.removedMembersTo === null ? outline.removedMembersTo : null,
  };
}
