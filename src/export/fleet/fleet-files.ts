import type { Grant } from '../../model/grant.js';
import { byCodeUnit } from '../../model/sort.js';
import type { Snapshot } from '../../model/snapshot.js';
import { MANIFEST_HEAD, MANIFEST_SCHEMA_URL, leftOutLines, modeline } from '../export-manifest.js';
import type { ExportedFile } from '../export-manifest.js';
import { fileNames } from '../file-names.js';
import { outlineOf } from '../outline.js';
import {
  documentText,
  inComment,
  listNode,
  mapNode,
  nameInComment,
  shortMapNode,
  textNode,
  keywordNode,
} from '../yaml-document.js';
import type { YamlEntry } from '../yaml-document.js';
import { fleetLayers } from './layers.js';
import type { FleetLayers, FleetMember, OwnLayer, SharedLayer } from './layers.js';
import type { LayerRole } from './shared-role.js';
import { settingEntries } from '../setting-entries.js';
import { layerRoleEntry } from './write-layer.js';

/** URL of the inventory's schema for editors: its `$id`. */
const INVENTORY_SCHEMA_URL = 'https://domo-roles.dev/schemas/inventory.v1.schema.json';

/** An instance of a fleet to export. */
export interface FleetSnapshot {
  name: string;
  snapshot: Snapshot;
  /** Labels, if known. */
  labels: Readonly<Record<string, string>>;
}

/**
 * Exports a fleet: an inventory, a base with the definitions that all instances share, files that several instances
 * share, and one file per instance with the rest. Plans from it have no changes. Equal snapshots give equal bytes. The
 * inventory comes first, then the base.
 */
export function fleetFiles(
  fleet: string,
  instances: readonly FleetSnapshot[],
  { inventory = 'fleet.yaml' }: { inventory?: string } = {},
): ExportedFile[] {
  const sorted = [...instances].sort((a, b) => byCodeUnit(a.name, b.name));
  const members = sorted.map(({ name, snapshot }) => ({
    name,
    outline: outlineOf(withInstanceName(name, snapshot)),
  }));
  return [
    { path: inventory, text: inventoryText(fleet, sorted) },
    ...manifestFiles(fleetLayers(members), groupsOf(members)),
  ];
}

/** Sets the instance name of a snapshot, except for a sandbox, which has none. */
function withInstanceName(name: string, snapshot: Snapshot): Snapshot {
  return snapshot.sandbox ? snapshot : { ...snapshot, instance: name };
}

/** Looks up the group of a grant on Domo's page, from the first instance with that grant. */
function groupsOf(members: readonly FleetMember[]): (grant: Grant) => string {
  const known = new Map<Grant, string>();
  for (const { outline } of members)
    for (const { grants } of outline.roles)
      for (const grant of grants?.add ?? []) if (!known.has(grant)) known.set(grant, outline.groupOf(grant));
  return (grant) => known.get(grant) ?? '';
}

function manifestFiles(
  { base, shared, instances }: FleetLayers,
  groupOf: (grant: Grant) => string,
): ExportedFile[] {
  const names = sharedNames(shared);
  const roles = (list: readonly LayerRole[]): YamlEntry[] => rolesEntry(list, groupOf);
  const count = instances.length;
  return [
    {
      path: 'base.yaml',
      text: documentText([...MANIFEST_HEAD, ...settingEntries(base.settings), ...roles(base.roles)], {
        above: [modeline(MANIFEST_SCHEMA_URL), '', ...baseTitle(count)],
      }),
    },
    ...shared.map((layer, index) => ({
      path: `shared/${names[index] ?? ''}.yaml`,
      text: documentText([...MANIFEST_HEAD, ...baseOf(layer), ...roles(layer.roles)], {
        above: [
          modeline(MANIFEST_SCHEMA_URL),
          '',
          `What ${layer.instances.length} of the ${count} instances share.`,
        ],
      }),
    })),
    ...instances.map((layer) => ({
      path: `instances/${layer.name}.yaml`,
      text: instanceText(layer, { names, roles }),
    })),
  ];
}

