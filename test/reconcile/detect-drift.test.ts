import { describe, expect, it } from '@jest/globals';
import type { ManifestInput } from '../../src/reconcile/load-manifest.js';
import { detectDrift } from '../../src/reconcile/detect-drift.js';
import { openRuntime } from '../../src/reconcile/runtime.js';
import { applyWorld } from '../support/apply-world.js';

describe('the days of the audit log', () => {
  it.each([0, -1, 1.5, Number.NaN, Infinity])(
    'must be a whole number of at least 1, before any request: %d',
    async (sinceDays) => {
      const request = { runtime: openRuntime(), sinceDays };
      // Neither is used before the check.
      const [manifest, connection] = [{} as ManifestInput, applyWorld() as never];
      await expect(detectDrift(manifest, connection, request)).rejects.toMatchObject({
        problems: [{ code: 'usage', message: expect.stringContaining('a whole number of at least 1') }],
      });
    },
  );
});
