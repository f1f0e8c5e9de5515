import base from './jest.config.js';

/** Tests with hundreds of instances, files at the limit of size, and engines that run work: too long for every change. */
export default {
  ...base,
  testMatch: ['<rootDir>/test/**/*.engines.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 600_000,
  // One file after the other: some of them measure time.
  maxWorkers: 1,
};