function baseTitle(count: number): string[] {
  return count === 1
    ? ['What every instance of the fleet shares: so far there is one.']
    : [`What all ${count} instances share. A change here is a change on each of them.`];
}

/** The `extends` entry of a shared file. It is needed if a list inherits. */
function baseOf({ roles }: SharedLayer): YamlEntry[] {
  const inherits = roles.some(({ grants, members }) => grants?.inherit || members?.inherit);
  return inherits ? [{ key: 'extends', value: textNode('../base.yaml') }] : [];
}

function instanceText(
  layer: OwnLayer,
  { names, roles }: { names: readonly string[]; roles: (list: readonly LayerRole[]) => YamlEntry[] },
): string {
  const { outline, settings } = layer;
  const bases = ['../base.yaml', ...layer.extends.map((index) => `../shared/${names[index] ?? ''}.yaml`)];
  const [first = ''] = bases;
  const from = bases.length === 1 ? textNode(first) : listNode(bases.map(textNode));
  return documentText(
    [
      ...MANIFEST_HEAD,
      ...(outline.instance === null ? [] : [{ key: 'instance', value: textNode(outline.instance) }]),
      { key: 'extends', value: from },
      ...settingEntries(settings),
      ...roles(layer.roles),
    ],
    { above: [modeline(MANIFEST_SCHEMA_URL)], below: notesOf(layer) },
  );
}

/** Notes about what a manifest cannot express, including roles that this file does not contain. */
function notesOf({ outline, roles }: OwnLayer): string[] {
  const written = new Set(roles.map(({ name }) => name));
  const notes = [
    ...outline.notes,
    ...outline.roles
      .filter(({ name }) => !written.has(name))
      .flatMap(({ name, notes: own }) => own.map((note) => `role ${nameInComment(name)}: ${note}`)),
  ];
  return leftOutLines(notes);
}

function rolesEntry(roles: readonly LayerRole[], groupOf: (grant: Grant) => string): YamlEntry[] {
  if (roles.length === 0) return [];
  const entries = roles.map((role, index) => ({ ...layerRoleEntry(role, groupOf), spaced: index > 0 }));
  return [{ key: 'roles', value: mapNode(entries), spaced: true }];
}

/** A file name for each shared layer, from its first role and the count of the others. */
function sharedNames(shared: readonly SharedLayer[]): string[] {
  const titles = shared.map(({ roles }, index) => {
    const more = roles.length > 1 ? ` and ${roles.length - 1} more` : '';
    return { id: index + 1, name: `${roles[0]?.name ?? ''}${more}` };
  });
  const names = fileNames(titles);
  return titles.map(({ id }) => names.get(id) ?? `shared-${id}`);
}

function inventoryText(fleet: string, instances: readonly FleetSnapshot[]): string {
  const entries = instances.map(({ name, labels }): YamlEntry => {
    const list = Object.entries(labels).map(([key, value]) => ({ key, value: textNode(value) }));
    const own = list.length === 0 ? [] : [{ key: 'labels', value: shortMapNode(list) }];
    return { key: name, value: own.length === 0 ? shortMapNode([]) : mapNode(own) };
  });
  return documentText(
    [
      { key: 'apiVersion', value: keywordNode('domo-roles/v1') },
      { key: 'kind', value: keywordNode('Fleet') },
      { key: 'name', value: textNode(fleet) },
      {
        key: 'manifest',
        value: textNode('instances/{name}.yaml'),
        above: ['What each instance has in addition to base.yaml.'],
        spaced: true,
      },
      { key: 'instances', value: mapNode(entries), spaced: true },
    ],
    { above: [modeline(INVENTORY_SCHEMA_URL), '', ...INVENTORY_TITLE], padded: true },
  );
}

const INVENTORY_TITLE = [
  'The instances of this fleet. Give them labels to select them by, and waves to apply in.',
  'A plan of it finds nothing to change now. Plan it again after every edit.',
].map(inComment);
