import { measure, task } from './measure.js';
import { openBenchClient, readAll } from './requests.js';

/** What no plan can be quicker than: the same requests, and nothing done but parsing their JSON. */
const client = openBenchClient(task());
await measure(async () => ({ people: await readAll(client) }));
client.close();
