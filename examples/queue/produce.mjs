// Applies one wave with a job per instance, and merges their documents. Run it again with the same folder to resume, or
// with another one to start over.
//
//   REDIS_URL=redis://127.0.0.1:6379 node queue/produce.mjs fleet.yaml canary runs/2026-11-26
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Queue, QueueEvents } from 'bullmq';

const [inventory, wave, runs] = process.argv.slice(2);
const listed = fleet('list', inventory, '--wave', wave, '--format', 'names');
if (listed.status !== 0) process.exit(listed.status);
const names = listed.stdout.trim().split('\n');

const connection = { url: process.env.REDIS_URL };
const queue = new Queue('domo-roles', { connection });
const events = new QueueEvents('domo-roles', { connection });
const folders = names.map((name) => join(runs, wave, name));
const jobs = await Promise.all(names.map(addJob));
// A failed job rejects; the merged document shows the cause.
for (const job of jobs) await job.waitUntilFinished(events).catch(() => undefined);
await Promise.all([queue.close(), events.close()]);

// An instance whose job never started has no folder and is reported as `missing`.
const merged = fleet(
  'merge',
  ...folders.filter((folder) => existsSync(join(folder, 'fleet.jsonl'))),
  '--out',
  join(runs, `${wave}-merged`),
);
process.stdout.write(merged.stdout);
process.exitCode = merged.status;

/** One job per instance: the id of the job is the instance, so it never runs twice at the same time. */
async function addJob(instance, index) {
  const jobId = `instance-${instance}`;
  if ((await queue.getJob(jobId)) && (await queue.remove(jobId)) === 0)
    throw new Error(`${instance} is still running: try again when its job has ended`);
  return queue.add(
    'apply',
    { instance, inventory, wave, shard: `${index + 1}/${names.length}`, folder: folders[index] },
    {
      jobId,
      attempts: 5,
      backoff: { type: 'exponential', delay: Number(process.env.RETRY_AFTER_MS ?? 5000) },
    },
  );
}

function fleet(...args) {
  const ended = spawnSync('domo-roles', ['fleet', ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (ended.error) throw ended.error;
  return ended;
}
