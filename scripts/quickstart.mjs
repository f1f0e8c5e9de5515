// The main workflow, end to end, on the embedded instance: validate, plan, apply, and an empty plan.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'domo-roles-quickstart-'));
const manifest = 'examples/quickstart';
const sandbox = ['--sandbox', join(folder, 'instance')];
const steps = [
  { say: `validate ${manifest}`, args: ['validate', manifest] },
  { say: `plan ${manifest} --sandbox`, args: ['plan', manifest, ...sandbox] },
  {
    say: `apply ${manifest} --sandbox --yes`,
    args: ['apply', manifest, ...sandbox, '--yes', '--state', join(folder, 'state')],
  },
  {
    say: `plan ${manifest} --sandbox --detailed-exitcode`,
    args: ['plan', manifest, ...sandbox, '--detailed-exitcode'],
  },
];

try {
  for (const { say, args } of steps) {
    process.stdout.write(`\n$ domo-roles ${say}\n\n`);
    const { status } = spawnSync(process.execPath, ['dist/bin/domo-roles.js', ...args], { stdio: 'inherit' });
    if (status !== 0) {
      process.stderr.write(`\nThe command ended with ${status}.\n`);
      process.exitCode = status ?? 1;
      break;
    }
  }
  if (!process.exitCode) process.stdout.write('\nThe instance equals the manifest. Read on in README.md.\n');
} finally {
  rmSync(folder, { recursive: true, force: true });
}
