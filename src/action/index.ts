import { exit, processEnvironment } from '../shell/process-environment.js';
import { run } from './run.js';

const stop = new AbortController();
// A cancelled job receives a signal some seconds before it is killed; pending requests can finish in between.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort());

// Without a listener, a failed write to the log would end the process. `run` reports it at the end instead.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

await exit(await run(processEnvironment(stop.signal)));
