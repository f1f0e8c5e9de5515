import { describe, expect, it } from '@jest/globals';
import type { RowStatus } from '../../src/fleet/document.js';
import type { Limit } from '../../src/model/policy.js';
import { haltText, judgeWave } from '../../src/fleet/waves.js';
import { fleetRow } from '../support/fleet-rows.js';

const rows = (words: string) =>
  words
    .split(' ')
    .filter((word) => word !== '')
    .map((status, index) => fleetRow(`i${index}`, status as RowStatus));

describe('the number of failures a wave may have', () => {
  it.each<[Limit, number, number]>([
    [{ count: 0 }, 10, 0],
    [{ count: 3 }, 2, 3],
    [{ percent: 25, floor: 0 }, 10, 2],
    [{ percent: 25, floor: 0 }, 3, 0],
    [{ percent: 100, floor: 0 }, 7, 7],
    // A share that is a whole number is not rounded down, although 0.29 * 100 is less than 29 in floating point.
    [{ percent: 29, floor: 0 }, 100, 29],
    [{ percent: 57, floor: 0 }, 100, 57],
  ])('%j of %i instances: %i', (mayFail, instances, allowed) => {
    const all = rows(Array.from({ length: instances }, () => 'done').join(' '));
    expect(judgeWave({ name: 'test', mayFail }, all).mayFail).toBe(allowed);
  });
});

describe('a wave', () => {
  it.each<[string, Limit, ReturnType<typeof judgeWave>['state']]>([
    ['done done', { count: 0 }, 'done'],
    ['clean suspended', { count: 0 }, 'done'],
    // An unreachable instance is a failure, a suspended one is not.
    ['done failed', { count: 0 }, 'failed'],
    ['done suspended suspended', { count: 0 }, 'done'],
    ['done failed', { count: 1 }, 'done'],
    ['done incomplete refused invalid', { count: 3 }, 'done'],
    ['done incomplete refused invalid', { count: 2 }, 'failed'],
    ['done done done failed', { percent: 25, floor: 0 }, 'done'],
    // The base of a share excludes suspended instances.
    ['done done failed suspended', { percent: 25, floor: 0 }, 'failed'],
    ['not-started not-started', { count: 0 }, 'not-started'],
    ['done not-started', { count: 0 }, 'not-finished'],
    ['done failed not-started', { count: 1 }, 'not-finished'],
    ['done failed not-started', { count: 0 }, 'failed'],
    ['suspended not-started', { count: 0 }, 'not-started'],
    ['suspended', { count: 0 }, 'done'],
  ])('with rows "%s" and at most %j failures: %s', (words, mayFail, state) => {
    expect(judgeWave({ name: 'test', mayFail }, rows(words)).state).toBe(state);
  });

  it('reports its failures with its limit', () => {
    const wave = judgeWave({ name: 'test', mayFail: { count: 0 } }, rows('done failed suspended refused'));
    expect(wave).toEqual({ name: 'test', instances: 3, failures: 2, mayFail: 0, limit: 0, state: 'failed' });
    const share = judgeWave({ name: 'test', mayFail: { percent: 50, floor: 0 } }, rows('done failed'));
    expect(share).toMatchObject({ mayFail: 1, limit: '50%' });
    expect(haltText(wave)).toBe('the wave test has 2 failures, and may have 0');
    expect(haltText({ ...wave, failures: 1 })).toBe('the wave test has 1 failure, and may have 0');
  });
});
