// Runs `domo-roles fleet apply` for one instance at a time. Start as many workers as you need, in the folder of the
// inventory, with `domo-roles` in PATH. The folder of runs must be on a volume that all workers share.
//
//   REDIS_URL=redis://127.0.0.1:6379 TOKEN_DIR=/run/secrets/domo node queue/worker.mjs
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UnrecoverableError, Worker } from 'bullmq';

const { REDIS_URL, TOKEN_DIR, LOST_AFTER_MS = '30000' } = process.env;
const preload = new URL('end-with-parent.mjs', import.meta.url);
let child;

const worker = new Worker('domo-roles', perform, {
  connection: { url: REDIS_URL },
  // After this time, the job of a killed worker goes to another worker, any number of times.
  lockDuration: Number(LOST_AFTER_MS),
  stalledInterval: Number(LOST_AFTER_MS),
  maxStalledCount: 1000,
});

/** Throws on failure. BullMQ then retries, except for exit codes 3 and 4, which need attention. */
async function perform({ data, attemptsMade }) {
  const exit = await run(data);
  console.log(`${data.instance}: try ${attemptsMade + 1} ended with ${exit}`);
  if (exit === 0 || exit === 2) return;
  if (exit === 3 || exit === 4) throw new UnrecoverableError(`exit code ${exit}`);
  throw new Error(`exit code ${exit}`);
}

/** The exit code of the command. It resumes what an earlier try wrote to the folder. */
function run({ inventory, wave, shard, folder }) {
  const what = existsSync(join(folder, 'fleet.json'))
    ? ['--resume', folder]
    : [inventory, '--wave', wave, '--shard', shard, '--out', folder];
  const flags = ['--token-dir', TOKEN_DIR, '--yes', '--wait-for-lock', '600'];
  child = spawn('domo-roles', ['fleet', 'apply', ...what, ...flags], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...process.env, NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --import=${preload}` },
  });
  return new Promise((resolve, reject) => child.on('error', reject).on('exit', (code) => resolve(code ?? 1)));
}

worker.on('error', ({ message }) => console.error(message));
// Another worker may have the job by now: this machine was suspended, or Redis was unreachable for too long.
worker.on('lockRenewalFailed', () => child?.kill('SIGKILL'));
// A deployment sends this signal: let the current instance finish.
process.on('SIGTERM', () => {
  child?.kill('SIGTERM');
  void worker.close();
});
