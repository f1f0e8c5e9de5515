import { readSnapshot } from '../src/reconcile/read-live-state.js';
import { connect, load, planOf, TODAY } from './connect.js';
import { measure, task } from './measure.js';

/** From the first request to the plan as JSON. Loading the manifest is measured separately. */
const { reader, close } = connect(task());
const before = performance.now();
const loaded = await load(task());
const loadMs = performance.now() - before;
await measure(async () => {
  const snapshot = await readSnapshot(reader, loaded, { now: TODAY });
  const plan = planOf(loaded, snapshot);
  return { bytes: JSON.stringify(plan).length, changes: plan.changes.length, loadMs };
});
close();
