// Builds what is shipped: the library as plain modules with types (dist/lib), the command in parts that are
// loaded when they are used (dist/bin), and the GitHub Action as one file (dist/action).
// `--bundle` builds the bundles alone.
import { rm, writeFile } from 'node:fs/promises';
import { execFileSync } from 'node:child_process';
import { build } from 'esbuild';
import { buildCommand } from './build-command.mjs';
import { BUNDLE } from './bundle.mjs';

const onlyBundle = process.argv.includes('--bundle');

await buildCommand('dist/bin');
// The most asked of all questions is answered without its parser: `-h` is laid out anew, `--help` is this text.
await writeFile('dist/bin/help.txt', execFileSync(process.execPath, ['dist/bin/domo-roles.js', '-h']));

// The GitHub Action: one file, which a release tag carries (see action.yml).
await build({ ...BUNDLE, entryPoints: ['src/action/index.ts'], outfile: 'dist/action/index.js' });

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
