/**
 * Generates `src/render/html/generated/assets.ts` from the style sheets and scripts in `src/render/html/page/`. The HTML
 * reports contain both inline, and their content security policy allows them by hash. Only whitespace and comments are removed.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const TARGET = join(ROOT, 'src/render/html/generated/assets.ts');
const LICENSE = readFileSync(join(ROOT, 'node_modules/fflate/LICENSE'), 'utf8');

async function bundled(file) {
  const { outputFiles } = await build({
    entryPoints: [join(ROOT, 'src/render/html/page', file)],
    bundle: true,
    write: false,
    format: 'iife',
    minifyWhitespace: true,
    legalComments: 'none',
    // The pages are copies of the library that leave this project, so they carry its license.
    banner: file.endsWith('.js') ? { js: `/*\nThis script contains fflate.\n\n${LICENSE}*/` } : {},
    charset: 'utf8',
    logLevel: 'warning',
  });
  return outputFiles[0].text;
}

const [styles, script, fleetStyles, fleetScript] = await Promise.all(
  ['page.css', 'page.js', 'fleet.css', 'fleet.js'].map(bundled),
);
const text = [
  '/* Made by scripts/build-page.mjs. */',
  `export const STYLES = ${JSON.stringify(styles)};`,
  `export const SCRIPT = ${JSON.stringify(script)};`,
  `export const FLEET_STYLES = ${JSON.stringify(fleetStyles)};`,
  `export const FLEET_SCRIPT = ${JSON.stringify(fleetScript)};`,
  '',
].join('\n');
mkdirSync(dirname(TARGET), { recursive: true });
if (readText(TARGET) !== text) writeFileSync(TARGET, text);

function readText(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
