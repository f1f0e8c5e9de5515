/**
 * Generates modules from `schemas/*.schema.json`, so that the program needs neither a schema compiler nor files at run
 * time: the text of every schema, and a self-contained validator for each document that the program reads.
 * `node scripts/build-schemas.mjs [FOLDER]`, where FOLDER is `src/schema/generated` by default. A schema's name is
 * its file name up to the first dot.
 */
import { readdirSync, readFileSync, mkdirSync, renameSync, writeFileSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import Ajv2020 from 'ajv/dist/2020.js';
import standalone from 'ajv/dist/standalone/index.js';
import formats from 'ajv-formats';
import { build } from 'esbuild';
import { writeInventorySchema } from './inventory-schema.mjs';
import { writePolicySchema } from './policy-schema.mjs';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const SOURCE = join(ROOT, 'schemas');
const TARGET = resolve(process.argv[2] ?? join(ROOT, 'src/schema/generated'));

/** Documents that people write. The program writes all others, and its tests check them. */
const CHECKED = ['manifest', 'policy', 'inventory', 'plan', 'drift', 'fleet', 'instance-roles'];

/** Keywords for readers and editors that do not affect validation. Validators embed whole schemas, so these are removed. */
const ANNOTATIONS = new Set([
  'title',
  'description',
  'examples',
  '$comment',
  'markdownDescription',
  'markdownEnumDescriptions',
  'enumDescriptions',
  'defaultSnippets',
  'deprecationMessage',
]);

/** Keywords whose value is a schema or a list of schemas, and those whose value has a schema by each name. */
const HOLDS_SCHEMAS = new Set([
  ...['items', 'prefixItems', 'contains', 'additionalProperties', 'unevaluatedProperties', 'propertyNames'],
  ...['anyOf', 'allOf', 'oneOf', 'not', 'if', 'then', 'else'],
]);
const NAMES_SCHEMAS = new Set(['$defs', 'properties', 'patternProperties', 'dependentSchemas']);

await writePolicySchema(SOURCE);
await writeInventorySchema(SOURCE);
const entries = readSchemas();
const ajv = new Ajv2020.default({
  allErrors: true,
  strict: true,
  strictTypes: false,
  strictTuples: false,
  strictRequired: false,
  // Manifests and other input files may hold keys such as `constructor`.
  ownProperties: true,
  code: { source: true, esm: true, lines: false },
});
formats.default(ajv);
for (const { schema } of entries) ajv.addSchema(withoutAnnotations(schema));

mkdirSync(TARGET, { recursive: true });
const written = new Set();
for (const entry of entries) if (CHECKED.includes(entry.name)) await writeChecker(entry);
writeTexts();
writeNames();
for (const name of readdirSync(TARGET))
  if (/\.(js|d\.ts)$/u.test(name) && !written.has(name)) rmSync(join(TARGET, name), { force: true });

function readSchemas() {
  const files = readdirSync(SOURCE).filter((name) => name.endsWith('.schema.json'));
  const found = files.sort().map((file) => {
    const schema = JSON.parse(readFileSync(join(SOURCE, file), 'utf8'));
    if (typeof schema.$id !== 'string') throw new Error(`schemas/${file} has no $id`);
    return { name: file.slice(0, file.indexOf('.')), file, schema };
  });
  const names = new Set(found.map(({ name }) => name));
  if (names.size < found.length)
    throw new Error('two files in schemas/ have the same name up to the first dot');
  return found;
}

/** A smaller schema that accepts the same documents. Keys of `properties` are names, never keywords. */
function withoutAnnotations(schema) {
  if (Array.isArray(schema)) return schema.map(withoutAnnotations);
  if (typeof schema !== 'object' || schema === null) return schema;
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([keyword]) => !ANNOTATIONS.has(keyword))
      .map(([keyword, value]) => [keyword, withoutAnnotationsIn(keyword, value)]),
  );
}

function withoutAnnotationsIn(keyword, value) {
  if (HOLDS_SCHEMAS.has(keyword)) return withoutAnnotations(value);
  if (!NAMES_SCHEMAS.has(keyword)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, schema]) => [name, withoutAnnotations(schema)]),
  );
}

/** Its functions are not nested: the engine parses a nested function again for each function around it. */
async function writeChecker({ name, schema }) {
  const code = standalone.default(ajv, ajv.getSchema(schema.$id)).replace(/export default (\w+);?/u, '');
  const check = 'export function check(value) { return validate(value) ? [] : validate.errors; }';
  const bundled = await build({
    stdin: { contents: `${code.replace('export const', 'const')}\n${check}`, resolveDir: ROOT, loader: 'js' },
    bundle: true,
    format: 'esm',
    minify: true,
    platform: 'neutral',
    mainFields: ['module', 'main'],
    target: 'es2022',
    write: false,
    logLevel: 'error',
  });
  put(`${name}.js`, `/* Made by scripts/build-schemas.mjs. */\n${bundled.outputFiles[0].text}`);
  put(
    `${name}.d.ts`,
    "import type { RawIssue } from '../schema.js';\nexport declare function check(value: unknown): readonly RawIssue[];\n",
  );
}

/** Without whitespace. `schema` formats them when it prints them. */
function writeTexts() {
  const table = entries.map(
    ({ name, schema }) => `  ${JSON.stringify(name)}: ${JSON.stringify(JSON.stringify(schema))},`,
  );
  put(
    'texts.js',
    ['/* Made by scripts/build-schemas.mjs. */', 'export const TEXTS = {', ...table, '};', ''].join('\n'),
  );
  put(
    'texts.d.ts',
    "import type { SchemaName } from './names.js';\nexport declare const TEXTS: Readonly<Record<SchemaName, string>>;\n",
  );
}

/** The names alone: the command lists them without loading the schemas. */
function writeNames() {
  const names = entries.map(({ name }) => JSON.stringify(name)).sort();
  put(
    'names.js',
    `/* Made by scripts/build-schemas.mjs. */\nexport const SCHEMA_NAMES = [${names.join(', ')}];\n`,
  );
  put(
    'names.d.ts',
    `export type SchemaName = ${names.join(' | ')};\nexport declare const SCHEMA_NAMES: readonly SchemaName[];\n`,
  );
}

/** Writes only changed files, and each one atomically: tests may read them while this runs. */
function put(name, text) {
  written.add(name);
  const path = join(TARGET, name);
  try {
    if (readFileSync(path, 'utf8') === text) return;
  } catch {
    // Not there yet.
  }
  writeFileSync(`${path}.${process.pid}`, text);
  renameSync(`${path}.${process.pid}`, path);
}
