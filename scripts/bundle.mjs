// How everything is bundled that runs on the same Node that users have: the command, the GitHub Action, the bench.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

const quickWidth = resolve('scripts/quick-width.cjs');

/** Both the program and its parser of command lines ask how wide a text is: at first without `string-width`. */
const widthWhenNeeded = {
  name: 'width-when-needed',
  setup({ onResolve }) {
    onResolve({ filter: /^string-width$/ }, ({ importer }) =>
      importer === quickWidth ? undefined : { path: quickWidth },
    );
  },
};

const noSearch = resolve('scripts/no-search.cjs');

/** The parser searches the folders above for a package.json, for a version and settings that are given in code. */
const withoutSearch = {
  name: 'without-search',
  setup({ onResolve }) {
    onResolve({ filter: /^escalade\/sync$/ }, () => ({ path: noSearch }));
  },
};

/**
 * What packages load and this program has no use for; evaluating it takes longer than sending the requests of a plan.
 * `by` is who asks for it, `as` what it gets.
 */
const STAND_INS = [
  // `src/http/transport.ts` sends text by Node's own client, follows nothing, and goes through an agent of its own.
  { what: /^\.\/fetch\.js$/, by: /axios\/lib\/adapters\//, as: 'export const getFetch = null;' },
  { what: /^\.\/xhr\.js$/, by: /axios\/lib\/adapters\//, as: 'export default null;' },
  { what: /^form-data$/, by: /axios\//, as: 'export default null;' },
  { what: /^http2$/, by: /axios\//, as: 'export default {};' },
  { what: /^https-proxy-agent$/, by: /axios\//, as: 'export default null;' },
  { what: /^proxy-from-env$/, by: /axios\//, as: "export const getProxyForUrl = () => '';" },
  { what: /^follow-redirects$/, by: /axios\//, as: 'export default {};' },
  // The agent for proxies prints headers when `DEBUG` asks for it. Here it never does.
  { what: /^debug$/, by: /./, as: 'export default () => () => {};' },
  // The parser of command lines checks itself, and those who wrote the calls of it.
  {
    what: /^assert$/,
    by: /yargs\/lib\/platform-shims\//,
    as: `
      const demand = (holds, message) => { if (!holds) throw new Error(message ?? 'an assertion of yargs failed'); };
      export const strictEqual = (one, other, message) => demand(Object.is(one, other), message);
      export const notStrictEqual = (one, other, message) => demand(!Object.is(one, other), message);
    `,
  },
  // Columns are laid out for help alone.
  {
    what: /^cliui$/,
    by: /yargs\/lib\/platform-shims\//,
    as: "export default (options) => require('cliui').default(options);",
  },
  { what: /\/argsert\.js$/, by: /yargs\/build\/lib\//, as: 'export const argsert = () => {};' },
];

/** What packages do at once and this program has no use for: the text that is left out of a file. */
const LEFT_OUT = [
  // Asking whether forms are there makes Node set up its whole `fetch`.
  { file: /axios\/lib\/utils\.js$/, from: /G\.FormData/gu, to: 'undefined' },
  // Help is laid out after each command, in case that it fails. Failures are reported here without it.
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
    // Packages in the older module form ask for these.
    js: [
      "import { createRequire as __createRequire } from 'node:module';",
      "import { fileURLToPath as __fileURLToPath } from 'node:url';",
      'const require = __createRequire(import.meta.url);',
      'const __filename = __fileURLToPath(import.meta.url);',
    ].join(''),
  },
};
