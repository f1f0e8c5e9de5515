import { inventoryPlaceForm } from '../manifest/expected-values.js';
import { withoutExtensions } from '../manifest/extension-keys.js';
import { parseManifest } from '../manifest/parse.js';
import { joinRows } from './build-inventory.js';
import type { DraftEntry } from './draft.js';
import { readInventoryDraft } from './read-draft.js';
import { readInstanceTable } from './table.js';

/** What an inventory was in a revision, as far as it takes to say what changed. */
export interface InventoryAt {
  /** The manifest of entries that name none, as written. */
  manifest: string | null;
  /** Each entry with its row as written, by name. */
  sources: ReadonlyMap<string, string>;
}

/**
 * Reads the text of an inventory as it was. No rule is checked: what cannot be read was not there. `tableText` gives the
 * text of a table by its path as written.
 */
export async function inventoryAt(
  text: string,
  tableText: (file: string) => Promise<string | null>,
): Promise<InventoryAt> {
  const { root } = await parseManifest(text, '');
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
