const GLOBALS = new URL('./globals.mjs', import.meta.url).href;
const QUICK_WIDTH = new URL('../../scripts/quick-width.cjs', import.meta.url).href;
const SOURCE = new URL('../../src/', import.meta.url).href;
const DYNAMIC_IMPORT = /\bimport\((["'])(\.{1,2}\/[^"'\n]+)\1\)/gu;

/** `@jest/globals` cannot be loaded outside of Jest's own runner. `string-width` is replaced as in the bundle. */
export function resolve(name, context, next) {
  if (name === '@jest/globals') return { url: GLOBALS, shortCircuit: true };
  if (name === 'string-width' && context.parentURL !== QUICK_WIDTH)
    return { url: QUICK_WIDTH, format: 'commonjs', shortCircuit: true };
  return next(name, context);
}

/**
 * Caches modules that the command loads on demand. Node calls the hooks, in a separate thread, at each `import()`,
 * even for loaded modules.
 */
export async function load(url, context, next) {
  const loaded = await next(url, context);
  if (loaded.format !== 'module' || !url.startsWith(SOURCE)) return loaded;
  const source = String(loaded.source).replace(DYNAMIC_IMPORT, (call, _quote, name) => {
    const key = JSON.stringify(new URL(name, url).href);
    return `(globalThis.loadedOnDemand[${key}] ??= ${call})`;
  });
  return { ...loaded, source };
}
