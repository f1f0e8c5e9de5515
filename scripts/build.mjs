// Builds what is shipped: the library as plain modules with types (dist/lib), and the command as a bundle
// whose parts are loaded when they are used (dist/bin). `--bundle` builds the bundle alone.
import { chmod, rm } from 'node:fs/promises';
import { execFileSync } from 'node:child_process';
import { build } from 'esbuild';

const onlyBundle = process.argv.includes('--bundle');

await rm('dist/bin', { recursive: true, force: true });
await build({
  entryPoints: { 'domo-roles': 'src/bin.ts' },
  outdir: 'dist/bin',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  chunkNames: 'parts/[name]-[hash]',
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
});
await chmod('dist/bin/domo-roles.js', 0o755);

if (!onlyBundle) {
  await rm('dist/lib', { recursive: true, force: true });
  execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], {
    stdio: 'inherit',
  });
}
