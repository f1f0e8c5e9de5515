import { exit, processEnvironment } from '../shell/process-environment.js';
import { run } from './run.js';

const stop = new AbortController();
// A cancelled job gets a signal and is killed some seconds later, so that pending requests can finish.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort());

// A log that cannot be written is reported at the end; without a listener it would end the process at once.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

await exit(await run(processEnvironment(stop.signal)));
