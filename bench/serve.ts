import { openSandbox, serveSandbox } from '../src/sandbox/index.js';
import { benchWorld } from './world.js';

/** An order for the serving process: change the latency, or reset the instance. */
export type Order = { latencyMs: number } | { reset: true };

const [roles = 10, people = 100] = process.argv.slice(2).map(Number);
const { state } = benchWorld({ roles, people });
const sandbox = await openSandbox({ state });
const served = await serveSandbox(sandbox);
process.on('message', (order: Order) => {
  const obey = async (): Promise<void> => {
    if ('latencyMs' in order) sandbox.setQuirks({ slowAnswers: order.latencyMs });
    else await sandbox.reset(state);
    sandbox.clearLog();
    process.send?.('done');
  };
  void obey();
});
process.send?.({ url: served.url, token: sandbox.token });
