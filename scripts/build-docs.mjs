// Writes the reference pages from their sources: `node scripts/build-docs.mjs [FOLDER]`, where FOLDER is
// `docs/reference` by default. Needs compiled schemas (`npm run generate`).
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { ROOT } from './docs/sources.mjs';
import { cliPage } from './docs/cli-page.mjs';
import { codesPage } from './docs/codes-page.mjs';
import { inventoryPage } from './docs/inventory-page.mjs';
import { jsonPage } from './docs/json-page.mjs';
import { manifestPage } from './docs/manifest-page.mjs';
import { sandboxPage } from './docs/sandbox-page.mjs';

const PAGES = {
  'cli.md': cliPage,
  'codes.md': codesPage,
  'inventory.md': inventoryPage,
  'json.md': jsonPage,
  'manifest.md': manifestPage,
  'sandbox.md': sandboxPage,
};

const folder = resolve(process.argv[2] ?? join(ROOT, 'docs/reference'));
mkdirSync(folder, { recursive: true });
const config = await resolveConfig(join(ROOT, 'docs/reference/cli.md'));
for (const [name, page] of Object.entries(PAGES)) {
  const text = `<!-- Made by \`npm run docs\`. Change its source, not this page. -->\n\n${(await page()).trim()}\n`;
  writeFileSync(join(folder, name), await format(text, { ...config, parser: 'markdown' }));
}
