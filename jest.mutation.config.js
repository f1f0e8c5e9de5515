import base from './jest.config.js';

/** The tests that find faults in the pure core quickly: those of its own folders. */
export default {
  ...base,
  testMatch: ['<rootDir>/test/{model,diff,desired,plan,drift,rollback,access}/**/*.test.ts'],
};
