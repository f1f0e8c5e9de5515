import { availableParallelism } from 'node:os';

/** Tests run as ES modules, in processes that share what they load: see test/runner. */
export default {
  runner: '<rootDir>/test/runner/runner.mjs',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  // `npm run test:engines` runs these.
  testPathIgnorePatterns: ['/node_modules/', '\\.engines\\.test\\.ts$'],
  // From an import to the file, for the watch mode.
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  modulePathIgnorePatterns: ['<rootDir>/.stryker-tmp/'],
  testTimeout: 120_000,
  // Each process loads the whole source, so few are enough.
  maxWorkers: Math.min(4, Math.max(2, availableParallelism())),
};
