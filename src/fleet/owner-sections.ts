import { groupBy } from '../model/group.js';
import { keyOf } from '../model/role-id.js';
import { byCodeUnit } from '../model/sort.js';
import type { RoleOwner } from '../model/standing.js';
import { isSetting } from '../plan/change-kinds.js';
import type { Change } from '../plan/change.js';
import type { FleetDocument, FleetGroup } from './document.js';
import { groupChange } from './group-changes.js';
import type { GroupChange } from './group-changes.js';
import { openGroups } from './groups.js';
import type { GroupCollector } from './groups.js';

/**
 * The changes of one owner's roles: `none` are roles without an owner, `settings` are the default role and the
 * allowlist, and `unknown` are changes of instances whose own document is missing or has other changes.
 */
export type SectionOf = { kind: 'owner'; owner: string } | { kind: 'none' | 'settings' | 'unknown' };

/** Instances with the same changes of an owner's roles. */
export type SharedChanges = Pick<FleetGroup, 'status' | 'instances' | 'changes' | 'refusals'>;

/** The changes of one owner's roles on all instances. */
export interface OwnerSection {
  of: SectionOf;
  /** The number of roles, by name. */
  roles: number;
  /** Largest first. */
  groups: readonly SharedChanges[];
}

/** The parts of a plan or drift document that name the owners of its changes. */
export interface OwnedChanges {
  changes: readonly Change[];
  owners: readonly RoleOwner[];
}

/** Arranges the changes of a fleet by the owner of their role, instance by instance. */
export interface OwnerCollector {
  /** Adds the document of an instance; null if it cannot be used. */
  add(instance: string, document: OwnedChanges | null): void;
  /** By owner; then roles without one, settings, and changes whose owner is unknown. */
  sections(): OwnerSection[];
}

/** Opens a collector for the groups of a fleet document: the sections have the same changes as its groups. */
export function openOwnerSections({ groups, rows }: Pick<FleetDocument, 'groups' | 'rows'>): OwnerCollector {
  const changesOf = new Map(
    groups.flatMap(({ instances, changes }) => instances.map((instance) => [instance, changes] as const)),
  );
  // A section shows no warnings, so instances that differ only in them share a group.
  const unwarned = rows.map((row) => ({ ...row, warnings: [] }));
  const open = new Map<string, { of: SectionOf; names: Set<string>; collected: GroupCollector }>();
  const sectionOf = (of: SectionOf) => {
    const key = JSON.stringify(of);
    const section = open.get(key) ?? { of, names: new Set<string>(), collected: openGroups() };
    open.set(key, section);
    return section;
  };
  return {
    add: (instance, document) => {
      for (const [of, changes] of bySection(changesOf.get(instance) ?? [], document)) {
        const { names, collected } = sectionOf(of);
        for (const { role } of changes) if (role !== null) names.add(role);
        collected.addShared({ instance }, changes);
      }
    },
    sections: () =>
      [...open.values()]
        .map(({ of, names, collected }) => ({ of, roles: names.size, groups: collected.groups(unwarned) }))
        .sort((a, b) => compareSections(a.of, b.of)),
  };
}

/** The changes of one instance by section, in their order. */
function bySection(
  changes: readonly GroupChange[],
  document: OwnedChanges | null,
): [SectionOf, GroupChange[]][] {
  const sections = sectionsOf(changes, document);
  const found = groupBy(
    changes.map((change, index) => ({ change, of: sections[index] ?? UNKNOWN })),
    ({ of }) => JSON.stringify(of),
  );
  return [...found.values()].map((list) => [list[0]?.of ?? UNKNOWN, list.map(({ change }) => change)]);
}

const UNKNOWN: SectionOf = { kind: 'unknown' };

/** The section of each change. The document of an instance is used only if it has these changes. */
function sectionsOf(changes: readonly GroupChange[], document: OwnedChanges | null): SectionOf[] {
  const found = document && planned(changes, document);
  if (!found) return changes.map(() => UNKNOWN);
  const owners = new Map(document.owners.map(({ roleId, owner }) => [keyOf(roleId), owner]));
  return found.map((change) => {
    if (isSetting(change)) return { kind: 'settings' };
    const owner = owners.get(keyOf(change.roleId));
    return owner === undefined ? { kind: 'none' } : { kind: 'owner', owner };
  });
}

/** The changes of the document that a group shows, in order: an apply leaves out those that were in place. */
function planned(changes: readonly GroupChange[], document: OwnedChanges): Change[] | null {
  const wanted = changes.map((change) => JSON.stringify(change));
  const found: Change[] = [];
  for (const change of document.changes)
    if (JSON.stringify(groupChange(change)) === wanted[found.length]) found.push(change);
  return found.length === changes.length ? found : null;
}

const KINDS: readonly SectionOf['kind'][] = ['owner', 'none', 'settings', 'unknown'];

function compareSections(a: SectionOf, b: SectionOf): number {
  if (a.kind === 'owner' && b.kind === 'owner') return byCodeUnit(a.owner, b.owner);
  return KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind);
}
