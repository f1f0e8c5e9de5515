import { measure, task } from './measure.js';
import { openBenchClient, readAll } from './requests.js';

/** The lower bound of a plan: the same requests, with only their JSON parsed. */
const client = openBenchClient(task());
await measure(async () => ({ people: await readAll(client) }));
client.close();
