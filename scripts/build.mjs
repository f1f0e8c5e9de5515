// Builds what is shipped: the library as plain modules with types (dist/lib), the command as a bundle
// whose parts are loaded when they are used (dist/bin), and the GitHub Action as one file (dist/action).
// `--bundle` builds the bundles alone.
import { chmod, rm, writeFile } from 'node:fs/promises';
import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { build } from 'esbuild';

const onlyBundle = process.argv.includes('--bundle');

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

const bundle = {
  plugins: [widthWhenNeeded],
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

await rm('dist/bin', { recursive: true, force: true });
await build({
  ...bundle,
  entryPoints: { 'domo-roles': 'src/bin.ts' },
  outdir: 'dist/bin',
  splitting: true,
  chunkNames: 'parts/[name]-[hash]',
});
await chmod('dist/bin/domo-roles.js', 0o755);
// The most asked of all questions is answered without its parser: `-h` is laid out anew, `--help` is this text.
await writeFile('dist/bin/help.txt', execFileSync(process.execPath, ['dist/bin/domo-roles.js', '-h']));

// The GitHub Action: one file, which a release tag carries (see action.yml).
await build({ ...bundle, entryPoints: ['src/action/index.ts'], outfile: 'dist/action/index.js' });

if (!onlyBundle) {
  await rm('dist/lib', { recursive: true, force: true });
  execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], {
    stdio: 'inherit',
  });
  // The compiler leaves plain modules where they are.
  execFileSync(process.execPath, ['scripts/build-schemas.mjs', 'dist/lib/schema/generated'], {
    stdio: 'inherit',
  });
}
