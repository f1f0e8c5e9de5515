import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { median } from './measure.js';
import { BIN, timeProcess } from './processes.js';
import { compared } from './table.js';
import type { Row } from './table.js';

const COMMANDS: readonly [name: string, args: readonly string[], most: number][] = [
  ['--version', [BIN, '--version'], 1.3],
  ['--help', [BIN, '--help'], 1.6],
  ['validate examples/quickstart', [BIN, 'validate', 'examples/quickstart'], 2.2],
];

/** Compares whole processes with `node -e 0`, alternately. */
export function measureStartup(rounds: number): Row[] {
  const times = new Map<string, number[]>([
    ['', []],
    ...COMMANDS.map(([name]) => [name, []] as [string, number[]]),
  ]);
  for (let round = 0; round < rounds; round += 1) {
    times.get('')?.push(timeProcess(['-e', '0']));
    for (const [name, args] of COMMANDS) times.get(name)?.push(timeProcess(args));
  }
  const bare = median(times.get('') ?? []);
  return COMMANDS.map(([name, , most]) =>
    compared(
      { group: 'start-up', name: `${name}, against node -e 0`, unit: 'ms' },
      [median(times.get(name) ?? []), bare],
      {
        goal: { most },
      },
    ),
  );
}

/** Measures the size of the package, packed, unpacked, and installed with its dependencies. */
export function measureSize(): Row[] {
  const packed = JSON.parse(
    execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }),
  ) as [{ size: number; unpackedSize: number; entryCount: number }];
  // From the lock file, because node_modules also contains packages that users do not install.
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
    packages: Record<string, { dev?: boolean; devOptional?: boolean }>;
  };
  const folders = Object.entries(packages).flatMap(([folder, { dev, devOptional }]) =>
    folder !== '' && !dev && !devOptional && existsSync(folder) ? [folder] : [],
  );
  const dependencies = folders.reduce((sum, folder) => sum + sizeOf(folder), 0);
  const [{ size, unpackedSize }] = packed;
  const row = (name: string, bytes: number): Row => ({
    group: 'size',
    name,
    value: bytes / 1000,
    unit: 'kB',
    against: null,
    ratio: null,
    goal: null,
  });
  return [
    row('package, packed', size),
    row('package, unpacked', unpackedSize),
    row(`installed, with ${folders.length} packages`, unpackedSize + dependencies),
  ];
}

function sizeOf(folder: string): number {
  return readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' ? sum : sum + sizeOf(path);
    return sum + statSync(path).size;
  }, 0);
}
