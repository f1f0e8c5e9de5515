// Builds the release: the library as modules with types (dist/lib), the command as chunks that are loaded on demand
// (dist/bin), and the GitHub Action (dist/action). `--bundle` builds only the command and the action.
import { rm, writeFile } from 'node:fs/promises';
import { execFileSync } from 'node:child_process';
import { build } from 'esbuild';
import { buildCommand } from './build-command.mjs';
import { BUNDLE } from './bundle.mjs';
import { licensesIn } from './licenses.mjs';

const onlyBundle = process.argv.includes('--bundle');

await buildCommand('dist/bin');
// `--help` prints this text without loading the parser; `-h` formats it again.
await writeFile('dist/bin/help.txt', execFileSync(process.execPath, ['dist/bin/domo-roles.js', '-h']));

// The GitHub Action is one file and the licenses of what it contains. Only release tags contain them (see action.yml).
const { metafile } = await build({
  ...BUNDLE,
  entryPoints: ['src/action/index.ts'],
  outfile: 'dist/action/index.js',
  metafile: true,
});
await writeFile('dist/action/licenses.txt', await licensesIn(metafile));

if (!onlyBundle) {
  await rm('dist/lib', { recursive: true, force: true });
  execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], {
    stdio: 'inherit',
  });
  // The TypeScript compiler does not copy JavaScript modules.
  execFileSync(process.execPath, ['scripts/build-schemas.mjs', 'dist/lib/schema/generated'], {
    stdio: 'inherit',
  });
}
