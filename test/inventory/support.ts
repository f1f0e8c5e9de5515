import { loadInventory } from '../../src/inventory/load-inventory.js';
import type { LoadedInventory } from '../../src/inventory/load-inventory.js';
import type { FleetEntry } from '../../src/inventory/inventory.js';
import type { Place } from '../../src/manifest/yaml/yaml-values.js';
import type { Problem } from '../../src/problem/problem.js';
import { folderOf } from '../manifest/support.js';

/** The lines that every inventory starts with: two, so that the first line of a test is line 3. */
export const FLEET = 'apiVersion: domo-roles/v1\nkind: Fleet\n';

export const NOW = '2026-11-26T12:00:00.000Z';

/** Loads an inventory from a new folder: `fleet.yaml` without its first two lines, and other files. */
export async function loadFleet(
  text: string,
  files: Readonly<Record<string, string>> = {},
): Promise<LoadedInventory> {
  const cwd = await folderOf({ 'fleet.yaml': FLEET + text, ...files });
  return loadInventory('fleet.yaml', { cwd, now: NOW });
}

/** The inventory of a valid text. */
export async function inventoryOf(text: string, files?: Readonly<Record<string, string>>) {
  const { inventory, problems } = await loadFleet(text, files);
  if (!inventory) throw new Error(problems.map(problemLine).join('\n'));
  return inventory;
}

/** The problems of an inventory, one line each. */
export async function faultsOf(text: string, files?: Readonly<Record<string, string>>): Promise<string[]> {
  return (await loadFleet(text, files)).problems.map(problemLine);
}

/** A problem as one line: `bad-value fleet.yaml:3:5 the message | the hint`. */
export function problemLine({ code, message, hint, where }: Problem): string {
  return `${code} ${where?.file}:${where?.line}:${where?.column} ${message}${hint ? ` | ${hint}` : ''}`;
}

/** An entry by its name and labels. */
export function entryWith(
  name: string,
  labels: Readonly<Record<string, string>> = {},
  wave = 'rest',
): FleetEntry {
  return {
    name,
    labels: new Map(Object.entries(labels)),
    manifest: { value: 'base.yaml', at: PLACE },
    overlay: null,
    suspended: null,
    wave,
    source: '',
  };
}

export const PLACE: Place = { file: 'fleet.yaml', line: 1, column: 1, endLine: 1, endColumn: 1 };
