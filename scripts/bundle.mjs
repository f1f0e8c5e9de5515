// How everything is bundled that runs on the same Node that users have: the command, the GitHub Action, the bench.
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

export const BUNDLE = {
  plugins: [widthWhenNeeded, withoutSearch],
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
