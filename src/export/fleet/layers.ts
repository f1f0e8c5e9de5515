import { byCodeUnit } from '../../model/sort.js';
import type { Outline, OutlinedRole } from '../outline.js';
import { NOTHING, laidOver, ownRole, sharedRole } from './shared-role.js';
import type { Below, LayerRole } from './shared-role.js';

/** An instance, as it will be written. */
export interface FleetMember {
  name: string;
  outline: Outline;
}

/** Settings of a manifest. Null: this layer says nothing of it. */
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

/** How long text is, in characters. */
export interface Lengths {
  role: (role: LayerRole) => number;
  /** A file without its roles. */
  file: number;
  /** The line that extends it. */
  line: number;
}

/**
 * Takes a fleet apart into layers that only ever add, so that laid over each other they are what each instance was
 * before. With `shares` false only whole parts are shared: lists that inherit cost more than they save.
 */
export function fleetLayers(
  members: readonly FleetMember[],
  { lengths, shares }: { lengths: Lengths; shares: (role: LayerRole) => boolean },
): FleetLayers {
  const columns = roleColumns(members);
  const parts = columns.map((column) => partsOf(column, { all: members.length, lengths, shares }));
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
    for (const role of outline.roles) {
      const column = columns.get(role.name);
      if (column) column.push([name, role]);
      else columns.set(role.name, [[name, role]]);
    }
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

interface Sharing {
  all: number;
  lengths: Lengths;
  shares: (role: LayerRole) => boolean;
}

/** One role as layers. A role that needs an id on an instance is written there: names near each other have ids beside them. */
function partsOf(column: RoleColumn, { all, lengths, shares }: Sharing): Parts {
  const plain = column.filter(([, { pinned }]) => !pinned);
  const found =
    plain.length === all
      ? sharedRole(
          plain.map(([, role]) => role),
          NOTHING,
        )
      : null;
  const base = found && shares(found) ? found : null;
  const under = base ? laidOver(NOTHING, base) : null;
  const units = unitsOf(plain, { under, lengths });
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
function unitsOf(column: RoleColumn, { under, lengths }: { under: Below | null; lengths: Lengths }): Unit[] {
  const clusters = new Map<string, [string, OutlinedRole][]>();
  for (const [name, role] of column) {
    const own = ownRole(role, under);
    if (own === null || (own.description === null && own.grants === null)) continue;
    const key = JSON.stringify([own.description, own.grants]);
    const cluster = clusters.get(key);
    if (cluster) cluster.push([name, role]);
    else clusters.set(key, [[name, role]]);
  }
  return [...clusters.values()].flatMap((cluster) => {
    const role = sharedRole(
      cluster.map(([, one]) => one),
      under ?? NOTHING,
    );
    if (!role || cluster.length < 2) return [];
    const length = lengths.role(role);
    const inOneFile = lengths.file + length + cluster.length * lengths.line;
    return 2 * inOneFile < cluster.length * length
      ? [{ role, instances: cluster.map(([name]) => name).sort(byCodeUnit) }]
      : [];
  });
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
