/**
 * Builds the command into a folder. What takes longest at a start is not reading text but each further module, and
 * each built-in module that is imported as an ES module: so the parts are few, and in the older module form.
 *
 * esbuild makes the smallest parts first, one for each set of commands that need the same code. Rollup then joins those
 * of each layer below.
 */
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { build } from 'esbuild';
import { rollup } from 'rollup';
import { BUNDLE } from './bundle.mjs';

const ENTRY = 'src/bin.ts';

/**
 * Each layer holds what these modules need, beside what the layers above it hold. A layer is loaded as a whole: what
 * only some commands use stays in parts of its own.
 */
const LAYERS = {
  command: ['src/cli/main.ts', 'src/shell/process-environment.ts'],
  manifest: ['src/manifest/load.ts', 'src/cli/commands/validate.ts'],
  instance: ['src/routes/open-routes.ts', 'src/live/open-reader.ts'],
  plan: ['src/cli/commands/plan.ts', 'src/render/text/plan.ts'],
};

/** Writes `domo-roles.js` and its parts. */
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
    // What is left to its getters is not loaded: among them is all of `fetch`.
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
  // The package is made of ES modules.
  await writeFile(join(folder, 'package.json'), '{ "type": "commonjs" }\n');
  await chmod(join(folder, 'domo-roles.js'), 0o755);
}

async function smallestParts(folder) {
  const { outputFiles, metafile } = await build({
    ...BUNDLE,
    // The older form has `require` by itself.
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
  // What answers `--version` stays beside the rest.
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

/** The parts as esbuild made them, which are never written. */
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
