// Many instances, end to end, on embedded ones: list, validate, plan, apply wave by wave, drift.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'domo-roles-quickstart-'));
// The folder is kept for inspection.
const page = join(tmpdir(), 'domo-roles-quickstart-fleet.html');
const inventory = 'examples/fleet/fleet.yaml';
const sandbox = ['--sandbox', join(folder, 'instances')];
const steps = [
  { say: `fleet list ${inventory}`, args: ['fleet', 'list', inventory] },
  { say: `fleet validate ${inventory}`, args: ['fleet', 'validate', inventory] },
  {
    say: `fleet plan ${inventory} --sandbox --report html=${page}`,
    args: ['fleet', 'plan', inventory, ...sandbox, '--out', join(folder, 'plan'), '--report', `html=${page}`],
  },
  {
    say: `fleet apply ${inventory} --sandbox --yes`,
    args: ['fleet', 'apply', inventory, ...sandbox, '--out', join(folder, 'apply'), '--yes'],
  },
  {
    say: `fleet drift ${inventory} --sandbox`,
    args: ['fleet', 'drift', inventory, ...sandbox, '--out', join(folder, 'drift')],
  },
];

try {
  for (const { say, args } of steps) {
    process.stdout.write(`\n$ domo-roles ${say}\n\n`);
    const { status } = spawnSync(process.execPath, ['dist/bin/domo-roles.js', ...args], {
      stdio: ['inherit', 'inherit', 'ignore'],
    });
    if (status !== 0) {
      process.stderr.write(`\nThe command ended with ${status}.\n`);
      process.exitCode = status ?? 1;
      break;
    }
  }
  if (!process.exitCode)
    process.stdout.write(
      `\nEvery instance equals its manifest. The page of the plan is ${page}. Read on in README.md.\n`,
    );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
