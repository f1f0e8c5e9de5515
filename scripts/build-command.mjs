/**
 * Builds the command into a folder. At start-up, the number of modules and the built-in modules imported as ES modules cost
 * more than the size of the code. So the command is built as a few CommonJS files.
 *
 * esbuild first makes the smallest parts, one for each set of commands that need the same code. Rollup then joins the parts
 * of each layer below.
 */
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { build } from 'esbuild';
import { rollup } from 'rollup';
import { BUNDLE } from './bundle.mjs';
import { licensesIn } from './licenses.mjs';

const ENTRY = 'src/bin.ts';

/**
 * Each layer holds the code that these modules need, except for the code of the layers above it. A layer is loaded as a
 * whole, so code that only some commands use stays in separate parts.
 */
const LAYERS = {
  command: ['src/cli/main.ts', 'src/shell/process-environment.ts'],
  manifest: ['src/manifest/load/load.ts', 'src/cli/commands/validate.ts'],
  instance: ['src/routes/open-routes.ts', 'src/live/open-reader.ts'],
  plan: ['src/cli/commands/plan.ts', 'src/render/text/plan.ts'],
};

/** Writes `domo-roles.js`, its parts, and the licenses of the packages that they contain. */
export async function buildCommand(folder) {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const parts = await smallestParts(resolve(folder));
  const joined = await rollup({
    input: { 'domo-roles': join(resolve(folder), 'domo-roles.js') },
    plugins: [fromMemory(parts.texts)],
    external: (id) => !id.startsWith('.') && !id.startsWith('/'),
    onLog: (_level, { message }) => {
      throw new Error(message);
    },
  });
  await joined.write({
    dir: folder,
    format: 'cjs',
    // Exports behind getters are then not loaded, such as all of `fetch`.
    interop: 'default',
    esModule: false,
    freeze: false,
    compact: true,
    generatedCode: 'es2015',
    dynamicImportInCjs: false,
    hoistTransitiveImports: false,
    chunkFileNames: 'parts/[name]-[hash].js',
    manualChunks: (id) => parts.layers.get(id),
  });
  await joined.close();
  // The package consists of ES modules.
  await writeFile(join(folder, 'package.json'), '{ "type": "commonjs" }\n');
  await chmod(join(folder, 'domo-roles.js'), 0o755);
  await writeFile(join(folder, 'licenses.txt'), await licensesIn(parts.metafile));
}

async function smallestParts(folder) {
  const { outputFiles, metafile } = await build({
    ...BUNDLE,
    // CommonJS already has `require`.
    banner: {},
    entryPoints: { 'domo-roles': ENTRY },
    outdir: folder,
    splitting: true,
    write: false,
    metafile: true,
  });
  const outputs = new Map(Object.entries(metafile.outputs).map(([path, output]) => [resolve(path), output]));
  return {
    texts: new Map(outputFiles.map(({ path, text }) => [path, text])),
    layers: layersOf(outputs),
    metafile,
  };
}

/** The layer of each part; parts without one are left out. */
function layersOf(outputs) {
  const partOf = new Map([...outputs].map(([path, { entryPoint }]) => [entryPoint, path]));
  const layers = new Map();
  const take = (path, layer) => {
    if (layers.has(path)) return;
    layers.set(path, layer);
    for (const used of outputs.get(path).imports) {
      if (used.kind === 'import-statement' && !used.external) take(resolve(used.path), layer);
    }
  };
  // The entry, which answers `--version`, stays a separate file.
  take(partOf.get(ENTRY), 'start');
  for (const [layer, modules] of Object.entries(LAYERS)) {
    for (const module of modules) {
      if (!partOf.has(module)) throw new Error(`${module} is loaded by no dynamic import: see LAYERS`);
      take(partOf.get(module), layer);
    }
  }
  layers.delete(partOf.get(ENTRY));
  return layers;
}

/** The parts from esbuild, kept in memory. */
function fromMemory(texts) {
  return {
    name: 'from-memory',
    resolveId: (source, importer) =>
      source.startsWith('.') ? resolve(dirname(importer), source) : texts.has(source) ? source : null,
    load: (id) => texts.get(id) ?? null,
    resolveImportMeta: (property) =>
      property === 'url' ? "require('node:url').pathToFileURL(__filename).href" : null,
  };
}
