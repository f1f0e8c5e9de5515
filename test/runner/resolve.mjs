const GLOBALS = new URL('./globals.mjs', import.meta.url).href;
const QUICK_WIDTH = new URL('../../scripts/quick-width.cjs', import.meta.url).href;

/** `@jest/globals` refuses to be loaded outside of Jest's own runner; `string-width` is replaced as in the bundle. */
export function resolve(name, context, next) {
  if (name === '@jest/globals') return { url: GLOBALS, shortCircuit: true };
  if (name === 'string-width' && context.parentURL !== QUICK_WIDTH)
    return { url: QUICK_WIDTH, format: 'commonjs', shortCircuit: true };
  return next(name, context);
}
