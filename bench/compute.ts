import { readFileSync } from 'node:fs';
import { snapshotFromJson } from '../src/live/file.js';
import { load, planOf } from './connect.js';
import { measure, median, task } from './measure.js';

/** Planning without reading, against parsing the same snapshot; the first time (as a command does it) and warm. */
const ROUNDS = 5;

const cpuOf = (work: () => unknown): number => {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
};

const text = readFileSync(task().snapshot, 'utf8');
const loaded = await load(task());
const { snapshot } = snapshotFromJson(text);
await measure(async () => {
  const parse: number[] = [];
  const plan: number[] = [];
  // One after the other, so that neither pays for what the other one leaves to be collected.
  for (let round = 0; round < ROUNDS; round += 1) {
    plan.push(cpuOf(() => JSON.stringify(planOf(loaded, snapshot))));
  }
  for (let round = 0; round < ROUNDS; round += 1) parse.push(cpuOf(() => JSON.parse(text) as unknown));
  return {
    parseMs: median(parse),
    firstMs: plan[0] ?? 0,
    planMs: median(plan),
    textBytes: text.length,
  };
});
