import { inventoryPlaceForm } from '../manifest/form/place-form.js';
import { withoutExtensions } from '../manifest/form/extension-keys.js';
import { readYaml } from '../manifest/yaml/read-yaml.js';
import { joinRows } from './build-inventory.js';
import type { DraftEntry } from './draft.js';
import { readInventoryDraft } from './read-draft.js';
import { readInstanceTable } from './table.js';

/** An inventory in a git revision, as far as `--changed-since` compares it. */
interface InventoryAt {
  /** The top-level `manifest`, as written. */
  manifest: string | null;
  /** Each entry and its row as written, by name. */
  sources: ReadonlyMap<string, string>;
}

/**
 * Reads an inventory of a git revision. Rules are not checked, and invalid parts are left out. `tableText` returns the text
 * of a table by its path as written; null if it does not exist.
 */
export async function inventoryAt(
  text: string,
  tableText: (file: string) => Promise<string | null>,
): Promise<InventoryAt> {
  const { root } = await readYaml(text, '');
  if (root?.kind !== 'map') return { manifest: null, sources: new Map() };
  const draft = readInventoryDraft(withoutExtensions(root, inventoryPlaceForm));
  const rows: DraftEntry[] = [];
  for (const table of draft.tables) {
    const content = await tableText(table.file.value);
    if (content !== null) rows.push(...readInstanceTable(content, '', table).rows);
  }
  const entries = joinRows(draft.entries, rows, []);
  return {
    manifest: draft.manifest?.value ?? null,
    sources: new Map(entries.map(({ name, source }) => [name.value, source])),
  };
}
