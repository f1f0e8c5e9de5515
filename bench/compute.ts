import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { snapshotFromJson } from '../src/live/snapshot-file.js';
import { load, planOf } from './connect.js';
import { measure, median, task } from './measure.js';

/** Planning without reading, compared with parsing the same snapshot: the first time, as in a command, and warm. */
const ROUNDS = 5;

// A full garbage collection before each measurement, so that none includes the garbage of reading files.
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const timeOf = (work: () => unknown): number => {
  collect();
  const before = performance.now();
  work();
  return performance.now() - before;
};

const { manifest, snapshot } = task();
const text = readFileSync(snapshot, 'utf8');
await measure(async () => {
  const parse: number[] = [];
  const plan: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    // New objects each time, because computed values are cached by object.
    const loaded = await load({ manifest });
    const live = snapshotFromJson(text).snapshot;
    plan.push(timeOf(() => JSON.stringify(planOf(loaded, live))));
  }
  for (let round = 0; round < ROUNDS; round += 1) parse.push(timeOf(() => JSON.parse(text) as unknown));
  return {
    parseMs: median(parse),
    firstMs: plan[0] ?? 0,
    planMs: median(plan),
  };
});
