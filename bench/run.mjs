// Bundles and runs the benchmarks, because the Node versions of users cannot run TypeScript.
import { build } from 'esbuild';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { BUNDLE } from '../scripts/bundle.mjs';

const out = join('node_modules', '.cache', 'domo-roles-bench');
const parts = [
  'main',
  'serve',
  'floor',
  'plan',
  'per-role',
  'apply',
  'apply-floor',
  'compute',
  'manifest-load',
  'fleet-serve',
  'fleet-plan',
  'fleet-floor',
];

await rm(out, { recursive: true, force: true });
await build({
  ...BUNDLE,
  // It loads files from its own folder, so it cannot be bundled.
  external: [...(BUNDLE.external ?? []), 'playwright-core'],
  entryPoints: parts.map((part) => `bench/${part}.ts`),
  outdir: out,
  outExtension: { '.js': '.mjs' },
  splitting: true,
});
const child = spawn(process.execPath, [join(out, 'main.mjs'), ...process.argv.slice(2)], {
  stdio: 'inherit',
});
child.on('exit', (code) => {
  process.exitCode = code ?? 1;
});
