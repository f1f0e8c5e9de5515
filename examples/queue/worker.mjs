// Runs `domo-roles fleet apply` for one instance after the other. Start as many workers as you like, in the folder of the
// inventory, with `domo-roles` in PATH. The folder of runs lies on a volume that all of them share.
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
  // The job of a worker that was killed goes to another one after this time, however often that happens.
  lockDuration: Number(LOST_AFTER_MS),
  stalledInterval: Number(LOST_AFTER_MS),
  maxStalledCount: 1000,
});

/** Ends well, or raises: BullMQ then tries again, unless a person is needed (3 and 4). */
async function perform({ data, attemptsMade }) {
  const exit = await run(data);
  console.log(`${data.instance}: try ${attemptsMade + 1} ended with ${exit}`);
  if (exit === 0 || exit === 2) return;
  if (exit === 3 || exit === 4) throw new UnrecoverableError(`exit code ${exit}`);
  throw new Error(`exit code ${exit}`);
}

/** The exit code of the command. What an earlier try wrote to the folder is taken up. */
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
// The job may be another worker's by now: this machine slept, or Redis was gone for too long.
worker.on('lockRenewalFailed', () => child?.kill('SIGKILL'));
// A deployment ends the worker by a signal: the instance at hand may finish.
process.on('SIGTERM', () => {
  child?.kill('SIGTERM');
  void worker.close();
});
