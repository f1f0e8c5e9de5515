// Bundles the programs that run on the Node of users: the command, the GitHub Action and the bench.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

const quickWidth = resolve('scripts/quick-width.cjs');

/** The program and yargs measure the width of text. This replacement avoids `string-width` for ASCII text. */
const widthWhenNeeded = {
  name: 'width-when-needed',
  setup({ onResolve }) {
    onResolve({ filter: /^string-width$/ }, ({ importer }) =>
      importer === quickWidth ? undefined : { path: quickWidth },
    );
  },
};

const noSearch = resolve('scripts/no-search.cjs');

/** yargs searches the parent folders for a package.json. The version and settings are set in code instead. */
const withoutSearch = {
  name: 'without-search',
  setup({ onResolve }) {
    onResolve({ filter: /^escalade\/sync$/ }, () => ({ path: noSearch }));
  },
};

/**
 * Modules that packages load but this program does not use. Evaluating them takes longer than sending the requests of a plan.
 * `by` is the importing package, `as` the replacement.
 */
const STAND_INS = [
  // `src/http/transport.ts` sends text with Node's own client, follows no redirects, and uses its own agent.
  { what: /^\.\/fetch\.js$/, by: /axios\/lib\/adapters\//, as: 'export const getFetch = null;' },
  { what: /^\.\/xhr\.js$/, by: /axios\/lib\/adapters\//, as: 'export default null;' },
  { what: /^form-data$/, by: /axios\//, as: 'export default null;' },
  { what: /^http2$/, by: /axios\//, as: 'export default {};' },
  { what: /^https-proxy-agent$/, by: /axios\//, as: 'export default null;' },
  { what: /^proxy-from-env$/, by: /axios\//, as: "export const getProxyForUrl = () => '';" },
  { what: /^follow-redirects$/, by: /axios\//, as: 'export default {};' },
  // The proxy agent prints headers if `DEBUG` is set. This disables it.
  { what: /^debug$/, by: /./, as: 'export default () => () => {};' },
  // yargs validates its own calls at run time.
  {
    what: /^assert$/,
    by: /yargs\/lib\/platform-shims\//,
    as: `
      const demand = (holds, message) => { if (!holds) throw new Error(message ?? 'an assertion of yargs failed'); };
      export const strictEqual = (one, other, message) => demand(Object.is(one, other), message);
      export const notStrictEqual = (one, other, message) => demand(!Object.is(one, other), message);
    `,
  },
  // Columns are formatted only for help.
  {
    what: /^cliui$/,
    by: /yargs\/lib\/platform-shims\//,
    as: "export default (options) => require('cliui').default(options);",
  },
  { what: /\/argsert\.js$/, by: /yargs\/build\/lib\//, as: 'export const argsert = () => {};' },
];

/** Code that packages run on load but this program does not use: the text that is removed from a file. */
const LEFT_OUT = [
  // Checking whether `FormData` exists makes Node load all of `fetch`.
  { file: /axios\/lib\/utils\.js$/, from: /G\.FormData/gu, to: 'undefined' },
  // yargs formats the help after each command, in case it fails. This program reports failures without help.
  {
    file: /yargs\/build\/lib\/command\.js$/,
    from: /yargs\.getInternalMethods\(\)\.getUsageInstance\(\)\.cacheHelpMessage\(\);/gu,
    to: '',
  },
];

const withoutTheUnused = {
  name: 'without-the-unused',
  setup({ onResolve, onLoad }) {
    for (const [index, { what, by }] of STAND_INS.entries()) {
      onResolve({ filter: what }, ({ importer }) =>
        by.test(importer) ? { path: String(index), namespace: 'stand-in' } : undefined,
      );
    }
    onLoad({ filter: /./, namespace: 'stand-in' }, ({ path }) => ({
      contents: STAND_INS[path].as,
      resolveDir: resolve('node_modules/yargs'),
    }));
    for (const { file, from, to } of LEFT_OUT) {
      onLoad({ filter: file }, async ({ path }) => {
        const text = await readFile(path, 'utf8');
        const contents = text.replace(from, to);
        if (contents === text) throw new Error(`${path} is no longer what scripts/bundle.mjs expects`);
        return { contents };
      });
    }
  },
};

export const BUNDLE = {
  plugins: [widthWhenNeeded, withoutSearch, withoutTheUnused],
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  logLevel: 'warning',
  banner: {
    // CommonJS packages need these.
    js: [
      "import { createRequire as __createRequire } from 'node:module';",
      "import { fileURLToPath as __fileURLToPath } from 'node:url';",
      'const require = __createRequire(import.meta.url);',
      'const __filename = __fileURLToPath(import.meta.url);',
    ].join(''),
  },
};
