import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { definitionsFor, writeSchema } from './schema-parts.mjs';

/** Keys of a manifest that an overlay does not have. */
const OWN_KEYS = ['apiVersion', 'kind', 'instance', 'extends'];

/** The schema of an inventory. Its overlays are generated from the manifest's schema, so that they stay in step with it. */
function inventorySchemaOf(inventory, manifest) {
  const keys = Object.entries(manifest.properties).filter(([key]) => !OWN_KEYS.includes(key));
  const overlay = { ...inventory.$defs.overlay, properties: Object.fromEntries(keys) };
  const schema = { ...inventory, $defs: {} };
  const own = { ...inventory.$defs, overlay };
  return { ...schema, $defs: { ...definitionsFor({ own }, manifest.$defs), ...own } };
}

/** Writes the schema of an inventory: its own part from `scripts/inventory.schema.json`, overlays from the manifest's. */
export async function writeInventorySchema(folder) {
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.v1.schema.json'), 'utf8'));
  const own = JSON.parse(readFileSync(new URL('inventory.schema.json', import.meta.url), 'utf8'));
  await writeSchema(join(folder, 'inventory.v1.schema.json'), inventorySchemaOf(own, manifest));
}
